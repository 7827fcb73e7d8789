"""Sightings: which entries a document of a feed shows, since when, and until when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tracker.adapters.sql.archive.out_of_turn import Shown, out_of_turn
from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.lookup import each, found
from tracker.adapters.sql.tables import entry_version, sighting

_columns = select(sighting.c.number, sighting.c.entry, sighting.c.version, sighting.c.last_seen)
_other = sighting.alias("newest")
_last = (
    select(_other.c.last_seen)
    .where(_other.c.feed == bindparam("source"), ~_other.c.page)
    .order_by(_other.c.last_seen.desc())
    .limit(1)
    .scalar_subquery()
)
_shown_by_feed = _columns.where(sighting.c.feed == bindparam("source"), ~sighting.c.page, sighting.c.last_seen == _last)
_shown_by_page = _columns.where(
    sighting.c.entry == bindparam("which"), sighting.c.feed == bindparam("source"), sighting.c.page
)
_published = select(entry_version.c.entry, entry_version.c.version, entry_version.c.published).where(
    entry_version.c.entry.in_(bindparam("ids", expanding=True))
)
_see_all = (
    update(sighting)
    .where(
        sighting.c.feed == bindparam("source"),
        ~sighting.c.page,
        sighting.c.last_seen == bindparam("before", type_=Moment),
    )
    .values(last_seen=bindparam("at", type_=Moment))
)
_see = (
    update(sighting)
    .where(sighting.c.number.in_(bindparam("numbers", expanding=True)))
    .values(last_seen=bindparam("at", type_=Moment))
)
_miss = (
    update(sighting)
    .where(sighting.c.number.in_(bindparam("numbers", expanding=True)))
    .values(missing_at=bindparam("at", type_=Moment))
)
_of_version = (sighting.c.entry == bindparam("which"), sighting.c.version == bindparam("of"))
_held = select(sighting).where(*_of_version).order_by(sighting.c.number)
_drop = delete(sighting).where(*_of_version)
_put = insert(sighting)

Key = tuple[str, str]
"""Entry and version."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of what a feed showed until now."""

    number: int
    entry: str
    version: str
    last_seen: datetime


def shown_by(connection: Connection, source: str, page_of: str | None) -> dict[Key, Seen]:
    """Return what the last document of a feed showed, or the version that the page of an entry showed last."""
    if page_of is None:
        rows = connection.execute(_shown_by_feed, {"source": source}).all()
    else:
        rows = connection.execute(_shown_by_page, {"source": source, "which": page_of}).all()
        rows = sorted(rows, key=lambda row: row.last_seen)[-1:]
    return {(row.entry, row.version): Seen(*row) for row in rows}


def see_all(connection: Connection, source: str, before: datetime, at: datetime) -> None:
    """Note that all that a feed showed until now, in its document of `before`, stands in its new one as well."""
    connection.execute(_see_all, {"source": source, "before": before, "at": at})


def see(connection: Connection, numbers: Iterable[int], at: datetime) -> None:
    """Note that sightings hold still."""
    each(connection, _see, "numbers", numbers, at=at)


def miss(connection: Connection, shown: Collection[Seen], there: Collection[str], arrivals: int, at: datetime) -> None:
    """Note what a feed shows no more although it shows older entries; `there` are the entries of its new document."""
    if all(one.entry in there for one in shown):
        return
    dates = {(id_, of): date for id_, of, date in found(connection, _published, "ids", {one.entry for one in shown})}
    told: dict[str, Shown] = {}
    for one in sorted(shown, key=lambda one: -one.number):
        told[one.entry] = Shown(one.entry, one.number, dates.get((one.entry, one.version)), one.last_seen)
    gone = [one for one in told.values() if one.entry not in there]
    stay = [one for one in told.values() if one.entry in there]
    missing = {one.entry for one in out_of_turn(gone, stay, arrivals)}
    each(connection, _miss, "numbers", [one.number for one in shown if one.entry in missing], at=at)


def renumber(connection: Connection, versions: Iterable[Key], *, without: str | None = None) -> None:
    """Give the sightings of versions new numbers, beyond the mark of every story; drop those by the feed `without`."""
    for id_, of in versions:
        which = {"which": id_, "of": of}
        rows = connection.execute(_held, which).mappings().all()
        connection.execute(_drop, which)
        kept = [{name: row[name] for name in row if name != "number"} for row in rows if row["feed"] != without]
        if kept:
            connection.execute(_put, kept)
