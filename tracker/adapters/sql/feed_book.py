"""The sources and where we are with each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Result, bindparam, exists, or_, select, update

from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.tables import feed, host
from tracker.adapters.sql.upsert import insert_for, upsert
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState

_LOCK = 0x7472_6163_6B65_7203
"""Held by whoever claims hosts."""

_options = msgspec.json.Decoder(FeedOptions)
_state = select(*(feed.c[one.name] for one in fields(FeedState))).where(feed.c.removed.is_(False))
_busy = exists().where(host.c.name == feed.c.host, host.c.free_at > bindparam("now", type_=Moment))
_due = (
    _state.where(feed.c.due_at <= bindparam("now", type_=Moment), ~_busy)
    .order_by(feed.c.due_at, feed.c.id)
    .limit(bindparam("count"))
)
_taken = select(host.c.name).where(
    host.c.name.in_(bindparam("names", expanding=True)), host.c.free_at > bindparam("now", type_=Moment)
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
        self._host = upsert(engine, host)
        self._save = upsert(engine, feed, where=or_(feed.c.removed.is_(False), never_polled))

    def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Return the sources whose time has come, longest due first."""
        with reading(self._engine) as connection:
            return _states(connection.execute(_due, {"now": now, "count": limit}))

    def claim(self, feeds: Sequence[FeedState], now: datetime, until: datetime) -> tuple[FeedState, ...]:
        """Return those that may be asked now, at most one a host: nobody else asks their hosts before `until`."""
        wanted = {state.host: state for state in reversed(feeds)}
        if not wanted:
            return ()
        with writing(self._engine) as connection:
            take_turns(connection, _LOCK)
            taken = set(connection.execute(_taken, {"names": sorted(wanted), "now": now}).scalars())
            free = {name: until for name in wanted if name not in taken}
            self._free(connection, free)
        return tuple(state for name, state in wanted.items() if name in free)[::-1]

    def settle(self, states: Sequence[FeedState], hosts: Mapping[str, datetime]) -> None:
        """Save the states as `save` does, and set when each host may be asked again, in one transaction."""
        with writing(self._engine) as connection:
            if states:
                connection.execute(self._save, [_row(state) for state in states])
            self._free(connection, hosts)

    def state(self, feed_id: str) -> FeedState | None:
        """Return a source, None for one that is unknown or was removed."""
        with reading(self._engine) as connection:
            row = connection.execute(_one, {"wanted": feed_id}).mappings().one_or_none()
        return None if row is None else _state_of(row)

    def save(self, state: FeedState) -> None:
        """Insert or replace a source's state; of a removed source only a state never polled, which adds it again."""
        with writing(self._engine) as connection:
            connection.execute(self._save, _row(state))

    def remove(self, feed_id: str) -> None:
        """Forget a source's cursor; what it brought stays, and stays with its story."""
        with writing(self._engine) as connection:
            connection.execute(_remove, {"wanted": feed_id})

    def all(self, story: str | None = None) -> Sequence[FeedState]:
        """Return every source, or those of one story and of all stories, by id."""
        statement = _every if story is None else _of_story
        with reading(self._engine) as connection:
            return _states(connection.execute(statement, {"wanted": story} if story is not None else {}))

    def _free(self, connection: Connection, hosts: Mapping[str, datetime]) -> None:
        if hosts:
            connection.execute(self._host, [{"name": name, "free_at": hosts[name]} for name in sorted(hosts)])


def _states(rows: Result[Any]) -> tuple[FeedState, ...]:
    return tuple(map(_state_of, rows.mappings()))


def _state_of(row: Mapping[Any, Any]) -> FeedState:
    options = _options.decode(row["options"]) if row["options"] else PLAIN
    return FeedState(**{**row, "options": options})


def _row(state: FeedState) -> dict[str, Any]:
    options = None if state.options == PLAIN else canonical(state.options)
    return asdict(state) | {"options": options, "host": state.host, "removed": False}
