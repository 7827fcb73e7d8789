"""Jobs handed out one by one: whatever happens to them, the log says what rounds would have said."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

import pytest

from tests.e2e.world import SEED, Publisher, publishing, recorded_items
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.adapters.seeds import load_seed
from tracker.application.cursor import FAILING_AFTER
from tracker.application.cycle import begin, due, gather, tell, work
from tracker.application.declared import Declared, DeclaredFeed
from tracker.application.deliver import NOTHING
from tracker.application.judge_entries import BATCH, Judged, judge_story
from tracker.application.newsroom import Newsroom
from tracker.application.poll import poll_feed
from tracker.application.replay import SimulatedClock
from tracker.application.settle import Polled
from tracker.application.sources import add_feed
from tracker.application.stories import close_story, open_story
from tracker.application.subscribe import subscribe, subscription_to
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.entry import Entry
from tracker.domain.events import feed_stream, story_stream
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
)
from tracker.domain.story import Story
from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.judging.judge import Judge
from tracker.judging.verdict import Verdict
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState, Fetched, Fetcher, Visit
from tracker.ports.jobs import Job

NOON = datetime(2024, 5, 30, 12, tzinfo=UTC)
STORIES = ("one", "two")
ITEMS = recorded_items()[:8]
T = TypeVar("T")


@pytest.fixture(scope="module")
def judge() -> Judge:
    """One judge for all: what it has read once it knows."""
    return Judge(MiniLmEncoder(), PairModel())


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as running:
        running.publish(ITEMS)
        running.answers["/broken"] = (500, b"")
        yield running


def opened(url: str) -> App:
    """Return a tracker of two stories at a fixed moment, and the wish to be told of both."""
    worker = Worker(allow_private=("loopback",), feed_interval=600, longest_interval=600, host_gap=0)
    app = App(Settings(database=Database(url=url), worker=worker), SimulatedClock(NOON))
    seed = load_seed(SEED)
    for story in STORIES:
        open_story(app.log, replace(seed, id=story), "test")
    subscribe(app.log, subscription_to(email="a@example.org", webhook=None, story=None, secret=None), "test")
    return app


def follow(app: App, url: str, story: str | None = None) -> FeedState:
    state, _ = add_feed(app.log, app.feeds, url=url, name=None, story=story, now=app.clock(), actor="test")
    return state


def told(app: App) -> dict[str, list[str]]:
    """Return the ids of each story's events, in order: they are made of what the events say."""
    return {story: [one.id for one in app.log.read(stream=story_stream(story))] for story in STORIES}


def until_nothing_is_due(room: Newsroom, chance: random.Random) -> Counter[str]:
    """Do jobs in any order; lose one in three, do one in three twice, and tick until our tables hold nothing due."""
    done = Counter[str]()
    while set(due(room)) - {Job("project"), Job("deliver", "email")}:
        waiting = [Job("tick")]
        while waiting:
            job = waiting.pop(chance.randrange(len(waiting)))
            for _ in range(chance.choice((0, 1, 2))):
                waiting += work(room, {}, job).jobs
                done[job.kind] += 1
    return done


@pytest.mark.parametrize("seed", [1, 2])
def test_jobs_that_are_lost_doubled_and_out_of_order(
    database_url: str, judge: Judge, publisher: Publisher, seed: int
) -> None:
    """Whatever becomes of single jobs, each story's log is the one that rounds in one process write."""
    rounds = opened("sqlite://")
    jobs = opened(database_url)
    for app in (rounds, jobs):
        follow(app, f"{publisher.url}/feed")
        follow(app, f"{publisher.url}/broken", "one")
    gather(replace(rounds.newsroom(), judge=judge))
    done = until_nothing_is_due(replace(jobs.newsroom(), judge=judge), random.Random(seed))
    assert told(jobs) == told(rounds)
    assert len(told(jobs)["one"]) > len(load_seed(SEED).claims) + 1
    assert jobs.auditor.verify().faults == ()
    assert set(done) >= {"tick", "poll", "judge"}
    rounds.close()
    jobs.close()


def test_what_follows_from_a_job(sqlite_url: str, judge: Judge, publisher: Publisher) -> None:
    """A poll that brings news has every story judged that reads the feed, and news are delivered without a tick."""
    app = opened(sqlite_url)
    room = replace(app.newsroom(), judge=judge)
    every, one = follow(app, f"{publisher.url}/feed"), follow(app, f"{publisher.url}/feed?1", "one")
    close_story(app.log, "two", "test")
    assert work(room, {}, Job("poll", every.id)).jobs == [Job("judge", "one"), Job("project"), Job("poll", one.id)]
    assert work(room, {}, Job("poll", every.id)).jobs == ()
    assert work(room, {}, Job("poll", "f-none")).jobs == ()
    assert work(room, {}, Job("poll", one.id)).jobs == [Job("project")]
    assert work(room, {}, Job("judge", "two")).jobs == ()
    assert work(room, {}, Job("judge", "never opened")).jobs == ()
    judged = work(room, {}, Job("judge", "one"))
    assert judged.jobs == [Job("project"), Job("deliver", "email")]
    assert len(judged.gathered.judged) == len(ITEMS)
    assert work(room, {}, Job("judge", "one")).jobs == ()
    assert work(room, {}, Job("project")).jobs == ()
    assert work(room, {}, Job("deliver", "https://elsewhere.example/")).told == NOTHING
    assert work(room, {}, Job("deliver", "email")).told.failed > 0
    app.close()


def test_what_waits_is_bundled_by_a_job(database_url: str, judge: Judge, publisher: Publisher) -> None:
    """A judge job is followed by the making of messages where one is due, and that by their delivery; so is a tick."""
    app = opened(database_url)
    room = replace(app.newsroom(), judge=judge)
    every = follow(app, f"{publisher.url}/feed")
    wish = subscription_to(email="a@example.org", webhook=None, story=None, secret=None)
    subscribe(app.log, replace(wish, timing=Timing(group_interval=60.0)), "test")
    work(room, {}, Job("poll", every.id))
    assert work(room, {}, Job("judge", "one")).jobs == [Job("project"), Job("bundle")]
    assert Job("bundle") in set(due(room))
    assert work(room, {}, Job("bundle")).jobs == (Job("deliver", "email"),)
    assert work(room, {}, Job("bundle")).jobs == ()
    assert [one.kind for one in app.outbox.search()] == ["group"]
    assert Job("bundle") not in set(due(room))
    subscribe(app.log, replace(wish, timing=Timing(every="daily")), "test")
    work(room, {}, Job("judge", "two"))
    assert Job("bundle") in set(due(room)), "whoever has not heeded a new wish yet looks at all that waits"
    assert work(room, {}, Job("bundle")).jobs == ()
    assert Job("bundle") not in set(due(room))
    app.close()


def test_a_round_bundles_before_it_delivers(sqlite_url: str, judge: Judge, publisher: Publisher) -> None:
    """Rounds make messages of what is due and then send; the last round of a process lets no group wait."""
    app = opened(sqlite_url)
    room = replace(app.newsroom(), judge=judge)
    follow(app, f"{publisher.url}/feed")
    wish = subscription_to(email="a@example.org", webhook=None, story=None, secret=None)
    subscribe(app.log, replace(wish, timing=Timing(group_wait=60.0)), "test")
    gather(room)
    assert tell(room, {}) == NOTHING
    assert app.outbox.search() == ()
    assert tell(room, {}, flush=True).failed > 0
    assert [one.kind for one in app.outbox.search()] == ["group", "group"]
    app.close()


def test_a_long_import_is_judged_batch_by_batch(sqlite_url: str, judge: Judge) -> None:
    """After a full batch of a story its next is handed out, so that other stories have their turn in between."""
    app = opened(sqlite_url)
    room = replace(app.newsroom(), judge=judge)
    entries = [Entry(f"e-{number}", "Cup final goes to penalties", "", seen=NOON) for number in range(BATCH + 1)]
    room.archive.keep("f", entries, baseline=[False] * len(entries), seen=NOON)
    assert work(room, {}, Job("judge", "one")).jobs == [Job("project"), Job("judge", "one")]
    assert work(room, {}, Job("judge", "one")).jobs == [Job("project")]
    app.close()


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Run each in a thread of its own."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [running.result() for running in [pool.submit(call) for call in calls]]


class Meeting(Judge):
    """A judge that has come to its verdict when the other one has, too; `off`: by how much its scores differ."""

    def __init__(self, inner: Judge, barrier: Barrier, off: float) -> None:
        self._inner = inner
        self._barrier = barrier
        self._off = off

    @property
    def version(self) -> str:
        return self._inner.version

    def judge(self, entry: Entry, story: Story) -> Verdict:
        verdict = self._inner.judge(entry, story)
        self._barrier.wait(60)
        findings = tuple(replace(one, score=one.score + self._off) for one in verdict.findings)
        return replace(verdict, score=verdict.score + self._off, findings=findings)


@pytest.mark.parametrize("off", [0.0, 1e-9], ids=["one machine", "two machines"])
def test_two_judges_of_one_story_record_each_entry_once(postgresql_url: str, judge: Judge, off: float) -> None:
    """Two processes that come to each verdict at the same moment record it once, with its notices.

    Also where they differ in the last digits of a score, as two machines do: then one of them is refused, looks again
    and finds that the story knows the entry.
    """
    entries = [
        Entry(f"e-{nth}", item["title"], item["summary"], NOON + timedelta(hours=1), item["url"], item["publisher"])
        for nth, item in enumerate(ITEMS)
    ]
    alone, first, second = opened("sqlite://"), opened(postgresql_url), opened(postgresql_url)
    for app in (alone, first):
        app.archive.keep("f", entries, baseline=[False] * len(entries), seen=NOON)
    wanted = tuple(judge_story(replace(alone.newsroom(), judge=judge), "one"))
    barrier = Barrier(2)
    judges = (Meeting(judge, barrier, 0.0), Meeting(judge, barrier, off))
    rooms = [replace(app.newsroom(), judge=one) for app, one in zip((first, second), judges, strict=True)]

    def judged(room: Newsroom) -> Sequence[Judged]:
        return tuple(judge_story(room, "one"))

    both = [one for half in at_once(*(partial(judged, room) for room in rooms)) for one in half]
    recorded = {(one.verdict.entry.id, one.recorded) for one in both if one.recorded}
    assert sorted(entry for entry, _ in recorded) == sorted(one.verdict.entry.id for one in wanted if one.recorded)
    assert told(first)["one"] == told(alone)["one"]
    assert len(first.outbox.search()) == len(alone.outbox.search()) > 0
    assert first.archive.pending("one", 1) == ()
    assert first.auditor.verify().faults == ()
    for app in (alone, first, second):
        app.close()


@dataclass(frozen=True)
class Waiting:
    """A fetcher that says when it is asked, and hands over what it got when the other one has got it, too."""

    inner: Fetcher
    asked: Event
    barrier: Barrier

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        self.asked.set()
        try:
            return self.inner.fetch(url, etag=etag, last_modified=last_modified, options=options, visit=visit)
        finally:
            self.barrier.wait(60)


def test_two_polls_of_one_feed_keep_each_entry_once(postgresql_url: str, publisher: Publisher) -> None:
    """Two processes that hold the same answer at the same moment keep its entries once, and tell a failure once.

    The first is so slow that its claim of the host has run out, by the clock of the second.
    """
    apps = [opened(postgresql_url) for _ in range(2)]
    barrier, asked = Barrier(2), Event()
    slow, late = (replace(app.newsroom(), fetcher=Waiting(app.newsroom().fetcher, asked, barrier)) for app in apps)
    late = replace(late, clock=SimulatedClock(NOON + timedelta(minutes=5)))
    good, bad = follow(apps[0], f"{publisher.url}/feed"), follow(apps[0], f"{publisher.elsewhere}/broken")
    apps[0].feeds.save(replace(bad, failures=FAILING_AFTER - 1))

    def polled(feed: FeedState) -> list[Polled]:
        asked.clear()
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(poll_feed, slow, feed.id)
            assert asked.wait(60)
            second = pool.submit(poll_feed, late, feed.id)
            return [one for one in (first.result(), second.result()) if one]

    assert sorted(one.fresh for one in polled(good)) == [0, len(ITEMS)]
    assert [one.outcome for one in polled(bad)] == ["failed"] * 2
    events = [type(one.event) for one in apps[0].log.read(stream=feed_stream(bad.id))]
    assert events == [FeedAdded, FeedFailing]
    for app in apps:
        app.close()


def test_workers_that_start_at_once_declare_once(postgresql_url: str) -> None:
    """Four workers with the same config file add its feeds and subscriptions once, and none of them fails."""
    apps = [opened(postgresql_url) for _ in range(4)]
    wish = subscription_to(email="b@example.org", webhook=None, story=None, secret=None)
    declared = Declared([DeclaredFeed("https://news.example/feed", None, None)], [wish])
    at_once(*(partial(begin, app.newsroom(), declared, alone=False) for app in apps))
    kinds = Counter(type(one.event) for one in apps[0].log.read())
    assert (kinds[FeedAdded], kinds[SubscriptionAdded]) == (1, 2)
    for app in apps:
        app.close()
