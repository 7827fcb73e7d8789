"""All stories at a glance: a fraction of what a report on each would read."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.application.freshness import freshness_now
from tracker.application.news import Look, developments, news
from tracker.application.report import DAY, change_of, claims_of
from tracker.ports.feeds import FeedBook
from tracker.ports.views import ViewReader
from tracker.projections.projection import Row
from tracker.projections.rows import HEAD
from tracker.rendering.view import Change, Freshness, Group


@dataclass(frozen=True, slots=True)
class Glance:
    """What a list says of a story: claims in each group, how many developments are new, and the latest one.

    `since` is when the reader last looked, None where what is new is that of the last day.
    """

    id: str
    title: str
    closed: bool
    opened_at: datetime
    last_seen: datetime
    since: datetime | None
    new: int
    claims: int
    groups: Mapping[Group, int]
    latest: Change | None
    freshness: Freshness


def overview(
    views: ViewReader, feeds: FeedBook, now: datetime, look: Callable[[str], Look | None]
) -> tuple[Glance, ...]:
    """Return every story, that with the latest development first; `look` tells how far the reader had got in each."""
    heads = views.load("stories", [(story, HEAD) for story in views.partitions("stories")])
    found = [_glance(views, feeds, now, row, look(row["id"])) for row in heads.values()]
    return tuple(sorted(found, key=lambda one: (-_moved(one).timestamp(), one.id)))


def _moved(one: Glance) -> datetime:
    return one.latest.seen if one.latest else one.opened_at


def _glance(views: ViewReader, feeds: FeedBook, now: datetime, head: Row, look: Look | None) -> Glance:
    story, last_seen = head["id"], datetime.fromisoformat(head["last_seen"])
    freshness = freshness_now(feeds, story, now)
    claims = claims_of(views, story)
    fresh = news(views, story, look or max(filter(None, (last_seen, freshness.last_poll))) - DAY)
    latest = fresh[-1:] or developments(views, story, 1)
    return Glance(
        id=story,
        title=head["title"],
        closed=head["closed"],
        opened_at=datetime.fromisoformat(head["opened_at"]),
        last_seen=last_seen,
        since=look.at if look else None,
        new=len(fresh),
        claims=len(claims),
        groups=Counter(claim.group for claim in claims),
        latest=change_of(latest[0]) if latest else None,
        freshness=freshness,
    )
