"""A story in words alone: what can be told of it without an encoder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tracker.domain.claims import Standing
from tracker.domain.erasure import ERASED
from tracker.domain.places import COUNTRY, SEAT
from tracker.domain.story import KnownEntry, Story
from tracker.domain.tracked import TrackedClaim
from tracker.domain.words import content_words
from tracker.judging.background import weight
from tracker.judging.reading import Worded, in_words, worded

MOST_KNOWN = 300
PLACES = frozenset(COUNTRY.values()) | frozenset(SEAT)
_PLACE_WORDS = frozenset().union(*(content_words(name) for name in (*COUNTRY, *PLACES)))


class Wording(Protocol):
    """A text as the stems of its content words and the keys of its names."""

    @property
    def words(self) -> frozenset[str]:
        """The stems."""

    @property
    def names(self) -> frozenset[str]:
        """The keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The words of a story.

    `seed` are the words and names of title and claims, `ledger` those of its entries too, `keys` how telling each word
    is of the story, `claim_bags` and `known_bags` the words of each claim and of each entry.
    """

    seed_words: frozenset[str]
    seed_names: frozenset[str]
    ledger_words: frozenset[str]
    ledger_names: frozenset[str]
    keys: Mapping[str, float]
    claim_bags: tuple[frozenset[str], ...]
    known_bags: tuple[frozenset[str], ...]


def standing(story: Story) -> list[TrackedClaim]:
    """Return the claims that are neither withdrawn nor erased."""
    return [
        claim
        for claim in story.claims.values()
        if claim.standing is not Standing.WITHDRAWN and claim.original.text != ERASED
    ]


def seed_texts(story: Story) -> tuple[str, ...]:
    """Return the title and the claims that stand."""
    return (story.title, *(claim.original.text for claim in standing(story)))


def newest(story: Story) -> list[KnownEntry]:
    """Return the newest entries of a story that were not erased, oldest first."""
    return [entry for entry in story.entries.values() if entry.ref.id not in story.erased][-MOST_KNOWN:]


def outlined(story: Story) -> Outline:
    """Return the outline of a story; it holds the same as the story's profile."""
    seed = [in_words(text) for text in seed_texts(story)]
    return outline_of(seed, [worded(entry.ref) for entry in newest(story)])


def outline_of(seed: Sequence[Wording], known: Sequence[Worded]) -> Outline:
    """Return the outline of a title with its claims behind it, and of entries."""
    words = frozenset().union(*(line.words for line in seed))
    names = frozenset().union(*(line.names for line in seed))
    claims, entries = tuple(line.words for line in seed[1:]), tuple(entry.words for entry in known)
    return Outline(
        seed_words=words,
        seed_names=names,
        ledger_words=words.union(*entries),
        ledger_names=names.union(*(entry.names for entry in known)),
        keys=keys_of([*(line.words for line in seed), *entries]),
        claim_bags=claims,
        known_bags=entries,
    )


def keys_of(texts: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """Return how telling each word is of a story in (0, 1]: rare elsewhere, and found in many of the story's texts."""
    counts = Counter(word for words in texts for word in words)
    return {word: _worth(word) * (count / len(texts)) ** 0.5 for word, count in counts.items()}


def _worth(word: str) -> float:
    """The weight of a word; that of a country halved, since very many stories happen in it."""
    return weight(word) / 2 if word in _PLACE_WORDS else weight(word)
