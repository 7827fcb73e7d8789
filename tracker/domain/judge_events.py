"""Events on the judge itself: what it was taught by reviews, and that it forgets it."""

from dataclasses import dataclass

from tracker.domain.claims import Relation

JUDGE = "judge"
"""The stream of what the judge was taught."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How far the judge's belief in findings of a relation that wait for a person is to be trusted.

    Of a belief p it makes 1 / (1 + exp(-(slope * log(p / (1 - p)) + shift))), after Platt (1999), "Probabilistic
    outputs for support vector machines"; `slope` is the inverse of a temperature. Learnt from `reviews`, in `right` of
    which a person confirmed the finding.
    """

    relation: Relation
    slope: float
    shift: float
    reviews: int
    right: int


@dataclass(frozen=True, slots=True)
class JudgeCalibrated:
    """The judge follows these curves from now on, in place of those before; a finding is told from a belief on.

    `learnt_from` are the positions of the reviews.
    """

    curves: tuple[Curve, ...]
    told_from: float
    learnt_from: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JudgeReset:
    """The judge is again as it was made."""


JudgeEvent = JudgeCalibrated | JudgeReset
