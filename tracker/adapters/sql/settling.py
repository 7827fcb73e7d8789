"""Settling tries: the statements that every delivery costs, written out because they are many a second.

What the library adds to a statement costs more than the statement does here. They are the same on both databases.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tracker.adapters.sql.columns import words
from tracker.adapters.sql.driver import bare_cursor
from tracker.adapters.sql.moments import microseconds
from tracker.domain.endpoint import endpoint_id
from tracker.domain.subscription_events import Channel
from tracker.ports.outbox import Delivery, Tried

_ANSWER = 20_000
_LINE = 500
_LATE = " (known only after another worker had taken over)"

_HELD = "delivery.token = told.column2 AND delivery.leased_until IS NOT NULL"
_SETTLE = (
    "UPDATE delivery SET state = told.column3, due_at = told.column4, last_error = told.column5,"  # noqa: S608 (our own)
    " delivered_at = CAST(told.column6 AS BIGINT), leased_at = NULL, leased_until = NULL"
    f" FROM (VALUES {{}}) AS told WHERE delivery.id = told.column1 AND {_HELD}"
)
_PUT_BACK = (
    "UPDATE delivery SET attempts = attempts - 1, leased_at = NULL, leased_until = NULL"  # noqa: S608 (our own)
    f" FROM (VALUES {{}}) AS told WHERE delivery.id = told.column1 AND {_HELD}"
)
_LATE_ONES = (
    "SELECT delivery.id FROM delivery JOIN (VALUES {}) AS told ON delivery.id = told.column1"
    " WHERE delivery.token <> told.column2"
)
_NOTE = "INSERT INTO attempt (delivery, started_at, ended_at, outcome, code, detail, target, answer) VALUES {}"
_ENDPOINT = "INSERT INTO endpoint (id, channel, target, state, failures, since, last_ok_at, last_error) VALUES {}"
# Where all was well before it is noted once a minute, since most tries are such.
_WELL = (
    f"{_ENDPOINT} ON CONFLICT (id) DO UPDATE"
    " SET failures = 0, since = NULL, last_ok_at = excluded.last_ok_at, last_error = NULL"
    " WHERE endpoint.failures > 0 OR endpoint.state <> 'active' OR endpoint.last_ok_at IS NULL"
    " OR endpoint.last_ok_at < excluded.last_ok_at - 60000000"
)
_ILL = (
    f"{_ENDPOINT} ON CONFLICT (id) DO UPDATE"
    " SET failures = endpoint.failures + excluded.failures, since = coalesce(endpoint.since, excluded.since),"
    " last_error = excluded.last_error"
)

Rows = Sequence[tuple[Any, ...]]


def settle(connection: Connection, tries: Sequence[Tried]) -> None:
    """Write down how tries ended, and what that means for their deliveries where this worker still holds them.

    Rows are locked in the order of their ids, as everybody locks them.
    """
    by_id = sorted(tries, key=lambda one: one.delivery.id)
    known = [_settled(one) for one in by_id if one.attempt.outcome != "interrupted"]
    unknown = [_name(one.delivery) for one in by_id if one.attempt.outcome == "interrupted"]
    done = _execute(connection, _SETTLE, known) + _execute(connection, _PUT_BACK, unknown)
    late = frozenset[str]() if done == len(tries) else _late(connection, tries)
    _execute(connection, _NOTE, [_noted(one, late=one.delivery.id in late) for one in tries])


def put_back(connection: Connection, deliveries: Iterable[Delivery]) -> None:
    """Undo claims that this worker still holds."""
    _execute(connection, _PUT_BACK, sorted(map(_name, deliveries)))


def bring_forward(connection: Connection, tries: Sequence[Tried]) -> frozenset[str]:
    """Note how endpoints fare, by tries in the order in which they ended; return those that are concerned."""
    well: dict[str, tuple[Any, ...]] = {}
    ill: dict[str, list[Tried]] = {}
    for one in tries:
        if one.attempt.outcome == "interrupted":
            continue
        delivered = one.attempt.outcome == "delivered"
        for proven in filter(None, (one.endpoint if delivered else None, one.proven)):
            identity = endpoint_id(*proven)
            well[identity] = _heard(identity, *proven, one.ended_at)
            ill.pop(identity, None)
        if one.endpoint is not None and not delivered:
            ill.setdefault(endpoint_id(*one.endpoint), []).append(one)
    changed = _execute(connection, _WELL, _in_order(well))
    changed += _execute(connection, _ILL, _in_order({name: _failed(name, some) for name, some in ill.items()}))
    return frozenset({*well, *ill}) if changed else frozenset()


def heard(connection: Connection, channel: Channel, target: str, now: datetime) -> frozenset[str]:
    """Note that an endpoint took something; return it where that was worth noting."""
    identity = endpoint_id(channel, target)
    changed = _execute(connection, _WELL, [_heard(identity, channel, target, now)])
    return frozenset({identity}) if changed else frozenset()


def _heard(identity: str, channel: Channel, target: str, at: datetime) -> tuple[Any, ...]:
    return identity, channel, words(target), "active", 0, None, microseconds(at), None


def _failed(identity: str, tries: Sequence[Tried]) -> tuple[Any, ...]:
    first, last = tries[0], tries[-1]
    assert first.endpoint is not None, "a try that says something of an endpoint"
    channel, target = first.endpoint
    return identity, channel, words(target), "active", len(tries), microseconds(first.ended_at), None, _line(last)


def _in_order(rows: Mapping[str, tuple[Any, ...]]) -> Rows:
    return [rows[name] for name in sorted(rows)]


def _execute(connection: Connection, statement: str, rows: Rows) -> int:
    """Give all rows to one statement; return how many rows of the table it changed."""
    if not rows:
        return 0
    with bare_cursor(connection) as cursor:
        cursor.execute(*_asked(connection, statement, rows))
        return int(cursor.rowcount)


def _asked(connection: Connection, statement: str, rows: Rows) -> tuple[str, list[Any]]:
    row = f"({', '.join(['%s' if connection.dialect.name == 'postgresql' else '?'] * len(rows[0]))})"
    return statement.format(", ".join([row] * len(rows))), [value for values in rows for value in values]


def _late(connection: Connection, tries: Sequence[Tried]) -> frozenset[str]:
    """Return the deliveries among them that another worker holds, or held after this one."""
    with bare_cursor(connection) as cursor:
        cursor.execute(*_asked(connection, _LATE_ONES, [_name(one.delivery) for one in tries]))
        return frozenset(identity for (identity,) in cursor.fetchall())


def _name(one: Delivery) -> tuple[str, int]:
    return one.id, one.token


def _settled(one: Tried) -> tuple[Any, ...]:
    """Return the delivery's new columns."""
    attempt, due = one.attempt, microseconds(one.delivery.due_at)
    if attempt.outcome == "delivered":
        return *_name(one.delivery), "delivered", due, None, microseconds(one.ended_at)
    if attempt.outcome == "transient" and attempt.retry_at is not None:
        return *_name(one.delivery), "pending", microseconds(attempt.retry_at), _line(one), None
    return *_name(one.delivery), "dead", due, _line(one), None


def _noted(one: Tried, *, late: bool) -> tuple[Any, ...]:
    attempt, took = one.attempt, (microseconds(one.started_at), microseconds(one.ended_at))
    detail = _line(one) + (_LATE if late else "")
    answer = words(attempt.answer[:_ANSWER]) if attempt.answer else None
    return one.delivery.id, *took, attempt.outcome, attempt.code, detail, words(attempt.target), answer


def _line(one: Tried) -> str:
    return words(one.attempt.detail[:_LINE]) or ""
