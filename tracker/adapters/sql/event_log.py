"""The append-only log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, true, type_coerce

from tracker.adapters.sql.chain import ROOT, digest_of, new_salt
from tracker.adapters.sql.codec import decode, encode
from tracker.adapters.sql.columns import WHOLE, Moment
from tracker.adapters.sql.engine import reading, short, writing
from tracker.adapters.sql.halving import last
from tracker.adapters.sql.moments import from_microseconds, microseconds
from tracker.adapters.sql.owing import owe
from tracker.adapters.sql.refusal import ConnectionLost
from tracker.adapters.sql.tables import event, log
from tracker.adapters.sql.tip import Row, Seen, Tip, extend, find_tip
from tracker.domain.events import NewEvent, Recorded
from tracker.errors import BrokenLog, Conflict, NotFound, StoreError
from tracker.ports.clock import Clock
from tracker.ports.log import Batch, Notice

_PAGE = 1000
_TRIES = 3
_END = 2**63 - 1

# Built once: building a statement costs more than running it. Times stay the numbers that they are in the database.
_columns = select(
    event.c.position, event.c.stream, event.c.version, event.c.id, event.c.type, event.c.schema, event.c.data,
    event.c.actor, event.c.causation, type_coerce(event.c.published_at, WHOLE).label("published_at"),
    type_coerce(event.c.recorded_at, WHOLE).label("recorded_at"), event.c.hash,
)  # fmt: skip
_held = _columns.where(event.c.id.in_(bindparam("ids", expanding=True)))
_page = (
    _columns.where(event.c.position > bindparam("seen"), event.c.position <= bindparam("upto"))
    .order_by(event.c.position)
    .limit(bindparam("page"))
)
_of_stream = event.c.stream == bindparam("stream")
_page_of_stream = (
    _columns.where(_of_stream, event.c.version > bindparam("seen"), event.c.position <= bindparam("upto"))
    .order_by(event.c.version)
    .limit(bindparam("page"))
)
_version_at = last(event, event.c.version, event.c.position <= bindparam("after"), among=_of_stream)
_position_at = last(event, event.c.position, event.c.recorded_at <= bindparam("moment", type_=Moment), among=true())
_head = select(log.c.position)
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
        self._tip: Tip | None = None

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
        statement, nth = (_page, 0) if stream is None else (_page_of_stream, 2)
        seen = after if stream is None or after == 0 else self._version_at(stream, after)
        left = _END if limit is None else limit
        while left > 0:
            asked = min(_PAGE, left)
            bounds = {"seen": seen, "upto": _END if upto is None else upto, "page": asked, "stream": stream}
            with reading(self._engine) as connection:
                rows = connection.execute(statement, bounds).all()
            yield from map(_recorded, rows)
            if len(rows) < asked:
                return
            seen, left = rows[-1][nth], left - asked

    def head(self) -> int:
        """Return the position of the newest event, 0 for an empty log."""
        with reading(self._engine) as connection:
            return connection.execute(_head).scalar() or 0

    def position_at(self, moment: datetime) -> int:
        """Return the last position recorded at or before a moment, 0 when there is none."""
        with reading(self._engine) as connection:
            found: int | None = connection.execute(_position_at, {"moment": moment}).scalar()
        if found is None:
            raise BrokenLog("the log has lost an event; `tracker verify` names it")
        return found

    def seal(self, position: int) -> str:
        """Return the hash of the event at a position, "" for position 0. Raises NotFound, StoreError."""
        if position == 0:
            return ROOT
        with reading(self._engine) as connection:
            found = connection.execute(_hash, {"position": position}).scalar()
        if found is None:
            raise NotFound(f"the log has no position {position}")
        return str(found)

    def _version_at(self, stream: str, after: int) -> int:
        """Return the version that a stream had at a position."""
        with reading(self._engine) as connection:
            found: int | None = connection.execute(_version_at, {"stream": stream, "after": after}).scalar()
        if found is None:
            raise BrokenLog(f"{stream} has lost an event; `tracker verify` names it")
        return found

    def _write(self, batches: Sequence[Batch], owed: Mapping[str, Sequence[Notice]]) -> Held:
        """Encode everything, and only then begin: from the first statement on every other writer waits."""
        events = [new for batch in batches for new in batch.events]
        rows = [_row(batch, nth, new) for batch in batches for nth, new in enumerate(batch.events, 1)]
        seen = sorted({(batch.stream, batch.expected) for batch in batches if batch.expected})
        notices = [(notice, row) for row in rows for notice in owed[row["id"]]]
        now = _instant(self._clock())
        tip = None if notices or self._beside else self._extend_alone(rows, seen, now)
        if tip is None:
            with writing(self._engine) as connection:
                tip = _extended(connection, self._tip, rows, seen, now)
                if notices:
                    owe(connection, notices, from_microseconds(now))
                if self._beside:
                    self._beside(connection, _as_recorded(rows, events))
        self._tip = tip
        return {one.id: one for one in _as_recorded(rows, events)}

    def _extend_alone(self, rows: Sequence[Row], seen: Seen, now: int) -> Tip | None:
        """Extend the log with nothing beside, on the tip that is remembered; None when there is none, or another."""
        known, self._tip = self._tip, None
        if known is None:
            return None
        with short(self._engine) as connection:
            return extend(connection, known, rows, seen, now)

    def _stored(self, ids: Sequence[str]) -> Held:
        held: Held = {}
        for start in range(0, len(ids), _PAGE):
            with reading(self._engine) as connection:
                rows = connection.execute(_held, {"ids": ids[start : start + _PAGE]}).all()
            held |= {one.id: one for one in map(_recorded, rows)}
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
        fresh: dict[str, NewEvent] = {}
        for new in batch.events:
            if new.id not in seen:
                fresh.setdefault(new.id, new)
        if fresh:
            left.append(Batch(batch.stream, batch.expected, tuple(fresh.values())))
            seen.update(fresh)
    return left


def _extended(connection: Connection, known: Tip | None, rows: Sequence[Row], seen: Seen, now: int) -> Tip:
    """Extend the log from the tip that is known, or else from where it is found to be. Raises Conflict."""
    tip = extend(connection, known, rows, seen, now) if known else None
    tip = tip or extend(connection, find_tip(connection), rows, seen, now)
    if tip is None:
        raise Conflict(" or ".join(f"{name} is not at version {version}" for name, version in seen))
    return tip


def _row(batch: Batch, nth: int, new: NewEvent) -> Row:
    kind, schema, data = encode(new.event)
    salt = new_salt()
    return {
        "stream": batch.stream, "version": batch.expected + nth, "id": new.id, "type": kind, "schema": schema,
        "actor": new.actor, "causation": new.causation,
        "published_at": None if new.published_at is None else _instant(new.published_at),
        "data": data, "salt": salt, "digest": digest_of(salt, data),
    }  # fmt: skip


def _instant(moment: datetime) -> int:
    try:
        return microseconds(moment)
    except ValueError as error:
        raise StoreError(f"an event cannot be recorded: {error}") from error


def _as_recorded(rows: Sequence[Row], events: Sequence[NewEvent]) -> list[Recorded]:
    recorded_at = from_microseconds(rows[0]["recorded_at"])
    return [
        Recorded(
            row["position"], row["stream"], row["version"], new.id, new.event, new.actor, new.causation,
            new.published_at, recorded_at, row["hash"],
        )
        for row, new in zip(rows, events, strict=True)
    ]  # fmt: skip


def _recorded(row: Sequence[Any]) -> Recorded:
    position, stream, version, identity, kind, schema, data, actor, causation, published_at, recorded_at, seal = row
    return Recorded(
        position, stream, version, identity, decode(kind, schema, data), actor, causation,
        None if published_at is None else from_microseconds(published_at), from_microseconds(recorded_at), seal,
    )  # fmt: skip
