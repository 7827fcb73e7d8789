"""A whole round of polling among hostile sources."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tests.hostile.answers import CASES
from tests.hostile.server import FEED, Server, reply, says, serving
from tracker.application.cycle import gather
from tracker.application.replay import SimulatedClock
from tracker.application.sources import add_feed
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.ports.feeds import FeedState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = 5
HOSTILE = (
    "gzip bomb",
    "deflate bomb",
    "gzip cut short",
    "brotli unasked",
    "silence",
    "headers drip",
    "body drips",
    "50 MB",
    "endless chunks",
    "chunk of size -1",
    "two lengths",
    "headers without end",
    "HTTP/0.9",
    "200 with nothing",
    "204",
    "304 unasked",
    "resets at once",
    "resets in the body",
    "to a file",
    "to metadata",
)


def feed(paper: Server, *, more: bool = False) -> bytes:
    """Return the feed of a paper of its own, with one entry more or without."""
    new = f"<item><guid>{paper.base}3</guid><title>Fire is out</title></item><item>".encode()
    own = FEED.replace(b"urn:", paper.base.encode()).replace(b"news.example", paper.address.encode())
    return own.replace(b"<item>", new, 1) if more else own


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """Return a server for each source, each at an address of its own: good ones first."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving(f"127.0.1.{last}")) for last in range(1, GOOD + len(HOSTILE) + 1)]


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    worker = Worker(allow_private=("loopback",), feed_interval=600, host_gap=0, fetch_timeout=1.5)
    made = App(Settings(database=Database(url=sqlite_url), worker=worker), SimulatedClock(NOON))
    yield made
    made.close()


def follow(app: App, urls: list[str]) -> list[str]:
    added = [
        add_feed(app.log, app.feeds, url=url, name=None, story=None, now=app.clock(), actor="test") for url in urls
    ]
    return [state.id for state, _ in added]


def states(app: App, ids: list[str]) -> list[FeedState]:
    found = {state.id: state for state in app.feeds.all()}
    return [found[one] for one in ids]


def test_hostile_sources_stop_nobody(app: App, servers: list[Server]) -> None:
    """Among twenty hostile sources each good one is read, now and in the next round; each bad one says why not."""
    good = follow(app, [server.does("/feed", says(reply(feed(server)))) for server in servers[:GOOD]])
    pairs = zip(servers[GOOD:], HOSTILE, strict=True)
    hostile = follow(app, [server.does("/feed", CASES[name][0]) for server, name in pairs])
    room = app.newsroom()

    first = gather(room, now=True)
    assert {one.feed.id: one.fresh for one in first.polled} == dict.fromkeys(good, 2) | dict.fromkeys(hostile, 0)
    for state in states(app, hostile):
        assert state.trouble
        assert state.last_error
        assert state.failures == 1
        assert state.last_ok_at is None
        assert NOON < state.due_at <= NOON + timedelta(days=2)

    for server in servers[:GOOD]:
        server.does("/feed", says(reply(feed(server, more=True))))
    clock = app.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(NOON + timedelta(days=1))
    second = gather(room)
    assert {one.feed.id: one.fresh for one in second.polled if one.fresh} == dict.fromkeys(good, 1)
    assert all(state.failures == 0 and state.last_ok_at == clock() for state in states(app, good))
