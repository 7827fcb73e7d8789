"""Deliveries that are owed: who tries them now, and how the tries ended."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.deliveries import SqlDeliveries, columns, read
from tracker.adapters.sql.endpoints import SqlEndpoints
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.notices import SqlNotices
from tracker.adapters.sql.settling import put_back, settle
from tracker.adapters.sql.tables import attempt as attempts
from tracker.adapters.sql.tables import delivery
from tracker.domain.endpoint import Endpoint
from tracker.ports.log import EVERY_STORY
from tracker.ports.outbox import Delivery, Tried

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_ENDED_UNKNOWN = "the worker ended before the outcome was known; it may have been sent"

_now = bindparam("now", type_=Moment)
_before = delivery.alias("before")
# Written out, since SQLite takes an index of what is pending for no state that it is told later.
_pending: ColumnElement[str] = literal_column("'pending'")
# What was written as of an earlier event was made before; of what a group or digest tells, the first may be much older.
_is_before = and_(
    _before.c.subscription == delivery.c.subscription,
    _before.c.state == _pending,
    tuple_(_before.c.upto, _before.c.created_at, _before.c.position)
    < tuple_(delivery.c.upto, delivery.c.created_at, delivery.c.position),
)
_overtakes = or_(
    exists().where(_is_before, _before.c.story.in_((delivery.c.story, EVERY_STORY))),
    and_(delivery.c.story == EVERY_STORY, exists().where(_is_before, _before.c.story >= "")),  # all: by the same index
)
_can_be_tried = and_(
    delivery.c.state == _pending,
    delivery.c.due_at <= _now,
    or_(delivery.c.leased_until.is_(None), delivery.c.leased_until <= _now),
    or_(delivery.c.corrects.is_(False), ~_overtakes),
)
_due = select(delivery.c.subscription).where(_can_be_tried).distinct()
# As CTEs, which PostgreSQL runs once; a subquery it may run once a row, locking more than it asked for.
_free = select(delivery.c.id).where(_can_be_tried).order_by(delivery.c.due_at, delivery.c.position)
_named = delivery.c.subscription.in_(bindparam("among", expanding=True))
_spared = delivery.c.subscription.not_in(bindparam("without", expanding=True))
_run_out = (
    select(delivery.c.id, delivery.c.leased_at).where(delivery.c.leased_until <= _now).with_for_update(skip_locked=True)
)
_give_up_lease = (
    update(delivery)
    .where(delivery.c.id == bindparam("wanted"))
    .values(attempts=delivery.c.attempts - 1, leased_at=None, leased_until=None)
)
_held = update(delivery).where(
    delivery.c.id == bindparam("wanted"),
    delivery.c.token == bindparam("held"),
    delivery.c.leased_until.is_not(None),
)
_postpone = _held.values(
    attempts=delivery.c.attempts - 1, leased_at=None, leased_until=None, due_at=bindparam("due_at")
)
_note = insert(attempts)


def _claiming(*which: Any) -> Any:
    free = _free.where(*which).limit(bindparam("count")).with_for_update(skip_locked=True).cte("free")
    return (
        update(delivery)
        .where(delivery.c.id.in_(select(free.c.id)))
        .values(
            attempts=delivery.c.attempts + 1,
            token=delivery.c.token + 1,
            leased_at=_now,
            leased_until=bindparam("until", type_=Moment),
        )
        .returning(*columns)
    )


_claim = {
    (named, spared): _claiming(*((_named,) if named else ()), *((_spared,) if spared else ()))
    for named in (False, True)
    for spared in (False, True)
}


class SqlOutbox(SqlNotices, SqlEndpoints, SqlDeliveries):
    """Messages in the table `delivery`, how each try ended in `attempt`; see `tracker.ports.outbox.Outbox`."""

    def claim(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        *,
        among: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        """Take due deliveries for the time of the lease, longest due first; the attempt counts from now on.

        Only what is owed to the subscriptions `among`, where it is given; what is owed to those `without` is left where
        it is, and so is a correction before what it follows was tried to its end. A delivery whose lease has run
        out is taken again, with a higher token, and the try that nobody knows the end of is recorded as interrupted.
        Raises StoreError.
        """
        asked: dict[str, Any] = {"now": now, "count": limit, "until": now + lease}
        asked |= {"among": sorted(among)} if among is not None else {}
        asked |= {"without": sorted(without)} if without else {}
        with writing(self._engine) as connection:
            _interrupt(connection, now, now)
            rows = connection.execute(_claim[among is not None, bool(without)], asked).all()
        return tuple(sorted((read(row) for row in rows), key=lambda one: (one.due_at, one.position, one.id)))

    def due(self, now: datetime) -> frozenset[str]:
        """Return the subscriptions to whom something is owed that could be claimed now. Raises StoreError."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(_due, {"now": now}).scalars())

    def settle(self, tries: Sequence[Tried]) -> tuple[Endpoint, ...]:
        """Record how tries ended, in one transaction; return the endpoints concerned that are not simply well.

        Delivered, and with `retry_at` transient: due again then. Transient without, and permanent: dead. A try whose
        lease was lost to another worker, or that is settled already, is recorded and changes nothing else. Raises
        StoreError.
        """
        if not tries:
            return ()
        with writing(self._engine) as connection:
            settle(connection, tries)
            return self._brought_forward(connection, tries)

    def put_back(self, deliveries: Sequence[Delivery]) -> None:
        """Undo claims: due as before, the attempt not counted; does nothing where the lease was lost.

        Raises StoreError.
        """
        if deliveries:
            with writing(self._engine) as connection:
                put_back(connection, deliveries)

    def postpone(self, deliveries: Sequence[tuple[Delivery, datetime]]) -> None:
        """Undo claims, each due again at its moment, the attempt not counted; does nothing where the lease was lost.

        Raises StoreError.
        """
        if deliveries:
            rows = [{**_name(one), "due_at": until} for one, until in deliveries]
            with writing(self._engine) as connection:
                connection.execute(_postpone, sorted(rows, key=lambda row: row["wanted"]))

    def release(self, now: datetime) -> int:
        """End every lease, record those tries as interrupted, and return how many there were. Raises StoreError."""
        with writing(self._engine) as connection:
            return _interrupt(connection, _END_OF_TIME, now)


def _interrupt(connection: Connection, upto: datetime, now: datetime) -> int:
    """End the leases that run until then or shorter: each was perhaps sent by a worker that ended in the middle."""
    rows = sorted(connection.execute(_run_out, {"now": upto}), key=lambda row: row.id)
    if rows:
        connection.execute(_give_up_lease, [{"wanted": row.id} for row in rows])
        connection.execute(
            _note,
            [
                {
                    "delivery": row.id, "started_at": row.leased_at, "ended_at": now, "outcome": "interrupted",
                    "detail": _ENDED_UNKNOWN,
                }
                for row in rows
            ],
        )  # fmt: skip
    return len(rows)


def _name(one: Delivery) -> dict[str, Any]:
    return {"wanted": one.id, "held": one.token}
