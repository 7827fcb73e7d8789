"""Notices in the outbox: those that wait, and the messages that are made of them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, and_, bindparam, func, insert, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.tables import delivery, notice
from tracker.errors import Conflict
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Bundle, Drop, Hold, Made, Owed, Plan, delivery_id

TURN = 0x7472_6163_6B65_7205
"""Held by whoever makes messages of what waits: of two who decided on the same notices the second finds them gone."""

_PAGE = 500
_columns = tuple(
    notice.c[name]
    for name in (
        "subscription", "event_id", "story", "position", "entry", "kind", "created_at", "due_at", "held", "delivery",
        "dropped",
    )
)  # fmt: skip
_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_in_order = select(*_columns).order_by(notice.c.position, notice.c.subscription)
_waits = (notice.c.delivery.is_(None), notice.c.dropped.is_(None))
_next_due = select(func.min(notice.c.due_at)).where(*_waits)
_waiters = select(notice.c.subscription).where(*_waits).distinct().order_by(notice.c.subscription)
_due_waiters = _waiters.where(notice.c.due_at <= bindparam("until", type_=Moment))
_waiting = _in_order.where(*_waits, notice.c.subscription.in_(_wanted))
_told = _in_order.where(
    notice.c.delivery.is_not(None),
    notice.c.subscription == bindparam("whose"),
    notice.c.story.in_(_wanted),
)
_in_messages = _in_order.where(notice.c.delivery.in_(_wanted))
_of_events = _in_order.where(notice.c.event_id.in_(_wanted))
_first = and_(notice.c.subscription == delivery.c.subscription, notice.c.event_id == delivery.c.event_id)
_made = (
    select(delivery.c.subscription, delivery.c.story, notice.c.kind, delivery.c.created_at, delivery.c.period_end)
    .join(notice, _first)
    .where(delivery.c.subscription.in_(_wanted), delivery.c.created_at > bindparam("since", type_=Moment))
)
# By its key, and by no index of what waits: PostgreSQL would read all that waits for the subscription for each row.
_this = (
    notice.c.subscription == bindparam("whose"),
    notice.c.event_id == bindparam("what"),
    func.coalesce(notice.c.delivery, notice.c.dropped).is_(None),
)
_take = update(notice).where(*_this).values(delivery=bindparam("message"))
_hold = update(notice).where(*_this).values(due_at=bindparam("until", type_=Moment), held=bindparam("why"))
_drop = update(notice).where(*_this).values(dropped=bindparam("why"))
_put = insert(delivery)


class SqlNotices:
    """Notices in the table `notice`; the half of `tracker.ports.outbox.Outbox` that comes before there is a message."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def next_due(self) -> datetime | None:
        """Return when the first of the notices that wait is due, None when none waits. Raises StoreError."""
        with reading(self._engine) as connection:
            moment: datetime | None = connection.execute(_next_due).scalar()
        return moment

    def waiters(self, until: datetime | None = None) -> tuple[str, ...]:
        """Return the subscriptions with notices that wait; `until`: and are due then or were before.

        Raises StoreError.
        """
        statement = _waiters if until is None else _due_waiters
        with reading(self._engine) as connection:
            return tuple(connection.execute(statement, {} if until is None else {"until": until}).scalars())

    def waiting_for(self, subscriptions: Collection[str]) -> tuple[Owed, ...]:
        """Return all that waits for subscriptions, due or not, in order of position. Raises StoreError."""
        return self._read(_waiting, subscriptions)

    def told(self, subscription: str, stories: Collection[str]) -> tuple[Owed, ...]:
        """Return what travels or travelled to a subscription about stories, in order of position. Raises StoreError."""
        return self._read(_told, stories, {"whose": subscription})

    def made(self, subscriptions: Collection[str], since: datetime) -> tuple[Made, ...]:
        """Return what messages were made for subscriptions after a moment. Raises StoreError."""
        with reading(self._engine) as connection:
            rows = [row for page in _pages(subscriptions) for row in connection.execute(_made, page | {"since": since})]
        return tuple(Made(*row) for row in rows)

    def carry_out(self, plans: Sequence[Plan], now: datetime) -> None:
        """Make messages, due at once, hold and drop what waits, all or nothing.

        Raises StoreError, Conflict where another worker was first at any of it.
        """
        with writing(self._engine) as connection:
            take_turns(connection, TURN)
            bundles = [bundle for plan in plans for bundle in plan.bundles]
            _change(connection, _take, [row for bundle in bundles for row in _taken(bundle)])
            _change(connection, _hold, [row for plan in plans for hold in plan.holds for row in _held(hold)])
            _change(connection, _drop, [row for plan in plans for drop in plan.drops for row in _dropped(drop)])
            if bundles:
                connection.execute(_put, [_message(bundle, now) for bundle in bundles])

    def notices(self, delivery_ids: Collection[str]) -> tuple[Owed, ...]:
        """Return what travels in messages, in order of position. Raises StoreError."""
        return self._read(_in_messages, delivery_ids)

    def owed(self, event_ids: Collection[str]) -> tuple[Owed, ...]:
        """Return who is owed these events or was told of them. Raises StoreError."""
        return self._read(_of_events, event_ids)

    def _read(self, statement: Any, wanted: Collection[str], beside: dict[str, Any] | None = None) -> tuple[Owed, ...]:
        with reading(self._engine) as connection:
            pages = (connection.execute(statement, page | (beside or {})) for page in _pages(wanted))
            found = [Owed(*row) for rows in pages for row in rows]
        return tuple(sorted(found, key=lambda one: (one.position, one.subscription)))


def _pages(wanted: Collection[str]) -> Iterator[dict[str, Any]]:
    names = list(wanted)
    return ({"wanted": names[start : start + _PAGE]} for start in range(0, len(names), _PAGE))


def _change(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows and connection.execute(statement, rows).rowcount != len(rows):
        raise Conflict("another worker was first: some of these notices wait no more")


def _name(one: Owed) -> dict[str, Any]:
    return {"whose": one.subscription, "what": one.event_id}


def _taken(bundle: Bundle) -> Iterator[dict[str, Any]]:
    message = _id(bundle)
    return (_name(one) | {"message": message} for one in bundle.notices)


def _held(hold: Hold) -> Iterator[dict[str, Any]]:
    return (_name(one) | {"until": hold.until, "why": hold.why} for one in hold.notices)


def _dropped(drop: Drop) -> Iterator[dict[str, Any]]:
    return (_name(one) | {"why": drop.why} for one in drop.notices)


def _id(bundle: Bundle) -> str:
    first = bundle.notices[0]
    return delivery_id(first.subscription, first.event_id)


def _message(bundle: Bundle, now: datetime) -> dict[str, Any]:
    first = bundle.notices[0]
    start, end = bundle.period or (None, None)
    return {
        "id": _id(bundle), "subscription": first.subscription, "event_id": first.event_id, "story": bundle.story,
        "position": first.position, "kind": bundle.kind, "upto": bundle.upto, "period_start": start, "period_end": end,
        "corrects": any(one.kind == CORRECTION for one in bundle.notices), "state": "pending", "attempts": 0,
        "due_at": now, "created_at": now, "token": 0,
    }  # fmt: skip
