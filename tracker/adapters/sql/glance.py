"""A SQLite file that needs nothing done to it, read with its driver alone.

To import the library that everything else is read with takes most of the time of a report. It is not needed where the
tables are those of this version and the views are level with the log, as they are nearly always.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from tracker.adapters.sql.moments import from_microseconds
from tracker.adapters.sql.place import mount_of
from tracker.adapters.sql.revisions import HEAD
from tracker.adapters.sql.stored_names import as_named, as_stored
from tracker.errors import StoreError
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState
from tracker.projections.projection import Key, Projection, Row

_PATIENCE = 10
"""Seconds that another may keep the file locked."""

_LIVE = (
    '"view" v JOIN checkpoint c ON c.projection = v.projection AND c.generation = v.generation AND c.live'
    " WHERE v.projection = :name"
)
_ROW = f'SELECT v.data FROM {_LIVE} AND v.partition = :part AND v."key"'  # noqa: S608 - our own words
_SCAN = f'{_ROW} > :after AND (:before IS NULL OR v."key" < :before) ORDER BY v."key"'
_COUNT = f"SELECT count(*) FROM {_LIVE} AND v.partition = :part"  # noqa: S608
_PARTITIONS = f"SELECT DISTINCT v.partition FROM {_LIVE} ORDER BY v.partition"  # noqa: S608
_CHECKPOINTS = "SELECT projection, position, folds FROM checkpoint WHERE live"
_FIELDS = fields(FeedState)
_FEEDS = (
    f"SELECT {', '.join(one.name for one in _FIELDS)} FROM feed"  # noqa: S608
    " WHERE NOT removed AND (story IS NULL OR story = :story) ORDER BY id"
)


class Glance:
    """The views, and the feeds of a story; see `ViewReader` and `FeedReader`. Every method raises StoreError."""

    def __init__(self, file: Path) -> None:
        """Open a file that is there. Raises StoreError."""
        self._file = file
        with self._refusals():
            self._connection = sqlite3.connect(
                f"file:{quote(str(file))}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None
            )
            self._connection.execute("PRAGMA query_only = ON")

    def is_level(self, projections: Iterable[Projection]) -> bool:
        """Tell whether the tables are those of this version and each view holds all of the log, folded as now."""
        revisions = self._asked("SELECT version_num FROM alembic_version")
        if revisions != [(HEAD,)]:
            return False
        ((end,),) = self._asked("SELECT coalesce(max(position), 0) FROM event")
        made = {name: (position, folds) for name, position, folds in self._asked(_CHECKPOINTS)}
        return all(made.get(each.name) == (end, each.folds) for each in projections)

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which a projection has been folded, 0 for none."""
        return next((position for name, position, _ in self._asked(_CHECKPOINTS) if name == projection), 0)

    def load(self, projection: str, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist under the keys."""
        found = {key: self._rows(f"{_ROW} = :key", projection, key[0], key=as_stored(key[1])) for key in set(keys)}
        return {key: row for key, rows in found.items() for row in rows}

    def scan(
        self,
        projection: str,
        partition: str,
        *,
        after: str = "",
        before: str | None = None,
        first: int | None = None,
        last: int | None = None,
    ) -> Iterator[Row]:
        """Yield a partition's rows between two keys in order of key, or the first or last n."""
        between = {"after": as_stored(after), "before": before and as_stored(before)}
        if last is None:
            some = -1 if first is None else first
            yield from self._rows(f"{_SCAN} LIMIT :some", projection, partition, **between, some=some)
        else:
            found = self._rows(f"{_SCAN} DESC LIMIT :some", projection, partition, **between, some=last)
            yield from reversed(found)

    def count(self, projection: str, partition: str) -> int:
        """Return how many rows a partition holds."""
        ((number,),) = self._asked(_COUNT, name=projection, part=as_stored(partition))
        return int(number)

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order."""
        return tuple(as_named(name) for (name,) in self._asked(_PARTITIONS, name=projection))

    def all(self, story: str) -> tuple[FeedState, ...]:
        """Return the sources of a story, by id."""
        return tuple(_state(row) for row in self._asked(_FEEDS, story=story))

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _rows(self, question: str, projection: str, partition: str, **values: Any) -> Sequence[Row]:
        asked = self._asked(question, name=projection, part=as_stored(partition), **values)
        return [msgspec.json.decode(data) for (data,) in asked]

    def _asked(self, question: str, **values: Any) -> list[Any]:
        with self._refusals():
            return self._connection.execute(question, values).fetchall()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"database {self._file.name}: {error}") from error


def glance(url: str, projections: Iterable[Projection]) -> Glance | None:
    """Return what is read of a database where nothing has to be done to it first; None for every other."""
    path, _, options = url.removeprefix("sqlite:///").partition("?")
    file = Path(path)
    if path == url or not path or options or not file.is_file() or _is_elsewhere(file):
        return None
    try:
        looked = Glance(file.resolve())
        if looked.is_level(projections):
            return looked
        looked.close()
    except StoreError:
        return None  # whoever opens it as usual tells what is wrong
    return None


def _is_elsewhere(file: Path) -> bool:
    mount = mount_of(file.resolve())
    return mount is not None and mount.network


def _state(row: Sequence[Any]) -> FeedState:
    found = {one.name: _value(one.type, value) for one, value in zip(_FIELDS, row, strict=True)}
    options = msgspec.json.decode(found["options"], type=FeedOptions) if found["options"] else PLAIN
    return FeedState(**{**found, "options": options})


def _value(kind: Any, value: Any) -> Any:
    """Return a value as its field has it: the driver knows neither moments nor truths."""
    if value is None:
        return None
    if kind is bool:
        return bool(value)
    return from_microseconds(value) if "datetime" in str(kind) else value
