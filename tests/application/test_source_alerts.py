"""From a source that fails to those who asked to be told: real publisher, database, mail server and receiver."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.world import Publisher, publishing, recorded_items
from tests.made.alerts import STORY, TEST_SECRET, opening
from tests.made.mailbox import Mailbox
from tests.made.receiver import Receiver
from tracker.adapters.notify.signature import signed_headers
from tracker.application.deliver import Delivered, deliver
from tracker.application.poll import poll
from tracker.application.replay import SimulatedClock
from tracker.application.route import source_notices
from tracker.application.sources import add_feed
from tracker.application.subscribe import subscribe, subscription_to, unsubscribe
from tracker.bootstrap import App
from tracker.config import Database, Mail, Settings, Worker
from tracker.domain.events import NewEvent, feed_stream, story_stream
from tracker.domain.feed_events import (
    FeedFailing,
    FeedMoved,
)
from tracker.ports.feeds import FeedState
from tracker.ports.log import Notice
from tracker.ports.outbox import Sought

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
READER = "reader@example.org"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as running:
        running.publish(recorded_items()[:2])
        yield running


@pytest.fixture
def app(sqlite_url: str, box: Mailbox) -> Iterator[App]:
    """A tracker with one open story, at a fixed moment."""
    made = opened(sqlite_url, box)
    made.log.append(story_stream(STORY), 0, opening())
    yield made
    made.close()


def opened(url: str, box: Mailbox) -> App:
    worker = Worker(allow_private=("loopback",), feed_interval=600, longest_interval=600, host_gap=0)
    mail = Mail(host="127.0.0.1", port=box.port, tls="none", sender="desk@news.example")
    return App(Settings(database=Database(url=url), worker=worker, mail=mail), SimulatedClock(NOON))


def later(app: App, **time: float) -> None:
    clock = app.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(clock() + timedelta(**time))


def follow(app: App, url: str, story: str | None = STORY) -> FeedState:
    return add_feed(app.log, app.feeds, url=url, name="The Paper", story=story, now=app.clock(), actor="test")[0]


def by_mail(app: App, *, story: str | None = STORY, sources: bool = True, to: str = READER) -> None:
    wish = subscription_to(email=to, webhook=None, story=story, secret=None, sources=sources, identity=to[:6])
    subscribe(app.log, wish, "test")


def rounds(app: App, count: int) -> None:
    """Poll whatever is due, so many times, half a day apart."""
    for _ in range(count):
        for _ in poll(app.newsroom()):
            pass
        later(app, hours=12)


def send(app: App) -> Delivered:
    return deliver(app.outbox, app.log, app.notifiers, app.clock)


def test_a_source_that_fails_is_told_once_and_its_recovery_once(
    app: App, publisher: Publisher, box: Mailbox, there: Receiver, tmp_path: Path
) -> None:
    """Five failures in a row are one mail and one webhook, its recovery another of each, in the source's thread."""
    (tmp_path / "key").write_text(TEST_SECRET)
    secret = f"file:{tmp_path / 'key'}"
    wish = subscription_to(email=None, webhook=there.url(), story=None, secret=secret, sources=True)
    subscribe(app.log, wish, "test")
    by_mail(app)
    feed = follow(app, f"{publisher.url}/feed")
    publisher.answers["/feed"] = (500, b"")
    rounds(app, 2)
    assert send(app) == Delivered()
    rounds(app, 3)
    assert send(app) == Delivered(sent=2)
    publisher.answers.clear()
    rounds(app, 2)
    assert send(app) == Delivered(sent=2)
    assert send(app) == Delivered()
    failing, recovered = box.parsed()
    assert failing["Subject"] == f"[{STORY}] Source failing: The Paper"
    assert recovered["Subject"] == f"[{STORY}] Source well again: The Paper"
    assert failing["References"] == recovered["References"]
    assert failing["List-Id"] == f"<{feed_stream(feed.id)}.news.example>"
    documents = [json.loads(hook.body) for hook in there.hooks]
    assert [document["type"] for document in documents] == ["source.failing", "source.recovered"]
    source = documents[0]["data"]["source"]
    assert source == {"id": feed.id, "name": "The Paper", "url": feed.url, "story": STORY}
    assert documents[0]["data"]["failures"] == 3
    witness = documents[1]["data"]["log"]
    assert app.log.seal(witness["position"]) == witness["head"]
    for hook in there.hooks:
        at = datetime.fromtimestamp(int(hook.headers["webhook-timestamp"]), UTC)
        signed = signed_headers(TEST_SECRET, identity=hook.headers["webhook-id"], at=at, body=hook.body)
        assert signed.items() <= hook.headers.items()


def test_only_who_asked_is_told_and_only_of_the_sources_of_their_story(
    app: App, publisher: Publisher, box: Mailbox
) -> None:
    """Without --sources nothing is owed, nor of another story's source; a source of every story concerns all."""
    other = "strike"
    app.log.append(story_stream(other), 0, [NewEvent("strike", opening()[0].event, "person")])
    by_mail(app, sources=False, to="silent@example.org")
    by_mail(app, story=other, to="strike@example.org")
    by_mail(app, story=None, to="everything@example.org")
    publisher.answers |= {"/feed": (500, b""), "/shared": (500, b"")}
    follow(app, f"{publisher.url}/feed")
    rounds(app, 4)
    assert send(app) == Delivered(sent=1)
    follow(app, f"{publisher.url}/shared", story=None)
    rounds(app, 4)
    assert send(app) == Delivered(sent=2)
    told = [*map(tuple, box.recipients)]
    assert told[0] == ("everything@example.org",)
    assert sorted(told[1:]) == [("everything@example.org",), ("strike@example.org",)]


def test_what_is_owed_is_in_the_transaction_of_the_event(
    app: App, publisher: Publisher, box: Mailbox, sqlite_url: str
) -> None:
    """A worker that dies right after the log called a source failing leaves a delivery that another one sends."""
    by_mail(app)
    feed = follow(app, f"{publisher.url}/feed")
    publisher.answers["/feed"] = (500, b"")
    rounds(app, 4)
    owed = {one.position for one in app.outbox.search(Sought("pending"))}
    events = [one for one in app.log.read(stream=feed_stream(feed.id)) if isinstance(one.event, FeedFailing)]
    assert owed == {one.position for one in events}
    app.close()
    after = opened(sqlite_url, box)
    later(after, days=3)
    try:
        assert send(after) == Delivered(sent=1)
    finally:
        after.close()


def test_a_message_on_a_source_is_the_same_on_every_retry(app: App, there: Receiver, tmp_path: Path) -> None:
    """What happens to the source after the event changes nothing in a message that is sent again."""
    (tmp_path / "key").write_text(TEST_SECRET)
    hook = subscription_to(email=None, webhook=there.url(), story=None, secret=f"file:{tmp_path / 'key'}", sources=True)
    subscribe(app.log, hook, "test")
    feed = follow(app, "http://127.0.0.1:9/feed")
    record(app, feed, FeedFailing(feed.id, 3, "HTTP 500", "refused", None))
    there.says(500)
    assert send(app) == Delivered(failed=1)
    stream = feed_stream(feed.id)
    app.log.append(stream, 2, [NewEvent("moved", FeedMoved(feed.id, feed.url, "http://127.0.0.1:9/new"), "worker")])
    later(app, minutes=1)
    assert send(app) == Delivered(sent=1)
    first, second = there.hooks
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert json.loads(first.body)["data"]["source"]["url"] == feed.url


def test_an_event_that_says_nothing_of_health_owes_nothing(app: App) -> None:
    """The removal of a source is told to nobody, its failure to each subscription once, and to who left no more."""
    by_mail(app)
    feed = follow(app, "http://127.0.0.1:9/feed", story=None)
    failing = NewEvent("failing", FeedFailing(feed.id, 3, "x"), "worker")
    added = next(iter(app.log.read(stream=feed_stream(feed.id)))).event
    room = app.newsroom()
    assert source_notices(room, feed, failing) == (Notice(READER[:6], "failing", "", "source"),)
    assert source_notices(room, feed, NewEvent("again", added, "worker")) == ()
    unsubscribe(app.log, READER, "test")
    assert source_notices(room, feed, failing) == ()


def record(app: App, feed: FeedState, event: FeedFailing) -> None:
    """Record an event of a source as a poll does."""
    new = NewEvent("failing", event, "worker")
    app.log.append(feed_stream(feed.id), 1, (new,), source_notices(app.newsroom(), feed, new))
