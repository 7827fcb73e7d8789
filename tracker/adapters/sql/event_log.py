"""The append-only log."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, case, insert, select, update

from tracker.adapters.sql.chain import ROOT, link
from tracker.adapters.sql.codec import decode, encode
from tracker.adapters.sql.columns import Moment, microseconds
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.refusal import ConnectionLost
from tracker.adapters.sql.tables import delivery, event, log, stream
from tracker.domain.events import NewEvent, Recorded
from tracker.domain.ids import content_id
from tracker.errors import BrokenLog, Conflict
from tracker.ports.clock import Clock
from tracker.ports.log import Notice

_PAGE = 500
_TRIES = 3
_END = 2**63 - 1

# Built once: building a statement costs more than running it.
_now = bindparam("now", type_=Moment)
_previous = select(event.c.hash).where(event.c.stream == bindparam("name"), event.c.version == bindparam("expected"))
_advance = (
    update(stream)
    .where(stream.c.stream == bindparam("name"), stream.c.version == bindparam("expected"))
    .values(version=stream.c.version + bindparam("count"))
    .returning(_previous.scalar_subquery())
)
_begin = insert(stream)
_take = (
    update(log)
    .where(log.c.id == 1)
    .values(
        position=log.c.position + bindparam("count"),
        recorded_at=case((log.c.recorded_at < _now, _now), else_=log.c.recorded_at),
    )
    .returning(log.c.position, log.c.recorded_at)
)
_put = insert(event)
_owe = insert(delivery)
_held = select(event).where(event.c.id.in_(bindparam("ids", expanding=True)))
_page = (
    select(event)
    .where(event.c.position > bindparam("after"), event.c.position <= bindparam("upto"))
    .order_by(event.c.position)
    .limit(bindparam("page"))
)
_page_of_stream = _page.where(event.c.stream == bindparam("name"))
_head = select(log.c.position)
_at = (
    select(event.c.position)
    .where(event.c.recorded_at <= bindparam("moment", type_=Moment))
    .order_by(event.c.recorded_at.desc(), event.c.position.desc())
    .limit(1)
)

Held = dict[str, Recorded]


class SqlEventLog:
    """Events in the table `event`; see `tracker.ports.log.EventLog`. `clock` says when an event is recorded."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def append(
        self, stream: str, expected: int, events: Sequence[NewEvent], notices: Sequence[Notice] = ()
    ) -> tuple[Recorded, ...]:
        """Append in one transaction; safe to repeat with the same ids, also after a lost connection.

        Raises Conflict when the stream is not at `expected`, StoreError when the database refuses and for an event
        that would not be read back as it is, ValueError for a notice of an event that is not among these.
        """
        wanted = {new.id: new for new in reversed(events)}
        order = tuple(dict.fromkeys(new.id for new in events))
        owed = _by_event(notices, wanted)
        held: Held = {}
        missing = [wanted[one] for one in order]
        for left in reversed(range(_TRIES)):
            if not missing:
                break
            try:
                held |= self._write(stream, expected, missing, owed)
                break
            except (Conflict, ConnectionLost) as refusal:
                before = len(missing)
                held = self._stored(order)
                missing = [wanted[one] for one in order if one not in held]
                hopeless = isinstance(refusal, Conflict) and len(missing) == before
                if missing and (hopeless or not left):
                    raise
        return tuple(held[one] for one in order)

    def read(
        self, *, after: int = 0, upto: int | None = None, stream: str | None = None, limit: int | None = None
    ) -> Iterator[Recorded]:
        """Yield events in order of position, in pages: no transaction stays open between two of them."""
        statement = _page if stream is None else _page_of_stream
        last = _END if upto is None else upto
        left = _END if limit is None else limit
        while left > 0:
            asked = min(_PAGE, left)
            with reading(self._engine) as connection:
                rows = connection.execute(
                    statement, {"after": after, "upto": last, "page": asked, "name": stream}
                ).all()
            yield from map(_recorded, rows)
            if len(rows) < asked:
                return
            after, left = rows[-1].position, left - asked

    def head(self) -> int:
        """Return the position of the newest event, 0 for an empty log."""
        with reading(self._engine) as connection:
            return connection.execute(_head).scalar() or 0

    def position_at(self, moment: datetime) -> int:
        """Return the last position recorded at or before a moment, 0 when there is none."""
        with reading(self._engine) as connection:
            return connection.execute(_at, {"moment": moment}).scalar() or 0

    def _write(
        self, stream: str, expected: int, events: Sequence[NewEvent], owed: Mapping[str, Sequence[Notice]]
    ) -> Held:
        rows = [_row(stream, expected + nth, new) for nth, new in enumerate(events, 1)]
        with writing(self._engine) as connection:
            previous = _move_on(connection, stream, expected, len(rows))
            _number(connection, rows, previous, self._clock())
            connection.execute(_put, rows)
            deliveries = [_delivery(notice, row) for row in rows for notice in owed.get(row["id"], ())]
            if deliveries:
                connection.execute(_owe, deliveries)
        return {row["id"]: _as_recorded(row, new) for row, new in zip(rows, events, strict=True)}

    def _stored(self, ids: Sequence[str]) -> Held:
        held: Held = {}
        for start in range(0, len(ids), _PAGE):
            with reading(self._engine) as connection:
                rows = connection.execute(_held, {"ids": ids[start : start + _PAGE]}).all()
            held |= {row.id: _recorded(row) for row in rows}
        return held


def _by_event(notices: Sequence[Notice], events: Mapping[str, NewEvent]) -> dict[str, list[Notice]]:
    owed: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.event_id not in events:
            raise ValueError(f"a notice names {notice.event_id}, which is not among the events")
        owed.setdefault(notice.event_id, []).append(notice)
    return owed


def _move_on(connection: Connection, name: str, expected: int, count: int) -> str:
    """Move the stream from its expected version and return the hash of its newest event."""
    if expected == 0:
        connection.execute(_begin, {"stream": name, "version": count})
        return ROOT
    moved = connection.execute(_advance, {"name": name, "expected": expected, "count": count}).one_or_none()
    if moved is None:
        raise Conflict(f"{name} is not at version {expected} any more")
    if moved[0] is None:
        raise BrokenLog(f"{name} has lost its event of version {expected}")
    return str(moved[0])


def _number(connection: Connection, rows: list[dict[str, Any]], previous: str, now: datetime) -> None:
    """Take positions and the time, last of all: from here to the commit every other writer waits."""
    taken = connection.execute(_take, {"count": len(rows), "now": now}).one_or_none()
    if taken is None:
        raise BrokenLog("the log has lost its head row")
    for position, row in enumerate(rows, taken.position - len(rows) + 1):
        row["position"], row["recorded_at"] = position, taken.recorded_at
        row["hash"] = previous = link(previous, row | _in_microseconds(row))


def _in_microseconds(row: Mapping[str, Any]) -> dict[str, int | None]:
    published = row["published_at"]
    return {
        "published_at": None if published is None else microseconds(published),
        "recorded_at": microseconds(row["recorded_at"]),
    }


def _row(name: str, version: int, new: NewEvent) -> dict[str, Any]:
    kind, schema, data = encode(new.event)
    return {
        "stream": name, "version": version, "id": new.id, "type": kind, "schema": schema, "actor": new.actor,
        "causation": new.causation, "published_at": new.published_at, "data": data,
    }  # fmt: skip


def _delivery(notice: Notice, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": content_id("d", (notice.subscription, notice.event_id)), "subscription": notice.subscription,
        "event_id": notice.event_id, "story": notice.story, "position": row["position"], "state": "pending",
        "attempts": 0, "due_at": row["recorded_at"], "created_at": row["recorded_at"], "token": 0,
    }  # fmt: skip


def _as_recorded(row: Mapping[str, Any], new: NewEvent) -> Recorded:
    return Recorded(
        row["position"], row["stream"], row["version"], row["id"], new.event, row["actor"], row["causation"],
        row["published_at"], row["recorded_at"], row["hash"],
    )  # fmt: skip


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        row.position, row.stream, row.version, row.id, decode(row.type, row.schema, row.data), row.actor, row.causation,
        row.published_at, row.recorded_at, row.hash,
    )  # fmt: skip
