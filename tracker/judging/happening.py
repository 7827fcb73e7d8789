"""Which entries report the same happening: likeness in what is not common to the whole story, and nearness in time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tracker.judging.background import weight
from tracker.judging.profile import KnownRead, Profile
from tracker.judging.reading import Reading, likeness
from tracker.judging.relevance import logistic

LATE = 1.0
"""Log-odds that each day between two reports takes from their being of one happening, past the first day."""

MOST_DAYS = 6.0
"""A report further away in time is of the same happening only when it is a copy: see near_duplicate."""


@dataclass(frozen=True, slots=True)
class Same:
    """The known entry whose happening an entry most likely reports too, and the belief in [0, 1] that it does."""

    known: KnownRead
    score: float


def rarity(profile: Profile) -> Mapping[str, float]:
    """Return the weight in (0, 1] of each word in this story: what every entry says tells no happenings apart."""
    counts: dict[str, int] = {}
    for known in profile.known:
        for word in known.reading.words:
            counts[word] = counts.get(word, 0) + 1
    total = len(profile.known) + 2
    scale = math.log(total)
    out = {word: weight(word) * math.log(total / (count + 0.5)) / scale for word, count in counts.items()}
    return {word: out.get(word, weight(word)) * (0.6 if word in profile.seed_words else 1.0) for word in out}


def features(one: Reading, other: Reading, rare: Mapping[str, float]) -> dict[str, float]:
    """Return the evidence that two readings tell of one happening."""
    shared = sorted((rare.get(word, weight(word)) for word in one.words & other.words), reverse=True)
    smaller = min(_mass(one.words, rare), _mass(other.words, rare))
    lines = np.stack([line.vector for line in one.lines]) @ np.stack([line.vector for line in other.lines]).T
    figures = [{word for word in reading.words if word[0].isdigit()} for reading in (one, other)]
    names = (one.names & other.names, one.names ^ other.names)
    return {
        "meaning of the whole": float(one.whole @ other.whole),
        "meaning of the best lines": float(lines.max()),
        "words in common": likeness(one.words, other.words),
        "rare words shared": math.log1p(sum(shared)),
        "share of the shorter one's rare words": sum(shared) / max(smaller, 1.0),
        "rarest word shared": shared[0] if shared else 0.0,
        "figures shared": float(len(figures[0] & figures[1]) > 0),
        "figures that differ": float(bool(figures[0] and figures[1]) and not figures[0] & figures[1]),
        "names shared": math.log1p(sum(max(rare.get(part, 0.5) for part in name.split()) for name in names[0])),
        "names that differ": math.log1p(len(names[1])),
    }


def _mass(words: frozenset[str], rare: Mapping[str, float]) -> float:
    return sum(rare.get(word, weight(word)) for word in words)


def same_happening(reading: Reading, moment: datetime, profile: Profile, weights: Mapping[str, float]) -> Same | None:
    """Return the known entry that most likely reports the same happening, None where no entry is near in time.

    The nearest report counts half, the mean of all reports of its happening the other half: happenings do not run
    into each other along a chain of likenesses.
    """
    rare = rarity(profile)
    found: dict[str, list[tuple[float, KnownRead]]] = {}
    for known in profile.known:
        if known.entry is not None and _days(moment, known.moment) <= MOST_DAYS:
            odds = _odds(logistic(features(reading, known.reading, rare), weights))
            late = LATE * max(0.0, _days(moment, known.moment) - 1)
            found.setdefault(known.entry.happening, []).append((odds - late, known))
    return max((_same(reports) for reports in found.values()), key=lambda same: same.score, default=None)


def _same(reports: Sequence[tuple[float, KnownRead]]) -> Same:
    best, known = max(reports, key=lambda report: report[0])
    mean = sum(odds for odds, _ in reports) / len(reports)
    return Same(known, 1 / (1 + math.exp(-(best + mean) / 2)))


def _odds(probability: float) -> float:
    return math.log(max(probability, 1e-9) / max(1 - probability, 1e-9))


def _days(one: datetime, other: datetime | None) -> float:
    return abs((one - other).total_seconds()) / 86_400 if other else 0.0
