"""Entries that go to and fro between words held before: who is put into quarantine, and when it ends.

In quarantine such a return is judged no more. Words that were never held before are always judged, quarantine or not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from tracker.adapters.sql.archive.sightings import renumber
from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.lookup import LOCK, each, found
from tracker.adapters.sql.tables import entry_version, judgement, quarantine
from tracker.ports.archive import Quarantine

MOST_TURNS = 2
"""Times in a week that versions may come back before nobody believes the next one: A, B, A, B, A."""
QUIET = timedelta(days=3)
"""Time without a return after which a quarantine ends."""
_TURNING = timedelta(days=7)

ALTERNATES = "its versions come and go"

_in = select(quarantine.c.entry).where(quarantine.c.entry.in_(bindparam("ids", expanding=True)))
_all = select(quarantine.c.entry, quarantine.c.since, quarantine.c.reason).order_by(quarantine.c.entry)
_rested = select(quarantine.c.entry).where(quarantine.c.restless_at < bindparam("before", type_=Moment))
_stirs = (
    update(quarantine)
    .where(quarantine.c.entry.in_(bindparam("ids", expanding=True)))
    .values(restless_at=bindparam("at", type_=Moment))
)
_put = insert(quarantine)
_end = delete(quarantine).where(quarantine.c.entry.in_(bindparam("ids", expanding=True)))
_newest = select(func.max(entry_version.c.number)).where(entry_version.c.entry == bindparam("of")).scalar_subquery()
_unmute = (
    update(entry_version)
    .where(entry_version.c.number == _newest, entry_version.c.muted)
    .values(muted=False)
    .returning(entry_version.c.entry, entry_version.c.version)
)
_forget = delete(judgement).where(judgement.c.entry == bindparam("of"), judgement.c.version == bindparam("version"))


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is held: when it came, and how often it has come back."""

    seen: datetime
    turns: int


def restless(versions: Collection[Version], now: datetime) -> bool:
    """Tell whether one more return to a version of an entry is one too many."""
    return sum(one.turns for one in versions if one.seen > now - _TURNING) >= MOST_TURNS


def in_quarantine(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return those of the entries that are in quarantine."""
    return {id_ for (id_,) in found(connection, _in, "ids", ids)}


def put_in(connection: Connection, restless: Iterable[str], stirred: Iterable[str], now: datetime) -> None:
    """Put entries into quarantine, and note of those that are in that they turned again."""
    rows: list[dict[str, Any]] = [
        {"entry": id_, "since": now, "restless_at": now, "reason": ALTERNATES} for id_ in restless
    ]
    if rows:
        connection.execute(_put, rows)
    each(connection, _stirs, "ids", stirred, at=now)


class SqlQuarantine:
    """Quarantines in `quarantine`; see `tracker.ports.archive.Library`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def quarantined(self) -> tuple[Quarantine, ...]:
        """Return the entries in quarantine, by id. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(Quarantine(*row) for row in connection.execute(_all))

    def end_quarantines(self, now: datetime) -> None:
        """Let go what has rested; a version that came back meanwhile and stands is judged anew. Raises StoreError."""
        asked = {"before": now - QUIET}
        with reading(self._engine) as connection:
            if connection.execute(_rested, asked).first() is None:
                return
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            rested = connection.execute(_rested, asked).scalars().all()
            each(connection, _end, "ids", rested)
            for id_ in rested:
                for of, version in connection.execute(_unmute, {"of": id_}).all():
                    connection.execute(_forget, {"of": of, "version": version})
                    renumber(connection, [(of, version)])
