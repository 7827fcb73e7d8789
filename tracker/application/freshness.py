"""How well the sources of a story have been read: by the feed book for the present, by the views for a look back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker.ports.feeds import FeedBook, FeedState
from tracker.ports.views import ViewReader
from tracker.projections.projection import Row
from tracker.rendering.sources import condition, failure, silence, trouble_words
from tracker.rendering.view import Freshness, Trouble

UNREAD_AFTER = timedelta(days=1)
"""How long no source of a story may have been read before a report says so at its top."""


def freshness_now(feeds: FeedBook, story_id: str, now: datetime | None) -> Freshness:
    """Return how the sources of a story fare; `now` None: it is not told whether they were read lately."""
    states = feeds.all(story_id)
    last_poll = max((state.last_ok_at for state in states if state.last_ok_at), default=None)
    unread = now is not None and bool(states) and all(_is_unread(state, now) for state in states)
    return _freshness(len(states), filter(None, map(_trouble_now, states)), last_poll, unread=unread)


def freshness_then(views: ViewReader, story_id: str) -> Freshness:
    """Return how the sources of a story fared, as the views tell it."""
    rows = [row for feed in views.partitions("health") for row in views.scan("health", feed)]
    ours = [row for row in rows if row["state"] != "removed" and row["story"] in {None, story_id}]
    return _freshness(len(ours), filter(None, map(_trouble_then, ours)), None)


def _freshness(
    feeds: int, troubles: Iterable[Trouble], last_poll: datetime | None, *, unread: bool = False
) -> Freshness:
    told: Sequence[Trouble] = tuple(troubles)
    failing = tuple(one for one in told if one.state != "silent")
    return Freshness(feeds, failing, last_poll, tuple(one for one in told if one.state == "silent"), unread)


def _is_unread(state: FeedState, now: datetime) -> bool:
    return (state.last_ok_at or state.added_at) < now - UNREAD_AFTER


def _trouble_now(state: FeedState) -> Trouble | None:
    fares = condition(state)
    if fares == "ok":
        return None
    return Trouble(state.name or state.url, trouble_words(state), state.id, fares)


def _trouble_then(row: Row) -> Trouble | None:
    state = row["state"]
    if state not in {"failing", "gone", "silent"}:
        return None
    silent = state == "silent"
    words = silence(datetime.fromisoformat(row["since"])) if silent else failure(row["trouble"], row["error"])
    return Trouble(row["name"] or row["url"] or row["id"], words, row["id"], state)
