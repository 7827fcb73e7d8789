"""How the sources fare: a row a feed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.domain.events import Event, Recorded
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import HEAD, feed_of, stamp


class Health(Projection):
    """One row a feed, under (feed, HEAD).

    `state` is ok, failing, gone, silent or removed, since the time `since`: for a silent one that of its last entry,
    for the others when it was noticed. `failures`, `trouble` and `error` are those that it was called failing for.
    `url` is where it is read now, `criterion` what its entries are told apart by, None while that never changed.
    `position` is that of the event that last changed the row.
    """

    name = "health"
    folds = 2

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the feed's row."""
        feed = feed_of(recorded)
        return ((feed, HEAD),) if feed else ()

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the feed's row after an event."""
        feed = feed_of(recorded)
        if not feed:
            return {}
        changed = {**_told(recorded.event), **_state(recorded.event)}
        if not changed:
            return {}
        before = rows.get((feed, HEAD)) or {**_UNKNOWN, "id": feed}
        if changed.get("state", before["state"]) != before["state"]:
            changed["since"] = stamp(_since(recorded))
        return {(feed, HEAD): {**before, **changed, "position": recorded.position}}


_WELL: Row = {"state": "ok", "failures": 0, "trouble": None, "error": None}
_UNKNOWN: Row = {
    **_WELL, "id": None, "url": None, "name": None, "story": None, "state": None, "since": None, "criterion": None,
}  # fmt: skip


def _told(event: Event) -> dict[str, Any]:
    """Return what an event says of the source itself."""
    match event:
        case FeedAdded():
            return {"url": event.url, "name": event.name, "story": event.story, "criterion": None}
        case FeedMoved():
            return {"url": event.new}
        case FeedRekeyed():
            return {"criterion": event.new}
        case _:
            return {}


def _state(event: Event) -> dict[str, Any]:
    """Return what an event says of how the source fares."""
    match event:
        case FeedAdded() | FeedRecovered():
            return {**_WELL}
        case FeedFailing():
            return {"state": "failing", "failures": event.failures, "trouble": event.trouble, "error": event.error}
        case FeedGone():
            return {"state": "gone", "trouble": "gone", "error": None}
        case FeedSilent():
            return {**_WELL, "state": "silent"}
        case FeedRemoved():
            return {"state": "removed"}
        case _:
            return {}


def _since(recorded: Recorded) -> datetime:
    return recorded.event.since if isinstance(recorded.event, FeedSilent) else recorded.recorded_at
