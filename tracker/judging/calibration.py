"""What reviews taught of the judge's beliefs, as a value that it is handed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log

from tracker.domain.events import Finding, Recorded
from tracker.domain.judge_events import Curve, JudgeCalibrated, JudgeReset

_EDGE = 0.005
"""Beliefs nearer to 0 or 1 count as this near: no belief is beyond doubt, and their log odds are without end."""
_NAMED = re.compile(r"calibration (\d+)")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curves in force, at most one a relation, recorded at `position` (0: none). `told_from`: see the event."""

    position: int = 0
    curves: tuple[Curve, ...] = ()
    told_from: float = 1.0

    @property
    def name(self) -> str:
        """Return how a judge's version names it; empty for none."""
        return f"calibration {self.position}" if self.position else ""

    def settled(self, finding: Finding) -> Finding:
        """Return a finding that waits with the belief of its curve: told if that is enough, and saying why.

        What is sure stays as it is: no reviews teach of it, since only what strikes somebody as wrong is looked at.
        """
        curve = next((one for one in self.curves if one.relation is finding.relation), None)
        if curve is None or not finding.needs_review:
            return finding
        score = round(believed(curve, finding.score), 6)
        learnt = f"a person found {curve.right} of {curve.reviews} such right"
        waits = score < self.told_from
        return replace(
            finding,
            score=score,
            needs_review=waits,
            doubt=finding.doubt if waits else None,
            reason=f"{finding.reason}; {learnt}",
        )

    def undone(self, finding: Finding) -> float:
        """Return the belief that the judge had in a finding that waits before this calibration."""
        curve = next((one for one in self.curves if one.relation is finding.relation), None)
        return finding.score if curve is None else chance((log_odds(finding.score) - curve.shift) / curve.slope)


UNCALIBRATED = Calibration()


def believed(curve: Curve, score: float) -> float:
    """Return what a curve makes of a belief."""
    return chance(curve.slope * log_odds(score) + curve.shift)


def log_odds(belief: float) -> float:
    """Return log(p / (1 - p)), of a belief kept from the very ends."""
    kept = min(max(belief, _EDGE), 1 - _EDGE)
    return log(kept / (1 - kept))


def chance(odds: float) -> float:
    """Return the belief of some log odds, neither of which overflows here."""
    return 1 / (1 + exp(-odds))


def fold_calibration(events: Iterable[Recorded], known: Calibration = UNCALIBRATED) -> Calibration:
    """Return the calibration in force after events of any streams."""
    for recorded in events:
        match recorded.event:
            case JudgeCalibrated() as taught:
                known = Calibration(recorded.position, taught.curves, taught.told_from)
            case JudgeReset():
                known = UNCALIBRATED
            case _:
                pass
    return known


def calibration_named(version: str) -> int:
    """Return the position of the calibration that a judge's version names, 0 where it names none."""
    found = _NAMED.search(version)
    return int(found[1]) if found else 0
