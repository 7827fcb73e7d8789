"""What is held of the entries that a document may speak of, read at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from tracker.adapters.sql.archive.quarantine import Version, in_quarantine
from tracker.adapters.sql.archive.removals import removed
from tracker.adapters.sql.documents import decode_entry
from tracker.adapters.sql.lookup import found
from tracker.adapters.sql.tables import entry_version, erasure, sighting
from tracker.domain.entry import Entry

NEWEST = 48
"""Versions of an entry with whose words new ones are compared; a live blog has hundreds, each longer than the last."""

_ids: BindParameter[str] = bindparam("ids", expanding=True)
_of_entry = entry_version.c.entry.in_(_ids)
_versions = (
    select(entry_version.c.entry, entry_version.c.version, entry_version.c.seen, entry_version.c.turns)
    .where(_of_entry)
    .order_by(entry_version.c.number)
)
_nth = func.row_number().over(partition_by=entry_version.c.entry, order_by=entry_version.c.number.desc())
_all_words = select(entry_version.c.data, entry_version.c.number, _nth.label("nth")).where(_of_entry).subquery()
_words = select(_all_words.c.data).where(_all_words.c.nth <= NEWEST).order_by(_all_words.c.number)
_places = (
    select(entry_version.c.place, entry_version.c.entry, entry_version.c.version, entry_version.c.published)
    .where(entry_version.c.place.in_(bindparam("places", expanding=True)))
    .order_by(entry_version.c.number)
)
_latest = select(
    sighting.c.entry,
    sighting.c.version,
    sighting.c.own,
    (sighting.c.last_seen == func.max(sighting.c.last_seen).over(partition_by=sighting.c.entry)).label("latest"),
).where(sighting.c.feed == bindparam("source"), sighting.c.page == bindparam("on_page"), sighting.c.entry.in_(_ids))
_erased = select(erasure.c.entry).where(erasure.c.entry.in_(_ids))


@dataclass(frozen=True, slots=True)
class Twin:
    """A version that is held at a place, with the time that its publisher claims."""

    entry: str
    version: str
    published: datetime | None


class Holdings:
    """What is held of entries, as one feed, or with `page` the page of an entry, has shown them.

    By id: `versions` in their order, `shown` the versions that were shown last, `texts` the entries of all versions of
    what was read. `own` are those that the feed shows under their own id, `erased`, `removed` and `resting` those that
    were erased, were taken away, and are in quarantine. `at` has what is held by place.
    """

    def __init__(self, connection: Connection, feed: str, *, page: bool) -> None:
        self._connection = connection
        self._source = {"source": feed, "on_page": page}
        self._page = page
        self.versions: dict[str, dict[str, Version]] = {}
        self.shown: dict[str, set[str]] = {}
        self.texts: dict[str, list[Entry]] = {}
        self.at: dict[str, Twin] = {}
        self.own: set[str] = set()
        self.erased: set[str] = set()
        self.removed: set[str] = set()
        self.resting: set[str] = set()

    def load(self, ids: Collection[str]) -> None:
        """Read what is held of these entries, all but their words."""
        for id_, version, seen, turns in found(self._connection, _versions, "ids", ids):
            self.versions.setdefault(id_, {})[version] = Version(seen, turns)
        held = [id_ for id_ in ids if id_ in self.versions]
        for id_, version, own, latest in found(self._connection, _latest, "ids", held, **self._source):
            if latest:
                self.shown.setdefault(id_, set()).add(version)
            if own:
                self.own.add(id_)
        self.erased |= {id_ for (id_,) in found(self._connection, _erased, "ids", ids)}
        self.removed |= removed(self._connection, held, page=self._page)

    def differs(self, entry: Entry) -> bool:
        """Tell whether an entry is held and now shown in other words than last, or shown again."""
        versions = self.versions.get(entry.id)
        if versions is None:
            return False
        shown = self.shown.get(entry.id)
        return entry.version not in (shown or versions) or entry.id in self.removed

    def look(self, places: Collection[str]) -> None:
        """Read what is held at these places."""
        self.at |= {place: Twin(*held) for place, *held in found(self._connection, _places, "places", places)}

    def read(self, ids: Collection[str]) -> None:
        """Read the newest words of these entries, and whether they are in quarantine: some are about to change."""
        for (data,) in found(self._connection, _words, "ids", ids):
            entry = decode_entry(data)
            self.texts.setdefault(entry.id, []).append(entry)
        self.resting |= in_quarantine(self._connection, ids)
