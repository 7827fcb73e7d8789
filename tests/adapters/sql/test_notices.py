"""Notices in the outbox: what waits, and the messages made of it, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.adapters.sql.made import NOON, Clock, later, renamed
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.errors import Conflict
from tracker.ports.log import CORRECTION, Notice
from tracker.ports.outbox import Bundle, Drop, Hold, Made, Owed, Plan, Sought

LEASE = timedelta(minutes=1)
DAY = (later(days=-1), NOON)


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    """Return an outbox in which three notices wait for one subscription, one for another, and one went at once."""
    events = [renamed(str(number)) for number in range(4)]
    waits = [
        Notice("me", one.id, "s", "new", held="group", due_at=later(seconds=nth)) for nth, one in enumerate(events[:3])
    ]
    notices = [*waits, Notice("you", "0", "t", "source", held="digest", due_at=later(days=1)), Notice("me", "3", "s")]
    SqlEventLog(engine, Clock()).append("s", 0, events, notices)
    return SqlOutbox(engine)


def waiting(outbox: SqlOutbox) -> tuple[Owed, ...]:
    return outbox.waiting_for(["me", "you"])


def test_what_waits(outbox: SqlOutbox) -> None:
    """Who waits is told, from when something of theirs is due; and all of it, whatever of it is due."""
    assert outbox.next_due() == NOON
    assert outbox.waiters() == ("me", "you")
    assert outbox.waiters(later(seconds=-1)) == ()
    assert outbox.waiters(NOON) == ("me",)
    assert [(one.subscription, one.event_id, one.held) for one in waiting(outbox)] == [
        ("me", "0", "group"), ("you", "0", "digest"), ("me", "1", "group"), ("me", "2", "group"),
    ]  # fmt: skip
    assert [one.event_id for one in outbox.told("me", ["s", "t"])] == ["3"]
    assert outbox.told("me", ["t"]) == ()


def test_a_plan_is_carried_out(outbox: SqlOutbox) -> None:
    """What is bundled is a message that is due at once, what is held waits, what is dropped keeps the reason."""
    one, yours, two, three = waiting(outbox)
    bundle = Bundle("digest", "s", (one, two), 4, DAY)
    held, drop = Hold((three,), later(hours=1), "quiet"), Drop((yours,), "nobody wants it")
    outbox.carry_out([Plan((bundle,), (held,)), Plan(drops=(drop,))], NOON)
    (_, made) = sorted(outbox.claim(NOON, 9, LEASE), key=lambda delivery: delivery.kind)
    assert (made.kind, made.subscription, made.story, made.position, made.upto) == ("digest", "me", "s", 1, 4)
    assert (made.period, made.due_at, made.created_at) == (DAY, NOON, NOON)
    assert [notice.event_id for notice in outbox.notices([made.id])] == ["0", "1"]
    (left,) = waiting(outbox)
    assert (left.event_id, left.due_at, left.held) == ("2", later(hours=1), "quiet")
    assert {notice.dropped for notice in outbox.owed(["0"])} == {None, "nobody wants it"}


def test_what_was_made(outbox: SqlOutbox) -> None:
    """Messages made after a moment are told by story and kind, with the ends of periods; those of others are not."""
    one, yours, *_ = waiting(outbox)
    alone, digest = Bundle("alert", "s", (one,), 4), Bundle("digest", "t", (yours,), 4, DAY)
    outbox.carry_out([Plan((alone,)), Plan((digest,))], later(hours=1))
    assert outbox.made(["me"], NOON) == (Made("me", "s", "new", later(hours=1), None),)
    assert outbox.made(["you"], NOON) == (Made("you", "t", "source", later(hours=1), NOON),)
    assert len(outbox.made(["me"], later(seconds=-1))) == 2
    assert outbox.made(["me", "you"], later(hours=1)) == ()


@pytest.mark.parametrize("fate", ["bundle", "hold", "drop"])
def test_where_another_was_first_nothing_is_done(outbox: SqlOutbox, fate: str) -> None:
    """Of a plan that was overtaken at one notice no part is carried out, whatever it meant to do with that one."""
    one, yours, two, _ = waiting(outbox)
    outbox.carry_out([Plan((Bundle("alert", "s", (two,), 4),))], NOON)
    before = waiting(outbox)
    plans = {
        "bundle": Plan((Bundle("group", "s", (one, two), 4),)),
        "hold": Plan(holds=(Hold((one, two), later(hours=1), "quiet"),)),
        "drop": Plan(drops=(Drop((one, two), "no"),)),
    }
    with pytest.raises(Conflict):
        outbox.carry_out([Plan(drops=(Drop((yours,), "no"),)), plans[fate]], NOON)
    assert waiting(outbox) == before


def test_a_period_has_one_digest(outbox: SqlOutbox) -> None:
    """A second one of the same end is refused, and what it was to hold waits on."""
    one, _, two, _ = waiting(outbox)
    outbox.carry_out([Plan((Bundle("digest", "s", (one,), 4, DAY),))], NOON)
    with pytest.raises(Conflict):
        outbox.carry_out([Plan((Bundle("digest", "s", (two,), 4, DAY),))], NOON)
    assert two in waiting(outbox)


def test_who_leads_but_waits_leads_nobody(engine: Engine) -> None:
    """What shares a lead goes at once in the message of the first that does not wait; what waits is in none."""
    events = [renamed(str(number)) for number in range(4)]
    held = Notice("me", "0", "s", lead="0", held="quiet", due_at=later(hours=1))
    others = [Notice("me", str(nth), "s", CORRECTION if nth == 2 else "", lead="0") for nth in (1, 2)]
    SqlEventLog(engine, Clock()).append("s", 0, events, [held, *others, Notice("me", "3", "s")])
    outbox = SqlOutbox(engine)
    together, alone = outbox.claim(NOON, 9, LEASE)
    assert [one.event_id for one in outbox.notices([together.id])] == ["1", "2"]
    assert [one.event_id for one in outbox.notices([alone.id])] == ["3"]
    assert [one.event_id for one in outbox.waiting_for(["me"])] == ["0"]


QUESTIONS: dict[str, tuple[Callable[[SqlOutbox], object], str]] = {
    "when the next is due": (lambda outbox: outbox.next_due(), "ix_notice_due_at"),
    "who has something due": (lambda outbox: outbox.waiters(NOON), "ix_notice_subscription"),
    "who waits": (lambda outbox: outbox.waiters(), "ix_notice_subscription"),
    "what waits for some": (lambda outbox: outbox.waiting_for(["me", "you"]), "ix_notice_subscription"),
    "what was made lately": (lambda outbox: outbox.made(["me", "you"], NOON), "ix_delivery_subscription_created_at"),
    "who may be sent something": (
        lambda outbox: outbox.due(NOON),
        "before USING INDEX ix_delivery_subscription_story_upto (subscription=? AND story>?)",
    ),
    "what may be sent": (
        lambda outbox: outbox.claim(NOON, 9, LEASE),
        "delivery USING INDEX ix_delivery_state_due_at (state=? AND due_at<?)",
    ),
    "what goes before it": (
        lambda outbox: outbox.claim(NOON, 9, LEASE, without=["me"]),
        "before USING INDEX ix_delivery_subscription_story_upto (subscription=? AND story=? AND upto<?)",
    ),
    "the newest messages": (lambda outbox: outbox.search(), "ix_delivery_position"),
    "the newest of a state": (lambda outbox: outbox.search(Sought("dead")), "ix_delivery_state_due_at"),
    "what is in a message": (lambda outbox: outbox.notices(["d-1"]), "ix_notice_delivery"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_go_by_an_index(sqlite_url: str, question: str) -> None:
    """However long the history, what waits, what was just made and what is in a message is found without reading it."""
    engine, asked = open_engine(sqlite_url), list[tuple[str, Any]]()
    event.listen(
        engine, "before_cursor_execute", lambda _, __, statement, values, *___: asked.append((statement, values))
    )
    ask, index = QUESTIONS[question]
    ask(SqlOutbox(engine))
    statement, values = asked[-1]
    with reading(engine) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    engine.dispose()
    assert index in str(plan)
    assert not [step for *_, step in plan if step.startswith("SCAN") and "free" not in step and "INDEX ix" not in step]
