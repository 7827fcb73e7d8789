"""What publishers took away: entries whose feed shows them no more out of turn, or whose page is gone."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, func, or_, select, type_coerce, update

from tracker.adapters.sql.archive.out_of_turn import Shown, is_habit
from tracker.adapters.sql.columns import WHOLE, Moment
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.lookup import LOCK, each, found
from tracker.adapters.sql.tables import entry_version, feed, judgement, removal, sighting, told
from tracker.adapters.sql.upsert import insert_for
from tracker.ports.archive import Removal

FEED_REASON = "its feed shows it no more, though it shows older entries"

_SURE_AFTER = timedelta(hours=1)
_LONGEST_MISSING = timedelta(days=7)
_WEEK = 7 * 24 * 3600 * 1_000_000
_LOOKBACK = 200

_other = sighting.alias("other")
_later = sighting.alias("later")
# A later document of the feed does not show it either, or the feed was read again after a while.
_due = (
    select(sighting.c.entry, sighting.c.feed, sighting.c.missing_at)
    .outerjoin(feed, feed.c.id == sighting.c.feed)
    .where(
        sighting.c.missing_at > bindparam("earliest", type_=Moment),
        ~select(removal.c.entry).where(removal.c.entry == sighting.c.entry).exists(),
        or_(
            feed.c.last_ok_at >= type_coerce(sighting.c.missing_at, WHOLE) + _SURE_AFTER // timedelta(microseconds=1),
            select(_later.c.number)
            .where(_later.c.feed == sighting.c.feed, ~_later.c.page, _later.c.last_seen > sighting.c.missing_at)
            .exists(),
        ),
    )
)
_newest = select(func.max(_later.c.last_seen)).where(_later.c.feed == _other.c.feed, ~_later.c.page).scalar_subquery()
_shown_elsewhere = select(_other.c.entry).where(
    _other.c.entry.in_(bindparam("ids", expanding=True)),
    _other.c.missing_at.is_(None),
    ~_other.c.page,
    _other.c.last_seen == _newest,
)
_recent = (
    select(sighting.c.entry, sighting.c.number, entry_version.c.published, sighting.c.last_seen)
    .join(
        entry_version,
        (entry_version.c.entry == sighting.c.entry) & (entry_version.c.version == sighting.c.version),
    )
    .where(sighting.c.feed == bindparam("source"), ~sighting.c.page)
    .order_by(sighting.c.last_seen.desc())
    .limit(_LOOKBACK)
)
_clear = (
    update(sighting)
    .where(
        sighting.c.feed == bindparam("source"),
        sighting.c.entry == bindparam("which"),
        sighting.c.missing_at.is_not(None),
    )
    .values(missing_at=None)
)
_one = select(removal).where(removal.c.entry == bindparam("wanted"))
_since = select(type_coerce(func.max(removal.c.at), WHOLE) - _WEEK).scalar_subquery()
_withdrawn = (
    select(removal.c.entry, removal.c.at, removal.c.reason)
    .join(judgement, (judgement.c.story == bindparam("wanted")) & (judgement.c.entry == removal.c.entry))
    .where(
        judgement.c.relevant,
        type_coerce(removal.c.at, WHOLE) >= _since,
        ~select(told.c.entry).where(told.c.entry == removal.c.entry, told.c.story == bindparam("wanted")).exists(),
    )
    .distinct()
    .order_by(removal.c.at, removal.c.entry)
)
_removed = select(removal.c.entry, removal.c.page).where(removal.c.entry.in_(bindparam("ids", expanding=True)))
_lift = tuple(delete(table).where(table.c.entry.in_(bindparam("ids", expanding=True))) for table in (removal, told))


class SqlRemovals:
    """Removals in `removal` and `told`; see `tracker.ports.archive.Removals`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._remove = insert_for(engine, removal).on_conflict_do_nothing()
        self._tell = insert_for(engine, told).on_conflict_do_nothing()

    def page_gone(self, entry_id: str, at: datetime, status: int) -> None:
        """Note that the entry's own page answered `status`, 404 or 410. Raises StoreError."""
        reason = f"its page is gone (HTTP {status})"
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            connection.execute(self._remove, {"entry": entry_id, "at": at, "page": True, "reason": reason})

    def removal(self, entry_id: str) -> Removal | None:
        """Return that an entry was taken away, None while it is there. Raises StoreError."""
        with reading(self._engine) as connection:
            row = connection.execute(_one, {"wanted": entry_id}).first()
        return Removal(row.entry, row.at, row.reason) if row else None

    def withdrawn(self, story: str) -> tuple[Removal, ...]:
        """Return removals that a story has to be told of, among those of the last week that had any.

        Raises StoreError.
        """
        with reading(self._engine) as connection:
            return tuple(Removal(*row) for row in connection.execute(_withdrawn, {"wanted": story}))

    def told(self, story: str, entry_id: str) -> None:
        """Note that a story was told of a removal. Raises StoreError."""
        with writing(self._engine) as connection:
            connection.execute(self._tell, {"entry": entry_id, "story": story})

    def settle_missing(self, now: datetime) -> None:
        """Decide of what has been missing long enough whether it was removed. Raises StoreError."""
        asked = {"earliest": now - _LONGEST_MISSING}
        with reading(self._engine) as connection:
            if connection.execute(_due, asked).first() is None:
                return
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            due = connection.execute(_due, asked).all()
            elsewhere = {id_ for (id_,) in found(connection, _shown_elsewhere, "ids", {row.entry for row in due})}
            loose = {source for source in {row.feed for row in due} if _drops_freely(connection, source)}
            for row in due:
                if row.entry in elsewhere or row.feed in loose:
                    connection.execute(_clear, {"source": row.feed, "which": row.entry})
                else:
                    held = {"entry": row.entry, "at": row.missing_at, "page": False, "reason": FEED_REASON}
                    connection.execute(self._remove, held)


def removed(connection: Connection, ids: Collection[str], *, page: bool) -> set[str]:
    """Return those of the entries that were taken away, and that a feed, or with `page` only a page, brings back."""
    return {id_ for id_, by_page in found(connection, _removed, "ids", ids) if page or not by_page}


def lift(connection: Connection, ids: Collection[str]) -> None:
    """Forget the removal of entries that are back."""
    for statement in _lift:
        each(connection, statement, "ids", ids)


def _drops_freely(connection: Connection, source: str) -> bool:
    return is_habit([Shown(*row) for row in connection.execute(_recent, {"source": source})])
