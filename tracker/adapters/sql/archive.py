"""Every entry version that was ever fetched, where it was seen, and what was judged of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from sqlalchemy import Connection, Engine, and_, bindparam, delete, exists, func, insert, or_, select

from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.tables import entry_version, erasure, feed, judgement, removal, sighting
from tracker.adapters.sql.upsert import insert_for, upsert
from tracker.domain.entry import Entry
from tracker.domain.erasure import ERASED
from tracker.domain.ids import content_id
from tracker.domain.words import plain
from tracker.ports.archive import FAULT, Judgement, Pending

LOCK = 0x7472_6163_6B65_7202
"""Held by whoever takes entries in, notes what was judged of them, or erases them."""

_MANY = 500
_SAME_ISSUE = timedelta(days=1)
_CAMPAIGN = ("utm_", "fbclid", "gclid", "at_", "cmp", "mc_cid", "mc_eid", "ref_src", "ns_campaign", "ns_source")
_decoder = msgspec.json.Decoder(Entry)

_versions = select(entry_version.c.entry, entry_version.c.version).where(
    entry_version.c.entry.in_(bindparam("ids", expanding=True))
)
_places = (
    select(entry_version.c.place, entry_version.c.entry, entry_version.c.version, entry_version.c.published)
    .where(entry_version.c.place.in_(bindparam("places", expanding=True)))
    .order_by(entry_version.c.number)
)
_latest = select(
    sighting.c.entry,
    sighting.c.version,
    (sighting.c.last_seen == func.max(sighting.c.last_seen).over(partition_by=sighting.c.entry)).label("latest"),
).where(sighting.c.feed == bindparam("source"), sighting.c.entry.in_(bindparam("ids", expanding=True)))
_put = insert(entry_version)
# What a version that comes back leaves behind: it is kept, seen and judged anew.
_forget = tuple(
    delete(table).where(table.c.entry == bindparam("which"), table.c.version == bindparam("of"))
    for table in (entry_version, judgement)
)
_unsee = delete(sighting).where(
    sighting.c.entry == bindparam("which"),
    sighting.c.version == bindparam("of"),
    sighting.c.feed == bindparam("source"),
)
_every = (
    select(entry_version.c.data).where(entry_version.c.entry == bindparam("wanted")).order_by(entry_version.c.number)
)
_newest = _every.order_by(None).order_by(entry_version.c.number.desc()).limit(1)
_erased = select(erasure.c.entry).where(erasure.c.entry.in_(bindparam("ids", expanding=True)))
# A source unknown to the feed book counts as one of all stories.
_heard = (
    exists()
    .select_from(sighting.outerjoin(feed, feed.c.id == sighting.c.feed))
    .where(
        sighting.c.entry == entry_version.c.entry,
        sighting.c.version == entry_version.c.version,
        or_(feed.c.story.is_(None), feed.c.story == bindparam("wanted")),
    )
)
_judged = exists().where(
    and_(
        judgement.c.story == bindparam("wanted"),
        judgement.c.entry == entry_version.c.entry,
        judgement.c.version == entry_version.c.version,
    )
)
_waits = (~_judged, _heard, ~exists().where(erasure.c.entry == entry_version.c.entry))
_pending = (
    select(entry_version.c.data, _heard.where(sighting.c.baseline.is_(False)).label("news"))
    .where(*_waits)
    .order_by(entry_version.c.number)
    .limit(bindparam("count"))
)
_awaiting = select(entry_version.c.number).where(entry_version.c.entry == bindparam("of"), *_waits).limit(1)

_faults = delete(judgement).where(judgement.c.judge != bindparam("now"), judgement.c.reason.like(bindparam("fault")))


class SqlArchive:
    """Entries in `entry_version`, `sighting` and `judgement`; see `tracker.ports.archive.Archive`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._see = upsert(engine, sighting, keys=("entry", "version", "feed", "page"), keep=("first_seen", "baseline"))
        self._judge = upsert(engine, judgement)
        self._remove = insert_for(engine, removal).on_conflict_do_nothing()

    def keep(
        self, feed: str, entries: Sequence[Entry], *, baseline: Sequence[bool], seen: datetime, page: bool = False
    ) -> int:
        """Store the versions not held yet and a sighting of each, in one transaction; return how many are new.

        A version that this feed has shown before, but another one since, is new again: its publisher took an edit
        back. It becomes the newest of its entry and waits to be judged. An entry of an unknown id whose address and
        title are those of one that is held, and that was published within a day of it, is a sighting of that one.
        What was erased is not taken in, under whichever of these it comes. Raises StoreError.
        """
        if not entries:
            return 0
        with writing(self._engine) as connection:
            # Two writers that meet the same item must not both find that it is new.
            take_turns(connection, LOCK)
            shelf = _Shelf(connection, feed, entries)
            sightings = {
                place: _seen(feed, seen, baseline=old, page=page)
                for entry, old in zip(entries, baseline, strict=True)
                if (place := shelf.place(entry))
            }
            if shelf.returned:
                for statement in (*_forget, _unsee):
                    connection.execute(statement, shelf.returned)
            if shelf.new:
                connection.execute(_put, shelf.new)
            if sightings:
                rows = ({"entry": id_, "version": version, **row} for (id_, version), row in sightings.items())
                connection.execute(self._see, list(rows))
        return len(shelf.new)

    def page_gone(self, entry_id: str, at: datetime, status: int) -> None:
        """Note that the entry's own page answered `status`, 404 or 410. Raises StoreError."""
        reason = f"its page is gone (HTTP {status})"
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            connection.execute(self._remove, {"entry": entry_id, "at": at, "page": True, "reason": reason})

    def pending(self, story: str, limit: int) -> tuple[Pending, ...]:
        """Return versions that a story has not judged, in the order in which they came.

        Counted are sightings in feeds of this story or of all stories, removed feeds included. `baseline` holds where
        every such sighting came with the first import of its feed. Raises StoreError.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(_pending, {"wanted": story, "count": limit}).all()
        return tuple(Pending(decode_entry(row.data), baseline=not row.news) for row in rows)

    def awaiting(self, entry_id: str, stories: Sequence[str]) -> tuple[str, ...]:
        """Return those of the stories for which a version of an entry is pending. Raises StoreError."""
        with reading(self._engine) as connection:
            asked = (({"of": entry_id, "wanted": story}, story) for story in stories)
            return tuple(story for values, story in asked if connection.execute(_awaiting, values).first())

    def judged(self, judgement: Judgement) -> None:
        """Record a judgement; a second one of the same story, entry and version replaces it. Raises StoreError.

        Of an entry that was erased while it was judged no reason is kept: it would quote.
        """
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            erased = connection.execute(_erased, {"ids": [judgement.entry]}).first()
            connection.execute(self._judge, asdict(judgement) | ({"reason": ERASED} if erased else {}))

    def forget_faults(self, judge: str) -> int:
        """Drop the judgements of entries that another version of the judge failed over. Raises StoreError."""
        with writing(self._engine) as connection:
            return connection.execute(_faults, {"now": judge, "fault": f"{FAULT}%"}).rowcount

    def entry(self, entry_id: str) -> Entry | None:
        """Return the newest version of an entry. Raises StoreError."""
        with reading(self._engine) as connection:
            data = connection.execute(_newest, {"wanted": entry_id}).scalar()
        return None if data is None else decode_entry(data)

    def versions(self, entry_id: str) -> tuple[Entry, ...]:
        """Return every version of an entry, oldest first. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(map(decode_entry, connection.execute(_every, {"wanted": entry_id}).scalars()))


def _seen(feed: str, at: datetime, *, baseline: bool, page: bool) -> dict[str, Any]:
    return {
        "feed": feed, "page": page, "first_seen": at, "last_seen": at, "baseline": baseline, "missing_at": None
    }  # fmt: skip


def decode_entry(data: str) -> Entry:
    """Return an entry as it was kept."""
    return _decoder.decode(data)


class _Shelf:
    """Finds where entries belong; `new` are the rows to put, in order, `returned` those that came back among them."""

    def __init__(self, connection: Connection, feed: str, entries: Sequence[Entry]) -> None:
        self.new: list[dict[str, Any]] = []
        self.returned: list[dict[str, str]] = []
        self._feed = feed
        ids = {entry.id for entry in entries}
        self._held = set(_found(connection, _versions, "ids", ids))
        self._ids = {id_ for id_, _ in self._held}
        self._shown: dict[str, set[str]] = {}
        for id_, version, latest in _found(connection, _latest, "ids", ids, source=feed):
            if latest:
                self._shown.setdefault(id_, set()).add(version)
        places = {place for entry in entries if (place := place_of(entry))}
        self._at = {place: _Held(*held) for place, *held in _found(connection, _places, "places", places)}
        asked = ids | {held.entry for held in self._at.values()}
        self._erased = {id_ for (id_,) in _found(connection, _erased, "ids", asked)}

    def place(self, entry: Entry) -> tuple[str, str] | None:
        """Return the id and the version under which an entry is held from now on, None for one that was erased."""
        where = place_of(entry)
        twin = self._at.get(where or "")
        if entry.id not in self._ids and twin and twin.as_old_as(entry):
            return None if twin.entry in self._erased else (twin.entry, twin.version)
        if entry.id in self._erased:
            return None
        key = (entry.id, entry.version)
        shown = self._shown.get(entry.id)
        if key in self._held and shown and entry.version not in shown:
            self.returned.append({"which": entry.id, "of": entry.version, "source": self._feed})
            self._held.discard(key)
            shown.add(entry.version)
        if key not in self._held:
            self.new.append(
                {"entry": key[0], "version": key[1], "place": where, "published": entry.published, "seen": entry.seen}
                | {"data": canonical(entry)}
            )
            self._held.add(key)
            self._ids.add(entry.id)
        if where:
            self._at[where] = _Held(*key, entry.published)
        return key


@dataclass(frozen=True, slots=True)
class _Held:
    """A version that is held, with the time that its publisher claims."""

    entry: str
    version: str
    published: datetime | None

    def as_old_as(self, entry: Entry) -> bool:
        """Tell a copy from the next issue of a page that keeps its address and title, such as a daily briefing."""
        if self.published is None or entry.published is None:
            return True
        return abs(self.published - entry.published) < _SAME_ISSUE


def place_of(entry: Entry) -> str | None:
    """Return a digest of the canonical address and the title, None for an entry that lacks either.

    Both are needed: live tickers and portals give many items one address, and many items bear one title.
    """
    title = plain(entry.title)
    return content_id("p", (canonical_address(entry.url), title)) if entry.url and title else None


def canonical_address(url: str) -> str:
    """Return an address without scheme, "www.", fragment, campaign parameters and final slash; never fetched."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    query = sorted((key, value) for key, value in parse_qsl(parts.query) if not key.lower().startswith(_CAMPAIGN))
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{urlencode(query)}"


def _found(connection: Connection, statement: Any, name: str, values: set[str], **more: str) -> list[tuple[Any, ...]]:
    asked = sorted(values)
    parameters: list[Mapping[str, Any]] = [
        more | {name: asked[start : start + _MANY]} for start in range(0, len(asked), _MANY)
    ]
    return [tuple(row) for one in parameters for row in connection.execute(statement, one)]
