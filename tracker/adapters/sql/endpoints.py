"""How the ways to everybody fare: a row an endpoint, brought forward with every try."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, or_, select, type_coerce, update

from tracker.adapters.sql.columns import WHOLE, Moment
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.tables import endpoint
from tracker.adapters.sql.upsert import insert_for
from tracker.domain.endpoint import Endpoint, Fare, endpoint_id
from tracker.domain.subscription_events import Channel
from tracker.ports.outbox import Tried

_LINE = 500
_MINUTE = 60_000_000
_all = select(*endpoint.columns).order_by(endpoint.c.channel, endpoint.c.target)
_troubled = _all.where(endpoint.c.state != "active")
_unwell = _all.where(
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
        row = _row(channel, target) | {"since": None, "last_ok_at": now, "last_error": None}
        with writing(self._engine) as connection:
            return self._forward(connection, {row["id"]: row}, {})

    def give_chance(self, endpoint_ids: Collection[str], now: datetime) -> int:
        """Let disabled endpoints be tried again, as failing since now; return how many of them were disabled.

        Raises StoreError.
        """
        with writing(self._engine) as connection:
            return connection.execute(_give_chance, {"wanted": sorted(endpoint_ids), "now": now}).rowcount

    def _bring_forward(self, connection: Connection, tries: Sequence[Tried]) -> tuple[Endpoint, ...]:
        """Bring endpoints forward by tries, in the order in which they ended; return those that are not well."""
        well: dict[str, dict[str, Any]] = {}
        ill: dict[str, dict[str, Any]] = {}
        for tried in tries:
            if tried.endpoint is None or tried.attempt.outcome == "interrupted":
                continue
            row = _row(*tried.endpoint)
            if tried.attempt.outcome == "delivered":
                well[row["id"]] = row | {"since": None, "last_ok_at": tried.ended_at, "last_error": None}
                ill.pop(row["id"], None)
            else:
                before = ill.get(row["id"], row | {"since": tried.ended_at, "last_ok_at": None})
                error = tried.attempt.detail[:_LINE]
                ill[row["id"]] = before | {"failures": before["failures"] + 1, "last_error": error}
        return self._forward(connection, well, ill)

    def _forward(
        self, connection: Connection, well: Mapping[str, dict[str, Any]], ill: Mapping[str, dict[str, Any]]
    ) -> tuple[Endpoint, ...]:
        # In the order of their ids, in which everybody locks them.
        changed = sum(
            connection.execute(change, [rows[name] for name in sorted(rows)]).rowcount
            for change, rows in ((self._well, well), (self._ill, ill))
            if rows
        )
        if not changed:
            return ()
        return _read(connection.execute(_unwell, {"wanted": sorted({*well, *ill})}))

    @cached_property
    def _well(self) -> Any:
        """Return what notes a success: where all was well before, once a minute, since most tries are such."""
        statement = insert_for(self._engine, endpoint)
        new = statement.excluded
        return statement.on_conflict_do_update(
            index_elements=("id",),
            set_={name: new[name] for name in ("failures", "since", "last_ok_at", "last_error")},
            where=or_(
                endpoint.c.failures > 0,
                endpoint.c.state != "active",
                endpoint.c.last_ok_at.is_(None),
                type_coerce(endpoint.c.last_ok_at, WHOLE) < type_coerce(new.last_ok_at, WHOLE) - _MINUTE,
            ),
        )

    @cached_property
    def _ill(self) -> Any:
        statement = insert_for(self._engine, endpoint)
        new = statement.excluded
        changes: Mapping[str, Any] = {
            "failures": endpoint.c.failures + new.failures,
            "since": func.coalesce(endpoint.c.since, new.since),
            "last_error": new.last_error,
        }
        return statement.on_conflict_do_update(index_elements=("id",), set_=changes)


def _row(channel: Channel, target: str) -> dict[str, Any]:
    identity = endpoint_id(channel, target)
    return {"id": identity, "channel": channel, "target": target, "state": "active", "failures": 0}


def _read(rows: Iterable[Any]) -> tuple[Endpoint, ...]:
    return tuple(Endpoint(*row) for row in rows)
