"""Sources and subscriptions that the config file names: added when a worker starts, once each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

from tracker.application.options import OptionsGiven, feed_options
from tracker.application.sources import (
    add_feed,
    canonical,
    change_feed,
    check_address,
    check_story,
    feed_id,
    followed,
    was_removed,
)
from tracker.application.subscribe import check_target, check_wish, subscribe, subscription_to, subscriptions
from tracker.application.wish import OnlyGiven, TimingGiven, filter_of, timing_of
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError, NotFound, UsageError
from tracker.ports.feeds import PLAIN, FeedBook, FeedOptions
from tracker.ports.log import EventLog

ACTOR = "config"
_CHAT = "chat"
"""What errors call the subscription of a chat service: an address in place of a reference would be a secret."""


@dataclass(frozen=True, slots=True)
class DeclaredFeed:
    """A source of the config file."""

    url: str
    name: str | None
    story: str | None
    options: FeedOptions = PLAIN


@dataclass(frozen=True, slots=True)
class Declared:
    """What a config file asks for. Raises ConfigError for two subscriptions of one id: one would replace the other."""

    feeds: Sequence[DeclaredFeed]
    subscriptions: Sequence[SubscriptionAdded]

    def __post_init__(self) -> None:
        """Check that each subscription has an id of its own."""
        first: dict[str, tuple[int, str]] = {}
        for number, one in enumerate(self.subscriptions, 1):
            place, target = first.setdefault(one.subscription, (number, _shown(_target(one))))
            if place != number:
                raise ConfigError(
                    f"config: [[subscription]] {place} ({target}) and {number} ({_shown(_target(one))}) have the same"
                    f" id {one.subscription}: give each an id of its own"
                )

    def references(self) -> Iterator[tuple[str, str]]:
        """Yield each reference to a secret, with what errors call the feed or subscription that it belongs to."""
        for feed in self.feeds:
            for reference in feed.options.references:
                yield _place("feed", feed.url), reference
        for one in self.subscriptions:
            needed = one.target if one.channel == "chat" else one.secret
            if needed:
                yield _place("subscription", _target(one)), needed


def declared_feed(
    *, url: str, name: str | None = None, story: str | None = None, **options: Unpack[OptionsGiven]
) -> DeclaredFeed:
    """Return a source as a config file names it.

    Raises ConfigError, which names the source, for a bad option or an address that cannot be polled.
    """
    with _named("feed", url):
        check_address(url)
        return DeclaredFeed(url, name, story, feed_options(**options))


def declared_subscription(**said: Any) -> SubscriptionAdded:
    """Return a subscription as a config file names it: the keys of one `[[subscription]]`, None for those left out.

    Raises ConfigError, which names the subscription, for what cannot be used.
    """
    only = {name: said.pop(name) for name in OnlyGiven.__annotations__}
    timing = {name: said.pop(name) for name in TimingGiven.__annotations__}
    with _named("subscription", said["email"] or said["webhook"] or _CHAT):
        identity = said.pop("id")
        wanted = subscription_to(**said, identity=identity, only=filter_of(**only), timing=timing_of(**timing))
        check_target(wanted)
        return wanted


def declare(log: EventLog, book: FeedBook, declared: Declared, now: datetime) -> None:
    """Add what is declared and not there yet; a feed or subscription that somebody has removed stays away.

    A feed that is there is asked as it is declared now, and called so; where we are with it stays.

    Raises ConfigError for an address that cannot be polled or told, or a story that was never opened: to start again
    changes nothing about it. Then nothing of what is declared was added.
    """
    check_declared(log, declared)
    as_declared = {DeclaredFeed(one.url, one.name, one.story, one.options) for one in book.all()}
    for feed in declared.feeds:
        if feed not in as_declared:
            with _named("feed", feed.url):
                _follow(log, book, feed, now)
    for subscription in declared.subscriptions:
        with _named("subscription", _target(subscription)):
            subscribe(log, subscription, ACTOR, again=False)


def not_taken_up(log: EventLog, book: FeedBook, declared: Declared) -> tuple[int, int]:
    """Return how many feeds and how many subscriptions are added when a worker starts next."""
    states, held = book.all(), subscriptions(log)
    feeds = [
        one for one in declared.feeds
        if followed(states, one.url, one.story) is None and not _dropped(log, one)
    ]  # fmt: skip
    told = held.current.keys() | held.removed
    return len(feeds), sum(one.subscription not in told for one in declared.subscriptions)


def check_declared(log: EventLog, declared: Declared) -> None:
    """Raise ConfigError for what cannot be added: an address, or a story that was never opened."""
    for feed in declared.feeds:
        with _named("feed", feed.url):
            check_address(feed.url)
            check_story(log, feed.story)
    for subscription in declared.subscriptions:
        with _named("subscription", _target(subscription)):
            check_wish(log, subscription)


def _target(subscription: SubscriptionAdded) -> str:
    return _CHAT if subscription.channel == "chat" else subscription.target


@contextmanager
def _named(table: str, which: str) -> Iterator[None]:
    try:
        yield
    except (UsageError, NotFound) as error:
        raise ConfigError(f"{_place(table, which)}: {error}") from error


def _place(table: str, which: str) -> str:
    return f"config: [[{table}]] {_shown(which)}"


def _shown(text: str) -> str:
    """Return an address without what may be a password."""
    return ascii(text.rpartition("@")[2] if "://" in text else text)[1:-1][:200]


def _follow(log: EventLog, book: FeedBook, feed: DeclaredFeed, now: datetime) -> None:
    if _dropped(log, feed) and followed(book.all(), feed.url, feed.story) is None:
        return
    state, new = add_feed(
        log, book, url=feed.url, name=feed.name, story=feed.story, now=now, actor=ACTOR, options=feed.options
    )
    if not new:
        change_feed(book, state, options=feed.options, name=feed.name, now=now)


def _dropped(log: EventLog, feed: DeclaredFeed) -> bool:
    return any(was_removed(log, feed_id(url, feed.story)) for url in (feed.url, canonical(feed.url)))
