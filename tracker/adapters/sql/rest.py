"""Entries whose words do not come to rest: who is put into quarantine, and when it ends."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.lookup import LOCK, each, found
from tracker.adapters.sql.sightings import renumber
from tracker.adapters.sql.tables import entry_version, quarantine
from tracker.ports.archive import Quarantine

MOST_VERSIONS = 24
"""Versions in a day, from which on there is no telling which of them is meant."""
MOST_TURNS = 2
"""Times in a week that versions may come back before nobody believes the next one: A, B, A, B."""
KEPT = 48
"""Versions of an entry in quarantine after which no more are kept."""
QUIET = timedelta(days=3)
"""Time without a change after which a quarantine ends."""
_TURNING = timedelta(days=7)
_BUSY = timedelta(days=1)

ALTERNATES = "its versions come and go"
TOO_MANY = f"more than {MOST_VERSIONS} versions in a day"

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
    .returning(entry_version.c.version)
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is held: when it came, and how often it has come back."""

    seen: datetime
    turns: int


def restless(versions: Collection[Version], now: datetime, *, back: bool) -> str | None:
    """Return in words why one more version of an entry is one too many, None where it is not.

    `back`: it is one of those that are held, and comes back after another.
    """
    turns = sum(one.turns for one in versions if one.seen > now - _TURNING)
    if turns + back >= MOST_TURNS:
        return ALTERNATES
    fresh = sum(one.seen > now - _BUSY for one in versions)
    return TOO_MANY if fresh >= MOST_VERSIONS else None


def in_quarantine(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return those of the entries that are in quarantine."""
    return {id_ for (id_,) in found(connection, _in, "ids", ids)}


def put_in(connection: Connection, reasons: dict[str, str], stirred: Iterable[str], now: datetime) -> None:
    """Put entries into quarantine, each with its reason, and note of those that are in that they changed again."""
    rows: list[dict[str, Any]] = [
        {"entry": id_, "since": now, "restless_at": now, "reason": reason} for id_, reason in reasons.items()
    ]
    if rows:
        connection.execute(_put, rows)
    each(connection, _stirs, "ids", stirred, at=now)


class SqlRest:
    """Quarantines in `quarantine`; see `tracker.ports.archive.Library`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def quarantined(self) -> tuple[Quarantine, ...]:
        """Return the entries in quarantine, by id. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(Quarantine(*row) for row in connection.execute(_all))

    def end_quarantines(self, now: datetime) -> None:
        """Let go what has rested; the version that stands now is judged. Raises StoreError."""
        asked = {"before": now - QUIET}
        with reading(self._engine) as connection:
            if connection.execute(_rested, asked).first() is None:
                return
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            rested = connection.execute(_rested, asked).scalars().all()
            each(connection, _end, "ids", rested)
            for id_ in rested:
                stands = connection.execute(_unmute, {"of": id_}).scalars().all()
                renumber(connection, [(id_, version) for version in stands])
