"""The pages of entries that are read for their text, and when each is due."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, delete, exists, func, or_, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.documents import decode_entry
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.lookup import LOCK
from tracker.adapters.sql.tables import entry_version, erasure, feed, judgement, page, sighting
from tracker.adapters.sql.upsert import insert_for
from tracker.ports.pages import Page, host_of

_ASKING = '%"article":true%'
"""Options that ask for pages, as canonical JSON; within a string of it the quotes would be escaped."""
_COLUMNS = tuple(one.name for one in fields(Page) if one.name != "baseline")
_KEPT = ("entry", "feed", "first_at", "baseline")

_now, _since = (bindparam(name, type_=Moment) for name in ("now", "since"))
_news = exists().where(sighting.c.entry == page.c.entry, sighting.c.page.is_(False), sighting.c.baseline.is_(False))
_page = select(*(page.c[name] for name in _COLUMNS), (~_news).label("baseline"))
_due = page.c.due_at <= _now

# What feeds with the option show since a moment, was seen first since then, and has no page yet.
_fresh = (
    select(sighting.c.entry, func.min(sighting.c.feed).label("feed"), func.min(sighting.c.first_seen).label("first_at"))
    .join(feed, feed.c.id == sighting.c.feed)
    .join(
        entry_version,
        and_(entry_version.c.entry == sighting.c.entry, entry_version.c.version == sighting.c.version),
    )
    .where(
        feed.c.options.like(_ASKING),
        feed.c.removed.is_(False),
        sighting.c.page.is_(False),
        sighting.c.last_seen >= _since,
        sighting.c.first_seen >= _since,
        or_(sighting.c.baseline.is_(False), entry_version.c.published >= _since),
        ~exists().where(page.c.entry == sighting.c.entry),
        ~exists().where(erasure.c.entry == sighting.c.entry),
    )
    .group_by(sighting.c.entry)
)
_words = (
    select(entry_version.c.data)
    .where(entry_version.c.entry == bindparam("of"))
    .order_by(entry_version.c.number.desc())
    .limit(1)
)
_relied_on = exists().where(
    judgement.c.story.in_(bindparam("stories", expanding=True)),
    judgement.c.entry == page.c.entry,
    judgement.c.relevant.is_(True),
)
_idle = select(page.c.entry).where(_due, or_(page.c.read_at.is_not(None), page.c.first_at < _since), ~_relied_on)
_rest = update(page).where(page.c.entry == bindparam("of")).values(due_at=None)
_hosts = (
    select(page.c.host).where(_due).group_by(page.c.host).order_by(func.min(page.c.due_at)).limit(bindparam("count"))
)
_next = (
    _page.where(_due, page.c.host == bindparam("asked"))
    .order_by(page.c.read_at.is_not(None), page.c.due_at, page.c.entry)
    .limit(1)
)
_one = _page.where(page.c.entry == bindparam("of"))
_save = update(page).where(page.c.entry == bindparam("of"))
_forget = delete(page).where(page.c.entry == bindparam("of"))


class SqlPageBook:
    """Pages in the table `page`; see `tracker.ports.pages.PageBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._put = insert_for(engine, page).on_conflict_do_nothing()

    def queue(self, now: datetime, since: datetime) -> int:
        """Put on the list what feeds with the option have brought since; see PageBook.queue. Raises StoreError.

        An entry without an address that could be asked is put there as well, never due, so as not to be found again.
        """
        with reading(self._engine) as connection:
            fresh = connection.execute(_fresh, {"since": since}).mappings().all()
        if not fresh:
            return 0
        with writing(self._engine) as connection:
            # Nothing that is being erased must get a page now.
            take_turns(connection, LOCK)
            still = connection.execute(_fresh, {"since": since}).mappings().all()
            rows = [_new(row, connection.execute(_words, {"of": row["entry"]}).scalar_one(), now) for row in still]
            if rows:
                connection.execute(self._put, rows)
        return sum(1 for row in rows if row["due_at"] is not None)

    def retire(self, now: datetime, since: datetime, stories: Collection[str]) -> None:
        """Take off the list what no story relies on; see PageBook.retire. Raises StoreError."""
        asked = {"now": now, "since": since, "stories": sorted(stories)}
        with reading(self._engine) as connection:
            idle = connection.execute(_idle, asked).scalars().all()
        if idle:
            with writing(self._engine) as connection:
                connection.execute(_rest, [{"of": entry} for entry in idle])

    def hosts(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the hosts of pages that are due, the longest due first. Raises StoreError."""
        with reading(self._engine) as connection:
            return tuple(connection.execute(_hosts, {"now": now, "count": limit}).scalars())

    def next(self, host: str, now: datetime) -> Page | None:
        """Return the page of a host that is due: one that was never read, else the longest due. Raises StoreError."""
        return self._found(_next, {"asked": host, "now": now})

    def get(self, entry: str) -> Page | None:
        """Return the page of an entry. Raises StoreError."""
        return self._found(_one, {"of": entry})

    def save(self, page: Page) -> None:
        """Save where we are with a page that is on the list. Raises StoreError."""
        changed = {name: getattr(page, name) for name in _COLUMNS if name not in _KEPT}
        with writing(self._engine) as connection:
            connection.execute(_save.values(changed | {"host": page.host}), {"of": page.entry})

    def _found(self, statement: Any, asked: dict[str, Any]) -> Page | None:
        with reading(self._engine) as connection:
            row = connection.execute(statement, asked).mappings().one_or_none()
        return None if row is None else Page(**row)


def _new(row: Any, data: str, now: datetime) -> dict[str, Any]:
    url = decode_entry(data).url or ""
    readable = url.startswith(("http://", "https://")) and host_of(url)
    return {
        "entry": row["entry"], "feed": row["feed"], "first_at": row["first_at"], "url": url, "host": host_of(url),
        "state": "new", "due_at": now if readable else None, "failures": 0,
        "last_error": None if readable else "it has no address on the web",
    }  # fmt: skip


def forget_page(connection: Connection, entry: str) -> None:
    """Take an entry's page off the list and forget its address, as part of a transaction."""
    connection.execute(_forget, {"of": entry})
