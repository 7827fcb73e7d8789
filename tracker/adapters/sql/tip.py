"""Extending the log from its tip: the statements that every append costs, written out because they are many a second.

Whoever remembers the tip extends it without asking where it is: the head row moves on only if it is still where it was
remembered, and holds its lock from there to the commit. Where somebody else was first, nothing has happened, and the
tip is looked up under that lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection

from tracker.adapters.sql.chain import ROOT, link
from tracker.adapters.sql.driver import bare_cursor
from tracker.adapters.sql.tables import event
from tracker.errors import BrokenLog

Row = dict[str, Any]
"""Columns of an event; times in microseconds since 1970."""

Seen = Sequence[tuple[str, int]]
"""Streams with the versions that somebody saw them at."""

_COLUMNS = tuple(column.name for column in event.columns)
_NAMES = ", ".join(_COLUMNS)
_values = itemgetter(*_COLUMNS)
_HEAD = "SELECT position, recorded_at FROM log WHERE id = 1"
_HASH = "SELECT hash FROM event WHERE position = ?"
_PUT = f"INSERT INTO event ({_NAMES}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 (our own names)
_PUT_ALL = f"INSERT INTO event ({_NAMES}) SELECT {_NAMES} FROM head, json_populate_recordset(NULL::event, ?)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the log ends: position, time (microseconds since 1970) and hash of the newest event."""

    position: int
    recorded_at: int
    hash: str


def find_tip(connection: Connection) -> Tip:
    """Return the tip, which nobody else extends until the transaction ends. Raises BrokenLog when there is none."""
    on_postgresql = connection.dialect.name == "postgresql"
    head = connection.exec_driver_sql(f"{_HEAD} FOR UPDATE" if on_postgresql else _HEAD).one_or_none()
    if head is None:
        raise BrokenLog("the log has lost its head row")
    position, recorded_at = head
    if position == 0:
        return Tip(0, recorded_at, ROOT)
    # Not in one question with the head: its answer is from before the wait for the lock.
    asked = _HASH.replace("?", "%s") if on_postgresql else _HASH
    found = connection.exec_driver_sql(asked, (position,)).scalar()
    if found is None:
        raise BrokenLog(f"the log has lost its event at position {position}")
    return Tip(position, recorded_at, found)


def extend(connection: Connection, tip: Tip, rows: Sequence[Row], seen: Seen, now: int) -> Tip | None:
    """Number the rows from a tip on, chain them to it and put them into the log; return the new tip.

    None when the log does not end at the tip, or a stream was never where it is said to have been seen. That a stream
    has moved on shows when its next version is put a second time: the transaction around this raises Conflict.
    """
    after = _number(rows, tip, now)
    known = (tip.position, tip.position, tip.hash, *(value for pair in seen for value in pair))
    put = _put_on_postgresql if connection.dialect.name == "postgresql" else _put_on_sqlite
    return after if put(connection, len(seen), (after.position, after.recorded_at, *known), rows) else None


def _number(rows: Sequence[Row], tip: Tip, now: int) -> Tip:
    """Times never run back, so that what was known at a time is a prefix of the log."""
    recorded_at, previous = max(now, tip.recorded_at), tip.hash
    for position, row in enumerate(rows, tip.position + 1):
        row["position"], row["recorded_at"] = position, recorded_at
        row["hash"] = previous = link(previous, row)
    return Tip(tip.position + len(rows), recorded_at, previous)


def _put_on_sqlite(connection: Connection, streams: int, moved: tuple[Any, ...], rows: Sequence[Row]) -> bool:
    with bare_cursor(connection) as cursor:
        if cursor.execute(_move(streams), moved).rowcount == 0:
            return False
        cursor.executemany(_PUT, map(_values, rows))
        return True


def _put_on_postgresql(connection: Connection, streams: int, moved: tuple[Any, ...], rows: Sequence[Row]) -> bool:
    """All in one statement, all rows in one parameter: to ask the server costs more than what it does."""
    document = msgspec.json.encode(rows).decode()
    return connection.exec_driver_sql(_move_and_put(streams), (*moved, document)).rowcount > 0


@cache
def _move_and_put(streams: int) -> str:
    return f"WITH head AS ({_move(streams)} RETURNING 1) {_PUT_ALL}".replace("?", "%s")


@cache
def _move(streams: int) -> str:
    """Move the head on if the log ends at the tip and so many streams have come as far as they were seen."""
    move = (
        "UPDATE log SET position = ?, recorded_at = ? WHERE id = 1 AND position = ?"
        " AND coalesce((SELECT hash FROM event WHERE position = ?), '') = ?"
    )
    pairs = f"(VALUES {', '.join(['(?, ?)'] * streams)}) AS seen"
    found = "event.stream = seen.column1 AND event.version = seen.column2"
    came = f"(SELECT count(*) FROM {pairs} JOIN event ON {found}) = {streams}"  # noqa: S608 (no values in it)
    return f"{move} AND {came}" if streams else move
