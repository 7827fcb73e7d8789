"""Proving the log: nothing changed, lost, added or moved. The formula is that of `tracker.adapters.sql.chain`."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import NoneType
from typing import Any

from sqlalchemy import Connection, Engine, Result, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from tracker.adapters.sql.chain import ROOT, digest_of, link
from tracker.adapters.sql.codec import decode
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import event, log
from tracker.domain.events import EntryErased
from tracker.errors import StoreError
from tracker.ports.log import Audit

_PAGE = 1000
_FIRST = -(2**63)
_TEXT, _WHOLE, _WHOLE_OR_NONE = (str,), (int,), (int, NoneType)
_KINDS = {
    "position": _WHOLE, "stream": _TEXT, "version": _WHOLE, "id": _TEXT, "type": _TEXT, "schema": _WHOLE,
    "actor": _TEXT, "causation": (str, NoneType), "published_at": _WHOLE_OR_NONE, "recorded_at": _WHOLE, "data": _TEXT,
    "salt": (str, NoneType), "digest": _TEXT, "hash": _TEXT,
}  # fmt: skip

# Bare values: what somebody wrote into a column need not be of its type.
_bare = {name: type_coerce(event.c[name], NullType()).label(name) for name in _KINDS}
_page = select(*_bare.values()).where(event.c.position > bindparam("after")).order_by(event.c.position).limit(_PAGE)
_before = select(_bare["recorded_at"], _bare["hash"]).where(event.c.position == bindparam("position"))
_noted = select(event.c.position).where(event.c.hash == bindparam("hash"), event.c.position < bindparam("start"))
_head = select(type_coerce(log.c.position, NullType()), type_coerce(log.c.recorded_at, NullType()))


class SqlAuditor:
    """Checks the table `event` against itself, its streams and its head; see `tracker.ports.log.Auditor`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def verify(self, *, start: int = 1, head: str | None = None) -> Audit:
        """Check density, order of time, versions, digests, hash chain and readability, as of one moment.

        `start`: the position to begin at; the hash of the event before it is taken on trust, and so is the first
        version met of each stream. `head`: the hash of an event that somebody noted, which the log must still hold.
        Audit.head is the hash of the newest event: two logs with the same head hold the same events. Raises
        StoreError when the database refuses.
        """
        with reading(self._engine, snapshot=True) as connection, _any_text(connection):
            ledger = _Ledger(start, head)
            if start > 1 and not ledger.follow(_plain(connection.execute(_before, {"position": start - 1}))):
                return ledger.audit()
            for row in _events(connection, start - 1 if start > 1 else _FIRST):
                ledger.add(row)
            ledger.close(_plain(connection.execute(_head)))
            if head is not None and not ledger.noted_seen:
                ledger.noted_seen = connection.execute(_noted, {"hash": head, "start": start}).first() is not None
        return ledger.audit()


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """Let SQLite hand out text that is none, which it keeps like any other, as the bytes that it is."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.text_factory = _text_or_bytes
    try:
        yield
    finally:
        driver.text_factory = str


def _text_or_bytes(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _plain(result: Result[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in result]


def _events(connection: Connection, after: int) -> Iterator[dict[str, Any]]:
    while rows := connection.execute(_page, {"after": after}).all():
        yield from (dict(zip(_KINDS, row, strict=True)) for row in rows)
        after = rows[-1].position


class _Ledger:
    """What has been seen of the log from `start` on; `_tip` is the hash of the newest event, `_last` its place."""

    def __init__(self, start: int, noted: str | None) -> None:
        self.noted_seen = noted is None
        self._noted = noted
        self._start = start
        self._faults: list[str] = []
        self._events = 0
        self._last = (0, 0)
        self._tip = ROOT
        self._versions: dict[str, int] = {}
        self._without_salt: dict[int, str] = {}
        self._erased: dict[int, str] = {}

    def follow(self, found: Sequence[tuple[Any, ...]]) -> bool:
        """Begin behind an event of a time and a hash, which are taken on trust; tell whether it was found."""
        if [tuple(map(type, one)) for one in found] != [(int, str)]:
            self._faults.append(f"the log has no position {self._start - 1} to begin behind")
            self.noted_seen = True
            return False
        recorded_at, self._tip = found[0]
        self._last = (self._start - 1, recorded_at)
        return True

    def add(self, row: Mapping[str, Any]) -> None:
        """Check one event against those before it."""
        self._events += 1
        before, before_at = self._last
        if row["position"] != before + 1:
            self._faults.append(_missing(before, row["position"]))
        wrong = [name for name, kinds in _KINDS.items() if type(row[name]) not in kinds]
        if wrong:
            self._fault(row, f"{', '.join(wrong)} of a wrong type")
            self._last = (row["position"], before_at)
        else:
            if row["recorded_at"] < before_at:
                self._fault(row, "was recorded before the event that precedes it")
            self._last = (row["position"], row["recorded_at"])
            self._follow(row)
            self._readable(row)
        self._tip = str(row["hash"])
        self.noted_seen = self.noted_seen or row["hash"] == self._noted

    def close(self, heads: Sequence[tuple[Any, ...]]) -> None:
        """Check the head row, which the next append builds on, and that erasures and erased events belong together."""
        if heads != [self._last]:
            said = ", ".join(f"{position} at {at}" for position, at in heads) or "nothing"
            self._faults.append("the head says {}, the newest event is {} at {}".format(said, *self._last))
        for position, digest in self._without_salt.items():
            if self._erased.get(position) != digest:
                self._faults.append(f"position {position}: its data is not what an erasure left")
        for position in sorted(self._erased.keys() - self._without_salt.keys()):
            if self._start <= position <= self._last[0]:
                self._faults.append(f"position {position}: an erasure names it, and its data is there all the same")

    def audit(self) -> Audit:
        """Return the outcome."""
        faults = list(self._faults)
        if not self.noted_seen:
            faults.append(f"no event has the hash {self._noted}: the history up to it is not the one that was noted")
        return Audit(
            events=self._events,
            streams=len(self._versions),
            position=self._last[0],
            erased=len(self._without_salt),
            head=self._tip or None,
            faults=tuple(faults),
        )

    def _follow(self, row: Mapping[str, Any]) -> None:
        name = row["stream"]
        version = self._versions.get(name, 0 if self._start <= 1 else row["version"] - 1)
        if row["version"] != version + 1:
            self._fault(row, f"is version {row['version']} of {name}, which was at version {version}")
        elif link(self._tip, row) != row["hash"]:
            self._fault(row, f"({name}, version {row['version']}) does not match its hash")
        elif row["salt"] is not None and digest_of(row["salt"], row["data"]) != row["digest"]:
            self._fault(row, f"({name}, version {row['version']}) does not match its digest")
        if row["salt"] is None:
            self._without_salt[row["position"]] = sha256(row["data"])
        self._versions[name] = row["version"]

    def _readable(self, row: Mapping[str, Any]) -> None:
        try:
            event = decode(row["type"], row["schema"], row["data"])
        except StoreError as error:
            self._fault(row, f"cannot be read: {error}")
            return
        if isinstance(event, EntryErased):
            self._erased |= dict(event.redacted)

    def _fault(self, row: Mapping[str, Any], what: str) -> None:
        self._faults.append(f"position {row['position']}: {what}")


def sha256(data: str) -> str:
    """Return the digest by which an erasure tells what it left of an event's data."""
    return hashlib.sha256(data.encode()).hexdigest()


def _missing(before: int, position: int) -> str:
    if position == before + 2:
        return f"position {before + 1}: missing"
    if position > before:
        return f"positions {before + 1} to {position - 1}: missing"
    return f"position {position}: out of order"
