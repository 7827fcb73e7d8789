"""Polling: what comes is kept, what fails is a value, and the cursor follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.e2e.world import Publisher, publishing, recorded_items
from tracker.adapters.sql.archive import SqlArchive
from tracker.application.cursor import FAILING_AFTER
from tracker.application.newsroom import Newsroom
from tracker.application.poll import poll
from tracker.application.replay import SimulatedClock
from tracker.application.settle import is_old
from tracker.application.sources import add_feed, remove_feed
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.entry import Entry
from tracker.domain.events import feed_stream
from tracker.domain.feed_events import (
    FeedFailing,
    FeedGone,
    FeedRecovered,
)
from tracker.errors import NotFound, StoreError
from tracker.ports.feeds import PLAIN, Criterion, Document, FeedOptions, FeedState, Fetched, Parser, Visit

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
ITEMS = recorded_items()[:6]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as running:
        yield running


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    worker = Worker(allow_private=("loopback",), feed_interval=600, longest_interval=600, host_gap=0)
    made = App(Settings(database=Database(url=sqlite_url), worker=worker), SimulatedClock(NOON))
    yield made
    made.close()


def later(app: App, **time: float) -> None:
    clock = app.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(clock() + timedelta(**time))


def follow(app: App, url: str) -> FeedState:
    state, _ = add_feed(app.log, app.feeds, url=url, name=None, story=None, now=app.clock(), actor="test")
    return state


def state_of(app: App, feed: FeedState) -> FeedState:
    return next(state for state in app.feeds.all() if state.id == feed.id)


def polled(room: Newsroom) -> list[tuple[str, int]]:
    return [(one.outcome, one.fresh) for together in poll(room) for one in together]


def test_a_feed_is_read_once_and_then_only_what_is_new(app: App, publisher: Publisher) -> None:
    """New entries are kept; a feed that did not change, and one that is not due, bring nothing."""
    room = app.newsroom()
    follow(app, f"{publisher.url}/feed")
    publisher.publish(ITEMS[:4])
    assert polled(room) == [("new", 4)]
    assert polled(room) == []
    later(app, seconds=600)
    assert polled(room) == [("unchanged", 0)]
    publisher.publish(ITEMS[4:])
    later(app, seconds=600)
    assert polled(room) == [("new", 2)]


def test_a_failing_feed_is_told_once_and_its_recovery_too(app: App, publisher: Publisher) -> None:
    """After three failures in a row the log says that the feed fails, and later that it answers again."""
    room = app.newsroom()
    feed = follow(app, f"{publisher.url}/feed")
    publisher.answers["/feed"] = (500, b"")
    for _ in range(FAILING_AFTER + 2):
        assert polled(room) == [("failed", 0)]
        later(app, days=1)
    assert state_of(app, feed).failures == FAILING_AFTER + 2
    publisher.answers.clear()
    assert polled(room) == [("unchanged", 0)]
    assert state_of(app, feed).failures == 0
    told = [type(recorded.event) for recorded in app.log.read(stream=feed_stream(feed.id))]
    assert told[1:] == [FeedFailing, FeedRecovered]


def test_a_feed_that_is_gone_is_asked_again_after_a_week(app: App, publisher: Publisher) -> None:
    """HTTP 410 is told once; the feed is left alone for a week, not for ever."""
    room = app.newsroom()
    feed = follow(app, f"{publisher.url}/feed")
    publisher.answers["/feed"] = (410, b"")
    assert polled(room) == [("failed", 0)]
    later(app, days=6)
    assert polled(room) == []
    later(app, days=1)
    assert polled(room) == [("failed", 0)]
    told = [type(recorded.event) for recorded in app.log.read(stream=feed_stream(feed.id))]
    assert told[1:] == [FeedGone]


def test_what_is_no_feed_fails_and_is_asked_again(app: App, publisher: Publisher) -> None:
    """A page in place of a feed is a failure with a reason, and its bytes are not taken for known."""
    room = app.newsroom()
    feed = follow(app, f"{publisher.url}/feed")
    publisher.answers["/feed"] = (200, b"<!doctype html><html><body>Maintenance</body></html>")
    assert polled(room) == [("failed", 0)]
    assert "HTML" in (state_of(app, feed).last_error or "")
    later(app, days=1)
    assert polled(room) == [("failed", 0)]


@dataclass(frozen=True)
class Careless:
    """A parser that lets half a character of one feed through, and stumbles over another."""

    inner: Parser

    def parse(
        self, fetched: Fetched, *, feed: str, name: str | None, seen: datetime, criterion: Criterion | None = None
    ) -> Document:
        if fetched.url.endswith("/stumble"):
            raise ZeroDivisionError("a fault of the parser")
        document = self.inner.parse(fetched, feed=feed, name=name, seen=seen, criterion=criterion)
        if fetched.url.endswith("/half"):
            return replace(document, entries=tuple(replace(one, title="\ud800") for one in document.entries))
        return document


def test_a_document_that_cannot_be_taken_fails_its_feed_alone(app: App, publisher: Publisher) -> None:
    """What no database can keep, and what the parser stumbles over, is a failure with a reason and a pause."""
    room = app.newsroom()
    room = replace(room, parser=Careless(room.parser))
    publisher.publish(ITEMS)
    feeds = [follow(app, publisher.url + path) for path in ("/half", "/stumble", "/feed")]
    assert sorted(polled(room)) == [("failed", 0), ("failed", 0), ("new", len(ITEMS))]
    half, stumble, good = (state_of(app, feed) for feed in feeds)
    assert (half.failures, stumble.failures, good.failures) == (1, 1, 0)
    assert "half a character" in (half.last_error or "")
    assert "a fault of the parser" in (stumble.last_error or "")
    assert min(half.due_at, stumble.due_at) > app.clock()


class Stumbling(SqlArchive):
    """An archive with a fault of its own."""

    def keep(
        self, feed: str, entries: Sequence[Entry], *, baseline: Sequence[bool], seen: datetime, page: bool = False
    ) -> int:
        del entries, baseline, seen, page
        raise ZeroDivisionError(f"a fault over {feed}")


def test_a_fault_of_the_archive_is_a_failure_of_the_feed(app: App, publisher: Publisher) -> None:
    """What nobody foresaw when a document is kept is told in words, and the feed is asked again later."""
    feed = follow(app, f"{publisher.url}/feed")
    publisher.publish(ITEMS)
    assert polled(replace(app.newsroom(), archive=Stumbling(app.engine))) == [("failed", 0)]
    assert f"a fault over {feed.id}" in (state_of(app, feed).last_error or "")
    later(app, days=1)
    assert polled(app.newsroom()) == [("new", len(ITEMS))]


@dataclass(frozen=True)
class Unfetchable:
    """A fetcher with a fault of its own."""

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        del etag, last_modified, options, visit
        raise RuntimeError(f"fault at {url} \ud800")


def test_a_fault_of_the_fetcher_is_a_failure_of_the_feed(app: App) -> None:
    """An error that nobody foresaw is told in words that can be kept, and the feed is asked again later."""
    feed = follow(app, "http://127.0.0.1/feed")
    room = replace(app.newsroom(), fetcher=Unfetchable())
    for _ in range(FAILING_AFTER):
        assert polled(room) == [("failed", 0)]
        later(app, days=1)
    assert "fault at http://127.0.0.1/feed" in (state_of(app, feed).last_error or "")


@dataclass(frozen=True)
class Outage:
    """A parser during whose work the database loses the table of feeds."""

    inner: Parser
    app: App

    def parse(
        self, fetched: Fetched, *, feed: str, name: str | None, seen: datetime, criterion: Criterion | None = None
    ) -> Document:
        rename(self.app, "feed", "elsewhere")
        return self.inner.parse(fetched, feed=feed, name=name, seen=seen, criterion=criterion)


def rename(app: App, table: str, name: str) -> None:
    with app.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


def test_a_database_that_is_down_ends_the_round(app: App, publisher: Publisher) -> None:
    """Trouble that would meet every feed alike is raised, and no cursor has moved."""
    feed = follow(app, f"{publisher.url}/feed")
    publisher.publish(ITEMS)
    before = state_of(app, feed)
    room = app.newsroom()
    with pytest.raises(StoreError):
        polled(replace(room, parser=Outage(room.parser, app)))
    rename(app, "elsewhere", "feed")
    assert state_of(app, feed) == before


def test_a_worker_that_is_stopping_changes_no_cursor(app: App, publisher: Publisher) -> None:
    """What was fetched when the stop came is left as it was: the next start reads it."""
    feed = follow(app, f"{publisher.url}/feed")
    publisher.publish(ITEMS)
    before = state_of(app, feed)
    asked = iter([False])
    assert polled(app.newsroom(lambda: next(asked, True))) == [("failed", 0)]
    assert state_of(app, feed) == before
    assert polled(app.newsroom(lambda: True)) == []
    assert polled(app.newsroom()) == [("new", len(ITEMS))]


def test_the_first_import_is_old_what_came_before_it_was_asked_for() -> None:
    """Entries published before the feed was added, or of unknown date, are the baseline; later ones are not."""
    entry = Entry("e", "title", "", seen=NOON, published=NOON - timedelta(minutes=1))
    assert is_old(entry, NOON)
    assert is_old(replace(entry, published=None), NOON)
    assert not is_old(replace(entry, published=NOON + timedelta(minutes=1)), NOON)


def test_a_feed_is_added_and_removed_once(app: App) -> None:
    """Adding a feed twice changes nothing; a removed one can be added again; an unknown one cannot be removed."""
    feed = follow(app, "https://example.org/feed")
    assert follow(app, "https://example.org/feed") == feed
    remove_feed(app.log, app.feeds, feed.url, "test")
    assert list(app.feeds.all()) == []
    with pytest.raises(NotFound):
        remove_feed(app.log, app.feeds, feed.id, "test")
    follow(app, "https://example.org/feed")
    assert [recorded.version for recorded in app.log.read(stream=feed_stream(feed.id))] == [1, 2, 3]


def test_who_asks_for_a_poll_now_gets_one(app: App, publisher: Publisher) -> None:
    """A source that is not due is polled all the same when somebody asks for it at this moment."""
    room = app.newsroom()
    follow(app, f"{publisher.url}/feed")
    assert polled(room) == [("unchanged", 0)]
    publisher.publish(ITEMS)
    assert polled(room) == []
    assert [one.fresh for together in poll(room, now=True) for one in together] == [len(ITEMS)]
