"""The append-only log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, case, func, insert, select, tuple_, union_all, update

from tracker.adapters.sql.chain import ROOT, digest_of, link, new_salt
from tracker.adapters.sql.codec import decode, encode
from tracker.adapters.sql.columns import Moment, microseconds
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.refusal import ConnectionLost
from tracker.adapters.sql.tables import delivery, event, log
from tracker.domain.events import NewEvent, Recorded
from tracker.domain.ids import content_id
from tracker.errors import BrokenLog, Conflict, NotFound
from tracker.ports.clock import Clock
from tracker.ports.log import Batch, Notice

_PAGE = 500
_TRIES = 3
_END = 2**63 - 1

# Built once: building a statement costs more than running it.
_now = bindparam("now", type_=Moment)
_take = (
    update(log)
    .where(log.c.id == 1)
    .values(
        position=log.c.position + bindparam("count"),
        recorded_at=case((log.c.recorded_at < _now, _now), else_=log.c.recorded_at),
    )
    .returning(log.c.position, log.c.recorded_at)
)
# What an append builds on, in one question: the newest event, and of each stream the one that the caller saw last.
_ground = union_all(
    select(event.c.stream, event.c.version, event.c.position, event.c.hash).where(
        event.c.position == bindparam("newest")
    ),
    select(event.c.stream, event.c.version, event.c.position, event.c.hash).where(
        tuple_(event.c.stream, event.c.version).in_(bindparam("seen", expanding=True))
    ),
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
# Along the versions of the stream, from the newest one that the caller has seen.
_seen_of_stream = (
    select(event.c.version)
    .where(event.c.stream == bindparam("name"), event.c.position <= bindparam("after"))
    .order_by(event.c.version.desc())
    .limit(1)
)
_page_of_stream = (
    select(event)
    .where(
        event.c.stream == bindparam("name"),
        event.c.version > func.coalesce(_seen_of_stream.scalar_subquery(), 0),
        event.c.position <= bindparam("upto"),
    )
    .order_by(event.c.version)
    .limit(bindparam("page"))
)
_head = select(log.c.position)
_recorded_at = select(event.c.recorded_at).where(event.c.position == bindparam("position"))
_hash = select(event.c.hash).where(event.c.position == bindparam("position"))

Held = dict[str, Recorded]
Beside = Callable[[Connection, Sequence[Recorded]], None]
"""Writes what belongs into the transaction of an append, such as the views that are kept level with the log."""


class SqlEventLog:
    """Events in the table `event`; see `tracker.ports.log.EventLog`. `clock` says when an event is recorded."""

    def __init__(self, engine: Engine, clock: Clock, beside: Beside | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._beside = beside

    def append(
        self, stream: str, expected: int, events: Sequence[NewEvent], notices: Sequence[Notice] = ()
    ) -> tuple[Recorded, ...]:
        """Append to one stream; see `append_together`."""
        return self.append_together((Batch(stream, expected, events),), notices)

    def append_together(self, batches: Sequence[Batch], notices: Sequence[Notice] = ()) -> tuple[Recorded, ...]:
        """Append in one transaction; safe to repeat with the same ids, also after a lost connection.

        Raises Conflict when a stream is not at its expected version, StoreError when the database refuses and for an
        event that would not be read back as it is, ValueError for a notice of an event that is not among these.
        """
        order = tuple(dict.fromkeys(new.id for batch in batches for new in batch.events))
        owed = _by_event(notices, order)
        held: Held = {}
        missing = _without(batches, held)
        for left in reversed(range(_TRIES)):
            if not missing:
                break
            try:
                held |= self._write(missing, owed)
                break
            except (Conflict, ConnectionLost) as refusal:
                before = missing
                held = self._stored(order)
                missing = _without(batches, held)
                hopeless = isinstance(refusal, Conflict) and missing == before
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
        """Return the last position recorded at or before a moment, 0 when there is none.

        Times follow positions, so that it is found by halving.
        """
        with reading(self._engine, snapshot=True) as connection:
            before, after = 0, (connection.execute(_head).scalar() or 0) + 1
            while after - before > 1:
                middle = (before + after) // 2
                recorded_at = connection.execute(_recorded_at, {"position": middle}).scalar()
                if recorded_at is None:
                    raise BrokenLog(f"the log has lost its event at position {middle}")
                before, after = (middle, after) if recorded_at <= moment else (before, middle)
        return before

    def seal(self, position: int) -> str:
        """Return the hash of the event at a position, "" for position 0. Raises NotFound, StoreError."""
        if position == 0:
            return ROOT
        with reading(self._engine) as connection:
            found = connection.execute(_hash, {"position": position}).scalar()
        if found is None:
            raise NotFound(f"the log has no position {position}")
        return str(found)

    def _write(self, batches: Sequence[Batch], owed: Mapping[str, Sequence[Notice]]) -> Held:
        events = [new for batch in batches for new in batch.events]
        rows = [_row(batch, nth, new) for batch in batches for nth, new in enumerate(batch.events, 1)]
        with writing(self._engine) as connection:
            _number(connection, batches, rows, self._clock())
            connection.execute(_put, rows)
            deliveries = [_delivery(notice, row) for row in rows for notice in owed.get(row["id"], ())]
            if deliveries:
                connection.execute(_owe, deliveries)
            recorded = [_as_recorded(row, new) for row, new in zip(rows, events, strict=True)]
            if self._beside:
                self._beside(connection, recorded)
        return {one.id: one for one in recorded}

    def _stored(self, ids: Sequence[str]) -> Held:
        held: Held = {}
        for start in range(0, len(ids), _PAGE):
            with reading(self._engine) as connection:
                rows = connection.execute(_held, {"ids": ids[start : start + _PAGE]}).all()
            held |= {row.id: _recorded(row) for row in rows}
        return held


def _by_event(notices: Sequence[Notice], ids: Sequence[str]) -> dict[str, list[Notice]]:
    owed: dict[str, list[Notice]] = {one: [] for one in ids}
    for notice in notices:
        if notice.event_id not in owed:
            raise ValueError(f"a notice names {notice.event_id}, which is not among the events")
        owed[notice.event_id].append(notice)
    return owed


def _without(batches: Sequence[Batch], held: Held) -> list[Batch]:
    """Return what is not held yet, each event once."""
    seen = set(held)
    left: list[Batch] = []
    for batch in batches:
        fresh = {new.id: new for new in reversed(batch.events) if new.id not in seen}
        if fresh:
            left.append(Batch(batch.stream, batch.expected, tuple(reversed(fresh.values()))))
            seen.update(fresh)
    return left


def _number(connection: Connection, batches: Sequence[Batch], rows: list[dict[str, Any]], now: datetime) -> None:
    """Take positions and the time; from here to the commit every other writer waits.

    That a stream has moved on shows when its next version is put a second time.
    """
    taken = connection.execute(_take, {"count": len(rows), "now": now}).one_or_none()
    if taken is None:
        raise BrokenLog("the log has lost its head row")
    newest = taken.position - len(rows)
    previous = _look_back(connection, batches, newest)
    for position, row in enumerate(rows, newest + 1):
        row["position"], row["recorded_at"] = position, taken.recorded_at
        row["hash"] = previous = link(previous, row | _in_microseconds(row))


def _look_back(connection: Connection, batches: Sequence[Batch], newest: int) -> str:
    """Return the hash of the newest event, once every stream has been found as far as its caller saw it."""
    seen = {(batch.stream, batch.expected) for batch in batches if batch.expected}
    found = connection.execute(_ground, {"newest": newest, "seen": sorted(seen)}).all() if newest else ()
    unseen = seen.difference((row.stream, row.version) for row in found)
    if unseen:
        name, version = min(unseen)
        raise Conflict(f"{name} is not at version {version}")
    if not newest:
        return ROOT
    previous = next((row.hash for row in found if row.position == newest), None)
    if previous is None:
        raise BrokenLog(f"the log has lost its event at position {newest}")
    return str(previous)


def _in_microseconds(row: Mapping[str, Any]) -> dict[str, int | None]:
    published = row["published_at"]
    return {
        "published_at": None if published is None else microseconds(published),
        "recorded_at": microseconds(row["recorded_at"]),
    }


def _row(batch: Batch, nth: int, new: NewEvent) -> dict[str, Any]:
    kind, schema, data = encode(new.event)
    salt = new_salt()
    return {
        "stream": batch.stream, "version": batch.expected + nth, "id": new.id, "type": kind, "schema": schema,
        "actor": new.actor, "causation": new.causation, "published_at": new.published_at, "data": data, "salt": salt,
        "digest": digest_of(salt, data),
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
