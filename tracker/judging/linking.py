"""Which claims does a line bear on: a logistic regression over likeness to the claim, and to it more than to others."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tracker.domain.intervals import compare
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.when import whens
from tracker.judging.background import weight
from tracker.judging.profile import ClaimRead
from tracker.judging.reading import UNLIKE, Line, Reader, Words, held, likeness
from tracker.judging.relevance import logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_SENTENCES = 3
LEAST = 0.41
"""Belief from which a line bears on one of a few claims: the best by F1 on the calibration pages of VitaminC."""

_SOME_CLAIMS = 6
_CROWDED = 0.3  # chosen on four recorded stories, see docs/judge.md: the pages hold four to fourteen claims
_NO_OTHER, _NO_OTHER_MET = 0.25, 0.3  # what stands for the likeness to other claims where there are none
_SOME_DAY = date(2020, 1, 1)  # only whether there is a date is asked


@dataclass(frozen=True, slots=True)
class Link:
    """A claim, the belief in [0, 1] that an entry bears on it, and the sentences that do, the surest first."""

    claim: ClaimRead
    lines: tuple[Line, ...]
    score: float

    @property
    def line(self) -> Line:
        """The sentence that bears on the claim most."""
        return self.lines[0]


def telling(claims: Sequence[ClaimRead]) -> Mapping[str, float]:
    """Return how well each word tells the claims of a story apart, in (0, 1]: rare words that few claims hold."""
    counts: dict[str, int] = {}
    for claim in claims:
        for word in frozenset().union(*(line.words for line in claim.lines)):
            counts[word] = counts.get(word, 0) + 1
    scale = math.log(len(claims) + 1)
    return {word: weight(word) * math.log((len(claims) + 1) / count) / scale for word, count in counts.items()}


class Weighed(NamedTuple):
    """Words, what each is worth, and what all are."""

    words: Words
    worth: "NDArray[np.float32]"
    total: float


class Claims:
    """The claims of a story side by side, and what tells them apart: the same for every line."""

    def __init__(self, claims: Sequence[ClaimRead], reader: Reader) -> None:
        self.claims = claims
        self.words = telling(claims)
        self._reader = reader
        self._rivals = [_rivals(claims, at) for at in range(len(claims))]
        self._spoken = [self._weighed(claim.original) for claim in claims]

    def features(self, line: Line) -> list[dict[str, float]]:
        """Return for each claim the evidence that the line bears on it."""
        own = self._weighed(line)
        soft = [_met(spoken, own) for spoken in self._spoken]
        meaning = [max(float(line.vector @ wording.vector) for wording in claim.lines) for claim in self.claims]
        middle = float(np.mean(meaning)) if len(meaning) > 1 else _NO_OTHER
        out = []
        for claim, rivals, near, (claim_met, line_met) in zip(self.claims, self._rivals, meaning, soft, strict=True):
            values = {
                "meaning": near,
                "meaning over the claims' mean": near - middle,
                "meaning over the best other claim": near - max((meaning[at] for at in rivals), default=_NO_OTHER),
                **_shared(line, claim, self.words),
                "the claim's words met in meaning": claim_met,
                "the line's words met in meaning": line_met,
                "met over the best other claim": claim_met - max((soft[at][0] for at in rivals), default=_NO_OTHER_MET),
            }
            out.append(values)
        return out

    def _weighed(self, line: Line) -> Weighed:
        """Return the words of a line, each with how well it tells the claims apart."""
        spoken = self._reader.words(line.text)
        worth = np.array([self.words.get(stem, weight(stem)) for stem in spoken.stems], dtype=np.float32)
        return Weighed(spoken, worth, max(float(worth.sum()), 1e-6))


def _met(claim: Weighed, line: Weighed) -> tuple[float, float]:
    """Return how far the words of a claim are met in meaning by those of a line, and the line's by the claim's.

    Soft alignment: each word counts by how well it tells the claims apart, and by its nearest word in the other text,
    as in BERTScore (Zhang et al. 2020), here with a vector a word, without context.
    """
    if not (claim.words.stems and line.words.stems):
        return 0.0, 0.0
    near = np.clip((claim.words.vectors @ line.words.vectors.T - UNLIKE) / (1 - UNLIKE), 0, 1)
    return float(near.max(axis=1) @ claim.worth / claim.total), float(near.max(axis=0) @ line.worth / line.total)


def _shared(line: Line, claim: ClaimRead, words: Mapping[str, float]) -> dict[str, float]:
    shared = [line.words & wording.words for wording in claim.lines]
    best = shared[0] if len(shared) == 1 else max(shared, key=lambda both: sum(words.get(word, 0.0) for word in both))
    told = sorted((words.get(word, 0.0) for word in best), reverse=True)
    return {
        "words in common": max(likeness(line.words, wording.words) for wording in claim.lines),
        "share of the claim's words": held(claim.original.words, line.words),
        "share of the line's words": max(held(line.words, wording.words) for wording in claim.lines),
        "most telling word shared": told[0] if told else 0.0,
        "telling words shared": math.log1p(sum(told)),
        "names shared": math.log1p(len(line.names & claim.original.names)),
        "share of the claim's names": held(claim.original.names, line.names) if claim.original.names else 0.5,
        "a quantity of the claim's kind": float(_comparable(line, claim)),
        "both say when": float(dated(line.text) and dated(claim.original.text)),
        "length": math.log1p(len(line.words)),
    }


def _comparable(line: Line, claim: ClaimRead) -> bool:
    said = counted(line.text)
    return any(compare(old, new) != "incomparable" for old in counted(claim.original.text) for new in said)


@lru_cache(maxsize=20_000)
def counted(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text that have a unit or a noun: a bare number may count anything."""
    return tuple(quantity for quantity in quantities(text) if quantity.unit or quantity.noun)


@lru_cache(maxsize=20_000)
def dated(text: str) -> bool:
    """Say whether a text names a date or a time to come or gone."""
    return bool(whens(text, _SOME_DAY))


def _rivals(claims: Sequence[ClaimRead], at: int) -> list[int]:
    """Return which claims a line might bear on instead of one.

    A claim that an entry founded holds the words of that report, and so is nearest to every report of the same; that
    makes no other claim less likely.
    """
    others = (other for other in range(len(claims)) if other != at)
    return [other for other in others if claims[at].founded or not claims[other].founded]


def bar(claims: int) -> float:
    """Return the belief from which a line bears on one of so many claims, `LEAST` for six or fewer.

    A report bears on one or two claims however many are tracked, so with more of them each link starts less likely.
    """
    odds = math.log(LEAST / (1 - LEAST)) + _CROWDED * math.log(max(claims, _SOME_CLAIMS) / _SOME_CLAIMS)
    return 1 / (1 + math.exp(-odds))


def link(
    lines: Sequence[Line],
    claims: Sequence[ClaimRead],
    reader: Reader,
    weights: Mapping[str, float],
) -> tuple[Link, ...]:
    """Return the claims that some line bears on, surest first, one link a claim.

    The words of an address may make the link; only sentences are compared with the claim.
    """
    if not claims:
        return ()
    beside, enough = Claims(claims, reader), bar(len(claims))
    scores = [[logistic(values, weights) for values in beside.features(line)] for line in lines]
    found = []
    for at, claim in enumerate(claims):
        best = max(row[at] for row in scores)
        if best >= enough:
            ranked = sorted((-row[at], number) for number, row in enumerate(scores) if lines[number].asserted)
            near = [number for score, number in ranked if -score >= best / 2] or [ranked[0][1]]
            found.append(Link(claim, tuple(lines[number] for number in near[:_MOST_SENTENCES]), best))
    return tuple(sorted(found, key=lambda link: (-link.score, link.claim.id)))
