"""What an append leaves in the outbox: a notice for whoever is owed the event, and the message if it need not wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.moments import from_microseconds
from tracker.adapters.sql.tables import delivery, notice
from tracker.adapters.sql.tip import Row
from tracker.ports.log import CORRECTION, Notice
from tracker.ports.outbox import delivery_id

_notices = insert(notice)
_deliveries = insert(delivery)
# What was not dropped, or waits again by now, is left as it is.
_revive = (
    update(notice)
    .where(
        notice.c.subscription == bindparam("whose"),
        notice.c.event_id == bindparam("what"),
        notice.c.delivery.is_(None),
        notice.c.dropped.is_not(None),
    )
    .values(
        dropped=None,
        held=bindparam("why"),
        due_at=bindparam("until", type_=Moment),
        created_at=bindparam("since", type_=Moment),
    )
)


def owe(connection: Connection, notices: Sequence[tuple[Notice, Row]], now: datetime) -> None:
    """Put notices into the outbox, each with the row of its event, in the transaction that appends the events.

    What waits for nothing is due by the clock itself, which those who deliver ask: recorded times wait for a clock
    that was set back. What shares a lead travels in the message of the first of them that waits for nothing: that is
    the lead itself, unless it waits.
    """
    revived = [_again(one, row, now) for one, row in notices if one.revives]
    if revived:
        connection.execute(_revive, revived)
    notices = [(one, row) for one, row in notices if not one.revives]
    if not notices:
        return
    last = max(row["position"] for _, row in notices)
    first: dict[tuple[str, str], tuple[Notice, Row]] = {}
    for one, row in notices:
        if one.held is None:
            first.setdefault(_letter(one), (one, row))
    messages = {letter: delivery_id(one.subscription, one.event_id) for letter, (one, _) in first.items()}
    connection.execute(_notices, [_notice(one, row, now, messages) for one, row in notices])
    if first:
        corrects = {_letter(one) for one, _ in notices if one.kind == CORRECTION and one.held is None}
        rows = [_delivery(one, row, now, last, corrects=_letter(one) in corrects) for one, row in first.values()]
        connection.execute(_deliveries, rows)


def _letter(one: Notice) -> tuple[str, str]:
    return one.subscription, one.lead or one.event_id


def _again(one: Notice, row: Row, now: datetime) -> dict[str, Any]:
    return {
        "whose": one.subscription, "what": one.revives, "why": one.held, "until": one.due_at or now,
        "since": from_microseconds(row["recorded_at"]),
    }  # fmt: skip


def _notice(one: Notice, row: Row, now: datetime, messages: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "subscription": one.subscription, "event_id": one.event_id, "story": one.story, "position": row["position"],
        "entry": one.entry, "kind": one.kind, "created_at": from_microseconds(row["recorded_at"]),
        "due_at": one.due_at or now, "held": one.held, "delivery": None if one.held else messages[_letter(one)],
    }  # fmt: skip


def _delivery(one: Notice, row: Row, now: datetime, last: int, *, corrects: bool) -> dict[str, Any]:
    return {
        "id": delivery_id(one.subscription, one.event_id), "subscription": one.subscription, "event_id": one.event_id,
        "story": one.story, "position": row["position"], "upto": last, "corrects": corrects, "state": "pending",
        "attempts": 0, "due_at": now, "created_at": from_microseconds(row["recorded_at"]), "token": 0,
    }  # fmt: skip
