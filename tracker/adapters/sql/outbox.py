"""Deliveries that are owed."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.notices import SqlNotices
from tracker.adapters.sql.tables import attempt as attempts
from tracker.adapters.sql.tables import delivery
from tracker.ports.outbox import Attempt, Delivery, State

_ANSWER = 20_000
_LINE = 500

_columns = tuple(
    delivery.c[name]
    for name in (
        "id", "subscription", "story", "position", "state", "attempts", "due_at", "created_at", "last_error",
        "delivered_at", "token", "kind", "upto", "period_start", "period_end",
    )
)  # fmt: skip
_now = bindparam("now", type_=Moment)
_can_be_tried = and_(
    delivery.c.state == "pending",
    delivery.c.due_at <= _now,
    or_(delivery.c.leased_until.is_(None), delivery.c.leased_until <= _now),
)
_due = select(delivery.c.subscription).where(_can_be_tried).distinct()
# As a CTE, which PostgreSQL runs once; a subquery it may run once a row, locking more than it asked for.
_free = (
    select(delivery.c.id)
    .where(_can_be_tried, delivery.c.subscription.not_in(bindparam("without", expanding=True)))
    .order_by(delivery.c.due_at, delivery.c.position)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
    .cte("free")
)
_claim = (
    update(delivery)
    .where(delivery.c.id.in_(select(_free.c.id)))
    .values(
        attempts=delivery.c.attempts + 1,
        token=delivery.c.token + 1,
        leased_until=bindparam("until", type_=Moment),
    )
    .returning(*_columns)
)
_held = update(delivery).where(
    delivery.c.id == bindparam("wanted"),
    delivery.c.token == bindparam("held"),
    delivery.c.leased_until.is_not(None),
)
_settle = _held.values(
    state=bindparam("state"),
    due_at=bindparam("due_at"),
    last_error=bindparam("last_error"),
    delivered_at=bindparam("delivered_at"),
    leased_until=None,
)
_put_back = _held.values(attempts=delivery.c.attempts - 1, leased_until=None)
_release = update(delivery).where(delivery.c.leased_until.is_not(None)).values(leased_until=None)
_note = insert(attempts)
_retry = (
    update(delivery)
    .where(delivery.c.id == bindparam("wanted"))
    .values(state="pending", due_at=_now, attempts=0, delivered_at=None)
)
_newest = select(*_columns).order_by(delivery.c.position.desc(), delivery.c.id).limit(bindparam("count"))
_newest_of = _newest.where(delivery.c.state == bindparam("wanted"))


class SqlOutbox(SqlNotices):
    """Messages in the table `delivery`, how each try ended in `attempt`; see `tracker.ports.outbox.Outbox`."""

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, without: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Take due deliveries for the time of the lease, longest due first; the attempt counts from now on.

        A delivery whose lease has run out is taken again, with a higher token. What is owed to the subscriptions
        `without` is left where it is. Raises StoreError.
        """
        asked = {"now": now, "count": limit, "until": now + lease, "without": sorted(without)}
        with writing(self._engine) as connection:
            rows = connection.execute(_claim, asked).all()
        return tuple(sorted((_read(row) for row in rows), key=lambda one: (one.due_at, one.position, one.id)))

    def due(self, now: datetime) -> frozenset[str]:
        """Return the subscriptions to whom something is owed that could be claimed now. Raises StoreError."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(_due, {"now": now}).scalars())

    def settle(self, delivery: Delivery, attempt: Attempt, now: datetime) -> None:
        """Record how a try ended; does nothing when the lease was lost to another worker or is settled already.

        Transient with `retry_at`: due again then. Transient without, and permanent: dead. Raises StoreError.
        """
        row = {
            "delivery": delivery.id, "ended_at": now, "outcome": attempt.outcome, "code": attempt.code,
            "detail": attempt.detail[:_LINE], "target": attempt.target,
            "answer": attempt.answer[:_ANSWER] if attempt.answer else None,
        }  # fmt: skip
        with writing(self._engine) as connection:
            settled = connection.execute(
                _settle, {"wanted": delivery.id, "held": delivery.token} | _settled(delivery, attempt, now)
            )
            if settled.rowcount:
                connection.execute(_note, row)

    def put_back(self, delivery: Delivery) -> None:
        """Undo a claim: due as before, the attempt not counted; does nothing when the lease was lost.

        Raises StoreError.
        """
        with writing(self._engine) as connection:
            connection.execute(_put_back, {"wanted": delivery.id, "held": delivery.token})

    def release(self) -> int:
        """End every lease and return how many there were. Raises StoreError."""
        with writing(self._engine) as connection:
            return connection.execute(_release).rowcount

    def deliveries(self, state: State | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return deliveries, newest first. Raises StoreError."""
        statement = _newest if state is None else _newest_of
        with reading(self._engine) as connection:
            rows = connection.execute(statement, {"count": limit} | ({"wanted": state} if state else {})).all()
        return tuple(_read(row) for row in rows)

    def retry(self, delivery_id: str, now: datetime) -> bool:
        """Make a delivery due again with all its tries before it; False when there is none of that id.

        One that a worker holds at this moment is left to it and comes due when its lease ends. Raises StoreError.
        """
        with writing(self._engine) as connection:
            return connection.execute(_retry, {"wanted": delivery_id, "now": now}).rowcount > 0


def _read(row: Sequence[Any]) -> Delivery:
    start, end = row[-2:]
    columns: tuple[Any, ...] = (*row[:-2], (start, end) if end else None)
    return Delivery(*columns)


def _settled(delivery: Delivery, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return the delivery's new columns."""
    error = attempt.detail[:_LINE]
    if attempt.outcome == "delivered":
        return {"state": "delivered", "due_at": delivery.due_at, "last_error": None, "delivered_at": now}
    if attempt.outcome == "transient" and attempt.retry_at is not None:
        return {"state": "pending", "due_at": attempt.retry_at, "last_error": error, "delivered_at": None}
    return {"state": "dead", "due_at": delivery.due_at, "last_error": error, "delivered_at": None}
