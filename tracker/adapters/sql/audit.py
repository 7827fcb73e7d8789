"""Proving the log: nothing changed, lost, added or moved."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from tracker.adapters.sql.chain import ROOT, link
from tracker.adapters.sql.codec import decode
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import event, log, stream
from tracker.errors import StoreError
from tracker.ports.log import Audit

_PAGE = 1000
_TEXT, _WHOLE, _WHOLE_OR_NONE = (str,), (int,), (int, NoneType)
_KINDS = {
    "position": _WHOLE, "stream": _TEXT, "version": _WHOLE, "id": _TEXT, "type": _TEXT, "schema": _WHOLE,
    "actor": _TEXT, "causation": (str, NoneType), "published_at": _WHOLE_OR_NONE, "recorded_at": _WHOLE, "data": _TEXT,
    "hash": _TEXT,
}  # fmt: skip

# Bare values: what somebody wrote into a column need not be of its type.
_page = (
    select(*(type_coerce(event.c[name], NullType()).label(name) for name in _KINDS))
    .where(event.c.position > bindparam("after"))
    .order_by(event.c.position)
    .limit(_PAGE)
)
_head = select(log.c.position, type_coerce(log.c.recorded_at, NullType()))
_streams = select(stream.c.stream, stream.c.version)


class SqlAuditor:
    """Checks the table `event` against itself, its streams and its head; see `tracker.ports.log.Auditor`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def verify(self) -> Audit:
        """Check density, order of time, versions, hash chain and readability of every event, as of one moment.

        Audit.head digests the newest hash of every stream: two logs with the same head hold the same events. Raises
        StoreError when the database refuses.
        """
        ledger = _Ledger()
        with reading(self._engine, snapshot=True) as connection:
            for row in _events(connection):
                ledger.add(row)
            ledger.close(connection.execute(_head).all(), dict(connection.execute(_streams).all()))
        return ledger.audit()


def _events(connection: Connection) -> Iterator[dict[str, Any]]:
    after = -(2**63)
    while rows := connection.execute(_page, {"after": after}).all():
        yield from (dict(zip(_KINDS, row, strict=True)) for row in rows)
        after = rows[-1].position


class _Ledger:
    """What has been seen of the log so far."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._events = 0
        self._last = (0, 0)
        self._tips: dict[str, tuple[int, str]] = {}

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

    def close(self, heads: Iterable[Any], streams: Mapping[str, int]) -> None:
        """Check the head row and the stream rows, which the next append builds on."""
        found = [tuple(head) for head in heads]
        if found != [self._last]:
            said = ", ".join(f"{position} at {at}" for position, at in found) or "nothing"
            self._faults.append("the head says {}, the newest event is {} at {}".format(said, *self._last))
        for name in sorted(streams.keys() | self._tips.keys()):
            told, held = streams.get(name), self._tips.get(name, (None, ""))[0]
            if told != held:
                self._faults.append(f"{name} is said to be at version {told}, its newest event is version {held}")

    def audit(self) -> Audit:
        """Return the outcome."""
        digest = hashlib.sha256()
        for name, (_, tip) in sorted(self._tips.items()):
            digest.update(f"{name}\n{tip}\n".encode())
        head = digest.hexdigest() if self._tips else None
        return Audit(self._events, len(self._tips), head, tuple(self._faults))

    def _follow(self, row: Mapping[str, Any]) -> None:
        name = row["stream"]
        version, tip = self._tips.get(name, (0, ROOT))
        if row["version"] != version + 1:
            self._fault(row, f"is version {row['version']} of {name}, which was at version {version}")
        elif link(tip, row) != row["hash"]:
            self._fault(row, f"({name}, version {row['version']}) does not match its hash")
        self._tips[name] = (row["version"], row["hash"])

    def _readable(self, row: Mapping[str, Any]) -> None:
        try:
            decode(row["type"], row["schema"], row["data"])
        except StoreError as error:
            self._fault(row, f"cannot be read: {error}")

    def _fault(self, row: Mapping[str, Any], what: str) -> None:
        self._faults.append(f"position {row['position']}: {what}")


def _missing(before: int, position: int) -> str:
    if position == before + 2:
        return f"position {before + 1}: missing"
    if position > before:
        return f"positions {before + 1} to {position - 1}: missing"
    return f"position {position}: out of order"
