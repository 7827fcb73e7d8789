"""What polls make of a source over weeks: its pace, its moves, its silence, our own outages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from tests.made.many_hosts import ManyHosts, each, many_hosts, rss
from tracker.application.cursor import FAILING_AFTER, after_failure, after_success, target_of, told_by
from tracker.application.newsroom import Newsroom
from tracker.application.poll import poll
from tracker.application.reach import Reach
from tracker.application.replay import SimulatedClock
from tracker.application.settle import Polled
from tracker.application.sources import add_feed
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.events import feed_stream
from tracker.domain.feed_events import (
    FeedAdded,
    FeedEvent,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedSilent,
)
from tracker.domain.pace import DAY, Pace, unconditional
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState, Fetched, Visit
from tracker.rendering.sources import trouble_words

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PACE = Pace(900, DAY)
OLD, NEW = "http://a.example/feed", "http://b.example/feed"
FEED = FeedState("f-1", OLD, None, None, NOON, NOON)


@pytest.fixture
def world() -> Iterator[ManyHosts]:
    with many_hosts() as running:
        yield running


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


@pytest.fixture
def app(sqlite_url: str, clock: SimulatedClock) -> Iterator[App]:
    worker = Worker(allow_private=("loopback",), host_gap=0)
    made = App(Settings(database=Database(url=sqlite_url), worker=worker), clock)
    yield made
    made.close()


def follow(app: App, url: str) -> FeedState:
    return add_feed(app.log, app.feeds, url=url, name=None, story=None, now=app.clock(), actor="test")[0]


def state_of(app: App, feed: FeedState) -> FeedState:
    state = app.feeds.state(feed.id)
    assert state is not None
    return state


@cache
def room_of(app: App) -> Newsroom:
    """Return the one room of a worker, which remembers what it has heard of the world."""
    return app.newsroom()


def polled(app: App) -> list[Polled]:
    return [one for together in poll(room_of(app)) for one in together]


def polled_after(app: App, clock: SimulatedClock, *times: timedelta) -> None:
    for time in times:
        clock.advance(clock() + time)
        polled(app)


def asked_again_after(app: App, clock: SimulatedClock, feed: FeedState, time: timedelta) -> None:
    """Poll a source after a time, and not as one of the few polls that ask for the whole document."""
    state = state_of(app, feed)
    if state.checked_at is not None:
        moments = (state.checked_at + timedelta(seconds=nth) for nth in range(9999))
        part = next(moment for moment in moments if not unconditional(feed.id, moment))
        app.feeds.save(replace(state, checked_at=part))
    polled_after(app, clock, time)


def told(app: App, feed: FeedState) -> list[object]:
    events = [one.event for one in app.log.read(stream=feed_stream(feed.id))]
    assert isinstance(events[0], FeedAdded)
    return list(events[1:])


def test_a_source_is_asked_as_often_as_it_brings_something(app: App, world: ManyHosts, clock: SimulatedClock) -> None:
    """After the first import the dates tell the interval; a dead source waits a day, one that hurries the least."""
    for nth, gap in enumerate((timedelta(minutes=10), 4 * HOUR, 100 * HOUR), 2):
        world.answers[f"/{nth}"] = (200, {"ETag": '"1"'}, rss(each(gap, 12, NOON)))
    world.answers["/9"] = (200, {"ETag": '"1"'}, rss(each(HOUR, 12, NOON - timedelta(days=300))))
    feeds = [follow(app, world.url(nth, f"/{nth}")) for nth in (2, 3, 4, 9)]
    polled(app)
    assert [state_of(app, one).interval for one in feeds] == [900, 7200, DAY, DAY]
    assert state_of(app, feeds[1]).gap == 4 * 3600
    assert state_of(app, feeds[3]).last_new_at == NOON - timedelta(days=300)
    assert state_of(app, feeds[3]).brought == 12
    waits = [(state_of(app, one).due_at - clock()).total_seconds() for one in feeds]
    assert 900 <= waits[0] <= 990
    assert 7200 <= waits[1] <= 7920


def test_a_server_that_sends_everything_each_time_is_asked_hourly(app: App, world: ManyHosts) -> None:
    """Without validators and without a word on freshness; a word on it is heeded, of the document or the header."""
    dates = each(timedelta(minutes=10), 12, NOON)
    world.answers["/2"] = (200, {}, rss(dates))
    world.answers["/3"] = (200, {"Cache-Control": "max-age=1800"}, rss(dates))
    world.answers["/4"] = (200, {"ETag": '"1"'}, rss(dates, "<ttl>120</ttl>"))
    feeds = [follow(app, world.url(nth, f"/{nth}")) for nth in (2, 3, 4)]
    polled(app)
    assert [state_of(app, one).interval for one in feeds] == [3600, 1800, 7200]


def test_what_the_document_asks_for_holds_while_it_is_unchanged(
    app: App, world: ManyHosts, clock: SimulatedClock
) -> None:
    """A 304 has no document: its ttl is remembered."""
    world.answers["/2"] = (200, {"ETag": '"1"'}, rss(each(HOUR / 6, 12, NOON), "<ttl>120</ttl>"))
    feed = follow(app, world.url(2, "/2"))
    polled(app)
    asked_again_after(app, clock, feed, 3 * HOUR)
    assert [one.headers.get("if-none-match") for one in world.asked] == [None, '"1"']
    assert state_of(app, feed).interval == 7200


def test_validators_are_kept_also_when_nothing_has_changed(app: App, world: ManyHosts, clock: SimulatedClock) -> None:
    """A server may know us only by its newest tag; one that names none any more is asked without."""
    feed, document = follow(app, world.url(2, "/2")), rss(each(HOUR, 12, NOON))
    for tag in ({"ETag": 'W/"1"'}, {"ETag": '"2"', "Last-Modified": "yesterday"}, {}):
        world.answers["/2"] = (200, tag, document)
        asked_again_after(app, clock, feed, 2 * HOUR)
    assert [one.headers.get("if-none-match") for one in world.asked] == [None, 'W/"1"', '"2"']
    assert (state_of(app, feed).etag, state_of(app, feed).last_modified) == (None, None)


def test_validators_of_what_is_no_feed_are_not_kept(app: App, world: ManyHosts, clock: SimulatedClock) -> None:
    """Else its server would say that nothing has changed, and the source never get well."""
    follow(app, world.url(2, "/2"))
    world.answers["/2"] = (200, {"ETag": '"1"'}, b"<!doctype html><html><body>Maintenance</body></html>")
    polled_after(app, clock, timedelta(0), HOUR)
    assert [one.headers.get("if-none-match") for one in world.asked] == [None, None]


def test_a_server_that_says_for_ever_that_nothing_has_changed_is_found_out(
    app: App, world: ManyHosts, clock: SimulatedClock
) -> None:
    """One poll in a hundred asks for the whole document."""
    feed = follow(app, world.url(2, "/2"))
    world.answers["/2"] = (200, {"ETag": '"1"'}, rss(each(HOUR, 12, NOON)))
    polled(app)
    world.answers["/2"] = (200, {"ETag": '"1"'}, rss(each(HOUR, 13, NOON + HOUR)))
    asked_again_after(app, clock, feed, timedelta(days=1))
    assert state_of(app, feed).brought == 12
    whole = next(hour for nth in range(9999) if unconditional(feed.id, hour := NOON + nth * HOUR))
    app.feeds.save(replace(state_of(app, feed), checked_at=whole))
    polled_after(app, clock, timedelta(days=1))
    assert state_of(app, feed).brought == 13


def test_a_source_that_has_moved_is_asked_at_its_new_address(app: App, world: ManyHosts, clock: SimulatedClock) -> None:
    """Permanent redirects that led there in three polls over a week are believed; the id and what is known stay."""
    feed = follow(app, world.url(2, "/old"))
    world.answers["/old"] = (301, {"Location": world.url(3, "/new")}, b"")
    world.answers["/new"] = (200, {"ETag": '"1"'}, rss(each(100 * HOUR, 12, NOON)))
    polled_after(app, clock, timedelta(0), timedelta(days=3), timedelta(days=3))
    assert state_of(app, feed).moves == 3
    assert told(app, feed) == []
    polled_after(app, clock, timedelta(days=2))
    assert told(app, feed) == [FeedMoved(feed.id, world.url(2, "/old"), world.url(3, "/new"))]
    assert state_of(app, feed).url == world.url(3, "/new")
    before = len(world.asked)
    polled_after(app, clock, timedelta(days=2))
    assert [one.path for one in world.asked[before:]] == ["/new"]
    assert state_of(app, feed).brought == 12


def test_what_is_followed_already_is_not_followed_twice(app: App, world: ManyHosts, clock: SimulatedClock) -> None:
    """A source whose new address is another source's stays where it was: nothing is asked twice as often for it."""
    feed, _ = follow(app, world.url(2, "/old")), follow(app, world.url(3, "/new"))
    world.answers["/old"] = (308, {"Location": world.url(3, "/new")}, b"")
    polled_after(app, clock, *[timedelta(days=3)] * 5)
    assert told(app, feed) == []
    assert state_of(app, feed).url == world.url(2, "/old")


def answered(state: FeedState, url: str, hops: tuple[int, ...], day: float) -> FeedState:
    fetched, now = Fetched(url, 304, hops=hops), NOON + timedelta(days=day)
    after = after_success(state, fetched, None, now, PACE)
    return replace(after, url=target_of(after, fetched) or after.url)


@pytest.mark.parametrize(
    ("urls", "hops"),
    [
        ([NEW, NEW, NEW, NEW], [(301,), (301,), (302,), (301,)]),
        ([NEW, NEW, "http://c.example/", NEW], [(301,)] * 4),
        ([NEW, NEW, OLD, NEW], [(301,), (301,), (), (301,)]),
        ([NEW] * 4, [(301, 302)] * 4),
        ([NEW, NEW], [(308,)] * 2),
    ],
    ids=["once temporary", "once elsewhere", "once not at all", "a temporary hop", "twice"],
)
def test_a_move_that_is_not_certain_is_not_believed(urls: list[str], hops: list[tuple[int, ...]]) -> None:
    """Any answer that says otherwise begins the count anew."""
    state = FEED
    for nth, (url, led) in enumerate(zip(urls, hops, strict=True)):
        state = answered(state, url, led, day=4 * nth)
    assert state.url == OLD


def test_redirects_of_one_hour_count_once() -> None:
    """Who polls by hand again and again, or quickly, makes no move more certain; each of slow polls counts."""
    quick, slow = FEED, FEED
    for minutes in range(0, 130, 10):
        quick = answered(quick, NEW, (301,), day=minutes / 1440)
    assert quick.moves == 3
    for day in (0, 1, 2, 3):
        slow = answered(slow, NEW, (301,), day)
    assert slow.moves == 4


def test_an_encrypted_connection_is_taken_at_once() -> None:
    """The same address under https needs no proof, if the redirect is permanent; another one under https does."""
    assert answered(FEED, "https://a.example/feed", (301,), 0).url == "https://a.example/feed"
    assert answered(FEED, "https://a.example/feed", (302,), 0).url == OLD
    assert answered(FEED, "https://a.example/other", (301,), 0).url == OLD


def test_a_source_with_a_secret_does_not_take_it_elsewhere() -> None:
    """What is asked with a login, a cookie or headers stays where its owner saw it, but for encryption."""
    for options in (
        FeedOptions(login="env:L"),
        FeedOptions(cookie="env:C"),
        FeedOptions(headers=(("x-key", "env:K"),)),
    ):
        state = replace(FEED, options=options)
        for day in (0, 4, 8, 12):
            state = answered(state, NEW, (301,), day)
        assert state.url == OLD
        assert answered(state, "https://a.example/feed", (301,), 16).url == "https://a.example/feed"


def test_an_outage_of_our_own_is_nobodys_failure(app: App, world: ManyHosts, clock: SimulatedClock) -> None:
    """While no host can be reached, failures are not counted beyond the first two, and all are tried soon and again.

    Once anybody answers, who does not is counted again.
    """
    gone = [follow(app, f"http://127.0.0.{host}:1/") for host in range(2, 8)]
    for _ in range(5):
        assert {one.outcome for one in polled(app)} == {"failed"}
        clock.advance(clock() + HOUR / 4)
    states = [state_of(app, one) for one in gone]
    assert sum(one.failures for one in states) <= 4
    assert all(one.due_at <= clock() + HOUR / 4 for one in states)
    assert all(one.trouble == "unreachable" for one in states)
    assert [event for one in gone for event in told(app, one)] == []
    follow(app, world.url(9))
    for _ in range(8):
        app.feeds.save(*(replace(one, due_at=clock()) for one in app.feeds.all()))
        polled(app)
        clock.advance(clock() + HOUR)
    assert any(isinstance(event, FeedFailing) for one in gone for event in told(app, one))


def test_what_was_not_even_asked_is_no_answer(app: App, clock: SimulatedClock) -> None:
    """A source that our settings keep us from asking fails by itself, and is no sign that our network is well."""
    mute = follow(app, "http://127.0.0.9:1/")
    app.feeds.configure(replace(mute, options=FeedOptions(login="env:NOBODY_SET_THIS")))
    lost = [follow(app, f"http://127.0.0.{host}:1/") for host in range(2, 8)]
    for _ in range(5):
        app.feeds.save(*(replace(one, due_at=clock()) for one in app.feeds.all()))
        polled(app)
        clock.advance(clock() + HOUR / 4)
    assert sum(state_of(app, one).failures for one in lost) <= 4
    assert (state_of(app, mute).trouble, state_of(app, mute).failures) == ("unasked", 5)
    words = "cannot be asked: secret env:NOBODY_SET_THIS: the variable NOBODY_SET_THIS is not set"
    assert trouble_words(state_of(app, mute)) == f"{words}; this is a matter of tracker's settings"
    assert [type(event) for event in told(app, mute)] == [FeedFailing]


def test_who_asks_once_a_day_knows_within_hours_that_it_fails(
    app: App, world: ManyHosts, clock: SimulatedClock
) -> None:
    """Three failures of a quiet source are told after an hour and not after days."""
    feed = follow(app, world.url(2, "/2"))
    world.answers["/2"] = (200, {"ETag": '"1"'}, rss(each(100 * HOUR, 12, NOON)))
    polled(app)
    assert state_of(app, feed).interval == DAY
    world.answers["/2"] = (500, {}, b"")
    clock.advance(began := state_of(app, feed).due_at)
    for _ in range(FAILING_AFTER):
        polled(app)
        clock.advance(state_of(app, feed).due_at)
    assert [type(event) for event in told(app, feed)] == [FeedFailing]
    assert clock() - began < 2 * HOUR


def test_an_outage_of_more_than_a_day_is_told(app: App, clock: SimulatedClock) -> None:
    """Sources none of which was reached for a day count as failing: somebody must look, whoever is to blame."""
    lost = [follow(app, f"http://127.0.0.{host}:1/") for host in range(2, 6)]
    for _ in range(6):
        polled(app)
        clock.advance(clock() + 8 * HOUR)
    assert all(isinstance(told(app, one)[-1], FeedFailing) for one in lost)


def test_who_misses_the_end_while_others_answer_is_to_blame() -> None:
    """The slow end last: sources that are given up after others answered are no sign of an outage of our own."""
    reach = Reach()
    since = reach.answers
    reach.heard()
    assert [reach.missed(f"slow-{number}.example", since) for number in range(5)] == [False] * 5
    assert [reach.missed(f"gone-{number}.example", reach.answers) for number in range(4)] == [False, False, True, True]


def test_one_source_that_cannot_be_reached_is_its_own_failure(app: App, clock: SimulatedClock) -> None:
    """One or two hosts prove nothing about our network: they are called failing."""
    feed = follow(app, "http://127.0.0.2:1/")
    polled_after(app, clock, timedelta(0), HOUR, HOUR)
    (failing,) = told(app, feed)
    assert isinstance(failing, FeedFailing)
    assert (failing.failures, failing.trouble, failing.last_ok_at) == (FAILING_AFTER, "unreachable", None)


def test_a_source_that_falls_silent_is_told_once_and_its_return_too(
    app: App, world: ManyHosts, clock: SimulatedClock
) -> None:
    """One that answers but has brought nothing for seven times its gap, three days at the least, is silent."""
    feed = follow(app, world.url(2, "/2"))
    world.answers["/2"] = (200, {"ETag": '"1"'}, rss(each(HOUR, 12, NOON)))
    polled_after(app, clock, timedelta(0), timedelta(days=2))
    assert told(app, feed) == []
    polled_after(app, clock, *[timedelta(days=1)] * 3)
    assert told(app, feed) == [FeedSilent(feed.id, NOON, 3600)]
    assert state_of(app, feed).silent
    world.answers["/2"] = (200, {"ETag": '"2"'}, rss(each(HOUR, 12, clock())))
    polled_after(app, clock, *[timedelta(days=1)] * 2)
    assert told(app, feed)[1:] == [FeedRecovered(feed.id)]
    assert not state_of(app, feed).silent


def test_a_silent_source_that_failed_meanwhile_is_silent_again(
    app: App, world: ManyHosts, clock: SimulatedClock
) -> None:
    """One that answers again and still brings nothing is not called well: the last word is that it is silent."""
    feed = follow(app, world.url(2, "/2"))
    good = (200, {"ETag": '"1"'}, rss(each(HOUR, 12, NOON)))
    world.answers["/2"] = good
    polled_after(app, clock, timedelta(0), *[timedelta(days=2)] * 3)
    world.answers["/2"] = (500, {}, b"")
    polled_after(app, clock, *[timedelta(days=1)] * FAILING_AFTER)
    world.answers["/2"] = good
    polled_after(app, clock, timedelta(days=2))
    silent = FeedSilent(feed.id, NOON, 3600)
    assert [one if one == silent else type(one) for one in told(app, feed)] == [silent, FeedFailing, silent]


def test_who_hardly_ever_spoke_and_who_was_silent_before_is_not_called_silent(
    app: App, world: ManyHosts, clock: SimulatedClock
) -> None:
    """Silence needs ten entries, and to be heard: a dead source that was just added has not fallen silent."""
    world.answers["/2"] = (200, {"ETag": '"1"'}, rss(each(HOUR, 9, NOON)))
    world.answers["/3"] = (200, {"ETag": '"1"'}, rss(each(HOUR, 12, NOON - timedelta(days=999))))
    quiet, dead = follow(app, world.url(2, "/2")), follow(app, world.url(3, "/3"))
    polled_after(app, clock, timedelta(0), timedelta(days=2))
    assert told(app, dead) == []
    polled_after(app, clock, timedelta(days=20))
    assert told(app, quiet) == []


def test_what_entries_are_told_apart_by_is_told_when_it_gets_weaker() -> None:
    """From ids to links is worth an event; to begin with links is none, nor is the way back."""
    by_id, by_link = replace(FEED, criterion="id"), replace(FEED, criterion="link")
    (event,) = told_by(by_id, by_link)
    assert isinstance(event, FeedRekeyed)
    assert (event.old, event.new) == ("id", "link")
    assert [*told_by(FEED, by_link), *told_by(by_link, by_id)] == []


def test_what_is_wrong_is_told_once() -> None:
    """Gone is told before failing and instead of it; who is well again after either is told to have recovered."""

    def failed(state: FeedState, *troubles: str) -> tuple[FeedState, list[FeedEvent]]:
        events: list[FeedEvent] = []
        for trouble in troubles:
            after = after_failure(state, trouble, "no", NOON, PACE)  # type: ignore[arg-type]
            events += told_by(state, after)  # type: ignore[arg-type]
            state = after
        return state, events

    state, events = failed(FEED, *["gone"] * 5)
    assert events == [FeedGone(FEED.id)]
    assert list(told_by(state, after_success(state, Fetched(OLD, 304), None, NOON, PACE))) == [FeedRecovered(FEED.id)]
    state, events = failed(FEED, *["refused"] * 5, "gone", "broken")
    assert [type(one) for one in events] == [FeedFailing, FeedGone]
    blip, events = failed(FEED, "wall")
    assert events == list(told_by(blip, after_success(blip, Fetched(OLD, 304), None, NOON, PACE))) == []


@dataclass(frozen=True)
class Leading:
    """A fetcher that is always led to one address."""

    url: str

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        del url, etag, last_modified, options, visit
        return Fetched(self.url, 304, hops=(301,))


@pytest.mark.parametrize("target", ["http://user:secret@b.example/feed", "ftp://b.example/feed", "http://b.example:0/"])
def test_no_source_moves_to_where_nobody_may_follow_one(app: App, clock: SimulatedClock, target: str) -> None:
    """An address that could not be added by hand is none to move to, however often redirects lead there."""
    feed = follow(app, OLD)
    room = replace(app.newsroom(), fetcher=Leading(target))
    for _ in range(6):
        assert [one.outcome for together in poll(room) for one in together] == ["unchanged"]
        clock.advance(clock() + timedelta(days=3))
    assert state_of(app, feed).url == OLD
    assert told(app, feed) == []
