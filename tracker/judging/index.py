"""Which stories an entry shares anything telling with: looked up by its words and names, no story is asked itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from tracker.domain.story import Story
from tracker.judging.background import weight
from tracker.judging.gate import LEAST, telling
from tracker.judging.outline import PLACES, Outline, outlined
from tracker.judging.reading import Worded

_ENTRIES = 500
"""Entries of which the stories found are remembered: those of a turn are asked for story by story."""
_FEW = 16
_SHARE = 4
"""Stories that are asked one by one, since they came or changed after the index was made: so many, or one in so many.

One more, and the index is made anew, which takes as long as asking some thousand stories.
"""
_ROUNDING = 1e-6


class Held(NamedTuple):
    """A story as it stood, and its words."""

    story: Story
    outline: Outline


class Index:
    """Stories as they stood, by their words and by the names of persons and bodies; it never changes."""

    def __init__(self, held: Mapping[str, Held]) -> None:
        self.held = held
        self._by_word = _inverted((id_, one.outline.ledger_words) for id_, one in held.items())
        self._by_name = _inverted((id_, one.outline.ledger_names - PLACES) for id_, one in held.items())
        self.sharing = lru_cache(maxsize=_ENTRIES)(self._sharing)

    def _sharing(self, entry: Worded) -> frozenset[str]:
        """Return the ids of the stories that share anything telling with an entry: see `telling`."""
        totals: defaultdict[str, float] = defaultdict(float)
        for word in entry.words:
            worth = weight(word)
            for story in self._by_word.get(word, ()):
                totals[story] += worth
        found = {story for story, total in totals.items() if total >= LEAST - _ROUNDING}
        found.update(*(self._by_name.get(name, ()) for name in entry.names))
        return frozenset(story for story in found if telling(entry, self.held[story].outline))


class Outlines:
    """Outlines of the `size` stories that came or changed last, and the index of nearly all of them.

    What it says of a story is the same as making its outline and asking that. Threads may share it: an index is
    replaced as a whole, and what one of them did not see of another's work is only made again.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._index = Index({})
        self._since: dict[str, Held] = {}

    def of(self, story: Story) -> Outline:
        """Return the outline of a story as it stands."""
        for some in (self._index.held, self._since):
            if (held := some.get(story.id)) and held.story is story:
                return held.outline
        held = self._since[story.id] = Held(story, outlined(story))
        if len(self._since) > max(_FEW, len(self._index.held) // _SHARE):
            self._gather()
        return held.outline

    def telling(self, entry: Worded, story: Story) -> bool:
        """Say whether an entry shares anything telling with a story: see `gate.telling`."""
        index = self._index
        if (held := index.held.get(story.id)) and held.story is story:
            return story.id in index.sharing(entry)
        return telling(entry, self.of(story))

    def _gather(self) -> None:
        since, self._since = dict(self._since), {}
        held = {id_: one for id_, one in self._index.held.items() if id_ not in since} | since
        self._index = Index(dict(islice(held.items(), max(0, len(held) - self._size), None)))


def _inverted(bags: Iterable[tuple[str, frozenset[str]]]) -> Mapping[str, tuple[str, ...]]:
    """Return by word the ids of those whose bag holds it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id_, bag in bags:
        for word in bag:
            found[word].append(id_)
    return {word: tuple(ids) for word, ids in found.items()}
