"""Importing: an export into an empty database, proven line by line, in one transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Integer, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tracker.adapters.sql.columns import WHOLE, Moment
from tracker.adapters.sql.engine import writing
from tracker.adapters.sql.older import completed, parts_of, put_in_order
from tracker.adapters.sql.refusal import name_of
from tracker.adapters.sql.tables import event, log
from tracker.adapters.sql.transfer import FORMAT, SCHEMA_VERSION, Chain, Part, Sum, line, parts, with_texts
from tracker.errors import BrokenLog, DatabaseTooNew, StoreError, UsageError
from tracker.ports.transfer import Moved

_BATCH = 500

_lock = select(log.c.position).where(log.c.id == 1).with_for_update()
_move = update(log).where(log.c.id == 1)
_given = text("SELECT setval(pg_get_serial_sequence(:table, :column), :newest, :given)")


class SqlImporter:
    """Fills a database; see `tracker.ports.transfer.Importer`. `views`: those that are not made from the log."""

    def __init__(self, engine: Engine, views: Collection[str] = ()) -> None:
        self._engine = engine
        self._parts = parts(views)

    def take(self, lines: Iterable[bytes]) -> Moved:
        """Take in an export in one transaction: whatever ends it before its end leaves the database empty.

        Positions, times, ids and hashes are those of the export. Raises UsageError and DatabaseTooNew, naming the
        line, for what is no whole export of a tracker as old as this one; StoreError for a database that is not empty.
        """
        reader = _Reader(lines, self._parts)
        with writing(self._engine) as connection:
            self._claim(connection)
            for part, rows in _batches(reader.rows()):
                try:
                    connection.execute(_insert(part), rows)
                except IntegrityError as error:
                    where = f"line {reader.number}: up to here"
                    raise UsageError(f"{where} a row is there twice or lacks the one that it belongs to") from error
            put_in_order(connection, reader.schema)
            self._set_head(connection, reader.chain)
        return Moved(reader.chain.position, reader.chain.head, reader.total.counts)

    def _set_head(self, connection: Connection, chain: Chain) -> None:
        """Let the next event follow the last one, and the next rows those that came."""
        head = {"position": chain.position, "recorded_at": chain.recorded_at}
        connection.execute(_move.values(**{name: bindparam(name, type_=WHOLE) for name in head}), head)
        if connection.dialect.name == "postgresql":
            _count_on(connection, self._parts)

    def _claim(self, connection: Connection) -> None:
        """Keep other writers out until the commit, and make sure that none was here before."""
        position = connection.execute(_lock).scalar_one()
        whole = [part.table for part in self._parts if part.views is None]
        if position or any(connection.execute(select(table).limit(1)).first() for table in whole):
            raise StoreError(f"{name_of(self._engine.url)} is not empty: an export goes into a new database")
        for part in self._parts:
            if part.views is not None:
                connection.execute(delete(part.table).where(part.table.c.projection.in_(part.views)))


class _Reader:
    """Reads the lines of an export; `number` is that of the last line read, `chain` its log so far.

    `schema` is the export's own; `expected` are the parts of the newest.
    """

    def __init__(self, lines: Iterable[bytes], expected: Sequence[Part]) -> None:
        self.number = 0
        self.chain = Chain()
        self._lines = iter(lines)
        self._place: tuple[Any, ...] = (0,)
        self._expect(expected, SCHEMA_VERSION)

    def _expect(self, parts: Sequence[Part], schema: int) -> None:
        self.schema = schema
        self.total = Sum(part.name for part in parts)
        self._parts = {part.name: part for part in parts}
        self._order = list(self._parts)
        self._decoders = {part.name: msgspec.json.Decoder(part.row) for part in parts}

    def rows(self) -> Iterator[tuple[Part, dict[str, Any]]]:
        """Yield the rows, each with its part. Raises UsageError, DatabaseTooNew naming the line at fault."""
        try:
            header = self._header()
            while True:
                written = self._next()
                with _readable("this is no line of an export"):
                    held = msgspec.json.decode(written, type=dict[str, msgspec.Raw])
                if "sha256" in held:
                    break
                yield self._row(written, held)
            self._end(header, written)
        except DatabaseTooNew as error:
            raise DatabaseTooNew(f"line {self.number}: {error}") from error
        except (UsageError, BrokenLog) as error:
            raise UsageError(f"line {self.number}: {error}") from error

    def _next(self) -> bytes:
        written = next(self._lines, b"")
        self.number += 1
        if not written.endswith(b"\n"):
            raise UsageError("the file is cut off here")
        return written

    def _header(self) -> Mapping[str, Any]:
        written = self._next()
        with _readable("this is no line of an export"):
            header = msgspec.json.decode(written, type=dict[str, Any])
        version = header.get("schema_version")
        if header.get("format") != FORMAT or type(version) is not int or version < 1:
            raise UsageError("this is no export of tracker")
        if version > SCHEMA_VERSION:
            raise DatabaseTooNew(f"an export of schema {version} was written by a later version of tracker")
        self._expect(parts_of(version, tuple(self._parts.values())), version)
        self.total.add(written)
        return header

    def _row(self, written: bytes, held: Mapping[str, msgspec.Raw]) -> tuple[Part, dict[str, Any]]:
        (name, value), *more = held.items() or [("", msgspec.Raw())]
        part = self._parts.get(name)
        if part is None or more:
            raise UsageError("this is no row of a table that this version knows")
        with _readable(f"this is no row of {name}"):
            row = self._decoders[name].decode(value)
            stored = with_texts(row)
        if written != line({name: row}):
            raise UsageError("this is not as an export writes it")
        place = (self._order.index(name), *(stored[column] for column in part.key))
        if place <= self._place:
            raise UsageError("the row is out of order")
        if part.table is event:
            self.chain.add(stored)
        self._place = place
        self.total.add(written, name)
        return part, completed(part, stored, self.total.counts[name])

    def _end(self, header: Mapping[str, Any], written: bytes) -> None:
        if written != self.total.end():
            raise UsageError("the lines up to here are not those that were exported: their count or SHA-256 is another")
        if next(self._lines, b""):
            self.number += 1
            raise UsageError("there is more behind the end")
        self.chain.close()
        if (header.get("position"), header.get("head")) != (self.chain.position, self.chain.head):
            raise UsageError("the log does not end where the first line says")


@contextmanager
def _readable(otherwise: str) -> Iterator[None]:
    """Let JSON that cannot be read, and text that is none, leave as UsageError."""
    try:
        yield
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{otherwise}: {error}") from error


def _batches(rows: Iterator[tuple[Part, dict[str, Any]]]) -> Iterator[tuple[Part, list[dict[str, Any]]]]:
    """Yield rows of one part together, some hundred at a time."""
    held: list[dict[str, Any]] = []
    last: Part | None = None
    for part, row in rows:
        if last is not None and (part is not last or len(held) == _BATCH):
            yield last, held
            held = []
        held.append(row)
        last = part
    if last is not None:
        yield last, held


def _insert(part: Part) -> Any:
    columns = part.table.columns
    times = {column.name: bindparam(column.name, type_=WHOLE) for column in columns if isinstance(column.type, Moment)}
    return insert(part.table).values({**{column.name: bindparam(column.name) for column in columns}, **times})


def _count_on(connection: Connection, expected: Iterable[Part]) -> None:
    """Let the numbers that PostgreSQL gives out begin behind those that were taken in."""
    for part in expected:
        column = part.table.autoincrement_column
        if column is not None and isinstance(column.type, Integer):
            newest = connection.execute(select(func.max(column))).scalar() or 0
            last = {"newest": max(newest, 1), "given": newest > 0}
            connection.execute(_given, {"table": part.name, "column": column.name} | last)
