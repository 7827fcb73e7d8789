"""What an export is made of.

    header   {"format":"tracker-log","head":HASH,"position":N,"schema_version":3}
    rows     {TABLE:{COLUMN:VALUE,...}}, the log first, each table in the order of its key
    end      {"counts":{TABLE:N,...},"sha256":HASH of all lines before}

Each line is canonical JSON: keys sorted, no blanks. Times are microseconds since 1970, documents stand as they are
stored, byte for byte. Exported is what cannot be made again: no view, no job, no lock, no mark of how far a story has
judged (its judgements tell), none of what it told of removals (the log tells), no host that is given a rest, no count
of second opinions.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, Table

from tracker.adapters.sql.chain import ROOT, digest_of, link
from tracker.adapters.sql.codec import decode
from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.tables import (
    attempt,
    checkpoint,
    delivery,
    endpoint,
    entry_version,
    erasure,
    event,
    feed,
    judgement,
    notice,
    page,
    quarantine,
    removal,
    sighting,
    view,
)
from tracker.domain.events import EntryErased
from tracker.errors import BrokenLog

FORMAT = "tracker-log"
SCHEMA_VERSION = 3

_DOCUMENT = "data"
_Int = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
_Long = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_encoder = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Part:
    """The rows of one table; of the tables of views only those of the `views` that are not made from the log.

    `lacks` are columns that an export of an older schema has not, `order` what its rows stand in the order of.
    """

    table: Table
    views: Collection[str] | None = None
    lacks: Collection[str] = ()
    order: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the table, under which its rows stand."""
        return self.table.name

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Names of the columns whose values are unique and in whose order the rows stand."""
        return self.order or tuple(column.name for column in self.table.primary_key)

    @cached_property
    def row(self) -> type[msgspec.Struct]:
        """The type of a row: every column that the schema has, and nothing else."""
        fields = [(str(column.name), _kind(column)) for column in self.table.columns if column.name not in self.lacks]
        return msgspec.defstruct(self.name, fields, forbid_unknown_fields=True)


def parts(views: Collection[str]) -> tuple[Part, ...]:
    """Return what is exported, in order. `views` are those that nothing could make again, by name."""
    archive = (feed, entry_version, sighting, quarantine, removal, page, judgement)
    tables = (event, *archive, delivery, notice, attempt, endpoint, erasure)
    return (*map(Part, tables), Part(checkpoint, views), Part(view, views))


def line(value: Any) -> bytes:
    """Return a line."""
    return _encoder.encode(value) + b"\n"


def with_documents(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as it is exported: a document stands as it is stored."""
    return {name: msgspec.Raw(value.encode()) if name == _DOCUMENT else value for name, value in row.items()}


def with_texts(row: msgspec.Struct) -> dict[str, Any]:
    """Return an exported row as it is stored."""
    return {
        name: bytes(value).decode() if isinstance(value, msgspec.Raw) else value
        for name, value in msgspec.structs.asdict(row).items()
    }


class Sum:
    """Counts rows and digests lines."""

    def __init__(self, names: Iterable[str]) -> None:
        self.counts = dict.fromkeys(names, 0)
        self._digest = hashlib.sha256()

    def add(self, written: bytes, name: str | None = None) -> bytes:
        """Count a line, and the row that it holds; return the line."""
        self._digest.update(written)
        if name is not None:
            self.counts[name] += 1
        return written

    def end(self) -> bytes:
        """Return the last line."""
        return line({"counts": self.counts, "sha256": self._digest.hexdigest()})


class Chain:
    """Follows the log from its first event; whatever does not follow raises BrokenLog.

    An unknown event raises DatabaseTooNew.
    """

    def __init__(self) -> None:
        self.position, self.recorded_at, self.head = 0, 0, ROOT
        self._versions: dict[str, int] = {}
        self._left: dict[int, str] = {}
        self._named: dict[int, str] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Go on to an event, whose times are microseconds."""
        stream, version = row["stream"], self._versions.get(row["stream"], 0) + 1
        if row["position"] != self.position + 1:
            raise BrokenLog(f"position {row['position']} does not follow position {self.position}")
        if row["version"] != version:
            raise BrokenLog(f"version {row['version']} of {stream} does not follow version {version - 1}")
        if row["recorded_at"] < self.recorded_at:
            raise BrokenLog("the event was recorded before the one that precedes it")
        if row["hash"] != link(self.head, row):
            raise BrokenLog("the event does not match its hash")
        self._read(row)
        self._versions[stream] = version
        self.position, self.recorded_at, self.head = row["position"], row["recorded_at"], row["hash"]

    def close(self) -> None:
        """Check at the end of the log that what erasures left is what they said."""
        for position, digest in self._left.items():
            if self._named.get(position) != digest:
                raise BrokenLog(f"the data of the event at position {position} is not what an erasure left")

    def _read(self, row: Mapping[str, Any]) -> None:
        if row["salt"] is None:
            self._left[row["position"]] = hashlib.sha256(row[_DOCUMENT].encode()).hexdigest()
        elif digest_of(row["salt"], row[_DOCUMENT]) != row["digest"]:
            raise BrokenLog("the event's data does not match its digest")
        told = decode(row["type"], row["schema"], row[_DOCUMENT])
        if isinstance(told, EntryErased):
            self._named.update(told.redacted)


def _kind(column: Column[Any]) -> Any:
    """Return what a value of the column is in JSON."""
    if column.name == _DOCUMENT:
        return msgspec.Raw
    kinds = ((Boolean, bool), (Float, float), ((BigInteger, Moment), _Long), (Integer, _Int))
    kind: Any = next((kind for sql, kind in kinds if isinstance(column.type, sql)), str)
    return kind | None if column.nullable else kind
