"""Which claims does a line bear on: a logistic regression over likeness to the claim, and to it more than to others."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

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
_NO_OTHER = 0.25  # what stands for the likeness to other claims where there are none
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


def features(
    line: Line, claims: Sequence[ClaimRead], words: Mapping[str, float], reader: Reader
) -> list[dict[str, float]]:
    """Return for each claim the evidence that the line bears on it."""
    soft = [met(claim.original, line, reader, words) for claim in claims]
    meaning = [max(float(line.vector @ wording.vector) for wording in claim.lines) for claim in claims]
    out = [_features(line, claims, words, meaning, at) for at in range(len(claims))]
    best = [max((soft[other][0] for other in _rivals(claims, at)), default=0.3) for at in range(len(claims))]
    for at, (values, (claim_met, line_met)) in enumerate(zip(out, soft, strict=True)):
        values["the claim's words met in meaning"] = claim_met
        values["the line's words met in meaning"] = line_met
        values["met over the best other claim"] = claim_met - best[at]
    return out


def met(claim: Line, line: Line, reader: Reader, words: Mapping[str, float]) -> tuple[float, float]:
    """Return how far the words of a claim are met in meaning by those of a line, and the line's by the claim's.

    Soft alignment: each word counts by how well it tells the claims apart, and by its nearest word in the other text,
    as in BERTScore (Zhang et al. 2020), here with a vector a word, without context.
    """
    mine, theirs = reader.words(claim.text), reader.words(line.text)
    if not (mine.stems and theirs.stems):
        return 0.0, 0.0
    near = _nearness(mine, theirs)
    return _weighted(near.max(axis=1), mine.stems, words), _weighted(near.max(axis=0), theirs.stems, words)


def _nearness(mine: Words, theirs: Words) -> "NDArray[np.float32]":
    """Return how near each word of one text is in meaning to each of another, from 0 (unlike) to 1, a row a word."""
    near: NDArray[np.float32] = np.clip((mine.vectors @ theirs.vectors.T - UNLIKE) / (1 - UNLIKE), 0, 1)
    return near


def _weighted(values: "NDArray[np.float32]", stems: Sequence[str], words: Mapping[str, float]) -> float:
    weights = np.array([words.get(stem, weight(stem)) for stem in stems], dtype=np.float32)
    return float(values @ weights / max(float(weights.sum()), 1e-6))


def _features(
    line: Line, claims: Sequence[ClaimRead], words: Mapping[str, float], meaning: Sequence[float], at: int
) -> dict[str, float]:
    claim = claims[at]
    shared = [line.words & wording.words for wording in claim.lines]
    best = max(shared, key=lambda both: sum(words.get(word, 0.0) for word in both))
    told = sorted((words.get(word, 0.0) for word in best), reverse=True)
    middle = float(np.mean(meaning)) if len(meaning) > 1 else _NO_OTHER
    others = max((meaning[other] for other in _rivals(claims, at)), default=_NO_OTHER)
    return {
        "meaning": meaning[at],
        "meaning over the claims' mean": meaning[at] - middle,
        "meaning over the best other claim": meaning[at] - others,
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
    words, enough = telling(claims), bar(len(claims))
    scores = [[logistic(values, weights) for values in features(line, claims, words, reader)] for line in lines]
    found = []
    for at, claim in enumerate(claims):
        best = max(row[at] for row in scores)
        if best >= enough:
            ranked = sorted((-row[at], number) for number, row in enumerate(scores) if lines[number].asserted)
            near = [number for score, number in ranked if -score >= best / 2] or [ranked[0][1]]
            found.append(Link(claim, tuple(lines[number] for number in near[:_MOST_SENTENCES]), best))
    return tuple(sorted(found, key=lambda link: (-link.score, link.claim.id)))
