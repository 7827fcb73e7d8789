"""Erasing the words of an entry: from the log, whose chain holds without them, and from the archive."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, or_, select, update

from tracker.adapters.sql.audit import sha256
from tracker.adapters.sql.codec import canonical, decode, encode
from tracker.adapters.sql.documents import decode_entry
from tracker.adapters.sql.engine import alone, take_turns, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.lookup import LOCK
from tracker.adapters.sql.pages import forget_page
from tracker.adapters.sql.tables import entry_version, erasure, event, judgement
from tracker.adapters.sql.upsert import insert_for
from tracker.domain.erasure import ERASED, LEAST_QUOTE, bare_entry
from tracker.domain.events import EntryErased, Event, NewEvent, Recorded
from tracker.domain.ids import content_id
from tracker.errors import StoreError
from tracker.ports.clock import Clock
from tracker.ports.erasure import Cut, Order
from tracker.ports.log import Batch

_MANY = 100

_kept_as = select(event.c.type, event.c.schema).where(event.c.position == bindparam("of"))
# The guard of the table allows this change of an event and no other.
_redact = update(event).where(event.c.position == bindparam("of")).values(data=bindparam("left"), salt=None)
_versions = select(entry_version.c.number, entry_version.c.data).where(entry_version.c.entry == bindparam("of"))
_blank = update(entry_version).where(entry_version.c.number == bindparam("nth")).values(data=bindparam("left"))
_silence = update(judgement).where(judgement.c.reason != "").values(reason=ERASED)


class SqlEraser:
    """Erases in one transaction; see `tracker.ports.erasure.Eraser`. `clock` says when."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._refuse = insert_for(engine, erasure).on_conflict_do_nothing()

    def erase(self, order: Order, cuts: Sequence[Cut]) -> None:
        """Record the erasure in each stream and redact whatever holds the entry's words, in one transaction.

        Raises Conflict when a stream has moved on, StoreError when the database refuses, and for an event that was
        recorded under an older schema which what is left of it would not fit.
        """
        data = {position: encode(left)[2] for cut in cuts for position, left in cut.left.items()}
        streams = [cut.stream for cut in cuts]

        def redact(connection: Connection, _recorded: Sequence[Recorded] = ()) -> None:
            for cut in cuts:
                for position, left in cut.left.items():
                    _redact_event(connection, position, left, data[position])
            self._forget(connection, order, streams)

        batches = [Batch(cut.stream, cut.version, (_told(order, cut, data),)) for cut in cuts]
        if batches:
            SqlEventLog(self._engine, self._clock, redact).append_together(batches)
        else:
            with writing(self._engine) as connection:
                redact(connection)

    def scrub(self) -> bool:
        """Write the database anew without the bytes that no row holds any more.

        On SQLite the file and its write-ahead log hold none of them then; False when a reader kept the log from being
        emptied. On PostgreSQL their space is set free and overwritten as it is used again. Raises StoreError.
        """
        with alone(self._engine) as connection:
            connection.exec_driver_sql("VACUUM")
            if self._engine.dialect.name != "sqlite":
                return True
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy

    def _forget(self, connection: Connection, order: Order, streams: Sequence[str]) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        take_turns(connection, LOCK)
        connection.execute(self._refuse, {"entry": order.entry, "erased_at": self._clock()})
        for row in connection.execute(_versions, {"of": order.entry}).all():
            connection.execute(_blank, {"nth": row.number, "left": canonical(bare_entry(decode_entry(row.data)))})
        forget_page(connection, order.entry)
        connection.execute(_silence.where(judgement.c.entry == order.entry))
        stories = [stream.removeprefix("story-") for stream in streams]
        quotes = sorted(one for one in order.words if len(one) >= LEAST_QUOTE)
        for start in range(0, len(quotes), _MANY):
            some = (judgement.c.reason.contains(one, autoescape=True) for one in quotes[start : start + _MANY])
            connection.execute(_silence.where(judgement.c.story.in_(stories), or_(*some)))


def _told(order: Order, cut: Cut, data: dict[int, str]) -> NewEvent:
    redacted = tuple((position, sha256(data[position])) for position in sorted(cut.left))
    identity = content_id("erase", (cut.stream, order.entry, str(cut.version)))
    return NewEvent(identity, EntryErased(order.entry, order.reason, redacted), order.actor, causation=order.entry)


def _redact_event(connection: Connection, position: int, left: Event, data: str) -> None:
    kept: Any = connection.execute(_kept_as, {"of": position}).one()
    if decode(kept.type, kept.schema, data) != left:
        raise StoreError(f"the event at position {position} cannot be redacted: it was recorded under an older schema")
    connection.execute(_redact, {"of": position, "left": data})
