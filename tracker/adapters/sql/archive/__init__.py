"""Every entry version that was ever fetched, where it was seen, and what was judged of it."""

from datetime import datetime

from sqlalchemy import Engine, bindparam, select

from tracker.adapters.sql.archive.dossier import SqlDossiers
from tracker.adapters.sql.archive.fresh import SqlFresh
from tracker.adapters.sql.archive.intake import SqlIntake
from tracker.adapters.sql.archive.quarantine import SqlQuarantine
from tracker.adapters.sql.archive.removals import SqlRemovals
from tracker.adapters.sql.archive.waiting import SqlWaiting
from tracker.adapters.sql.documents import decode_entry
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import entry_version
from tracker.domain.entry import Entry

_every = (
    select(entry_version.c.data).where(entry_version.c.entry == bindparam("wanted")).order_by(entry_version.c.number)
)
_one = select(entry_version.c.data).where(
    entry_version.c.entry == bindparam("wanted"), entry_version.c.version == bindparam("version")
)
_newest = _every.order_by(None).order_by(entry_version.c.number.desc()).limit(1)


class SqlArchive(SqlIntake, SqlWaiting, SqlFresh, SqlRemovals, SqlQuarantine, SqlDossiers):
    """The parts of the archive, on one database; see `tracker.ports.archive.Archive`."""

    def __init__(self, engine: Engine) -> None:
        for part in (SqlIntake, SqlWaiting, SqlFresh, SqlRemovals, SqlQuarantine, SqlDossiers):
            part.__init__(self, engine)

    def entry(self, entry_id: str) -> Entry | None:
        """Return the newest version of an entry. Raises StoreError."""
        with reading(self._engine) as connection:
            data = connection.execute(_newest, {"wanted": entry_id}).scalar()
        return None if data is None else decode_entry(data)

    def versions(self, entry_id: str) -> tuple[Entry, ...]:
        """Return every version of an entry, oldest first. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(map(decode_entry, connection.execute(_every, {"wanted": entry_id}).scalars()))

    def version(self, entry_id: str, version: str) -> Entry | None:
        """Return one version of an entry. Raises StoreError."""
        with reading(self._engine) as connection:
            data = connection.execute(_one, {"wanted": entry_id, "version": version}).scalar()
        return None if data is None else decode_entry(data)

    def settle(self, now: datetime) -> None:
        """Decide what is due by now: removals, and ends of quarantines. Raises StoreError."""
        self.settle_missing(now)
        self.end_quarantines(now)

    def waiting(self, story: str) -> bool:
        """Tell whether anything is there for a story to judge or to be told of. Raises StoreError."""
        return bool(self.pending(story, 1) or self.withdrawn(story))
