"""How far figures on few items can be trusted: bootstrap over happenings, since reports of one stand together.

Davison and Hinkley (1997), "Bootstrap methods and their application", 3.8: whole groups are drawn, with replacement, in
each story by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tracker.judging.scoring import Counts, Gold, Marks, figures, mean

TIMES = 1000
_ENDS = (2.5, 97.5)


class Interval(NamedTuple):
    """The middle 95 of 100 of what a figure came to in resamples."""

    low: Marks
    high: Marks


def groups(gold: Sequence[Gold], counts: Sequence[Counts]) -> tuple[Counts, ...]:
    """Return the counts of each happening of a case."""
    together: defaultdict[str, Counts] = defaultdict(Counter)
    for one, tally in zip(gold, counts, strict=True):
        together[one.happening].update(tally)
    return tuple(together.values())


def intervals(cases: Sequence[Sequence[Counts]], *, seed: int, times: int = TIMES) -> tuple[Interval, ...]:
    """Return the interval of each case, whose happenings are given, and last of their mean. Same seed, same ends."""
    drawn = [list(_resamples(case, seed + nth, times)) for nth, case in enumerate(cases)]
    means = [mean(marks) for marks in zip(*drawn, strict=True)]
    return tuple(_ends(marks) for marks in (*drawn, means))


def _resamples(case: Sequence[Counts], seed: int, times: int) -> Iterator[Marks]:
    keys = sorted({key for tally in case for key in tally})
    table = np.array([[tally[key] for key in keys] for tally in case])
    weights = np.random.default_rng(seed).multinomial(len(case), [1 / len(case)] * len(case), size=times)
    for row in weights @ table:
        yield figures(dict(zip(keys, map(int, row), strict=True))).marks


def _ends(marks: Sequence[Marks]) -> Interval:
    low, high = np.percentile(np.array(marks), _ENDS, axis=0)
    return Interval(Marks(*map(float, low)), Marks(*map(float, high)))
