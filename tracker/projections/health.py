"""How the sources fare: a row a feed."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.events import Event, FeedAdded, FeedFailing, FeedGone, FeedRecovered, FeedRemoved, Recorded
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import HEAD, feed_of, stamp


class Health(Projection):
    """One row a feed, under (feed, HEAD): `state` is ok, failing, gone or removed, since the time `since`."""

    name = "health"
    folds = 1

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the feed's row."""
        feed = feed_of(recorded)
        return ((feed, HEAD),) if feed else ()

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the feed's row after an event."""
        feed = feed_of(recorded)
        changed = _changed(recorded.event)
        if not feed or not changed:
            return {}
        before = rows.get((feed, HEAD)) or _unknown(feed)
        at = stamp(recorded.recorded_at)
        since = before["since"] if before["state"] == changed["state"] else at
        return {(feed, HEAD): {**before, **changed, "since": since, "position": recorded.position}}


def _unknown(feed: str) -> dict[str, Any]:
    return {"id": feed, "url": None, "name": None, "story": None, "state": None, "since": None}


def _changed(event: Event) -> dict[str, Any] | None:
    match event:
        case FeedAdded():
            named = {"url": event.url, "name": event.name, "story": event.story}
            return {**named, "state": "ok", "failures": 0, "error": None}
        case FeedFailing():
            return {"state": "failing", "failures": event.failures, "error": event.error}
        case FeedRecovered():
            return {"state": "ok", "failures": 0, "error": None}
        case FeedGone():
            return {"state": "gone", "error": "the source says that it is gone for good"}
        case FeedRemoved():
            return {"state": "removed"}
        case _:
            return None
