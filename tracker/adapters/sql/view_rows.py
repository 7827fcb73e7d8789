"""The rows of one generation of a projection, read and written within a transaction that the caller holds."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Integer, bindparam, func, select, tuple_

from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.stored_names import as_named, as_stored
from tracker.adapters.sql.tables import checkpoint, view
from tracker.adapters.sql.upsert import upsert
from tracker.projections.projection import Key, Row

_MANY = 300

_live = (
    select(checkpoint.c.generation)
    .where(checkpoint.c.projection == bindparam("name"), checkpoint.c.live)
    .scalar_subquery()
)
OF_GENERATION = (
    view.c.projection == bindparam("name"),
    view.c.generation == func.coalesce(bindparam("generation", type_=Integer), _live),
)
"""The rows of the projection `name`: of `generation`, of the live one where that is None."""

_columns = select(view.c.partition, view.c.key, view.c.data).where(*OF_GENERATION)
_under_keys = _columns.where(tuple_(view.c.partition, view.c.key).in_(bindparam("keys", expanding=True)))
_within = _columns.where(view.c.partition >= bindparam("first"), view.c.partition < bindparam("end"))


class ViewRows:
    """Reads and writes rows of the table `view`."""

    def __init__(self, engine: Engine) -> None:
        self._put = upsert(engine, view)

    def load(
        self, connection: Connection, projection: str, generation: int | None, keys: Iterable[Key],
        partitions: Iterable[str] = (),
    ) -> dict[Key, Row]:  # fmt: skip
        """Return the rows that exist under the keys and in the partitions."""
        asked = {"name": projection, "generation": generation}
        stored = sorted({(as_stored(partition), as_stored(key)) for partition, key in keys})
        found: dict[Key, Row] = {}
        for start in range(0, len(stored), _MANY):
            found |= _rows(connection.execute(_under_keys, {**asked, "keys": stored[start : start + _MANY]}))
        for partition in partitions:
            first = as_stored(partition)
            found |= _rows(connection.execute(_within, {**asked, "first": first, "end": _end(first)}))
        return found

    def put(self, connection: Connection, projection: str, generation: int, rows: Mapping[Key, Row]) -> None:
        """Insert or replace rows."""
        if rows:
            connection.execute(self._put, [_stored_row(projection, generation, *row) for row in rows.items()])


def _end(first: str) -> str:
    """Return the name that comes right after a partition, or after all that begin with it where it ends in a break."""
    return f"{first[:-1]}\x0b" if first.endswith("\n") else f"{first}\x01"


def _rows(found: Any) -> dict[Key, Row]:
    return {(as_named(partition), as_named(key)): msgspec.json.decode(data) for partition, key, data in found}


def _stored_row(projection: str, generation: int, key: Key, row: Row) -> dict[str, Any]:
    return {
        "projection": projection, "generation": generation, "partition": as_stored(key[0]), "key": as_stored(key[1]),
        "data": canonical(row),
    }  # fmt: skip
