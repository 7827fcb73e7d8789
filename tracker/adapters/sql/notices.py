"""Notices in the outbox: those that wait, and the messages that are made of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.tables import delivery, notice
from tracker.domain.schedule import Held
from tracker.errors import Conflict
from tracker.ports.outbox import Bundle, Owed, delivery_id

_PAGE = 500
_columns = tuple(
    notice.c[name]
    for name in (
        "subscription", "event_id", "story", "position", "entry", "kind", "created_at", "due_at", "held", "delivery",
        "dropped",
    )
)  # fmt: skip
_in_order = select(*_columns).order_by(notice.c.position, notice.c.subscription)
_waits = (notice.c.delivery.is_(None), notice.c.dropped.is_(None))
_held = _in_order.where(*_waits, notice.c.due_at <= bindparam("now", type_=Moment))
_in_messages = _in_order.where(notice.c.delivery.in_(bindparam("wanted", expanding=True)))
_of_events = _in_order.where(notice.c.event_id.in_(bindparam("wanted", expanding=True)))
_this = (notice.c.subscription == bindparam("whose"), notice.c.event_id == bindparam("what"), *_waits)
_take = update(notice).where(*_this).values(delivery=bindparam("message"))
_hold = update(notice).where(*_this).values(due_at=bindparam("until", type_=Moment), held=bindparam("why"))
_drop = update(notice).where(*_this).values(dropped=bindparam("why"))
_put = insert(delivery)


class SqlNotices:
    """Notices in the table `notice`; the half of `tracker.ports.outbox.Outbox` that comes before there is a message."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self, now: datetime) -> tuple[Owed, ...]:
        """Return the notices that waited until now or longer, in order of position. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(Owed(*row) for row in connection.execute(_held, {"now": now}))

    def bundle(self, bundles: Sequence[Bundle], now: datetime) -> int:
        """Make messages out of notices that wait, all or nothing, due at once; return how many.

        Where another worker was first, nothing is made and 0 is returned. Raises StoreError.
        """
        try:
            with writing(self._engine) as connection:
                for one in bundles:
                    _make(connection, one, now)
        except Conflict:
            return 0
        return len(bundles)

    def hold(self, notices: Sequence[Owed], until: datetime, why: Held) -> None:
        """Let notices that wait go on waiting. Raises StoreError."""
        self._write(_hold, [{**_name(one), "until": until, "why": why} for one in notices])

    def drop(self, notices: Sequence[Owed], why: str) -> None:
        """Let notices that wait never be sent. Raises StoreError."""
        self._write(_drop, [{**_name(one), "why": why} for one in notices])

    def notices(self, delivery_ids: Collection[str]) -> tuple[Owed, ...]:
        """Return what travels in messages, in order of position. Raises StoreError."""
        return self._read(_in_messages, delivery_ids)

    def owed(self, event_ids: Collection[str]) -> tuple[Owed, ...]:
        """Return who is owed these events or was told of them. Raises StoreError."""
        return self._read(_of_events, event_ids)

    def _read(self, statement: Any, wanted: Collection[str]) -> tuple[Owed, ...]:
        names = list(wanted)
        found: list[Owed] = []
        with reading(self._engine) as connection:
            for start in range(0, len(names), _PAGE):
                rows = connection.execute(statement, {"wanted": names[start : start + _PAGE]})
                found += (Owed(*row) for row in rows)
        return tuple(sorted(found, key=lambda one: (one.position, one.subscription)))

    def _write(self, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            with writing(self._engine) as connection:
                connection.execute(statement, rows)


def _make(connection: Connection, bundle: Bundle, now: datetime) -> None:
    taken = [connection.execute(_take, row).rowcount for row in _taking(bundle)]
    if not all(taken):
        raise Conflict("another worker made this message")
    connection.execute(_put, _message(bundle, now))


def _name(one: Owed) -> dict[str, Any]:
    return {"whose": one.subscription, "what": one.event_id}


def _taking(bundle: Bundle) -> list[dict[str, Any]]:
    first = bundle.notices[0]
    message = delivery_id(first.subscription, first.event_id)
    return [{**_name(one), "message": message} for one in bundle.notices]


def _message(bundle: Bundle, now: datetime) -> dict[str, Any]:
    first = bundle.notices[0]
    start, end = bundle.period or (None, None)
    return {
        "id": delivery_id(first.subscription, first.event_id), "subscription": first.subscription,
        "event_id": first.event_id, "story": bundle.story, "position": first.position, "kind": bundle.kind,
        "upto": bundle.upto, "period_start": start, "period_end": end, "state": "pending", "attempts": 0,
        "due_at": now, "created_at": now, "token": 0,
    }  # fmt: skip
