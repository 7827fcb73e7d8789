"""From notices that wait to messages, on real databases: once each, whoever dies or decides beside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from tests.adapters.sql.writers import processes
from tests.application.bundlers import bundle_until_killed
from tests.made.alerts import NOON, STORY, by_mail, denied, entry, opening, updated
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.tables import notice
from tracker.application.audience import Audience
from tracker.application.bundle import BATCH, Bundler, without_zone
from tracker.application.bundling import NOBODY
from tracker.application.deliver import deliver
from tracker.application.drafts import Drafts
from tracker.application.quiet import let_sleep
from tracker.application.route import route
from tracker.application.subscribe import subscribe, subscriptions, unsubscribe
from tracker.domain.events import Event, NewEvent, story_stream
from tracker.domain.feed_events import FeedRecovered
from tracker.domain.schedule import period
from tracker.domain.story import Story, fold
from tracker.domain.subscription_events import ALERTS, SubscriptionAdded, Timing
from tracker.ports.log import Notice
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt, Delivery, Sought

LEASE = timedelta(days=99)
"""What is taken is never taken again."""
GROUPED = Timing(group_wait=30, group_interval=300)
DAILY = Timing(every="daily", at="08:00")
QUIET = Timing(quiet=("22:00", "07:00"), urgent=("denied",))
NIGHT = NOON.replace(hour=23)
MORNING = NOON.replace(day=2, hour=7)


def wish(timing: Timing, name: str = "reader", story: str | None = STORY) -> SubscriptionAdded:
    return replace(by_mail(f"{name}@example.org", story), timing=timing)


@dataclass
class Desk:
    """A database with one open story, and a clock that is moved by hand."""

    engine: Engine
    times: list[datetime] = field(default_factory=lambda: [NOON])

    def __post_init__(self) -> None:
        self.log = SqlEventLog(self.engine, lambda: self.times[0])
        self.outbox = SqlOutbox(self.engine)
        self.bundler = self.another()
        self.log.append(story_stream(STORY), 0, opening())

    def at(self, now: datetime) -> "Desk":
        self.times[0] = now
        return self

    def another(self) -> Bundler:
        """Return what makes messages as another process does."""
        return Bundler(self.outbox, self.log, Audience(self.log).now)

    def add(self, *wanted: SubscriptionAdded) -> None:
        for one in wanted:
            subscribe(self.log, one, "person")

    def add_many(self, wanted: Sequence[SubscriptionAdded]) -> None:
        version = len(tuple(self.log.read(stream=ALERTS)))
        self.log.append(ALERTS, version, [NewEvent(one.subscription, one, "person") for one in wanted])

    def report(self, *events: Event) -> None:
        """Append what the judge found in one entry, with the notices owed as of now."""
        story = self.story()
        new = [NewEvent(f"{story.version}-{nth}", one, "judge", "e") for nth, one in enumerate(events)]
        notices = route(story, new, subscriptions(self.log), self.times[0], silent=False)
        self.log.append(story_stream(STORY), story.version, new, notices)

    def story(self) -> Story:
        story = fold(tuple(self.log.read(stream=story_stream(STORY))))
        assert story is not None
        return story

    def bundle(self, now: datetime, *, flush: bool = False) -> list[tuple[str, int]]:
        """Make messages as of a moment; return kind and number of notices of those that are due then, and take them."""
        self.at(now).bundler.bundle(now, flush=flush)
        return [(one.kind, len(self.outbox.notices((one.id,)))) for one in self.claimed(now)]

    def claimed(self, now: datetime) -> tuple[Delivery, ...]:
        return self.outbox.claim(now, 1000, LEASE)

    def fates(self) -> Counter[str | None]:
        """Return why notices were dropped, None for those that were not."""
        with reading(self.engine) as connection:
            return Counter(connection.execute(select(notice.c.dropped)).scalars())


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    engine = open_engine(sqlite_url)
    yield Desk(engine)
    engine.dispose()


def later(**by: float) -> datetime:
    return NOON + timedelta(**by)


def test_a_story_in_groups(engine: Engine) -> None:
    """The first message waits for company, the next one for its interval; one that finds none is a plain alert."""
    desk = Desk(engine)
    desk.add(wish(GROUPED))
    desk.report(updated(entry("e1")))
    desk.at(later(seconds=10)).report(updated(entry("e2")), denied(entry("e2")))
    assert desk.bundle(later(seconds=29)) == []
    assert desk.bundle(later(seconds=30)) == [("group", 3)]
    desk.at(later(seconds=40)).report(updated(entry("e3")))
    assert desk.bundle(later(seconds=329)) == []
    assert desk.bundle(later(seconds=330)) == [("alert", 1)]
    desk.at(later(hours=1)).report(updated(entry("e4")))
    assert desk.bundle(later(hours=1, seconds=30)) == [("alert", 1)]


def test_a_source_holds_up_no_group(desk: Desk) -> None:
    """That a source of the story failed a moment ago is no reason to wait with what another one says."""
    desk.add(wish(Timing(group_interval=300)))
    desk.log.append(
        "feed-f", 0, [NewEvent("f", FeedRecovered("f"), "worker")], [Notice("s-reader", "f", STORY, "source")]
    )
    desk.report(updated(entry("e1")))
    assert desk.bundle(NOON) == [("alert", 1), ("alert", 1)]


def test_a_message_is_written_as_of_when_it_was_made(desk: Desk) -> None:
    """It is due at once, and says how the story stood then and not when its first notice came."""
    desk.add(wish(GROUPED))
    desk.report(updated(entry("e1")))
    desk.at(later(seconds=10)).report(updated(entry("e2")))
    assert desk.at(later(seconds=30)).bundler.bundle(later(seconds=30)) == 1
    (made,) = desk.claimed(later(seconds=30))
    assert (made.upto, made.due_at, made.created_at) == (desk.log.head(), later(seconds=30), later(seconds=30))
    subscription, message = Drafts(desk.log, desk.outbox).draft(made)
    assert (subscription.subscription, message.id) == ("s-reader", made.id)


def test_the_end_of_quiet_hours(desk: Desk) -> None:
    """What was urgent came at night, all the rest in one message in the morning."""
    desk.add(wish(QUIET))
    desk.at(NIGHT).report(updated(entry("e1")))
    desk.report(updated(entry("e2")))
    desk.report(denied(entry("e3")))
    assert desk.bundle(NIGHT) == [("alert", 1)]
    assert desk.bundle(MORNING - timedelta(seconds=1)) == []
    assert desk.bundle(MORNING) == [("catch-up", 2)]


def test_each_missed_period_has_its_digest(desk: Desk) -> None:
    """After an outage of days each period that brought something has its own, late, and an empty one has none."""
    desk.add(wish(DAILY))
    days = [NOON, later(hours=2), later(days=2)]
    for nth, day in enumerate(days):
        desk.at(day).report(updated(entry(f"e{nth}")))
    assert desk.bundle(later(days=5)) == [("digest", 2), ("digest", 1)]
    spans = [one.period for one in desk.outbox.search()]
    assert spans == [period(DAILY, days[2]), period(DAILY, NOON)]
    assert desk.bundle(later(days=9)) == []


def test_a_notice_that_comes_too_late_for_its_digest(desk: Desk) -> None:
    """What was recorded in a period whose digest was made at the same moment is in the next one."""
    desk.add(wish(DAILY))
    desk.report(updated(entry("e1")))
    end = period(DAILY, NOON)[1]
    assert desk.bundle(end) == [("digest", 1)]
    desk.at(end - timedelta(seconds=1)).report(updated(entry("e2")))
    assert desk.bundle(end) == []
    assert desk.bundle(end + timedelta(days=1)) == [("digest", 1)]


def test_another_wish_is_heeded_at_once(desk: Desk) -> None:
    """What waits follows the new wish, due or not; a worker that has heeded it asks no more."""
    desk.add(wish(DAILY), wish(DAILY, "other"))
    desk.report(updated(entry("e1")))
    desk.report(updated(entry("e2")))
    assert desk.bundle(NOON) == []
    desk.add(wish(Timing()))
    assert desk.bundler.is_due(NOON)
    assert desk.bundle(NOON) == [("catch-up", 2)]
    assert not desk.bundler.is_due(NOON)
    desk.add(wish(Timing(every="hourly"), "other"))
    assert desk.bundle(NOON) == []
    assert desk.outbox.next_due() == later(hours=1)


def test_nobody_is_told_who_is_there_no_more(desk: Desk) -> None:
    """What waited for a subscription that was removed is dropped with the reason, before it is due."""
    desk.add(wish(DAILY))
    desk.report(updated(entry("e1")))
    unsubscribe(desk.log, "s-reader", "person")
    assert desk.bundle(NOON) == []
    assert (desk.fates(), desk.outbox.next_due()) == (Counter({NOBODY: 1}), None)


def test_one_shot_ends_groups(desk: Desk) -> None:
    """Who will not be there later tells groups at once, and leaves digests and quiet hours alone."""
    desk.add(wish(GROUPED), wish(DAILY, "other"))
    desk.report(updated(entry("e1")))
    desk.report(updated(entry("e2")))
    assert desk.bundle(NOON, flush=True) == [("group", 2)]
    assert desk.bundle(NOON, flush=True) == []
    assert desk.outbox.waiters() == ("s-other",)


def test_a_retry_at_night_waits_for_the_morning(engine: Engine) -> None:
    """A message that comes due again in quiet hours is put back until they end, its try not counted; urgent ones go."""
    desk = Desk(engine)
    desk.add(wish(QUIET), wish(QUIET, "other", None))
    desk.at(NIGHT - timedelta(hours=2)).report(updated(entry("e1")))
    desk.report(denied(entry("e2")))
    claimed = desk.claimed(NIGHT)
    unsubscribe(desk.log, "s-other", "person")
    sent = let_sleep(desk.outbox, subscriptions(desk.log).current, claimed, NIGHT)
    urgent, gone, _ = sorted(sent, key=lambda one: (one.subscription != "s-reader", one.position))
    assert urgent.position == max(one.position for one in claimed if one.subscription == "s-reader")
    assert gone.subscription == "s-other"
    assert desk.claimed(MORNING - timedelta(seconds=1)) == ()
    (again, *_) = (one for one in desk.claimed(MORNING) if one.id not in {other.id for other in sent})
    assert (again.attempts, again.due_at) == (1, MORNING)
    assert let_sleep(desk.outbox, subscriptions(desk.log).current, (again,), MORNING) == (again,)


@dataclass
class Post:
    """A channel that keeps what is sent over it; `broken`: it fails each time."""

    broken: bool = False
    sent: list[str] = field(default_factory=list)

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        self.sent.append(f"{subscription.subscription} {message.id}")
        return Attempt("transient", "busy", 450) if self.broken else Attempt("delivered", "taken", 250)


def test_nothing_is_sent_at_night(desk: Desk) -> None:
    """Whoever delivers keeps quiet hours: what failed in the evening is tried again in the morning, and told once."""
    desk.add(wish(QUIET))
    evening = NIGHT - timedelta(hours=1, minutes=1)
    desk.at(evening).report(updated(entry("e1")))
    post = Post(broken=True)

    def send(now: datetime) -> int:
        desk.at(now)
        before = len(post.sent)
        deliver(desk.outbox, desk.log, {"email": post}, lambda: now)
        return len(post.sent) - before

    assert send(evening) == 1
    post.broken = False
    assert send(NIGHT) == 0
    assert send(MORNING - timedelta(seconds=1)) == 0
    assert send(MORNING) == 1
    (told,) = desk.outbox.search(Sought("delivered"))
    assert told.attempts == 2
    assert len(set(post.sent)) == 1


def test_a_digest_waits_for_the_morning_whatever_is_in_it(desk: Desk) -> None:
    """What is urgent in it was no reason to send the digest at night."""
    timing = replace(QUIET, every="daily", at="12:00")
    desk.add(wish(timing))
    desk.report(denied(entry("e1")))
    desk.at(later(days=1)).bundler.bundle(later(days=1))
    claimed = desk.claimed(NIGHT + timedelta(days=1))
    assert [one.kind for one in claimed] == ["digest"]
    assert let_sleep(desk.outbox, subscriptions(desk.log).current, claimed, NIGHT + timedelta(days=1)) == ()


def test_a_zone_that_is_not_known_here_is_told(desk: Desk) -> None:
    """Whoever asks is told of the subscriptions whose hours are taken as UTC."""
    lost = wish(Timing(zone="Mars/Olympus"), "other")
    desk.add_many([wish(DAILY), lost])
    assert without_zone(subscriptions(desk.log)) == (lost,)


@contextmanager
def counted(engine: Engine) -> Iterator[Counter[str]]:
    """Count the statements by their first word; many rows of one statement are one."""
    seen = Counter[str]()

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen[statement.split(maxsplit=1)[0]] += 1

    event.listen(engine, "before_cursor_execute", count)
    yield seen
    event.remove(engine, "before_cursor_execute", count)


def test_nothing_to_do_costs_a_question(engine: Engine) -> None:
    """A look at an outbox in which nothing waits is one statement; where nothing is due it is two, and none writes."""
    desk = Desk(engine)
    with counted(engine) as seen:
        assert desk.bundler.bundle(NOON) == 0
    assert seen == {"SELECT": 1}
    desk.add(wish(DAILY))
    desk.report(updated(entry("e1")))
    desk.bundler.bundle(NOON)
    with counted(engine) as seen:
        assert desk.bundler.bundle(NOON) == 0
    assert seen == {"SELECT": 2}


def test_many_are_told_in_few_transactions(engine: Engine) -> None:
    """What waits for a thousand is written in batches, with as many statements for a batch as for one of them."""
    desk = Desk(engine)
    desk.add_many([wish(GROUPED, f"r{number}") for number in range(BATCH + 1)])
    desk.report(updated(entry("e1")))
    desk.report(updated(entry("e2")))
    with counted(engine) as seen:
        assert desk.bundler.bundle(later(seconds=30)) == BATCH + 1
    assert (seen["UPDATE"], seen["INSERT"]) == (2, 2)
    assert sum(seen.values()) < 40


def test_a_stop_leaves_the_rest_for_later(desk: Desk) -> None:
    """What was not begun is found again, by the same worker as well."""
    desk.add_many([wish(GROUPED, f"r{number}") for number in range(BATCH + 1)])
    desk.report(updated(entry("e1")))
    answers = iter([False, True])
    assert desk.bundler.bundle(later(seconds=30), stopping=lambda: next(answers)) == BATCH
    assert desk.bundler.bundle(later(seconds=30)) == 1


WORKERS, READERS, ENTRIES = 4, 24, 6


def test_workers_beside_each_other(engine: Engine) -> None:
    """While news come in, four workers make messages of the same: each notice is in one, and each digest there once."""
    desk = Desk(engine)
    timings = (GROUPED, Timing(every="hourly"), replace(QUIET, quiet=("11:00", "12:00")), Timing(group_interval=1))
    desk.add_many([wish(timings[nth % 4], f"r{nth}") for nth in range(READERS)])
    start = Barrier(WORKERS + 1)

    def report() -> None:
        start.wait()
        for nth in range(ENTRIES):
            desk.at(NOON - timedelta(minutes=20 * nth)).report(updated(entry(f"e{nth}")), denied(entry(f"e{nth}")))

    def make(worker: int) -> None:
        bundler = desk.another()
        start.wait()
        for nth in range(3 * ENTRIES):
            bundler.bundle(later(minutes=nth), flush=(nth + worker) % 3 == 0)

    with ThreadPoolExecutor(WORKERS + 1) as pool:
        running = [pool.submit(report), *(pool.submit(make, worker) for worker in range(WORKERS))]
        for one in running:
            one.result()
    desk.bundler.bundle(later(days=1))
    account(desk, READERS * ENTRIES * 2)


def account(desk: Desk, notices: int) -> None:
    """Every notice is in one message that is there, every message holds some, and nothing waits."""
    messages = {one.id: one for one in desk.outbox.search(limit=10_000)}
    told = desk.outbox.notices(messages)
    assert len(told) == notices
    assert {one.delivery for one in told} == set(messages)
    assert all(one.subscription == messages[one.delivery or ""].subscription for one in told)
    ends = [(one.subscription, one.period[1]) for one in messages.values() if one.period]
    assert len(ends) == len(set(ends))
    assert desk.outbox.next_due() is None


STATEMENTS = 3
"""By which notices are taken and dropped, and messages made."""


def test_a_crash_repeats_nothing(engine: Engine, database_url: str) -> None:
    """Killed before one of its statements or before its commit a worker leaves what waits as it was.

    Killed after it, it leaves the messages; and the next worker makes none twice.
    """
    desk = Desk(engine)
    desk.add(wish(GROUPED), wish(DAILY, "other"))
    for writes in range(STATEMENTS + 2):
        now, third = later(hours=writes), f"third-{writes}"
        desk.add(wish(GROUPED, third))
        desk.at(now).report(updated(entry(f"e{writes}")))
        desk.at(now + timedelta(seconds=10)).report(updated(entry(f"f{writes}")))
        unsubscribe(desk.log, f"s-{third}", "person")
        waits = desk.outbox.waiting_for(desk.outbox.waiters())
        worker = processes().Process(
            target=bundle_until_killed, args=(database_url, now + timedelta(seconds=30), writes)
        )
        worker.start()
        worker.join()
        assert worker.exitcode == -9
        left = desk.outbox.waiting_for(desk.outbox.waiters())
        assert left == (waits if writes <= STATEMENTS else tuple(one for one in waits if one.subscription == "s-other"))
        assert desk.bundle(now + timedelta(seconds=30)) == [("group", 2)]
        assert desk.fates()[NOBODY] == 2 * (writes + 1)
