"""How well the feeds of a story have been read, in words."""

from tracker.rendering import phrases
from tracker.rendering.plain import day, moment
from tracker.rendering.view import StatusView


def freshness(view: StatusView) -> str:
    """Return how well the feeds have been read."""
    fresh = view.freshness
    if not fresh.feeds:
        return "no feeds are followed"
    polled = f", last read {moment(fresh.last_poll)}" if fresh.last_poll else ""
    silent = f", {len(fresh.silent)} silent" if fresh.silent else ""
    first = min((at.since for at in fresh.failing if at.since), default=None)
    since = f" since {day(first)}" if first else ""
    return f"{_read(view)}{polled}; {len(fresh.failing) or 'none'} failing{since}{silent}"


def _read(view: StatusView) -> str:
    fresh = view.freshness
    if fresh.recent is None:
        return phrases.count(fresh.feeds, "feed")
    return f"{fresh.recent or 'none'} of {phrases.count(fresh.feeds, 'feed')} read in the last hour"


def unread(view: StatusView) -> str:
    """Return that no feed was read for so long that a report says little; "" where one was."""
    fresh = view.freshness
    if not fresh.unread:
        return ""
    since = f"since {moment(fresh.last_poll)}" if fresh.last_poll else "so far"
    return f"No feed has been read {since}: nothing new may mean that nothing was read"
