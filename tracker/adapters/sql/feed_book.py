"""The sources and where we are with each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Result, RowMapping, bindparam, exists, func, or_, select, update

from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.tables import feed, host
from tracker.adapters.sql.upsert import insert_for, upsert
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState

_LOCK = 0x7472_6163_6B65_7203
"""Held by whoever claims hosts."""

_MANY = 500
_NAMES = tuple(one.name for one in fields(FeedState))
_options = msgspec.json.Decoder(FeedOptions)
_now = bindparam("now", type_=Moment)
_state = select(*(feed.c[name] for name in _NAMES)).where(feed.c.removed.is_(False))
_held = or_(host.c.free_at > _now, host.c.asked_until > _now)
_nth = func.row_number().over(partition_by=feed.c.host, order_by=(feed.c.due_at, feed.c.id)).label("nth")
_waiting = (
    _state.add_columns(_nth).where(feed.c.due_at <= _now, ~exists().where(host.c.name == feed.c.host, _held)).subquery()
)
_due = (
    select(*(_waiting.c[name] for name in _NAMES))
    .order_by(_waiting.c.nth, _waiting.c.due_at, _waiting.c.id)
    .limit(bindparam("count"))
)
_after = (
    _state.where(feed.c.due_at <= _now, feed.c.host == bindparam("host"), feed.c.id != bindparam("but"))
    .order_by(feed.c.due_at, feed.c.id)
    .limit(1)
)
_resting = select(host).where(host.c.name.in_(bindparam("names", expanding=True)), _held)
_present = _state.where(feed.c.id.in_(bindparam("ids", expanding=True)))
_forget = update(host).where(host.c.asked_until.is_not(None)).values(asked_until=None)
_configure = (
    update(feed)
    .where(feed.c.id == bindparam("wanted"))
    .values({name: bindparam(name) for name in ("name", "folder", "options", "due_at")})
)
_every = _state.order_by(feed.c.id)
_one = _state.where(feed.c.id == bindparam("wanted"))
_of_story = _every.where(or_(feed.c.story.is_(None), feed.c.story == bindparam("wanted")))
_remove = update(feed).where(feed.c.id == bindparam("wanted")).values(removed=True)


class SqlFeedBook:
    """Sources in the table `feed`; see `tracker.ports.feeds.FeedBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        new = insert_for(engine, feed).excluded
        never_polled = new.imported.is_(False) & (new.failures == 0) & new.last_ok_at.is_(None)
        # A poll that ends after its source was removed must not bring it back; adding the source again does.
        here = or_(feed.c.removed.is_(False), never_polled)
        self._save = upsert(engine, feed, where=here)
        self._settle = upsert(engine, feed, keep=("name", "folder", "options"), where=here)
        self._claim = upsert(engine, host, keep=("free_at",))
        self._free = upsert(engine, host)

    def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Return the sources whose time has come; see FeedQueue.due."""
        with reading(self._engine) as connection:
            return _states(connection.execute(_due, {"now": now, "count": limit}))

    def after(self, state: FeedState, now: datetime) -> FeedState | None:
        """Return the longest due of the other sources at the host of one."""
        with reading(self._engine) as connection:
            asked = {"host": state.host, "but": state.id, "now": now}
            row = connection.execute(_after, asked).mappings().one_or_none()
        return None if row is None else _state_of(row)

    def claim(
        self, feeds: Sequence[FeedState], now: datetime, until: datetime, *, due: bool = True
    ) -> tuple[FeedState, ...]:
        """Return those that may be asked now, at most one a host, as they are now; see FeedQueue.claim."""
        if not feeds:
            return ()
        with writing(self._engine) as connection:
            take_turns(connection, _LOCK)
            rows = _all(connection, _present, "ids", [one.id for one in feeds])
            here = {row["id"]: _state_of(row) for row in rows if not due or row["due_at"] <= now}
            first: dict[str, FeedState] = {}
            for read in feeds:
                if read.id in here and here[read.id].host == read.host:
                    first.setdefault(read.host, here[read.id])
            claimed = self._claimed(connection, list(first), now, until)
        return tuple(state for host, state in first.items() if host in claimed)

    def settle(self, states: Sequence[FeedState], hosts: Mapping[str, datetime]) -> None:
        """Save the states as `save` does, and give back the hosts, in one transaction."""
        with writing(self._engine) as connection:
            if states:
                connection.execute(self._settle, [_row(state) for state in states])
            if hosts:
                rows = [{"name": name, "free_at": hosts[name], "asked_until": None} for name in sorted(hosts)]
                connection.execute(self._free, rows)

    def claim_hosts(self, names: Iterable[str], now: datetime, until: datetime) -> frozenset[str]:
        """Return those that may be asked now; nobody else asks them before they are freed, or before `until`."""
        with writing(self._engine) as connection:
            take_turns(connection, _LOCK)
            return self._claimed(connection, list(names), now, until)

    def free_hosts(self, hosts: Mapping[str, datetime]) -> None:
        """Give hosts back, and set when each may be asked again."""
        self.settle((), hosts)

    def resting(self, names: Iterable[str], now: datetime) -> Mapping[str, datetime]:
        """Return those that want to be left alone, each with until when."""
        with reading(self._engine) as connection:
            held = _all(connection, _resting, "names", list(names), now=now)
            return {row["name"]: row["free_at"] for row in held if row["free_at"] > now}

    def forget_claims(self) -> None:
        """Give back every host that is claimed."""
        with writing(self._engine) as connection:
            connection.execute(_forget)

    def state(self, feed_id: str) -> FeedState | None:
        """Return a source, None for one that is unknown or was removed."""
        with reading(self._engine) as connection:
            row = connection.execute(_one, {"wanted": feed_id}).mappings().one_or_none()
        return None if row is None else _state_of(row)

    def save(self, *states: FeedState) -> None:
        """Insert or replace states; of a removed source only a state never polled, which adds it again."""
        with writing(self._engine) as connection:
            connection.execute(self._save, [_row(state) for state in states])

    def configure(self, state: FeedState) -> None:
        """Set a source's name, folder, options and due time alone: a poll that runs meanwhile loses none of them."""
        row = _row(state)
        wanted = {name: row[name] for name in ("name", "folder", "options", "due_at")}
        with writing(self._engine) as connection:
            connection.execute(_configure, wanted | {"wanted": state.id})

    def remove(self, feed_id: str) -> None:
        """Forget a source's cursor; what it brought stays, and stays with its story."""
        with writing(self._engine) as connection:
            connection.execute(_remove, {"wanted": feed_id})

    def all(self, story: str | None = None, *, after: str = "", most: int | None = None) -> Sequence[FeedState]:
        """Return sources, by id; see FeedBook.all."""
        statement = _every if story is None else _of_story
        if after or most is not None:
            statement = statement.where(feed.c.id > after).limit(most)
        with reading(self._engine) as connection:
            return _states(connection.execute(statement, {"wanted": story} if story is not None else {}))

    def _claimed(self, connection: Connection, names: list[str], now: datetime, until: datetime) -> frozenset[str]:
        held = {row["name"] for row in _all(connection, _resting, "names", names, now=now)}
        free = sorted(set(names) - held)
        if free:
            connection.execute(self._claim, [{"name": name, "free_at": now, "asked_until": until} for name in free])
        return frozenset(free)


def _states(rows: Result[Any]) -> tuple[FeedState, ...]:
    return tuple(map(_state_of, rows.mappings()))


def _state_of(row: Mapping[Any, Any]) -> FeedState:
    options = _options.decode(row["options"]) if row["options"] else PLAIN
    return FeedState(**{**row, "options": options})


def _row(state: FeedState) -> dict[str, Any]:
    options = None if state.options == PLAIN else canonical(state.options)
    row = {name: getattr(state, name) for name in _NAMES}
    return row | {"options": options, "host": state.host, "removed": False}


def _all(connection: Connection, statement: Any, name: str, values: Sequence[str], **more: Any) -> list[RowMapping]:
    parts = (values[start : start + _MANY] for start in range(0, len(values), _MANY))
    return [row for part in parts for row in connection.execute(statement, more | {name: part}).mappings()]
