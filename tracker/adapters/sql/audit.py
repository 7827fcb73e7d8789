"""Proving the log: nothing changed, lost, added or moved."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from tracker.adapters.sql.chain import ROOT, digest_of, link
from tracker.adapters.sql.codec import decode
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import event, log
from tracker.domain.events import EntryErased
from tracker.errors import StoreError
from tracker.ports.log import Audit

_PAGE = 1000
_TEXT, _WHOLE, _WHOLE_OR_NONE = (str,), (int,), (int, NoneType)
_KINDS = {
    "position": _WHOLE, "stream": _TEXT, "version": _WHOLE, "id": _TEXT, "type": _TEXT, "schema": _WHOLE,
    "actor": _TEXT, "causation": (str, NoneType), "published_at": _WHOLE_OR_NONE, "recorded_at": _WHOLE, "data": _TEXT,
    "salt": (str, NoneType), "digest": _TEXT, "hash": _TEXT,
}  # fmt: skip

# Bare values: what somebody wrote into a column need not be of its type.
_page = (
    select(*(type_coerce(event.c[name], NullType()).label(name) for name in _KINDS))
    .where(event.c.position > bindparam("after"))
    .order_by(event.c.position)
    .limit(_PAGE)
)
_hash = select(event.c.hash).where(event.c.position == bindparam("position"))
_noted = select(event.c.position).where(event.c.hash == bindparam("hash")).limit(1)
_head = select(log.c.position, type_coerce(log.c.recorded_at, NullType()))


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
        with reading(self._engine, snapshot=True) as connection:
            ledger = _Ledger(start - 1, _tip(connection, start - 1))
            for row in _events(connection, start - 1):
                ledger.add(row)
            ledger.close(connection.execute(_head).all())
            known = head is None or connection.execute(_noted, {"hash": head}).first() is not None
        return ledger.audit(None if known else head)


def _tip(connection: Connection, position: int) -> str:
    return ROOT if position == 0 else connection.execute(_hash, {"position": position}).scalar() or ROOT


def _events(connection: Connection, after: int) -> Iterator[dict[str, Any]]:
    after = after or -(2**63)
    while rows := connection.execute(_page, {"after": after}).all():
        yield from (dict(zip(_KINDS, row, strict=True)) for row in rows)
        after = rows[-1].position


class _Ledger:
    """What has been seen of the log so far: `tip` is the hash of the newest event, at `position`."""

    def __init__(self, position: int, tip: str) -> None:
        self._whole = position == 0
        self._faults: list[str] = []
        self._events = 0
        self._last = (position, 0)
        self._tip = tip
        self._versions: dict[str, int] = {}
        self._without_salt: dict[int, str] = {}
        self._erased: dict[int, str] = {}

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
            return
        if row["recorded_at"] < before_at:
            self._fault(row, "was recorded before the event that precedes it")
        self._last = (row["position"], row["recorded_at"])
        self._follow(row)
        self._readable(row)

    def close(self, heads: Iterable[Any]) -> None:
        """Check the head row, which the next append builds on, and that every erasure has its event."""
        found = [tuple(head) for head in heads]
        if found != [self._last]:
            said = ", ".join(f"{position} at {at}" for position, at in found) or "nothing"
            self._faults.append("the head says {}, the newest event is {} at {}".format(said, *self._last))
        for position, digest in self._without_salt.items():
            if self._erased.get(position) != digest:
                self._faults.append(f"position {position}: its data is not what an erasure left")

    def audit(self, unknown: str | None) -> Audit:
        """Return the outcome; `unknown` is a noted hash that no event bears."""
        if unknown is not None:
            self._faults.append(f"no event has the hash {unknown}: the history up to it is not the one that was noted")
        return Audit(
            events=self._events,
            streams=len(self._versions),
            position=self._last[0],
            erased=len(self._without_salt),
            head=self._tip or None,
            faults=tuple(self._faults),
        )

    def _follow(self, row: Mapping[str, Any]) -> None:
        name = row["stream"]
        version = self._versions.get(name, 0 if self._whole else row["version"] - 1)
        if row["version"] != version + 1:
            self._fault(row, f"is version {row['version']} of {name}, which was at version {version}")
        elif link(self._tip, row) != row["hash"]:
            self._fault(row, f"({name}, version {row['version']}) does not match its hash")
        elif row["salt"] is None:
            self._without_salt[row["position"]] = sha256(row["data"])
        elif digest_of(row["salt"], row["data"]) != row["digest"]:
            self._fault(row, f"({name}, version {row['version']}) does not match its digest")
        self._versions[name], self._tip = row["version"], row["hash"]

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
    """Return the digest, in hex, by which an erasure tells what it left of an event's data."""
    return hashlib.sha256(data.encode()).hexdigest()


def _missing(before: int, position: int) -> str:
    if position == before + 2:
        return f"position {before + 1}: missing"
    if position > before:
        return f"positions {before + 1} to {position - 1}: missing"
    return f"position {position}: out of order"
