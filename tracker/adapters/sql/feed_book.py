"""The sources and where we are with each."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Engine, bindparam, or_, select, update

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.tables import feed
from tracker.adapters.sql.upsert import insert_for, upsert
from tracker.ports.feeds import FeedState

_state = select(*(column for column in feed.c if column.name != "removed")).where(feed.c.removed.is_(False))
_due = (
    _state.where(feed.c.due_at <= bindparam("now", type_=Moment))
    .order_by(feed.c.due_at, feed.c.id)
    .limit(bindparam("count"))
)
_every = _state.order_by(feed.c.id)
_one = _state.where(feed.c.id == bindparam("wanted"))
_of_story = _every.where(or_(feed.c.story.is_(None), feed.c.story == bindparam("wanted")))
_remove = update(feed).where(feed.c.id == bindparam("wanted")).values(removed=True)


class SqlFeedBook:
    """Sources in the table `feed`; see `tracker.ports.feeds.FeedBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        new = insert_for(engine, feed).excluded
        never_polled = new.imported.is_(False) & (new.failures == 0) & new.last_ok_at.is_(None)
        # A poll that ends after its source was removed must not bring it back; adding the source again does.
        self._save = upsert(engine, feed, where=or_(feed.c.removed.is_(False), never_polled))

    def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Return the sources whose time has come, longest due first."""
        with reading(self._engine) as connection:
            rows = connection.execute(_due, {"now": now, "count": limit}).all()
        return tuple(FeedState(*row) for row in rows)

    def state(self, feed_id: str) -> FeedState | None:
        """Return a source, None for one that is unknown or was removed."""
        with reading(self._engine) as connection:
            row = connection.execute(_one, {"wanted": feed_id}).one_or_none()
        return None if row is None else FeedState(*row)

    def save(self, state: FeedState) -> None:
        """Insert or replace a source's state; of a removed source only a state never polled, which adds it again."""
        with writing(self._engine) as connection:
            connection.execute(self._save, asdict(state) | {"removed": False})

    def remove(self, feed_id: str) -> None:
        """Forget a source's cursor; what it brought stays, and stays with its story."""
        with writing(self._engine) as connection:
            connection.execute(_remove, {"wanted": feed_id})

    def all(self, story: str | None = None) -> Sequence[FeedState]:
        """Return every source, or those of one story and of all stories, by id."""
        statement = _every if story is None else _of_story
        with reading(self._engine) as connection:
            rows = connection.execute(statement, {"wanted": story} if story is not None else {}).all()
        return tuple(FeedState(*row) for row in rows)
