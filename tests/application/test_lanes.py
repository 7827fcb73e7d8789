"""Lanes: one message at a time over each way, no way delays another, and no worker sends what another one sends."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import text

from tests.made.alerts import NOON, STORY, by_webhook, entry, opening, updated
from tracker.application.deliver import deliver, delivering
from tracker.application.dispatch import LANES, LEASE
from tracker.application.drafts import Drafts
from tracker.application.lane import UNSETTLED
from tracker.application.replay import SimulatedClock
from tracker.application.results import Delivered
from tracker.application.subscribe import subscribe
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.events import NewEvent, story_stream
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import StoreError
from tracker.ports.log import EventLog, Notice
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt, Delivery, Sought


@dataclass
class Wire:
    """A channel that notes what it sends, and how many at once over each way; what it does is up to the test."""

    act: Callable[[SubscriptionAdded], Attempt] = lambda _: Attempt("delivered", "ok", 204)
    sent: list[tuple[str, str]] = field(default_factory=list)
    busiest: Counter[str] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        way = subscription.target
        with self.lock:
            self.sent.append((way, message.id))
            self.busy[way] += 1
            self.busiest[way] = max(self.busiest[way], self.busy[way])
        try:
            return self.act(subscription)
        finally:
            with self.lock:
                self.busy[way] -= 1

    def ways(self) -> Counter[str]:
        return Counter(way for way, _ in self.sent)


@dataclass
class House:
    """A database, a clock that is moved by hand, and a channel."""

    url: str
    clock: SimulatedClock
    wire: Wire = field(default_factory=Wire)

    def __post_init__(self) -> None:
        self.app = self.another()

    def another(self) -> App:
        """Return another worker's view of the database."""
        return App(Settings(database=Database(url=self.url)), self.clock)

    def owe(self, count: int, *targets: str) -> None:
        """Owe developments to each of these addresses."""
        for target in targets:
            subscribe(self.app.log, by_webhook(target, f"s-{target.rpartition('/')[2]}"), "person")
        version = self.app.log.head()
        new = [NewEvent(f"n-{version}-{nth}", updated(entry(f"e{nth}")), "judge", f"e{nth}") for nth in range(count)]
        told = [f"s-{target.rpartition('/')[2]}" for target in targets]
        notices = [Notice(one, event.id, STORY, "updated", f"e{nth}") for nth, event in enumerate(new) for one in told]
        stream = story_stream(STORY)
        last = max(recorded.version for recorded in self.app.log.read(stream=stream))
        self.app.log.append(stream, last, new, notices)

    def deliver(self, app: App | None = None) -> Delivered:
        app = app or self.app
        return deliver(app.outbox, app.log, {"webhook": self.wire}, self.clock)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    made = House(database_url, SimulatedClock(NOON))
    made.app.log.append(story_stream(STORY), 0, opening())
    yield made
    made.app.close()


def hook(name: str) -> str:
    return f"https://receiver.example/{name}"


def test_each_way_is_a_lane_and_all_run_at_once(house: House) -> None:
    """A hundred and fifty messages over three ways: never two at once over one, and each of them once."""
    together = threading.Barrier(3)
    first = {hook(name): threading.Event() for name in "abc"}

    def act(subscription: SubscriptionAdded) -> Attempt:
        if not first[subscription.target].is_set():
            first[subscription.target].set()
            together.wait(30)
        return Attempt("delivered", "ok", 204)

    house.wire.act = act
    house.owe(50, *first)
    assert house.deliver() == Delivered(sent=150)
    assert house.wire.busiest == dict.fromkeys(first, 1)
    assert set(Counter(house.wire.sent).values()) == {1}
    assert all(len(house.app.outbox.attempts(one.id)) == 1 for one in house.app.outbox.search(Sought(), 200))


def test_two_workers_never_send_the_same(house: House) -> None:
    """Two workers at once on one database send everything once between them."""
    house.owe(60, hook("a"), hook("b"))
    others = [house.another() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        told = [one.result() for one in [pool.submit(house.deliver, app) for app in others]]
    for app in others:
        app.close()
    assert sum(one.sent for one in told) == 120
    assert set(Counter(house.wire.sent).values()) == {1}
    assert len(house.wire.sent) == 120


def test_a_send_that_outlives_its_lease_changes_nothing(house: House) -> None:
    """A worker whose lease ended in the middle of a send is replaced; its outcome is on record, and no more."""
    house.owe(1, hook("a"))
    begun, over = threading.Event(), threading.Event()

    def act(_: SubscriptionAdded) -> Attempt:
        begun.set()
        over.wait(60)
        return Attempt("permanent", "too late", 500)

    slow = Wire(act)
    other = house.another()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(deliver, other.outbox, other.log, {"webhook": slow}, house.clock)
        assert begun.wait(60)
        assert house.deliver() == Delivered()
        house.clock.advance(NOON + LEASE)
        assert house.deliver() == Delivered(sent=1)
        over.set()
        late.result()
    other.close()
    (one,) = house.app.outbox.search(Sought(), 9)
    assert one.state == "delivered"
    tries = house.app.outbox.attempts(one.id)
    assert [known.outcome for known in tries] == ["interrupted", "delivered", "permanent"]
    assert tries[-1].detail.startswith("too late (known only after another worker had taken over)")


def test_what_would_outlive_its_lease_is_not_begun(house: House) -> None:
    """Over a slow way the rest of a batch is put back untried, and claimed anew with a lease of its own."""
    house.owe(5, hook("a"))

    def act(_: SubscriptionAdded) -> Attempt:
        house.clock.advance(house.clock() + timedelta(seconds=20))
        return Attempt("delivered", "slow", 204)

    house.wire.act = act
    assert house.deliver() == Delivered(sent=5)
    assert len(house.wire.sent) == 5
    found = house.app.outbox.search(Sought("delivered"), 9)
    assert [one.attempts for one in found] == [1] * 5
    assert sorted(one.token for one in found) == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("answer", [None, 429])
def test_a_way_that_needs_rest_gets_it(house: House, answer: int | None) -> None:
    """After no answer, or too many requests, the rest of a batch is put back; no attempt of it counts."""
    house.owe(9, hook("a"))
    house.wire.act = lambda _: Attempt("transient", "not now", answer)
    assert house.deliver() == Delivered(failed=1)
    waiting = house.app.outbox.search(Sought("pending"), 9)
    assert sorted(one.attempts for one in waiting) == [0] * 8 + [1]
    (tried,) = (one for one in waiting if one.attempts)
    respite = timedelta(minutes=1) if answer else timedelta(seconds=4)
    assert tried.due_at - NOON >= respite


def test_failing_ways_leave_lanes_to_the_others(house: House) -> None:
    """However many ways are failing and hang, no more than half of the lanes wait for them."""
    house.owe(5, *(hook(f"ill{number}") for number in range(LANES)))
    house.wire.act = lambda _: Attempt("transient", "HTTP 500", 500)
    house.deliver()
    assert len(house.app.outbox.troubled()) == LANES
    house.clock.advance(NOON + timedelta(hours=1))
    waiting, over = threading.Semaphore(0), threading.Event()

    def hang(subscription: SubscriptionAdded) -> Attempt:
        if "ill" in subscription.target:
            waiting.release()
            over.wait(60)
        return Attempt("delivered", "ok", 204)

    house.wire = Wire(hang)
    house.owe(1, hook("well"))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(house.deliver)
        for _ in range(LANES // 2):
            assert waiting.acquire(timeout=60)
        while not house.wire.ways()[hook("well")]:
            assert not running.done()
        stuck = len(house.wire.ways()) - 1
        over.set()
        running.result()
    assert stuck == LANES // 2


def test_what_no_lane_is_left_for_is_not_counted(house: House) -> None:
    """A limit is of what is tried: what was claimed and put back, since too many ways fail, takes nothing of it."""
    house.owe(1, *(hook(f"ill{number}") for number in range(2 * LANES)))
    house.wire.act = lambda _: Attempt("transient", "HTTP 500", 500)
    house.deliver()
    house.clock.advance(NOON + timedelta(hours=1))
    delivered = deliver(house.app.outbox, house.app.log, {"webhook": house.wire}, house.clock, limit=2 * LANES)
    assert delivered.failed == 2 * LANES


def test_what_a_dead_way_hands_back_is_not_counted(house: House) -> None:
    """A limit is of what is tried: behind a way that gives no answer the others have their turn."""
    house.owe(20, hook("dead"))
    house.clock.advance(NOON + timedelta(minutes=1))
    house.owe(10, hook("good"))
    house.wire.act = lambda one: (
        Attempt("transient", "no answer") if "dead" in one.target else Attempt("delivered", "ok", 204)
    )
    delivered = deliver(house.app.outbox, house.app.log, {"webhook": house.wire}, house.clock, limit=20)
    assert (delivered.sent, delivered.failed) == (10, 1)


def test_a_worker_that_dies_sends_few_twice(house: House) -> None:
    """While nothing is settled a lane goes on only so far: more than that cannot be sent twice."""
    house.owe(3 * UNSETTLED, hook("a"))
    sent, done = threading.Semaphore(0), threading.Event()

    def act(_: SubscriptionAdded) -> Attempt:
        sent.release()
        return Attempt("delivered", "ok", 204)

    house.wire.act = act
    stop = threading.Event()
    parts = delivering(house.app.outbox, house.app.log, {"webhook": house.wire}, house.clock, stopping=stop.is_set)
    for told in parts:  # as slow as somebody who settles can be
        if not done.is_set():
            for _ in range(UNSETTLED):
                assert sent.acquire(timeout=60)
            time.sleep(0.3)  # longer than a lane waits before it looks whether it should stop
            done.set()
        before = len(house.wire.sent)
        assert before <= 3 * UNSETTLED
        assert told.sent <= UNSETTLED
    assert len(house.wire.sent) == 3 * UNSETTLED


def test_answers_that_come_fast_are_settled_together(house: House) -> None:
    """One commit records several tries where several end in little time, and never more than a lane may have open."""
    house.owe(3 * UNSETTLED, hook("a"))
    parts = delivering(house.app.outbox, house.app.log, {"webhook": house.wire}, house.clock)
    commits = [told.sent for told in parts if told.sent]
    assert sum(commits) == 3 * UNSETTLED
    assert max(commits) <= UNSETTLED
    assert len(commits) < sum(commits) / 2


def test_trouble_with_the_database_ends_the_sending(house: House) -> None:
    """Whoever leaves a round early leaves lanes that begin nothing more."""
    house.owe(40, hook("a"))
    gate = threading.Semaphore(1)

    def act(_: SubscriptionAdded) -> Attempt:
        assert gate.acquire(timeout=60)
        return Attempt("delivered", "ok", 204)

    house.wire.act = act
    parts = delivering(house.app.outbox, house.app.log, {"webhook": house.wire}, house.clock)
    next(parts)
    parts.close()
    for _ in range(40):
        gate.release()
    assert len(house.wire.sent) <= 3


@dataclass
class Watched:
    """The log of a house, where something is done as soon as the first message is begun."""

    log: EventLog
    act: Callable[[], None]
    begun: bool = False

    def __getattr__(self, name: str) -> object:
        if not self.begun and threading.current_thread().name.startswith("writer"):
            self.begun = True
            self.act()
        return getattr(self.log, name)


def test_a_database_that_goes_away_under_a_lane_is_an_error(house: House) -> None:
    """Trouble with the database while a message is written is no failure of the delivery: it is raised."""
    house.owe(1, hook("a"))

    def vanish() -> None:
        with house.app.engine.begin() as connection:
            connection.execute(text("ALTER TABLE event RENAME TO elsewhere"))

    log = Watched(house.app.log, vanish)
    with pytest.raises(StoreError):
        deliver(house.app.outbox, cast("EventLog", log), {"webhook": house.wire}, house.clock)
    assert log.begun
    assert not house.wire.sent
    assert [one.state for one in house.app.outbox.search(Sought(), 9)] == ["pending"]


def test_a_message_that_took_too_long_to_write_is_not_begun(house: House) -> None:
    """What was being written when its time to begin ran out is handed back, and sent once when it is claimed again."""
    house.owe(6, hook("a"))
    log = Watched(house.app.log, lambda: house.clock.advance(house.clock() + LEASE - timedelta(seconds=30)))
    deliver(house.app.outbox, cast("EventLog", log), {"webhook": house.wire}, house.clock)
    assert log.begun
    assert sorted(Counter(house.wire.sent).values()) == [1] * 6
    found = house.app.outbox.search(Sought(), 9)
    assert [one.attempts for one in found] == [1] * 6
    begun = [one.started_at for delivery in found for one in house.app.outbox.attempts(delivery.id)]
    assert all(at and at >= NOON + LEASE - timedelta(seconds=30) for at in begun)


def test_little_is_written_for_a_way_that_gives_no_answer(house: House) -> None:
    """Of what is owed over a dead way only a few messages are written ahead of the one that found it dead."""
    house.owe(40, hook("a"))
    written: list[str] = []
    original = Drafts.draft

    def counted(drafts: Drafts, delivery: Delivery, *, terse: bool = False) -> tuple[SubscriptionAdded, Message]:
        written.append(delivery.id)
        return original(drafts, delivery, terse=terse)

    house.wire.act = lambda _: Attempt("transient", "no answer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Drafts, "draft", counted)
        assert house.deliver().failed == 1
    assert len(written) < 16


def test_what_is_written_ahead_and_not_sent_comes_later(house: House) -> None:
    """A pass that ends early leaves in the outbox what it had written already; the next one sends each once."""
    house.owe(UNSETTLED, hook("a"))

    def begun() -> bool:
        return len(house.wire.sent) > 1

    parts = delivering(house.app.outbox, house.app.log, {"webhook": house.wire}, house.clock, stopping=begun)
    assert sum(told.sent for told in parts) == len(house.wire.sent) < UNSETTLED
    house.deliver()
    assert sorted(Counter(house.wire.sent).values()) == [1] * UNSETTLED
