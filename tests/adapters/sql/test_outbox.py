"""The outbox's contract, on both databases."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.adapters.sql.made import NOON, Clock, later, renamed
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.tables import attempt
from tracker.ports.log import Notice
from tracker.ports.outbox import Attempt

LEASE = timedelta(minutes=1)


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    """Return an outbox that owes three deliveries."""
    events = [renamed(str(number)) for number in range(3)]
    SqlEventLog(engine, Clock()).append("s", 0, events, [Notice("mail", one.id, "s") for one in events])
    return SqlOutbox(engine)


def test_claim(outbox: SqlOutbox) -> None:
    """Due deliveries are taken oldest first, as many as asked for; taking one counts as an attempt."""
    first = outbox.claim(NOON, 2, LEASE)
    assert [(one.position, one.state, one.attempts, one.token) for one in first] == [
        (1, "pending", 1, 1), (2, "pending", 1, 1),
    ]  # fmt: skip
    assert [one.position for one in outbox.claim(NOON, 2, LEASE)] == [3]
    assert outbox.claim(NOON, 2, LEASE) == ()


def test_not_yet_due(outbox: SqlOutbox) -> None:
    """Nothing is taken before it is due."""
    assert outbox.claim(later(seconds=-1), 9, LEASE) == ()


def test_claim_without(engine: Engine) -> None:
    """What is owed to the subscriptions that are named is left, and does not count as tried."""
    event = renamed("news")
    SqlEventLog(engine, Clock()).append("s", 0, [event], [Notice(name, event.id, "s") for name in ("a", "b", "c")])
    outbox = SqlOutbox(engine)
    (one,) = outbox.claim(NOON, 9, LEASE, without={"a", "c"})
    assert one.subscription == "b"
    assert outbox.claim(NOON, 9, LEASE, without=["a", "c"]) == ()
    left = outbox.claim(NOON, 9, LEASE)
    assert {(other.subscription, other.attempts) for other in left} == {("a", 1), ("c", 1)}


def test_put_back(outbox: SqlOutbox, engine: Engine) -> None:
    """What was claimed and not tried is due at once and counts no attempt; a late worker cannot put back."""
    (one,) = outbox.claim(NOON, 1, LEASE)
    outbox.put_back(one)
    outbox.put_back(one)
    (again,) = outbox.claim(NOON, 1, LEASE)
    assert (again.id, again.attempts, again.due_at, again.last_error) == (one.id, 1, one.due_at, None)
    outbox.put_back(one)
    assert again.id not in {other.id for other in outbox.claim(NOON, 9, LEASE)}
    assert details(engine) == []


def test_delivered(outbox: SqlOutbox) -> None:
    """A delivered alert is never taken again."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle(one, Attempt("delivered", "accepted", 250), later(seconds=3))
    assert [other.position for other in outbox.claim(later(days=9), 9, LEASE)] == [2, 3]
    (stored,) = outbox.deliveries("delivered")
    assert (stored.id, stored.delivered_at, stored.last_error) == (one.id, later(seconds=3), None)


def test_transient(outbox: SqlOutbox) -> None:
    """After a transient failure the delivery is due again when it was said, and not before."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle(one, Attempt("transient", "HTTP 503", 503, later(minutes=5)), later(seconds=3))
    assert one.id not in {other.id for other in outbox.claim(later(minutes=4), 9, LEASE)}
    again = {other.id: other for other in outbox.claim(later(minutes=5), 9, LEASE)}[one.id]
    assert (again.attempts, again.last_error) == (2, "HTTP 503")


@pytest.mark.parametrize("ending", [Attempt("permanent", "no such user", 550), Attempt("transient", "HTTP 500", 500)])
def test_dead(outbox: SqlOutbox, ending: Attempt) -> None:
    """A permanent failure, and a transient one with no retry left, are dead letters; they are kept and listed."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle(one, ending, NOON)
    assert [(dead.id, dead.last_error) for dead in outbox.deliveries("dead")] == [(one.id, ending.detail)]
    assert one.id not in {other.id for other in outbox.claim(later(days=9), 9, LEASE)}


def test_retry(outbox: SqlOutbox) -> None:
    """A dead letter is made due again with all its tries before it; an id that is none is told so."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle(one, Attempt("permanent", "no"), NOON)
    assert outbox.retry(one.id, later(hours=1))
    assert not outbox.retry("d-none", NOON)
    again = {other.id: other for other in outbox.claim(later(hours=1), 9, LEASE)}[one.id]
    assert (again.attempts, again.due_at) == (1, later(hours=1))


def test_retry_of_a_held_delivery(outbox: SqlOutbox) -> None:
    """A delivery that a worker is sending is not handed to a second one by a retry."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    assert outbox.retry(one.id, NOON)
    assert one.id not in {other.id for other in outbox.claim(NOON, 9, LEASE)}


def test_expired_lease(outbox: SqlOutbox, engine: Engine) -> None:
    """A lease that runs out passes on; the late worker's outcome then changes nothing."""
    (late,) = outbox.claim(NOON, 1, LEASE)
    assert late.id not in {other.id for other in outbox.claim(later(seconds=59), 9, LEASE)}
    (now,) = (one for one in outbox.claim(later(seconds=60), 9, LEASE) if one.id == late.id)
    assert (now.token, now.attempts) == (late.token + 1, 2)
    outbox.settle(late, Attempt("permanent", "too late"), later(seconds=61))
    assert outbox.deliveries("dead") == ()
    outbox.settle(now, Attempt("delivered", "in time"), later(seconds=62))
    outbox.settle(now, Attempt("permanent", "once more"), later(seconds=63))
    assert [one.id for one in outbox.deliveries("delivered")] == [now.id]
    assert details(engine) == ["in time"]


def test_settled_after_the_lease_but_before_anybody_else(outbox: SqlOutbox) -> None:
    """A worker that is late, but that nobody has replaced, still records what it did: it did send."""
    (one,) = outbox.claim(NOON, 1, LEASE)
    outbox.settle(one, Attempt("delivered", "slow"), later(hours=1))
    assert [other.id for other in outbox.deliveries("delivered")] == [one.id]


def test_attempts_are_kept(outbox: SqlOutbox, engine: Engine) -> None:
    """Each try is kept with its time, outcome and code, and no more of its words than 20,000 characters."""
    (one,) = outbox.claim(NOON, 1, LEASE)
    outbox.settle(one, Attempt("transient", "x\x00" + "y" * 30_000, 500, later(minutes=1)), later(seconds=1))
    again = {other.id: other for other in outbox.claim(later(minutes=1), 9, LEASE)}[one.id]
    outbox.settle(again, Attempt("delivered", "ok", 200), later(minutes=2))
    with reading(engine) as connection:
        rows = connection.execute(select(attempt).order_by(attempt.c.id)).all()
    assert [(row.delivery, row.ended_at, row.outcome, row.code, len(row.detail)) for row in rows] == [
        (one.id, later(seconds=1), "transient", 500, 20_000), (one.id, later(minutes=2), "delivered", 200, 2),
    ]  # fmt: skip


def test_listing(outbox: SqlOutbox) -> None:
    """Deliveries are listed newest first, of one state or all, no more than asked for."""
    assert [one.position for one in outbox.deliveries()] == [3, 2, 1]
    assert [one.position for one in outbox.deliveries(limit=1)] == [3]
    assert [one.position for one in outbox.deliveries("pending", 2)] == [3, 2]
    assert outbox.deliveries("dead") == ()


def test_two_workers(engine: Engine, database_url: str) -> None:
    """Workers that claim at once never hold the same delivery, and together they get all of them."""
    events = [renamed(str(number)) for number in range(60)]
    SqlEventLog(engine, Clock()).append("s", 0, events, [Notice("mail", one.id, "s") for one in events])
    taken: Counter[str] = Counter()

    def work() -> None:
        own = open_engine(database_url)
        box = SqlOutbox(own)
        while batch := box.claim(NOON, 3, LEASE):
            for one in batch:
                taken[one.id] += 1
                box.settle(one, Attempt("delivered", "ok"), NOON)
        own.dispose()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # A worker that found nothing free while others held the rest leaves early; the last one takes what is left.
    assert set(taken.values()) == {1}
    assert len(taken) + len(SqlOutbox(engine).claim(NOON, 99, LEASE)) == 60


def details(engine: Engine) -> list[str]:
    """Return the words of every attempt."""
    with reading(engine) as connection:
        return list(connection.execute(select(attempt.c.detail).order_by(attempt.c.id)).scalars())


def test_released(outbox: SqlOutbox) -> None:
    """A worker that knows it is alone takes up at once what a dead one held; what is settled stays settled."""
    held = outbox.claim(NOON, 9, LEASE)
    outbox.settle(held[0], Attempt("delivered", "ok"), NOON)
    assert outbox.claim(NOON, 9, LEASE) == ()
    assert outbox.release() == len(held) - 1
    assert [one.id for one in outbox.claim(NOON, 9, LEASE)] == [one.id for one in held[1:]]


def test_due(outbox: SqlOutbox) -> None:
    """Those to whom something is owed are told apart from those whose message is being sent, is sent or is not due."""
    assert outbox.due(later(seconds=-1)) == frozenset()
    assert outbox.due(NOON) == {"mail"}
    first, *others = outbox.claim(NOON, 9, LEASE)
    assert outbox.due(NOON) == frozenset()
    outbox.put_back(first)
    assert outbox.due(NOON) == {"mail"}
    for one in (*outbox.claim(NOON, 9, LEASE), *others):
        outbox.settle(one, Attempt("delivered", "accepted", 250), NOON)
    assert outbox.due(later(days=9)) == frozenset()
