"""How each claim stood, event by event: a small row wherever that changed, so that its past is looked up, not folded.

What stands there is what was known then: a review of later adds a row of its own and changes none.
"""

from collections.abc import Mapping
from typing import Any

from tracker.domain.claims import Relation
from tracker.domain.events import Finding, Recorded
from tracker.projections.projection import Key, Row
from tracker.projections.rows import ordinal

VALUES = frozenset({"quantity", "date"})
"""Fields of a finding whose values can be drawn over time."""

_BESIDE = ("last_seen", "turned")
_STANCE = ("standing", "sources", "denied_by", "withdrawn", "removed")


def states_of(story: str, claim: str) -> str:
    """Return the partition of the states of a claim; no story id has a slash."""
    return f"{story}/states/{claim}"


def values_of(story: str, claim: str) -> str:
    """Return the partition that names the findings which say another value of a claim, or deny it."""
    return f"{story}/values/{claim}"


def states(story: str, rows: Mapping[Key, Row], changed: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
    """Return a state for each claim of the ledger that stands otherwise after an event, or is followed anew since.

    It has those fields of the row that make up how the claim stands, with `position`, and a few beside them as of then.
    """
    found: dict[Key, Row] = {}
    for key, row in changed.items():
        if key != (story, row.get("id")):
            continue
        state, fresh = _state(row), row["begun"] == recorded.position
        if fresh or state != _state(rows[key]):
            place = states_of(story, row["id"]), ordinal(recorded.position)
            found[place] = {**state, **{name: row[name] for name in _BESIDE}, "position": recorded.position}
    return found


def _state(row: Row) -> dict[str, Any]:
    said = {name: value for name, value in row["current"].items() if name != "evidence"}
    return {"current": said, **{name: row[name] for name in _STANCE}}


def values(story: str, claim: str, finding: Finding, position: int) -> dict[Key, Row]:
    """Return the row that names a finding which says another value of a claim, or denies it."""
    differs = finding.field in VALUES and finding.new is not None and finding.new != finding.old
    if not (differs or finding.relation is Relation.DENIES):
        return {}
    return {(values_of(story, claim), ordinal(position)): {"position": position}}
