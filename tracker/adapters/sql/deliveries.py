"""Looking at deliveries: lists, one by its id, its tries, what waits; and sending some again."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, Table, and_, bindparam, exists, func, or_, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.tables import attempt, delivery, notice
from tracker.ports.log import EVERY_STORY
from tracker.ports.outbox import ANY, Delivery, Owed, Sought, Tally, Try

columns = tuple(
    delivery.c[name]
    for name in (
        "id", "subscription", "story", "position", "state", "attempts", "due_at", "created_at", "last_error",
        "delivered_at", "token", "kind", "upto", "period_start", "period_end",
    )
)  # fmt: skip
_LAST = "\U0010ffff"
_PAGE = 500
_on_several = delivery.c.story == EVERY_STORY
_newest = select(*columns).order_by(delivery.c.position.desc(), delivery.c.id)
_waiting = (
    select(*(notice.c[field.name] for field in fields(Owed)))
    .where(notice.c.delivery.is_(None), notice.c.dropped.is_(None))
    .order_by(notice.c.position.desc(), notice.c.subscription)
)
_notices = select(func.count()).where(notice.c.delivery.is_(None), notice.c.dropped.is_(None))
_pending = select(func.count(), func.count(delivery.c.last_error), func.min(delivery.c.created_at)).where(
    delivery.c.state == "pending"
)
_dead = select(func.count()).where(delivery.c.state == "dead")
_begins = select(*columns).where(delivery.c.id.between(bindparam("start"), bindparam("end"))).order_by(delivery.c.id)
_tries = (
    select(*(attempt.c[name] for name in ("started_at", "ended_at", "outcome", "code", "detail", "target", "answer")))
    .where(attempt.c.delivery == bindparam("wanted"))
    .order_by(attempt.c.id)
)
_again = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("wanted", expanding=True)))
    .values(state="pending", due_at=bindparam("now", type_=Moment), attempts=0, delivered_at=None)
)


class SqlDeliveries:
    """What a person asks of deliveries; that part of `tracker.ports.outbox.Outbox`."""

    _engine: Engine

    def tally(self) -> Tally:
        """Count what is owed. Raises StoreError."""
        with reading(self._engine) as connection:
            pending, failed, oldest = connection.execute(_pending).one()
            return Tally(
                notices=connection.execute(_notices).scalar_one(),
                pending=pending,
                failed=failed,
                dead=connection.execute(_dead).scalar_one(),
                oldest=oldest,
            )

    def search(
        self, sought: Sought = ANY, limit: int = 100, before: tuple[int, str] | None = None
    ) -> tuple[Delivery, ...]:
        """Return the deliveries that are sought, newest first; see `Outbox.search`. Raises StoreError."""
        wanted = _narrowed(_newest, delivery, replace(sought, story=None))
        if before is not None:
            wanted = wanted.where(_comes_after(*before))
        if sought.story is not None:
            wanted = wanted.where(or_(delivery.c.story == sought.story, and_(_on_several, _holds(sought.story))))
        if sought.state is not None:
            wanted = wanted.where(delivery.c.state == sought.state)
        return self._found(wanted.limit(limit), {})

    def beginning(self, start: str, limit: int) -> tuple[Delivery, ...]:
        """Return deliveries whose id begins so, in order of their ids. Raises StoreError."""
        return self._found(_begins.limit(limit), {"start": start, "end": start + _LAST})

    def waiting(self, sought: Sought, limit: int) -> tuple[Owed, ...]:
        """Return the notices that wait and are in no message yet, newest first. Raises StoreError."""
        with reading(self._engine) as connection:
            rows = connection.execute(_narrowed(_waiting, notice, sought).limit(limit))
            return tuple(Owed(*row) for row in rows)

    def attempts(self, delivery_id: str) -> tuple[Try, ...]:
        """Return the tries at a delivery, in order. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(Try(*row) for row in connection.execute(_tries, {"wanted": delivery_id}))

    def retry(self, delivery_ids: Collection[str], now: datetime) -> int:
        """Make deliveries due again, with all their tries before them; return how many there are of these ids.

        One that a worker holds at this moment is left to it and comes due when its lease ends. Raises StoreError.
        """
        names = sorted(delivery_ids)
        with writing(self._engine) as connection:
            pages = (names[start : start + _PAGE] for start in range(0, len(names), _PAGE))
            return sum(connection.execute(_again, {"wanted": page, "now": now}).rowcount for page in pages)

    def _found(self, wanted: Select[Any], values: dict[str, Any]) -> tuple[Delivery, ...]:
        with reading(self._engine) as connection:
            return tuple(read(row) for row in connection.execute(wanted, values))


def read(row: Sequence[Any]) -> Delivery:
    """Return the delivery that the columns of a row tell."""
    start, end = row[-2:]
    told: tuple[Any, ...] = (*row[:-2], (start, end) if end else None)
    return Delivery(*told)


def _comes_after(position: int, name: str) -> ColumnElement[bool]:
    """Tell what is older than a delivery, or of the same position and later by its id."""
    here = and_(delivery.c.position == position, delivery.c.id > name)
    return and_(delivery.c.position <= position, or_(delivery.c.position < position, here))


def _holds(story: str) -> ColumnElement[bool]:
    return exists().where(notice.c.delivery == delivery.c.id, notice.c.story == story)


def _narrowed(wanted: Select[Any], table: Table, sought: Sought) -> Select[Any]:
    asked = [
        table.c[name] == value
        for name, value in (("story", sought.story), ("subscription", sought.subscription))
        if value is not None
    ]
    if sought.since is not None:
        asked.append(table.c.created_at >= sought.since)
    return wanted.where(*asked)
