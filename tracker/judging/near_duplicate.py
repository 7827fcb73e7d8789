"""Is an entry a copy of one known already: the same address words, headline or shingles of words.

One that gives another figure is none, however alike the rest: agencies send the same text again with the new number.
Nor is one that names another place, person or body in the place of one: a fire at one mill is not that at another.
Nor one that says no to what the other says yes to, in the same words: "the mayor denied that work has begun".
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from tracker.domain.cues import denial, negated
from tracker.domain.entry import Entry, EntryRef
from tracker.domain.quantity import quantities
from tracker.domain.story import KnownEntry, Story
from tracker.domain.text import sentences, tokens
from tracker.domain.words import content_words
from tracker.judging.named import another_address, another_headline, another_text
from tracker.judging.reading import address_words

COPY = 0.8
"""Share of the shorter text's shingles from which two texts count as one: an agency's text with a new first line."""

SAME_HEADLINE = 92.0
_READ = 600  # characters of a text
_SHINGLE = 4
_LEAST_SHINGLES = 8
_LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Copy:
    """The known entry that an entry copies, how alike they are in [0, 1], and in what."""

    of: KnownEntry
    score: float
    reason: str


class _Sentence(NamedTuple):
    """What a sentence is about, and whether it says that it is not so."""

    words: frozenset[str]
    denies: bool


def copy_of(entry: Entry, story: Story) -> Copy | None:
    """Return the known entry that this one copies most, None when it copies none. Its own older versions are none."""
    found = [copy for known in story.entries.values() if known.ref.id != entry.id for copy in _copies(entry, known)]
    found = [copy for copy in found if not _differ(_figures(entry), _figures(copy.of.ref))]
    found = [copy for copy in found if not _turned(_said(entry), _said(copy.of.ref))]
    return max(found, key=lambda copy: copy.score, default=None)


def _copies(entry: Entry, known: KnownEntry) -> Iterator[Copy]:
    slug, other = address_words(entry.url), address_words(known.ref.url)
    if slug and slug == other:
        yield Copy(known, 0.95, "its address has the same headline")
    if alike := max(_headlines(entry, slug, known, other), default=0.0):
        yield Copy(known, alike, "it has the same headline")
    text, told = (entry.summary or entry.text)[:_READ], known.ref.summary
    shared = contained(text, told)
    if shared >= COPY and not another_text(text, told):
        yield Copy(known, shared, "it has the same text")


def _headlines(entry: Entry, slug: str, known: KnownEntry, other: str) -> Iterator[float]:
    """Yield how alike headlines are, in [0, 1], where they are the same; an address holds one, in small letters."""
    mine, theirs = entry.title, known.ref.title
    for one, two, another in (
        (mine, theirs, another_headline),
        (theirs, slug, another_address),
        (mine, other, another_address),
    ):
        alike = _alike(_headline(one), _headline(two))
        if alike >= SAME_HEADLINE and not another(one, two):
            yield alike / 100


def _alike(one: tuple[int, str], two: tuple[int, str]) -> float:
    return ratio(one[1], two[1]) if min(one[0], two[0]) >= _LEAST_WORDS else 0.0


@lru_cache(maxsize=5_000)  # each entry is held against all that a story knows
def _headline(text: str) -> tuple[int, str]:
    """Return how many words a headline has, and the words in alphabetic order: theirs says nothing."""
    words = tokens(text)
    return len(words), " ".join(sorted(words))


def _figures(said: Entry | EntryRef) -> frozenset[tuple[float | None, float | None]]:
    """Return the quantities that headline and summary name, as the bounds of each."""
    return frozenset((one.low, one.high) for words in (said.title, said.summary[:_READ]) for one in quantities(words))


def _differ(one: AbstractSet[object], other: AbstractSet[object]) -> bool:
    """Tell whether a figure was changed; where only one of the two names it, a text was only cut."""
    return bool(one - other) and bool(other - one)


def _turned(mine: Sequence[_Sentence], theirs: Sequence[_Sentence]) -> bool:
    """Tell whether what the one says in the words of the other is its denial, and never says it as the other does."""
    alike = [one.denies == two.denies for one in mine for two in theirs if _same_words(one.words, two.words)]
    return bool(alike) and not any(alike)


def _same_words(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= COPY * max(1, min(len(one), len(other)))


def _said(entry: Entry | EntryRef) -> tuple[_Sentence, ...]:
    return _sentences(entry.title, entry.summary[:_READ])


@lru_cache(maxsize=5_000)
def _sentences(title: str, summary: str) -> tuple[_Sentence, ...]:
    texts = [title, *(one.text for one in sentences(summary))]
    return tuple(_Sentence(content_words(text), negated(text) or denial(text)) for text in texts if content_words(text))


def contained(one: str, other: str) -> float:
    """Return the share of the shorter text's word shingles that the longer holds, 0 for texts too short to tell."""
    a, b = _shingles(one), _shingles(other)
    fewer = min(len(a), len(b))
    return len(a & b) / fewer if fewer >= _LEAST_SHINGLES else 0.0


@lru_cache(maxsize=2_000)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = tokens(text)
    return frozenset(words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE + 1))
