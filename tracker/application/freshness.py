"""How well the sources of a story have been read: by the feed book for the present, by the views for a look back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.ports.feeds import FeedReader, FeedState
from tracker.ports.views import ViewReader
from tracker.projections.projection import Row
from tracker.rendering.sources import condition, failure, silence, trouble_words
from tracker.rendering.view import Freshness, Trouble

UNREAD_AFTER = timedelta(days=1)
"""How long no source of a story may have been read before a report says so at its top."""

LATELY = timedelta(hours=1)
"""What has been read since so long is fresh."""


def freshness_now(feeds: FeedReader, story_id: str, now: datetime | None) -> Freshness:
    """Return how the sources of a story fare; `now` None: it is not told which were read lately."""
    states = feeds.all(story_id)
    last_poll = max((state.last_ok_at for state in states if state.last_ok_at), default=None)
    fresh = _freshness(len(states), filter(None, map(_trouble_now, states)), last_poll)
    if now is None:
        return fresh
    recent = sum(state.last_ok_at is not None and state.last_ok_at >= now - LATELY for state in states)
    return replace(fresh, recent=recent, unread=bool(states) and all(_is_unread(state, now) for state in states))


def freshness_then(views: ViewReader, story_id: str) -> Freshness:
    """Return how the sources of a story fared, as the views tell it."""
    rows = [row for feed in views.partitions("health") for row in views.scan("health", feed)]
    ours = [row for row in rows if row["state"] != "removed" and row["story"] in {None, story_id}]
    return _freshness(len(ours), filter(None, map(_trouble_then, ours)), None)


def _freshness(feeds: int, troubles: Iterable[Trouble], last_poll: datetime | None) -> Freshness:
    told = tuple(troubles)
    failing = tuple(one for one in told if one.state != "silent")
    return Freshness(feeds, failing, last_poll, tuple(one for one in told if one.state == "silent"))


def _is_unread(state: FeedState, now: datetime) -> bool:
    return (state.last_ok_at or state.added_at) < now - UNREAD_AFTER


def _trouble_now(state: FeedState) -> Trouble | None:
    fares = condition(state)
    if fares == "ok":
        return None
    since = state.last_new_at if fares == "silent" else state.last_ok_at or state.added_at
    return Trouble(state.name or state.url, trouble_words(state), state.id, fares, since)


def _trouble_then(row: Row) -> Trouble | None:
    state = row["state"]
    if state not in {"failing", "gone", "silent"}:
        return None
    since = datetime.fromisoformat(row["since"])
    words = silence(since) if state == "silent" else failure(row["trouble"], row["error"])
    return Trouble(row["name"] or row["url"] or row["id"], words, row["id"], state, since)
