"""Whether the log holds together."""

from typing import Annotated, TypedDict

from msgspec import Meta

from tracker.ports.log import Audit
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Position, Version


class Proof(TypedDict):
    """What was found when the log was checked from `start` on; `head` is the hash of the event at `position`."""

    schema_version: Version
    holds: Annotated[bool, Meta(description="Nothing was changed, lost, added or moved.")]
    start: Position
    position: Position
    head: str | None
    events: Count
    streams: Count
    erased: Count
    faults: list[str]


def proof(audit: Audit, start: int) -> Proof:
    """Return the outcome of a verification."""
    return {
        "schema_version": SCHEMA_VERSION,
        "holds": not audit.faults,
        "start": start,
        "position": audit.position,
        "head": audit.head,
        "events": audit.events,
        "streams": audit.streams,
        "erased": audit.erased,
        "faults": list(audit.faults),
    }
