"""Sources and subscriptions that the config file names: added when a worker starts, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.application.sources import add_feed, feed_id, was_removed
from tracker.application.subscribe import subscribe
from tracker.domain.events import SubscriptionAdded
from tracker.ports.feeds import FeedBook
from tracker.ports.log import EventLog

ACTOR = "config"


@dataclass(frozen=True, slots=True)
class DeclaredFeed:
    """A source of the config file."""

    url: str
    name: str | None
    story: str | None


@dataclass(frozen=True, slots=True)
class Declared:
    """What a config file asks for."""

    feeds: Sequence[DeclaredFeed]
    subscriptions: Sequence[SubscriptionAdded]


def declare(log: EventLog, book: FeedBook, declared: Declared, now: datetime) -> None:
    """Add what is declared and not there yet; a feed or subscription that somebody has removed stays away.

    Raises UsageError for an address that cannot be polled or told, NotFound for a story that was never opened.
    """
    for feed in declared.feeds:
        if not was_removed(log, feed_id(feed.url, feed.story)):
            add_feed(log, book, url=feed.url, name=feed.name, story=feed.story, now=now, actor=ACTOR)
    for subscription in declared.subscriptions:
        subscribe(log, subscription, ACTOR, again=False)
