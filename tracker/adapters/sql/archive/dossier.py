"""All that is held of one entry: its versions, where they were seen, what was judged of them, what became of it."""

from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, select

from tracker.adapters.sql.documents import decode_entry
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import entry_version, erasure, judgement, quarantine, removal, sighting
from tracker.domain.entry import Entry
from tracker.ports.archive import Dossier, Judgement, Quarantine, Removal, Sighting

_of: Any = bindparam("of")
_erased = select(erasure.c.erased_at).where(erasure.c.entry == _of)
_versions = (
    select(entry_version.c.data, func.count().over().label("held"))
    .where(entry_version.c.entry == _of)
    .order_by(entry_version.c.number.desc())
    .limit(bindparam("most"))
)
_sightings = (
    select(
        sighting.c.feed, sighting.c.page, func.min(sighting.c.first_seen), func.max(sighting.c.last_seen),
        func.max(sighting.c.missing_at),
    )
    .where(sighting.c.entry == _of)
    .group_by(sighting.c.feed, sighting.c.page)
    .order_by(func.min(sighting.c.first_seen), sighting.c.feed, sighting.c.page)
)  # fmt: skip
_judgements = (
    select(judgement)
    .where(judgement.c.story == bindparam("story"), judgement.c.entry == _of)
    .order_by(judgement.c.judged_at.desc(), judgement.c.version)
    .limit(bindparam("most"))
)
_removal = select(removal.c.entry, removal.c.at, removal.c.reason).where(removal.c.entry == _of)
_quarantine = select(quarantine.c.entry, quarantine.c.since, quarantine.c.reason).where(quarantine.c.entry == _of)


class SqlDossiers:
    """Reads all tables of the archive; see `tracker.ports.archive.Library`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def dossier(self, entry_id: str, story: str, most: int) -> Dossier:
        """Return what is held of an entry, of its versions and judgements the newest `most`. Raises StoreError."""
        asked = {"of": entry_id, "story": story, "most": most}
        with reading(self._engine) as connection:
            erased_at = connection.execute(_erased, asked).scalar()
            if erased_at is not None:
                return Dossier(erased_at=erased_at)
            versions, earlier = _newest(connection, asked)
            gone = connection.execute(_removal, asked).first()
            restless = connection.execute(_quarantine, asked).first()
            return Dossier(
                versions=versions,
                earlier=earlier,
                sightings=tuple(Sighting(*row) for row in connection.execute(_sightings, asked)),
                judgements=tuple(Judgement(*row) for row in reversed(connection.execute(_judgements, asked).all())),
                removal=Removal(*gone) if gone else None,
                quarantine=Quarantine(*restless) if restless else None,
            )


def _newest(connection: Connection, asked: dict[str, Any]) -> tuple[tuple[Entry, ...], int]:
    """Return the newest versions, oldest first, and how many there are before them."""
    rows = connection.execute(_versions, asked).all()
    versions = tuple(decode_entry(row.data) for row in reversed(rows))
    return versions, (rows[0].held if rows else 0) - len(rows)
