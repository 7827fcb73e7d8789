"""Sources and subscriptions that the config file names: added when a worker starts, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from tracker.application.options import OptionsGiven, feed_options
from tracker.application.sources import add_feed, change_feed, feed_id, followed, was_removed
from tracker.application.subscribe import subscribe
from tracker.domain.events import SubscriptionAdded
from tracker.errors import UsageError
from tracker.ports.feeds import PLAIN, FeedBook, FeedOptions
from tracker.ports.log import EventLog

ACTOR = "config"


@dataclass(frozen=True, slots=True)
class DeclaredFeed:
    """A source of the config file."""

    url: str
    name: str | None
    story: str | None
    options: FeedOptions = PLAIN


@dataclass(frozen=True, slots=True)
class Declared:
    """What a config file asks for."""

    feeds: Sequence[DeclaredFeed]
    subscriptions: Sequence[SubscriptionAdded]


def declared_feed(
    *, url: str, name: str | None = None, story: str | None = None, **options: Unpack[OptionsGiven]
) -> DeclaredFeed:
    """Return a source as a config file names it. Raises UsageError, which names the source, for a bad option."""
    try:
        return DeclaredFeed(url, name, story, feed_options(**options))
    except UsageError as error:
        raise UsageError(f"config: [[feed]] {ascii(url)[:200]}: {error}") from error


def declare(log: EventLog, book: FeedBook, declared: Declared, now: datetime) -> None:
    """Add what is declared and not there yet; a feed or subscription that somebody has removed stays away.

    A feed that is there is asked as it is declared now, and called so; where we are with it stays.

    Raises UsageError for an address that cannot be polled or told, NotFound for a story that was never opened.
    """
    for feed in declared.feeds:
        _follow(log, book, feed, now)
    for subscription in declared.subscriptions:
        subscribe(log, subscription, ACTOR, again=False)


def _follow(log: EventLog, book: FeedBook, feed: DeclaredFeed, now: datetime) -> None:
    if was_removed(log, feed_id(feed.url, feed.story)) and followed(book.all(), feed.url, feed.story) is None:
        return
    state, new = add_feed(
        log, book, url=feed.url, name=feed.name, story=feed.story, now=now, actor=ACTOR, options=feed.options
    )
    if not new:
        change_feed(book, state, options=feed.options, name=feed.name, now=now)
