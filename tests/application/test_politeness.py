"""Hosts are machines of others: one request at a time, a rest between two, none while they want to be left alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest

from tests.made.many_hosts import Asked, ManyHosts, many_hosts, rss
from tracker.application.cycle import begin, due, work
from tracker.application.declared import Declared
from tracker.application.newsroom import Newsroom
from tracker.application.poll import poll, poll_feed
from tracker.application.replay import SimulatedClock
from tracker.application.settle import Polled
from tracker.application.sources import add_feed
from tracker.bootstrap import App, utc_now
from tracker.config import Database, Settings, Worker
from tracker.ports.clock import Clock
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState, Fetched, Fetcher, Visit
from tracker.ports.jobs import Job

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
GAP = 0.02
DAY = timedelta(days=1)


@pytest.fixture
def world() -> Iterator[ManyHosts]:
    with many_hosts() as running:
        yield running


def opened(url: str, clock: Clock = utc_now, gap: float = GAP) -> App:
    worker = Worker(allow_private=("loopback",), host_gap=gap)
    return App(Settings(database=Database(url=url), worker=worker), clock)


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    made = opened(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def still(sqlite_url: str) -> Iterator[App]:
    """Return a tracker whose clock stands at noon until it is set."""
    made = opened(sqlite_url, SimulatedClock(NOON), gap=0)
    yield made
    made.close()


def follow(app: App, *urls: str) -> list[FeedState]:
    def followed(url: str) -> FeedState:
        return add_feed(app.log, app.feeds, url=url, name=None, story=None, now=app.clock(), actor="test")[0]

    return [followed(url) for url in urls]


def polled(room: Newsroom, *, now: bool = False) -> list[Polled]:
    return [one for together in poll(room, now=now) for one in together]


def overlaps(one: Asked, other: Asked) -> bool:
    return one.begun < other.ended and other.begun < one.ended


def test_a_host_is_asked_for_one_thing_at_a_time(app: App) -> None:
    """Of 24 sources at four hosts each is asked once; a host never twice at a time, and not before it has rested."""
    with many_hosts(hold=0.01) as world:
        follow(app, *(world.url(host, f"/{nth}") for host in range(2, 6) for nth in range(6)))
        assert [one.outcome for one in polled(app.newsroom())] == ["unchanged"] * 24
    assert len({(one.host, one.path) for one in world.asked}) == len(world.asked) == 24
    for asked in world.by_host().values():
        assert all(later.begun - earlier.ended >= GAP for earlier, later in pairwise(asked))
    assert any(overlaps(one, other) for one in world.asked for other in world.asked if one.host != other.host)


def test_a_crowded_host_holds_up_no_other(app: App, world: ManyHosts) -> None:
    """Due sources of one host, the longest due, are asked one after the other while every other host has its turn."""
    crowd = follow(app, *(world.url(2, f"/{nth}") for nth in range(8)))
    app.feeds.save(*(replace(one, due_at=one.due_at - DAY) for one in crowd))
    follow(app, *(world.url(host) for host in range(3, 13)))
    assert len(polled(replace(app.newsroom(), host_gap=15 * GAP))) == 18  # a machine that stalls is no crowd
    order = [one.host for one in sorted(world.asked, key=lambda one: one.begun)]
    assert len(set(order[:16])) == 11
    assert order[-2:] == ["127.0.0.2"] * 2


def test_jobs_of_many_workers_ask_a_host_for_one_thing_at_a_time(postgresql_url: str) -> None:
    """Three workers that are handed all sources of two hosts at once never ask a host twice at a time.

    Each source is polled once in the end: what found its host busy is due still, and what follows a poll is the next of
    its host.
    """
    apps = [opened(postgresql_url) for _ in range(3)]
    rooms = [app.newsroom() for app in apps]
    with many_hosts(hold=0.01) as world, ThreadPoolExecutor(6) as pool:
        feeds = follow(apps[0], *(world.url(host, f"/{nth}") for host in (2, 3) for nth in range(6)))
        while any(feed.checked_at is None for feed in apps[0].feeds.all()):
            list(pool.map(lambda feed: [poll_feed(room, feed.id) for room in rooms], feeds))
    assert len({(one.host, one.path) for one in world.asked}) == len(world.asked) == 12
    for asked in world.by_host().values():
        assert all(later.begun - earlier.ended >= GAP for earlier, later in pairwise(asked))
    for app in apps:
        app.close()


def test_one_job_of_a_host_leads_to_the_next(app: App, world: ManyHosts) -> None:
    """A tick hands out one source of each host; the job of each names the next, which waits for the host to rest."""
    room = app.newsroom()
    follow(app, *(world.url(host, f"/{nth}") for host in (2, 3) for nth in range(5)))
    waiting = [job for job in due(room) if job.kind == "poll"]
    assert len(waiting) == 2
    while waiting:
        waiting += [job for job in work(room, {}, waiting.pop(0)).jobs if job.kind == "poll"]
    assert len(world.asked) == 10


def test_a_job_does_nothing_while_its_host_is_asked_or_wants_to_be_left_alone(app: App, world: ManyHosts) -> None:
    """The source stays due, so that a later tick finds it."""
    (feed,) = follow(app, world.url(2))
    now = app.clock()
    assert app.feeds.claim_hosts([feed.host], now, now + DAY) == {feed.host}
    assert work(app.newsroom(), {}, Job("poll", feed.id)).jobs == ()
    app.feeds.free_hosts({feed.host: now + DAY})
    assert work(app.newsroom(), {}, Job("poll", feed.id)).jobs == ()
    assert app.feeds.state(feed.id) == feed
    assert world.asked == []


def test_who_is_alone_forgets_the_claims_of_the_dead(app: App, world: ManyHosts) -> None:
    """A worker that was killed while it asked a host does not keep the next one from it."""
    (feed,) = follow(app, world.url(2))
    app.feeds.claim_hosts([feed.host], app.clock(), app.clock() + DAY)
    room = app.newsroom()
    assert polled(room) == []
    begin(room, Declared((), ()), alone=True)
    assert len(polled(room)) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_names_a_time_is_left_alone_with_all_of_its_sources(
    still: App, world: ManyHosts, status: int
) -> None:
    """Retry-After holds for the host, in a later run and for who wants all polled now, and for no other host."""
    world.answers["/busy"] = (status, {"Retry-After": "3600"}, b"")
    busy, sister, other = follow(still, world.url(2, "/busy"), world.url(2, "/a"), world.url(3, "/b"))
    still.feeds.save(replace(sister, due_at=NOON + timedelta(seconds=1)))
    assert {one.outcome for one in polled(still.newsroom())} == {"failed", "unchanged"}
    later = SimulatedClock(NOON + timedelta(minutes=50))
    room = replace(still.newsroom(), clock=later)
    assert polled(room) == []
    now = {one.feed.id: one for one in polled(room, now=True)}
    assert {now[one.id].outcome for one in (busy, sister)} == {"waiting"}
    assert now[other.id].outcome == "unchanged"
    assert now[sister.id].error == "127.0.0.2 is to be left alone until 2024-06-01 13:00:00 UTC"
    later.advance(NOON + timedelta(hours=2))
    assert {one.feed.id for one in polled(room)} >= {busy.id, sister.id}


def test_who_is_told_to_slow_down_without_a_time_does(still: App, world: ManyHosts) -> None:
    """A 429 without Retry-After gives the host the shortest interval of rest."""
    world.answers["/busy"] = (429, {}, b"")
    busy, sister = follow(still, world.url(2, "/busy"), world.url(2, "/a"))
    still.feeds.save(replace(sister, due_at=NOON + timedelta(seconds=1)))
    assert [one.outcome for one in polled(still.newsroom())] == ["failed"]
    assert still.feeds.resting([busy.host], NOON) == {busy.host: NOON + timedelta(minutes=15)}


HUGE = "9" * 5000
ABSURD = {
    "max-age": (200, {"Cache-Control": f"max-age={HUGE}", "ETag": '"1"'}, rss([NOON])),
    "negative max-age": (200, {"Cache-Control": "max-age=-99999999999999"}, rss([NOON])),
    "many max-ages": (200, {"Cache-Control": ",".join(f"max-age={10**n}" for n in range(400))}, rss([NOON])),
    "expires": (200, {"Expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, rss([NOON])),
    "expires without sense": (200, {"Expires": "Mon, 99 Foo 99999999999 99:99:99 +9999"}, rss([NOON])),
    "retry-after on 200": (200, {"Retry-After": HUGE}, rss([NOON])),
    "retry-after on 429": (429, {"Retry-After": HUGE}, b""),
    "retry-after on 503": (503, {"Retry-After": "99999999999999"}, b""),
    "retry-after on 500": (500, {"Retry-After": "1e400"}, b""),
    "retry-after at the end of time": (429, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, b""),
    "ttl": (200, {}, rss([NOON], f"<ttl>{HUGE}</ttl>")),
    "negative ttl": (200, {}, rss([NOON], "<ttl>-5</ttl>")),
    "ttl of no number": (200, {}, rss([NOON], "<ttl>nan</ttl>")),
    "update period": (200, {}, rss([NOON], f"<sy:updateFrequency xmlns:sy='urn:x'>{HUGE}</sy:updateFrequency>")),
    "etag": (200, {"ETag": '"' + "e" * 60_000 + '"'}, rss([NOON])),
    "etag of no letters": (200, {"ETag": '"\x01\x7f\xff"', "Last-Modified": "\xe9" * 200}, rss([NOON])),
    "dates": (200, {}, rss([datetime(1, 1, 2, tzinfo=UTC), NOON, datetime(9999, 12, 30, tzinfo=UTC)])),
}


def test_no_word_of_a_server_hurts_this_run_or_the_next(still: App, world: ManyHosts) -> None:
    """Whatever numbers servers send, each source is due within a day, its host is free then, and it is polled."""
    clock = still.clock
    assert isinstance(clock, SimulatedClock)
    world.answers |= {f"/{nth}": answer for nth, answer in enumerate(ABSURD.values())}
    follow(still, *(world.url(2 + nth, f"/{nth}") for nth in range(len(ABSURD))))
    for times in (1, 2, 3):
        assert len(polled(still.newsroom())) == len(ABSURD)
        assert len(world.asked) == times * len(ABSURD)
        states = still.feeds.all()
        assert all(clock() < one.due_at <= clock() + DAY for one in states)
        assert max(still.feeds.resting([one.host for one in states], clock()).values()) <= clock() + DAY
        clock.advance(clock() + DAY)


@dataclass(frozen=True)
class Meanwhile:
    """A fetcher during whose work something else happens."""

    inner: Fetcher
    happens: Callable[[], object]

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        self.happens()
        return self.inner.fetch(url, etag=etag, last_modified=last_modified, options=options, visit=visit)


@pytest.mark.parametrize("now", [False, True])
def test_a_source_that_is_removed_while_it_waits_in_line_is_not_asked(app: App, world: ManyHosts, *, now: bool) -> None:
    """The book is asked again before each request; the others in line have their turn."""
    feeds = follow(app, *(world.url(2, f"/{nth}") for nth in range(3)))
    second = (app.feeds.all() if now else app.feeds.due(app.clock(), 9))[1]
    room = app.newsroom()
    room = replace(room, fetcher=Meanwhile(room.fetcher, lambda: app.feeds.remove(second.id)))
    assert {one.feed.id for one in polled(room, now=now)} == {one.id for one in feeds} - {second.id}
    assert len(world.asked) == 2


def test_who_wants_all_polled_now_waits_for_the_hosts_that_others_ask(app: App, world: ManyHosts) -> None:
    """A host that another worker asks is asked as soon as it is given back, and nothing is left out."""
    (feed,) = follow(app, world.url(2))
    app.feeds.claim_hosts([feed.host], app.clock(), app.clock() + DAY)
    rounds = poll(app.newsroom(), now=True)
    assert next(rounds) == next(rounds) == ()
    app.feeds.free_hosts({feed.host: app.clock()})
    assert [one.outcome for together in rounds for one in together] == ["unchanged"]


def test_a_round_comes_to_an_end(app: App, world: ManyHosts) -> None:
    """After a minute nobody is asked any more: what is in line stays due for the next round, beside what came due."""
    follow(app, *(world.url(2, f"/{nth}") for nth in range(9)))
    room = app.newsroom()
    leaps = count()
    began = app.clock()
    room = replace(room, clock=lambda: began + timedelta(seconds=5 * next(leaps)), host_gap=0)
    first = polled(room)
    assert 0 < len(first) < 9
    assert [one.due_at <= app.clock() for one in app.feeds.all()].count(True) == 9 - len(first)


def test_redirects_meet_at_no_host(app: App) -> None:
    """Five hosts lead to one that has a source of its own: that is asked for one thing at a time, and rests between."""
    with many_hosts(hold=0.01) as world:
        world.answers |= {f"/{nth}": (302, {"Location": world.url(9, f"/at/{nth}")}, b"") for nth in range(5)}
        follow(app, world.url(9, "/own"), *(world.url(2 + nth, f"/{nth}") for nth in range(5)))
        wanted = {"/own", *(f"/at/{nth}" for nth in range(5))}
        while {one.path for one in world.by_host().get("127.0.0.9", ())} < wanted:
            assert {one.outcome for one in polled(app.newsroom(), now=True)} <= {"unchanged", "waiting"}
    assert all(later.begun - earlier.ended >= GAP for earlier, later in pairwise(world.by_host()["127.0.0.9"]))
    assert {one.failures for one in app.feeds.all()} == {0}
    now = app.clock() + timedelta(seconds=1)
    assert len(app.feeds.claim_hosts({one.host for one in app.feeds.all()}, now, now)) == 6, "all were given back"


@pytest.mark.parametrize("status", [429, 503])
def test_the_host_that_answers_is_the_one_that_rests(still: App, world: ManyHosts, status: int) -> None:
    """Retry-After at the end of a redirect holds for the host that said it, and not for the one that led there."""
    world.answers |= {
        "/": (301, {"Location": world.url(3, "/busy")}, b""),
        "/busy": (status, {"Retry-After": "60"}, b""),
    }
    follow(still, world.url(2))
    assert [one.outcome for one in polled(still.newsroom())] == ["failed"]
    assert still.feeds.resting(["127.0.0.2", "127.0.0.3"], NOON) == {"127.0.0.3": NOON + timedelta(minutes=1)}


@pytest.mark.parametrize("asked", [False, True])
def test_who_leads_to_a_host_that_may_not_be_asked_waits_for_it(still: App, world: ManyHosts, *, asked: bool) -> None:
    """One that rests, or that somebody else asks, is not asked; no failure is counted, and later all is well."""
    world.answers["/"] = (301, {"Location": world.url(3, "/new")}, b"")
    (feed,) = follow(still, world.url(2))
    assert still.feeds.claim_hosts(["127.0.0.3"], NOON, NOON + DAY)
    free_at = NOON if asked else NOON + timedelta(hours=2)
    if not asked:
        still.feeds.free_hosts({"127.0.0.3": free_at})
    room, clock = still.newsroom(), still.clock
    (waiting,) = polled(room)
    assert (waiting.outcome, waiting.error) == ("waiting", "it leads to 127.0.0.3, which may not be asked now")
    assert [one.host for one in world.asked] == ["127.0.0.2"]
    assert waiting.feed == replace(feed, due_at=waiting.feed.due_at) == still.feeds.state(feed.id)
    assert timedelta(0) < waiting.feed.due_at - free_at < timedelta(minutes=15)
    still.feeds.free_hosts({"127.0.0.3": free_at})
    assert isinstance(clock, SimulatedClock)
    clock.advance(waiting.feed.due_at)
    assert [one.outcome for one in polled(room)] == ["unchanged"]
    assert [one.path for one in world.asked] == ["/", "/", "/new"]
