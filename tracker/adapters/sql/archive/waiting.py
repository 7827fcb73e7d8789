"""What waits to be judged by a story, and what was judged.

A version waits for a story while it has a sighting in a feed that the story hears, and no judgement. The archive is
looked through for it from the story's mark on: below it nothing waits. Sightings are numbered in the order in which
they are committed, under the archive's lock; whatever makes an old version wait again gives its sightings new numbers,
or takes the marks away.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, and_, bindparam, delete, exists, func, or_, select

from tracker.adapters.sql.archive.judgements import JudgementWriter
from tracker.adapters.sql.documents import decode_entry
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.lookup import LOCK, each, found
from tracker.adapters.sql.tables import entry_version, erasure, feed, judgement, mark, sighting
from tracker.adapters.sql.upsert import upsert
from tracker.ports.archive import FAULT, Judgement, Pending

_STRIDE = 64
"""Sightings that a look may go through in vain before the mark is moved over them: to move it is a write."""
_LONG_STRIDE = 1024
"""The same while something waits, so that the mark follows a long first import in few steps."""

# A source unknown to the feed book counts as one of all stories.
_in_hearing = or_(feed.c.story.is_(None), feed.c.story == bindparam("wanted"))
_sighted = sighting.outerjoin(feed, feed.c.id == sighting.c.feed)
OF_VERSION = and_(sighting.c.entry == entry_version.c.entry, sighting.c.version == entry_version.c.version)
"""That a sighting is of a version."""
_heard = exists().select_from(_sighted).where(OF_VERSION, _in_hearing)
_judged = exists().where(
    and_(
        judgement.c.story == bindparam("wanted"),
        judgement.c.entry == entry_version.c.entry,
        judgement.c.version == entry_version.c.version,
    )
)
IS_KEPT = ~exists().where(erasure.c.entry == entry_version.c.entry)
"""That the entry of a version was not erased."""
_waits = (~_judged, IS_KEPT)
_beyond = sighting.c.number > bindparam("mark")
_fresh = (
    select(entry_version.c.number).select_from(_sighted.join(entry_version, OF_VERSION)).where(_beyond, _in_hearing)
)
_pending = (
    select(
        entry_version.c.data,
        _heard.where(sighting.c.baseline.is_(False)).label("news"),
        select(func.min(sighting.c.number)).where(OF_VERSION, _beyond).scalar_subquery().label("came"),
    )
    .where(entry_version.c.number.in_(_fresh), *_waits)
    .order_by(entry_version.c.number)
    .limit(bindparam("count"))
)
_oldest = (
    select(func.min(sighting.c.number))
    .select_from(_sighted.join(entry_version, OF_VERSION))
    .where(_beyond, _in_hearing, *_waits)
)
_reach = select(
    func.coalesce(select(mark.c.sighting).where(mark.c.story == bindparam("wanted")).scalar_subquery(), 0).label(
        "mark"
    ),
    func.coalesce(select(func.max(sighting.c.number)).scalar_subquery(), 0).label("newest"),
)
_awaiting = select(entry_version.c.number).where(entry_version.c.entry == bindparam("of"), _heard, *_waits).limit(1)
_version = select(entry_version.c.seen, _heard.where(sighting.c.baseline.is_(False)).label("news")).where(
    entry_version.c.entry == bindparam("of"), entry_version.c.version == bindparam("version")
)
_erased = select(erasure.c.entry).where(erasure.c.entry.in_(bindparam("ids", expanding=True)))
_is_fault = (judgement.c.judge != bindparam("now"), judgement.c.reason.like(bindparam("fault")))
_stories_with_faults = select(judgement.c.story).where(*_is_fault).distinct()
_faults = delete(judgement).where(*_is_fault)
_unmark = delete(mark).where(mark.c.story.in_(bindparam("stories", expanding=True)))


decoded = lru_cache(maxsize=256)(decode_entry)  # an entry is read for every story in turn


class SqlWaiting:
    """Judgements in `judgement`, marks in `mark`; see `tracker.ports.archive.Waiting`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._judgements = JudgementWriter(engine)
        self._mark = upsert(engine, mark)

    def pending(self, story: str, limit: int) -> tuple[Pending, ...]:
        """Return versions that a story has not judged, in the order in which they came.

        Counted are sightings in feeds of this story or of all stories, removed feeds included. `baseline` holds where
        every such sighting came with the first import of its feed. Raises StoreError.
        """
        with reading(self._engine) as connection:
            # First how far the sightings reach, and then the look: what comes in between is beyond.
            reach = connection.execute(_reach, {"wanted": story}).one()
            asked = {"wanted": story, "mark": reach.mark, "count": limit}
            rows = connection.execute(_pending, asked).all() if reach.newest > reach.mark else ()
        if _is_far(reach, rows):
            self._move(story)
        return tuple(Pending(decoded(row.data), baseline=not row.news) for row in rows)

    def awaiting(self, entry_id: str, stories: Sequence[str]) -> tuple[str, ...]:
        """Return those of the stories for which a version of an entry is pending. Raises StoreError."""
        with reading(self._engine) as connection:
            asked = (({"of": entry_id, "wanted": story}, story) for story in stories)
            return tuple(story for values, story in asked if connection.execute(_awaiting, values).first())

    def was_there(self, story: str, entry_id: str, version: str, opened: datetime) -> bool:
        """Tell whether a version was there when its story was opened, or as baseline; False for one never fetched.

        Raises StoreError.
        """
        with reading(self._engine) as connection:
            row = connection.execute(_version, {"wanted": story, "of": entry_id, "version": version}).first()
        return row is not None and (not row.news or row.seen < opened)

    def judged(self, *judgements: Judgement) -> None:
        """Record judgements; a second one of the same story, entry and version replaces it. Raises StoreError.

        Of an entry that was erased while it was judged no reason is kept: it would quote.
        """
        if not judgements:
            return
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            erased = {entry for (entry,) in found(connection, _erased, "ids", {one.entry for one in judgements})}
            self._judgements.write(connection, judgements, erased)

    def forget_faults(self, judge: str) -> int:
        """Drop the judgements of entries that another version of the judge failed over. Raises StoreError."""
        asked = {"now": judge, "fault": f"{FAULT}%"}
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            each(connection, _unmark, "stories", connection.execute(_stories_with_faults, asked).scalars())
            return connection.execute(_faults, asked).rowcount

    def _move(self, story: str) -> None:
        """Move a story's mark to just below the oldest sighting of what still waits, or to the newest of all."""
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            reach = connection.execute(_reach, {"wanted": story}).one()
            oldest = connection.execute(_oldest, {"wanted": story, "mark": reach.mark}).scalar()
            upto = reach.newest if oldest is None else oldest - 1
            if upto > reach.mark:
                connection.execute(self._mark, {"story": story, "sighting": upto})


def _is_far(reach: Any, rows: Sequence[Any]) -> bool:
    """Tell whether the mark lags far enough behind what a look found."""
    if rows:
        return bool(rows[0].came - reach.mark > _LONG_STRIDE)
    return bool(reach.newest - reach.mark >= _STRIDE)
