"""How the ways to everybody fare: a row an endpoint, brought forward with every try."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, or_, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.settling import bring_forward, heard
from tracker.adapters.sql.tables import endpoint
from tracker.domain.endpoint import Endpoint, Fare
from tracker.domain.subscription_events import Channel
from tracker.ports.outbox import Tried

_all = select(*endpoint.columns).order_by(endpoint.c.channel, endpoint.c.target)
_troubled = _all.where(endpoint.c.state != "active")
_not_well = _all.where(
    endpoint.c.id.in_(bindparam("wanted", expanding=True)),
    or_(endpoint.c.state != "active", endpoint.c.failures > 0),
)
_mark = update(endpoint).where(endpoint.c.id == bindparam("wanted")).values(state=bindparam("now_is"))
_give_chance = (
    update(endpoint)
    .where(endpoint.c.id.in_(bindparam("wanted", expanding=True)), endpoint.c.state == "disabled")
    .values(state="failing", since=bindparam("now", type_=Moment))
)


class SqlEndpoints:
    """Endpoints in the table of that name; that part of `tracker.ports.outbox.Outbox`."""

    _engine: Engine

    def troubled(self) -> tuple[Endpoint, ...]:
        """Return the endpoints that are failing or disabled. Raises StoreError."""
        with reading(self._engine) as connection:
            return _read(connection.execute(_troubled))

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return every endpoint that was ever tried, by channel and target. Raises StoreError."""
        with reading(self._engine) as connection:
            return _read(connection.execute(_all))

    def mark(self, endpoint_id: str, state: Fare) -> None:
        """Note the state of an endpoint. Raises StoreError."""
        with writing(self._engine) as connection:
            connection.execute(_mark, {"wanted": endpoint_id, "now_is": state})

    def heard(self, channel: Channel, target: str, now: datetime) -> tuple[Endpoint, ...]:
        """Note that an endpoint took something; return it where it is not simply well. Raises StoreError."""
        with writing(self._engine) as connection:
            return _unwell(connection, heard(connection, channel, target, now))

    def give_chance(self, endpoint_ids: Collection[str], now: datetime) -> int:
        """Let disabled endpoints be tried again, as failing since now; return how many of them were disabled.

        Raises StoreError.
        """
        with writing(self._engine) as connection:
            return connection.execute(_give_chance, {"wanted": sorted(endpoint_ids), "now": now}).rowcount

    def _brought_forward(self, connection: Connection, tries: Sequence[Tried]) -> tuple[Endpoint, ...]:
        """Bring endpoints forward by tries, in the order in which they ended; return those that are not well."""
        return _unwell(connection, bring_forward(connection, tries))


def _unwell(connection: Connection, concerned: frozenset[str]) -> tuple[Endpoint, ...]:
    return _read(connection.execute(_not_well, {"wanted": sorted(concerned)})) if concerned else ()


def _read(rows: Iterable[Any]) -> tuple[Endpoint, ...]:
    return tuple(Endpoint(*row) for row in rows)
