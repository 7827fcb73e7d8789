"""The outbox's contract, on both databases."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.adapters.sql.made import NOON, Clock, later, renamed, tried
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.tables import attempt
from tracker.domain.subscription_events import Channel
from tracker.ports.log import CORRECTION, EVERY_STORY, Notice
from tracker.ports.outbox import Attempt, Bundle, Plan, Sought, Tally

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
    outbox.put_back([one])
    outbox.put_back([one])
    (again,) = outbox.claim(NOON, 1, LEASE)
    assert (again.id, again.attempts, again.due_at, again.last_error) == (one.id, 1, one.due_at, None)
    outbox.put_back([one])
    assert again.id not in {other.id for other in outbox.claim(NOON, 9, LEASE)}
    assert details(engine) == []


def test_delivered(outbox: SqlOutbox) -> None:
    """A delivered alert is never taken again."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle([tried(one, Attempt("delivered", "accepted", 250), later(seconds=3))])
    assert [other.position for other in outbox.claim(later(days=9), 9, LEASE)] == [2, 3]
    (stored,) = outbox.search(Sought("delivered"))
    assert (stored.id, stored.delivered_at, stored.last_error) == (one.id, later(seconds=3), None)


def test_transient(outbox: SqlOutbox) -> None:
    """After a transient failure the delivery is due again when it was said, and not before."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle([tried(one, Attempt("transient", "HTTP 503", 503, later(minutes=5)), later(seconds=3))])
    assert one.id not in {other.id for other in outbox.claim(later(minutes=4), 9, LEASE)}
    again = {other.id: other for other in outbox.claim(later(minutes=5), 9, LEASE)}[one.id]
    assert (again.attempts, again.last_error) == (2, "HTTP 503")


@pytest.mark.parametrize("ending", [Attempt("permanent", "no such user", 550), Attempt("transient", "HTTP 500", 500)])
def test_dead(outbox: SqlOutbox, ending: Attempt) -> None:
    """A permanent failure, and a transient one with no retry left, are dead letters; they are kept and listed."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle([tried(one, ending, NOON)])
    assert [(dead.id, dead.last_error) for dead in outbox.search(Sought("dead"))] == [(one.id, ending.detail)]
    assert one.id not in {other.id for other in outbox.claim(later(days=9), 9, LEASE)}


def test_retry(outbox: SqlOutbox) -> None:
    """A dead letter is made due again with all its tries before it; an id that is none is told so."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    outbox.settle([tried(one, Attempt("permanent", "no"), NOON)])
    assert outbox.retry([one.id], later(hours=1)) == 1
    assert outbox.retry(["d-none"], NOON) == 0
    again = {other.id: other for other in outbox.claim(later(hours=1), 9, LEASE)}[one.id]
    assert (again.attempts, again.due_at) == (1, later(hours=1))


def test_retry_of_a_held_delivery(outbox: SqlOutbox) -> None:
    """A delivery that a worker is sending is not handed to a second one by a retry."""
    (one, *_) = outbox.claim(NOON, 1, LEASE)
    assert outbox.retry([one.id], NOON) == 1
    assert one.id not in {other.id for other in outbox.claim(NOON, 9, LEASE)}


def test_expired_lease(outbox: SqlOutbox, engine: Engine) -> None:
    """A lease that runs out passes on, and that try is recorded; the late worker's outcome is as well, no more."""
    (late,) = outbox.claim(NOON, 1, LEASE)
    assert late.id not in {other.id for other in outbox.claim(later(seconds=59), 9, LEASE)}
    (now,) = (one for one in outbox.claim(later(seconds=60), 9, LEASE) if one.id == late.id)
    assert (now.token, now.attempts) == (late.token + 1, 1)
    outbox.settle([tried(late, Attempt("permanent", "too late"), later(seconds=61))])
    assert outbox.search(Sought("dead")) == ()
    outbox.settle([tried(now, Attempt("delivered", "in time"), later(seconds=62))])
    outbox.settle([tried(now, Attempt("permanent", "once more"), later(seconds=63))])
    assert [one.id for one in outbox.search(Sought("delivered"))] == [now.id]
    assert [(one.outcome, one.ended_at) for one in outbox.attempts(now.id)] == [
        ("interrupted", later(seconds=60)), ("permanent", later(seconds=61)), ("delivered", later(seconds=62)),
        ("permanent", later(seconds=63)),
    ]  # fmt: skip
    assert "after another worker had taken over" in details(engine)[-3]


def test_settled_after_the_lease_but_before_anybody_else(outbox: SqlOutbox) -> None:
    """A worker that is late, but that nobody has replaced, still records what it did: it did send."""
    (one,) = outbox.claim(NOON, 1, LEASE)
    outbox.settle([tried(one, Attempt("delivered", "slow"), later(hours=1))])
    assert [other.id for other in outbox.search(Sought("delivered"))] == [one.id]


def test_attempts_are_kept(outbox: SqlOutbox) -> None:
    """Each try is kept with its times, outcome, code and target, and as much of the answer as 20,000 characters."""
    (one,) = outbox.claim(NOON, 1, LEASE)
    words = "x\x00" + "y" * 30_000
    failed = Attempt("transient", words, 500, later(minutes=1), answer=words, target="https://a.example/")
    outbox.settle([tried(one, failed, later(seconds=1))])
    again = {other.id: other for other in outbox.claim(later(minutes=1), 9, LEASE)}[one.id]
    outbox.settle([tried(again, Attempt("delivered", "ok", 200), later(minutes=2))])
    first, second = outbox.attempts(one.id)
    assert (first.started_at, first.ended_at, first.outcome, first.code) == (NOON, later(seconds=1), "transient", 500)
    assert (first.detail[:3], len(first.detail), len(first.answer or "")) == ("x\ufffdy", 500, 20_000)
    assert (first.target, second.target, second.answer) == ("https://a.example/", None, None)
    assert (second.outcome, second.code, second.detail) == ("delivered", 200, "ok")


def test_listing(outbox: SqlOutbox) -> None:
    """Deliveries are listed newest first, of one state or all, no more than asked for."""
    assert [one.position for one in outbox.search()] == [3, 2, 1]
    assert [one.position for one in outbox.search(limit=1)] == [3]
    assert [one.position for one in outbox.search(Sought("pending"), 2)] == [3, 2]
    assert outbox.search(Sought("dead")) == ()


def test_a_list_goes_on_where_it_ended(engine: Engine) -> None:
    """Page by page every delivery comes once, newest first, of one position by id, whatever is appended meanwhile."""
    log, outbox = SqlEventLog(engine, Clock()), SqlOutbox(engine)
    for number in range(3):
        notices = [Notice(name, str(number), "s") for name in ("mail", "hook")]
        log.append("s", number, [renamed(str(number))], notices)
    whole, found = outbox.search(Sought(), 9), outbox.search(Sought(), 2)
    log.append("s", 3, [renamed("3")], [Notice("mail", "3", "s")])
    while len(found) < 9 and (page := outbox.search(Sought(), 2, (found[-1].position, found[-1].id))):
        found += page
    assert found == whole
    assert [one.position for one in found] == [3, 3, 2, 2, 1, 1]
    assert outbox.search(Sought(subscription="hook"), 1, (3, "")) == tuple(
        one for one in whole if one.subscription == "hook" and one.position == 3
    )


def test_tally(engine: Engine, outbox: SqlOutbox) -> None:
    """What is owed is counted: notices without a message, messages to be sent, those that failed, those given up."""
    held = renamed("held")
    SqlEventLog(engine, Clock()).append("s", 3, [held], [Notice("mail", held.id, "s", held="quiet", due_at=NOON)])
    assert outbox.tally() == Tally(notices=1, pending=3, failed=0, dead=0, oldest=NOON)
    first, other, last = outbox.claim(NOON, 3, LEASE)
    again = Attempt("transient", "no answer", retry_at=later(hours=1))
    outbox.settle(
        [tried(first, again), tried(other, Attempt("permanent", "gone")), tried(last, Attempt("delivered", ""))]
    )
    assert outbox.tally() == Tally(notices=1, pending=1, failed=1, dead=1, oldest=NOON)


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
                box.settle([tried(one, Attempt("delivered", "ok"))])
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
    outbox.settle([tried(held[0], Attempt("delivered", "ok"), NOON)])
    assert outbox.claim(NOON, 9, LEASE) == ()
    assert outbox.release(NOON) == len(held) - 1
    assert [one.id for one in outbox.claim(NOON, 9, LEASE)] == [one.id for one in held[1:]]


def test_a_try_that_nobody_knows_the_end_of_is_recorded(outbox: SqlOutbox) -> None:
    """What a dead worker held was perhaps sent: each is a try without outcome, and uses up no retry."""
    held = outbox.claim(NOON, 2, LEASE)
    outbox.release(later(seconds=9))
    for one in held:
        (unknown,) = outbox.attempts(one.id)
        assert (unknown.outcome, unknown.started_at, unknown.ended_at) == ("interrupted", NOON, later(seconds=9))
        assert "before the outcome was known" in unknown.detail
    assert [one.attempts for one in outbox.claim(NOON, 2, LEASE)] == [1, 1]


def test_a_cut_off_try_is_recorded_and_uses_up_no_retry(outbox: SqlOutbox) -> None:
    """A worker that stops in the middle of a send says so itself: due as before, and the try is on record."""
    (one,) = outbox.claim(NOON, 1, LEASE)
    outbox.settle([tried(one, Attempt("interrupted", "cut off"), later(seconds=3))])
    assert [(known.outcome, known.detail) for known in outbox.attempts(one.id)] == [("interrupted", "cut off")]
    (again,) = outbox.claim(NOON, 1, LEASE)
    assert (again.id, again.attempts, again.due_at, again.last_error) == (one.id, 1, one.due_at, None)


def test_a_group_of_tries_is_settled_at_once(outbox: SqlOutbox) -> None:
    """Each of them ends as it did, in one commit, whatever became of the others."""
    first, second, third = outbox.claim(NOON, 3, LEASE)
    outbox.settle([
        tried(second, Attempt("transient", "HTTP 503", 503, later(minutes=5))),
        tried(first, Attempt("delivered", "ok", 204)),
        tried(third, Attempt("permanent", "gone", 410)),
    ])  # fmt: skip
    states = {one.id: (one.state, one.last_error) for one in outbox.search()}
    assert states == {
        first.id: ("delivered", None), second.id: ("pending", "HTTP 503"), third.id: ("dead", "gone"),
    }  # fmt: skip


def test_claim_among(engine: Engine) -> None:
    """Of several to whom something is owed only those who are named are served; nobody named is nobody served."""
    event = renamed("news")
    SqlEventLog(engine, Clock()).append("s", 0, [event], [Notice(name, event.id, "s") for name in ("a", "b", "c")])
    outbox = SqlOutbox(engine)
    assert outbox.claim(NOON, 9, LEASE, among=()) == ()
    assert [one.subscription for one in outbox.claim(NOON, 9, LEASE, among={"a", "c"}, without={"c"})] == ["a"]


def test_an_endpoint_is_brought_forward_with_every_try(outbox: SqlOutbox) -> None:
    """Failures in a row are counted from the first of them; a success ends the row, and is told while it matters."""
    hook: tuple[Channel, str] = ("webhook", "https://a.example/")
    first, second, third = outbox.claim(NOON, 3, LEASE)
    failed = Attempt("transient", "HTTP 503", 503, NOON)
    (ill,) = outbox.settle([
        tried(first, Attempt("delivered", "ok", 204), later(seconds=1), endpoint=hook),
        tried(second, failed, later(seconds=2), endpoint=hook),
        tried(third, failed, later(seconds=3), endpoint=hook),
    ])  # fmt: skip
    assert (ill.state, ill.failures, ill.since) == ("active", 2, later(seconds=2))
    assert (ill.last_ok_at, ill.last_error) == (later(seconds=1), "HTTP 503")
    (again, _) = outbox.claim(NOON, 2, LEASE)
    (ill,) = outbox.settle([tried(again, failed, later(seconds=9), endpoint=hook)])
    assert (ill.failures, ill.since) == (3, later(seconds=2))
    outbox.mark(ill.id, "failing")
    assert [one.id for one in outbox.troubled()] == [ill.id]
    (well,) = outbox.heard(*hook, later(seconds=10))
    assert (well.state, well.failures, well.since, well.last_ok_at) == ("failing", 0, None, later(seconds=10))
    outbox.mark(ill.id, "active")
    assert outbox.heard(*hook, later(seconds=11)) == outbox.troubled() == ()
    assert [one.state for one in outbox.endpoints()] == ["active"]


def test_due(outbox: SqlOutbox) -> None:
    """Those to whom something is owed are told apart from those whose message is being sent, is sent or is not due."""
    assert outbox.due(later(seconds=-1)) == frozenset()
    assert outbox.due(NOON) == {"mail"}
    first, *others = outbox.claim(NOON, 9, LEASE)
    assert outbox.due(NOON) == frozenset()
    outbox.put_back([first])
    assert outbox.due(NOON) == {"mail"}
    for one in (*outbox.claim(NOON, 9, LEASE), *others):
        outbox.settle([tried(one, Attempt("delivered", "accepted", 250), NOON)])
    assert outbox.due(later(days=9)) == frozenset()


@pytest.mark.parametrize("original", ["sent at once", "waits"])
def test_a_correction_in_a_message_that_begins_earlier(engine: Engine, original: str) -> None:
    """What is told with something older waits for what it corrects as well, whether or not that waited for a message.

    Two such messages do not wait for each other.
    """
    told = [("t", ""), ("s", ""), ("s", CORRECTION), ("s", CORRECTION)]
    owed = [Notice("me", str(nth), story, kind, held="group", due_at=NOON) for nth, (story, kind) in enumerate(told)]
    if original == "sent at once":
        owed[1] = Notice("me", "1", "s")
    SqlEventLog(engine, Clock()).append("s", 0, [renamed(one.event_id) for one in owed], owed)
    outbox = SqlOutbox(engine)
    older, *first, fix, other = outbox.waiting_for(["me"])
    outbox.carry_out([Plan((Bundle("alert", "s", tuple(first), 4),) if first else ())], NOON)
    both = Bundle("catch-up", EVERY_STORY, (older, fix), 4), Bundle("alert", "s", (other,), 4)
    outbox.carry_out([Plan(both)], later(seconds=1))
    taken = list[int]()
    while due := outbox.claim(later(seconds=2), 9, LEASE):
        assert len(due) == 1
        taken += [one.position for one in due]
        outbox.settle([tried(one, Attempt("delivered", "accepted", 250), later(seconds=2)) for one in due])
    assert taken == [2, 1, 4]
