"""A made-up log written into a real database, at the times that it was made up with."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.read_models import SqlViews
from tracker.domain.events import NewEvent, Recorded


@dataclass(frozen=True, slots=True)
class Stored:
    """A database with its log and its views."""

    engine: Engine
    log: SqlEventLog
    views: SqlViews


def stored(url: str, events: Iterable[Recorded]) -> Stored:
    """Open the database at a URL and append the events one by one, each at its own time."""
    engine = open_engine(url)
    upgrade(engine)
    database = Stored(engine, SqlEventLog(engine, lambda: now), SqlViews(engine))
    for recorded in events:
        now = recorded.recorded_at
        new = NewEvent(recorded.id, recorded.event, recorded.actor, recorded.causation, recorded.published_at)
        database.log.append(recorded.stream, recorded.version - 1, (new,))
    return database
