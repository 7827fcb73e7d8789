"""Words sought in all stories: in titles, in claims, and in the newest developments of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.application.browse import Stretch, Wanted, browse
from tracker.application.report import claims_of, heads
from tracker.domain.words import plain
from tracker.ports.views import ViewReader
from tracker.projections.projection import Row
from tracker.rendering.view import ClaimView

ROWS = 4_000
"""Rows of developments looked through for one search, shared by the stories."""
SHOWN = 5
"""Developments listed of each story; the story's own page goes on."""
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of a story; `titled`: its title has the words."""

    story: str
    title: str
    closed: bool
    titled: bool
    claims: tuple[ClaimView, ...]
    stretch: Stretch


def look_up(views: ViewReader, text: str) -> tuple[Hits, ...]:
    """Return the stories in which all words of a text are found, whatever their case and accents, best first.

    None for a text without words.
    """
    words = plain(text).split()
    return tuple(sorted(_hits(views, text, words), key=_rank)) if words else ()


def _rank(hits: Hits) -> tuple[bool, bool, int, str]:
    return hits.closed, not hits.titled, -len(hits.claims) - len(hits.stretch.developments), hits.story


def _hits(views: ViewReader, text: str, words: Sequence[str]) -> Iterator[Hits]:
    stories = heads(views)
    furthest = max(_FEWEST, ROWS // max(1, len(stories)))
    for head in stories:
        hits = _of(views, head, text, words, furthest)
        if hits.titled or hits.claims or hits.stretch.developments:
            yield hits


def _of(views: ViewReader, head: Row, text: str, words: Sequence[str], furthest: int) -> Hits:
    story = head["id"]
    return Hits(
        story=story,
        title=head["title"],
        closed=head["closed"],
        titled=_has(head["title"], words),
        claims=tuple(one for one in claims_of(views, story) if _has(f"{one.id} {one.current} {one.text}", words)),
        stretch=browse(views, story, Wanted(words=text), most=SHOWN, furthest=furthest),
    )


def _has(text: str, words: Sequence[str]) -> bool:
    folded = plain(text)
    return all(word in folded for word in words)
