"""Learns from reviews how far the judge's belief in findings that wait for a person is to be trusted.

Platt (1999), "Probabilistic outputs for support vector machines": a logistic curve over the log odds of the belief. As
in Guo et al. (2017), "On calibration of modern neural networks", its slope is the inverse of a temperature. Few reviews
must not turn much: slope and shift have a normal prior around 1 and 0, which is no change (MAP, that is ridge, logistic
regression; Bishop 2006, "Pattern recognition and machine learning", 4.5). A finding is told from the belief on at which
Chow's rule (1970, "On optimum recognition error and reject tradeoff") no longer abstains.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, exp, log1p, sqrt

from tracker.domain.claims import Relation
from tracker.domain.judge_events import Curve
from tracker.judging.calibration import believed, log_odds

TOLD_FROM = 0.8
"""Belief from which a finding is told: to tell a wrong one is as bad as to have a person look at five (Chow's rule)."""

HALF_WIDTH = 0.15
"""How far from its true share what is learnt may be, 95 times in 100, where that share is `TOLD_FROM`."""

COVERED = 0.5
"""Share of the findings that wait that must have been looked at, or the rest decides what is true of them."""

_Z = 1.96
NEEDED = ceil(_Z**2 * TOLD_FROM * (1 - TOLD_FROM) / HALF_WIDTH**2)
"""Reviews of a relation under which nothing is learnt of it: they give `HALF_WIDTH`."""

_FOLDS = 10
_STEPS = 100
_STEEP = 0.05
"""Least slope: beliefs keep their order, so that what the judge believed before can be told from what is recorded."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said of a finding that waited: `belief` is the judge's own, before any calibration."""

    position: int
    belief: float
    right: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the reviews of a relation teach. `curve` is None where that is nothing, for the reason in `why`.

    `before` and `after` are mean log losses, the second on reviews that the curve was not learnt from.
    """

    relation: Relation
    reviews: Sequence[Review]
    waited: int
    curve: Curve | None
    why: str = ""
    before: float | None = None
    after: float | None = None


def learn(relation: Relation, reviews: Sequence[Review], waited: int) -> Lesson:
    """Return what reviews of a relation teach, in the order of the log; `waited` is the number of its findings."""
    if len(reviews) < NEEDED:
        return Lesson(relation, reviews, waited, None, f"{NEEDED} reviews are needed")
    if len(reviews) < COVERED * waited:
        return Lesson(
            relation, reviews, waited, None, f"{ceil(COVERED * waited)} of those that waited must be reviewed"
        )
    before, after = _loss(lambda belief: belief, reviews), _held_out(relation, reviews)
    if after >= before:
        return Lesson(relation, reviews, waited, None, "no curve does better than none", before, after)
    return Lesson(relation, reviews, waited, fit(relation, reviews), "", before, after)


def fit(relation: Relation, reviews: Sequence[Review]) -> Curve:
    """Return the likeliest curve after some reviews, and the prior of no change."""
    slope, shift = _likeliest(reviews, (1.0, 0.0), steer=True)
    if slope < _STEEP:
        slope, shift = _likeliest(reviews, (_STEEP, shift), steer=False)
    return Curve(relation, round(slope, 6), round(shift, 6), len(reviews), sum(one.right for one in reviews))


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); all of it where nothing was looked at."""
    if not of:
        return 0.0, 1.0
    share, scale = right / of, 1 + _Z**2 / of
    middle = (share + _Z**2 / (2 * of)) / scale
    half = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def _held_out(relation: Relation, reviews: Sequence[Review]) -> float:
    """Return the mean log loss on each tenth of the reviews of the curve that the other nine give."""
    total = 0.0
    for fold in range(_FOLDS):
        curve = fit(relation, [one for nth, one in enumerate(reviews) if nth % _FOLDS != fold])
        rest = reviews[fold::_FOLDS]
        total += _loss(partial(believed, curve), rest) * len(rest)
    return total / len(reviews)


def _loss(belief: Callable[[float], float], reviews: Sequence[Review]) -> float:
    odds = [log_odds(belief(one.belief)) for one in reviews]
    return sum(_surprise(odd, right=one.right) for odd, one in zip(odds, reviews, strict=True)) / len(reviews)


def _surprise(odds: float, *, right: bool) -> float:
    """Return -log of the chance that was given to what is so; of any odds without overflow."""
    against = -odds if right else odds
    return max(against, 0.0) + log1p(exp(-abs(against)))


def _likeliest(reviews: Sequence[Review], start: tuple[float, float], *, steer: bool) -> tuple[float, float]:
    """Return slope and shift of least penalised loss, by Newton's method; without `steer` the slope stays."""
    odds = [(log_odds(one.belief), one.right) for one in reviews]
    slope, shift = start

    def cost(slope: float, shift: float) -> float:
        prior = ((slope - 1) ** 2 + shift**2) / 2
        return prior + sum(_surprise(slope * x + shift, right=right) for x, right in odds)

    for _ in range(_STEPS):
        step = _newton(odds, slope, shift, steer=steer)
        length = 1.0
        while length > 1e-9 and cost(slope - length * step[0], shift - length * step[1]) > cost(slope, shift):  # noqa: PLR2004
            length /= 2
        slope, shift = slope - length * step[0], shift - length * step[1]
        if abs(step[0]) + abs(step[1]) < 1e-9:  # noqa: PLR2004 - far beyond what is kept
            break
    return slope, shift


def _newton(odds: Sequence[tuple[float, bool]], slope: float, shift: float, *, steer: bool) -> tuple[float, float]:
    """Return the Newton step: the inverse of the curvature times the gradient."""
    chances = [(x, 1 / (1 + exp(-(slope * x + shift))), right) for x, right in odds]
    to_slope = slope - 1 + sum(x * (p - right) for x, p, right in chances)
    to_shift = shift + sum(p - right for _, p, right in chances)
    both, cross, alone = (sum(p * (1 - p) * x**power for x, p, _ in chances) for power in (2, 1, 0))
    both, alone = both + 1, alone + 1  # the prior's curvature
    if not steer:
        return 0.0, to_shift / alone
    area = both * alone - cross**2
    return (alone * to_slope - cross * to_shift) / area, (both * to_shift - cross * to_slope) / area
