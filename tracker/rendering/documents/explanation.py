"""Recorded events, and everything behind one of them."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypedDict, cast

from msgspec import Meta

from tracker.rendering.documents.changes import Happening, happening
from tracker.rendering.documents.claims import Difference, difference
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Position, Time, Version
from tracker.rendering.view import Explanation as Explained


class Event(TypedDict):
    """An event as the log holds it: `data` is what its `type` says, of the form that its `schema` numbers.

    `causation` is the id of the entry or command behind it, `actor` who recorded it, `hash` commits to all before it.
    """

    position: Position
    stream: str
    version: Annotated[int, Meta(ge=1, description="Counts in the stream.")]
    id: str
    type: str
    schema: int
    recorded_at: Time
    published_at: Time | None
    causation: str | None
    actor: str
    data: dict[str, Any]
    hash: str


class Events(TypedDict):
    """Events in the order of the log."""

    schema_version: Version
    events: list[Event]


class Explanation(TypedDict):
    """Everything behind an event: what the timeline now says of it, its claim before and after, and the record.

    `source`: of an event of a feed, how that is called.
    """

    schema_version: Version
    position: Position
    source: str | None
    told: Happening | None
    claim: Difference | None
    record: Event


def events(described: Iterable[Mapping[str, Any]]) -> Events:
    """Return events, each given as JSON-ready values."""
    return {"schema_version": SCHEMA_VERSION, "events": [cast("Event", one) for one in described]}


def explanation(why: Explained, described: Mapping[str, Any]) -> Explanation:
    """Return everything behind an event, given as JSON-ready values as well."""
    return {
        "schema_version": SCHEMA_VERSION,
        "position": why.recorded.position,
        "source": why.source,
        "told": happening(why.told) if why.told else None,
        "claim": difference(why.claim) if why.claim else None,
        "record": cast("Event", described),
    }
