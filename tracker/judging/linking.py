"""Which claims does a line bear on: a logistic regression over likeness to the claim, and to it more than to others."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.judging.background import weight
from tracker.judging.profile import ClaimRead
from tracker.judging.reading import Line, held, likeness
from tracker.judging.relevance import logistic


@dataclass(frozen=True, slots=True)
class Link:
    """A claim, the line that bears on it most, and the belief in [0, 1] that it does."""

    claim: ClaimRead
    line: Line
    score: float


def telling(claims: Sequence[ClaimRead]) -> Mapping[str, float]:
    """Return how well each word tells the claims of a story apart, in (0, 1]: rare words that few claims hold."""
    counts: dict[str, int] = {}
    for claim in claims:
        for word in frozenset().union(*(line.words for line in claim.lines)):
            counts[word] = counts.get(word, 0) + 1
    scale = math.log(len(claims) + 1)
    return {word: weight(word) * math.log((len(claims) + 1) / count) / scale for word, count in counts.items()}


def features(line: Line, claims: Sequence[ClaimRead], words: Mapping[str, float]) -> list[dict[str, float]]:
    """Return for each claim the evidence that the line bears on it."""
    meaning = [max(float(line.vector @ wording.vector) for wording in claim.lines) for claim in claims]
    middle = float(np.mean(meaning)) if len(meaning) > 1 else 0.25
    return [_features(line, claim, words, meaning, at, middle) for at, claim in enumerate(claims)]


def _features(
    line: Line, claim: ClaimRead, words: Mapping[str, float], meaning: Sequence[float], at: int, middle: float
) -> dict[str, float]:
    shared = [line.words & wording.words for wording in claim.lines]
    best = max(shared, key=lambda both: sum(words.get(word, 0.0) for word in both))
    told = sorted((words.get(word, 0.0) for word in best), reverse=True)
    others = max((value for other, value in enumerate(meaning) if other != at), default=0.25)
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
        "length": math.log1p(len(line.words)),
    }


def link(
    lines: Sequence[Line], claims: Sequence[ClaimRead], weights: Mapping[str, float], least: float
) -> tuple[Link, ...]:
    """Return the claims that some line bears on with at least the belief `least`, surest first, one link a claim."""
    words = telling(claims)
    best: dict[str, Link] = {}
    for line in lines:
        for claim, values in zip(claims, features(line, claims, words), strict=True):
            score = logistic(values, weights)
            if score >= least and (claim.id not in best or best[claim.id].score < score):
                best[claim.id] = Link(claim, line, score)
    return tuple(sorted(best.values(), key=lambda found: (-found.score, found.claim.id)))
