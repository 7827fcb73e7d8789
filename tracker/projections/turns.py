"""What made each claim stand as it does: positions of events, whose words stand in the timeline.

`turned` is the event since which the claim stands so, `settled` the one by which it was last disputed no longer, each
with the time at which it was seen; `denials` name the newest finding of each source that denies it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tracker.domain.claims import Relation, Standing
from tracker.domain.events import FindingReviewed, Recorded
from tracker.domain.tracked import Step, TrackedClaim
from tracker.projections.projection import Row
from tracker.projections.rows import stamp


def begun(recorded: Recorded) -> dict[str, Any]:
    """Return the marks of a claim that is followed since an event."""
    return {"turned": _mark(recorded.position, recorded.recorded_at), "settled": None, "denials": {}}


def found(before: Row, claim: TrackedClaim, step: Step) -> dict[str, Any]:
    """Return the marks of a claim after a finding that it follows."""
    here = _mark(step.position, step.recorded_at)
    return {
        "turned": here if claim.turned == step.position else before["turned"],
        "settled": here if _left_dispute(before, claim) else before["settled"],
        "denials": _denials(before["denials"], (step,), claim),
    }


def withdrawn(before: Row, recorded: Recorded) -> dict[str, Any]:
    """Return the marks that a withdrawal changes: none where the claim had been withdrawn before."""
    if before["standing"] == Standing.WITHDRAWN:
        return {}
    here = _mark(recorded.position, recorded.recorded_at)
    return {"turned": here, "settled": here if _is_disputed(before["standing"]) else before["settled"]}


def reviewed(before: Row, after: Row, claim: TrackedClaim, review: FindingReviewed, at: Recorded) -> dict[str, Any]:
    """Return the marks of a claim that was told again.

    Where it stands otherwise, the review did that. Where it stands as before although the finding that brought it there
    was reviewed, another finding has to answer for it.
    """
    turned, here = before["turned"], _mark(at.position, at.recorded_at)
    if (after["standing"], after["current"]) != (before["standing"], before["current"]):
        turned = here
    elif turned["position"] == review.position:
        turned = _told(before, claim)
    return {
        "turned": turned,
        "settled": here if _left_dispute(before, claim) else before["settled"],
        "denials": _denials({}, claim.steps, claim),
    }


def _told(before: Row, claim: TrackedClaim) -> dict[str, Any]:
    step = next((step for step in claim.steps if step.position == claim.turned), None)
    if step is None:
        return {"position": before["begun"], "at": before["first_seen"]}
    return _mark(step.position, step.recorded_at)


def _mark(position: int, at: datetime) -> dict[str, Any]:
    return {"position": position, "at": stamp(at)}


def _left_dispute(before: Row, claim: TrackedClaim) -> bool:
    return _is_disputed(before["standing"]) and not _is_disputed(claim.standing)


def _is_disputed(standing: str) -> bool:
    return standing == Standing.DISPUTED


def _denials(held: Mapping[str, int], steps: Iterable[Step], claim: TrackedClaim) -> dict[str, int]:
    denied = (step for step in steps if step.applied and step.relation is Relation.DENIES)
    newest = {**held, **{step.entry.source: step.position for step in denied}}
    return {source: newest[source] for source in sorted(newest) if source in claim.denied_by}
