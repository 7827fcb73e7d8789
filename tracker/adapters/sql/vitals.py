"""How things stand, counted in one look at the database."""

from datetime import datetime

from sqlalchemy import Engine, bindparam, case, func, or_, select

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import checkpoint, delivery, feed, log
from tracker.ports.vitals import Vitals

_head = select(log.c.position)
_reached = select(checkpoint.c.projection, checkpoint.c.position).where(checkpoint.c.live)
_bad = or_(feed.c.gone, feed.c.failures > 0, feed.c.trouble.is_not(None))
_feeds = select(
    func.count(),
    func.count(case((feed.c.due_at <= bindparam("now", type_=Moment), 1))),
    func.count(case((_bad, 1))),
).where(feed.c.removed.is_(False))
_pending = select(func.count(), func.min(delivery.c.created_at)).where(delivery.c.state == "pending")
_dead = select(func.count()).select_from(delivery).where(delivery.c.state == "dead")
_last_read = (
    select(feed.c.id, feed.c.last_ok_at)
    .where(feed.c.removed.is_(False), feed.c.last_ok_at.is_not(None))
    .order_by(feed.c.last_ok_at, feed.c.id)
    .limit(bindparam("most"))
)


class SqlObserver:
    """Takes the vitals; see `tracker.ports.vitals.Observer`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def vitals(self, now: datetime, most: int) -> Vitals:
        """Return how things stand; of feeds that were ever read at most so many. Raises StoreError."""
        with reading(self._engine) as connection:
            feeds, due, failing = connection.execute(_feeds, {"now": now}).one()
            pending, oldest = connection.execute(_pending).one()
            return Vitals(
                head=connection.execute(_head).scalar() or 0,
                reached={row.projection: row.position for row in connection.execute(_reached)},
                feeds=feeds,
                due=due,
                failing=failing,
                pending=pending,
                oldest=oldest,
                dead=connection.execute(_dead).scalar_one(),
                last_read={row.id: row.last_ok_at for row in connection.execute(_last_read, {"most": most})},
            )
