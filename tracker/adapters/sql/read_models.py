"""Rows of the projections, as canonical JSON."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, tuple_, update

from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.tables import checkpoint, view
from tracker.adapters.sql.upsert import upsert
from tracker.errors import Conflict
from tracker.projections.projection import Key, Row

_MANY = 300

_reached = select(checkpoint.c.position).where(checkpoint.c.projection == bindparam("name"))
_move = (
    update(checkpoint)
    .where(checkpoint.c.projection == bindparam("name"), checkpoint.c.position == bindparam("after"))
    .values(position=bindparam("to"))
)
_begin = insert(checkpoint).values(generation=1, folds=1, begun=0, live=True)
_rows = select(view.c.partition, view.c.key, view.c.data).where(
    view.c.projection == bindparam("name"), tuple_(view.c.partition, view.c.key).in_(bindparam("keys", expanding=True))
)
_scan = (
    select(view.c.data)
    .where(
        view.c.projection == bindparam("name"), view.c.partition == bindparam("part"), view.c.key > bindparam("after")
    )
    .order_by(view.c.key)
)
_last = _scan.order_by(None).order_by(view.c.key.desc()).limit(bindparam("last"))
_partitions = (
    select(view.c.partition).where(view.c.projection == bindparam("name")).distinct().order_by(view.c.partition)
)
_clear = delete(view).where(view.c.projection == bindparam("name"))


class SqlViews:
    """Rows in the table `view`; see `tracker.ports.views`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._put = upsert(engine, view)
        self._set = upsert(engine, checkpoint)

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which a projection has been folded, 0 for none. Raises StoreError."""
        with reading(self._engine) as connection:
            return connection.execute(_reached, {"name": projection}).scalar() or 0

    def load(self, projection: str, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist under the keys. Raises StoreError."""
        wanted = {(_stored(partition), _stored(key)): (partition, key) for partition, key in keys}
        asked = sorted(wanted)
        found: dict[Key, Row] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(asked), _MANY):
                rows = connection.execute(_rows, {"name": projection, "keys": asked[start : start + _MANY]})
                found |= {wanted[row.partition, row.key]: msgspec.json.decode(row.data) for row in rows}
        return found

    def save(self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int) -> None:
        """Replace rows and move the checkpoint in one transaction. Raises Conflict when it is not at `after`."""
        new = _stored_rows(projection, rows)
        with writing(self._engine) as connection:
            _move_on(connection, projection, after, position)
            if new:
                connection.execute(self._put, new)

    def replace(self, projection: str, rows: Mapping[Key, Row], *, position: int) -> None:
        """Put these rows in the place of all that the projection holds, and its checkpoint, in one transaction.

        Whoever reads meanwhile sees the rows of before. Raises StoreError.
        """
        new = _stored_rows(projection, rows)
        with writing(self._engine) as connection:
            # The checkpoint first, as in `save`: two writers then wait for each other in one order.
            connection.execute(
                self._set,
                {"projection": projection, "position": position, "generation": 1, "folds": 1, "begun": 0, "live": True},
            )
            connection.execute(_clear, {"name": projection})
            if new:
                connection.execute(self._put, new)

    def scan(self, projection: str, partition: str, *, after: str = "", last: int | None = None) -> Iterator[Row]:
        """Yield a partition's rows after a key in order of key, or the last n of them; all as of one moment."""
        asked: dict[str, Any] = {"name": projection, "part": _stored(partition), "after": _stored(after), "last": last}
        with reading(self._engine) as connection:
            found = connection.execute(_scan if last is None else _last, asked).scalars().all()
        for data in found if last is None else reversed(found):
            yield msgspec.json.decode(data)

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(map(_read, connection.execute(_partitions, {"name": projection}).scalars()))


def _stored_rows(projection: str, rows: Mapping[Key, Row]) -> list[dict[str, Any]]:
    return [
        {
            "projection": projection,
            "generation": 1,
            "partition": _stored(partition),
            "key": _stored(key),
            "data": canonical(row),
        }
        for (partition, key), row in rows.items()
    ]


def _stored(name: str) -> str:
    """Return a partition or key as it is stored: NUL, which PostgreSQL refuses, escaped, the order kept.

    Halves of characters, which no event can hold, are replaced, so that asking for one finds nothing.
    """
    whole = name.encode("utf-8", "replace").decode()
    return whole.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")


def _read(stored: str) -> str:
    return stored.replace("\x01\x01", "\x00").replace("\x01\x02", "\x01")


def _move_on(connection: Connection, projection: str, after: int, position: int) -> None:
    moved = connection.execute(_move, {"name": projection, "after": after, "to": position}).rowcount
    if moved == 0 and after == 0:
        connection.execute(_begin, {"projection": projection, "position": position})
    elif moved == 0:
        raise Conflict(f"{projection} is not at position {after} any more")
