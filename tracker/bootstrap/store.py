"""The parts that live in the database."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.config import Settings, secret
from tracker.errors import TrackerError
from tracker.ports.clock import Clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tracker.adapters.sql.archive import SqlArchive
    from tracker.adapters.sql.audit import SqlAuditor
    from tracker.adapters.sql.bare import Names
    from tracker.adapters.sql.checkup import SqlCheckup
    from tracker.adapters.sql.eraser import SqlEraser
    from tracker.adapters.sql.event_log import SqlEventLog
    from tracker.adapters.sql.export import SqlExporter
    from tracker.adapters.sql.feed_book import SqlFeedBook
    from tracker.adapters.sql.glance import Glance
    from tracker.adapters.sql.import_ import SqlImporter
    from tracker.adapters.sql.lock import WorkerLock
    from tracker.adapters.sql.outbox import SqlOutbox
    from tracker.adapters.sql.pages import SqlPageBook
    from tracker.adapters.sql.read_models import SqlViews
    from tracker.adapters.sql.vitals import SqlObserver
    from tracker.domain.events import Recorded
    from tracker.ports.wakeup import Wakeup


def default_database() -> str:
    """Return the address of the SQLite file in the user's data folder."""
    file = default_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackerError(
            f"data folder {file.parent}: {error.strerror}; name another with TRACKER_DATABASE_URL"
        ) from error
    return f"sqlite:///{file}"


def default_file() -> Path:
    """Return the SQLite file in the user's data folder; neither is made."""
    import platformdirs

    return Path(platformdirs.user_data_dir("tracker", appauthor=False)) / "tracker.db"


class Store:
    """What stands on the database: its parts are made on first use."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock

    @cached_property
    def database_url(self) -> str:
        """The database in use, with its password. Raises ConfigError where that is not behind its reference."""
        url, password = self.settings.database.url, self.settings.database.password
        if self.alone or url is None or password is None:
            return url or default_database()
        from sqlalchemy import make_url

        return make_url(url).set(password=secret(password)).render_as_string(hide_password=False)

    @property
    def names(self) -> "Names":
        """The ids that a person may type, read without making anything."""
        from tracker.adapters.sql.bare import Names

        return Names(self.database_url if self.settings.database.url else f"sqlite:///{default_file()}")

    def glance(self) -> "Glance | None":
        """Return what is read without opening the database as usual; None where that has something to do first."""
        from tracker.adapters.sql.glance import glance
        from tracker.projections import ALL

        return glance(self.settings.database.url or f"sqlite:///{default_file()}", ALL)

    @cached_property
    def untouched(self) -> "Engine":
        """The database as it is: nothing made, nothing migrated. Raises ConfigError."""
        from tracker.adapters.sql.engine import open_engine

        return open_engine(self.database_url)

    @cached_property
    def engine(self) -> "Engine":
        """The database at its newest schema. Raises StoreError, DatabaseTooNew."""
        from tracker.adapters.sql.migrate import upgrade

        upgrade(self.untouched)
        return self.untouched

    @cached_property
    def log(self) -> "SqlEventLog":
        """The event log."""
        from tracker.adapters.sql.event_log import SqlEventLog
        from tracker.adapters.sql.inline_views import InlineViews
        from tracker.projections import INLINE

        return SqlEventLog(self.engine, self.clock, beside=InlineViews(self.engine, INLINE))

    @cached_property
    def wakeup(self) -> "Wakeup":
        """What says that the log may have grown."""
        from tracker.adapters.sql.wakeup import wakeup_of

        return wakeup_of(self.engine, listen=self.settings.database.listen)

    @cached_property
    def auditor(self) -> "SqlAuditor":
        """What proves the log."""
        from tracker.adapters.sql.audit import SqlAuditor

        return SqlAuditor(self.engine)

    @cached_property
    def archive(self) -> "SqlArchive":
        """Every entry ever fetched."""
        from tracker.adapters.sql.archive import SqlArchive

        return SqlArchive(self.engine)

    @cached_property
    def eraser(self) -> "SqlEraser":
        """What erases an entry's words."""
        from tracker.adapters.sql.eraser import SqlEraser

        return SqlEraser(self.engine, self.clock)

    @cached_property
    def exporter(self) -> "SqlExporter":
        """What writes the whole tracker out."""
        from tracker.adapters.sql.export import SqlExporter
        from tracker.application.look import LOOKS

        return SqlExporter(self.engine, (LOOKS,))

    @cached_property
    def importer(self) -> "SqlImporter":
        """What takes a whole tracker in."""
        from tracker.adapters.sql.import_ import SqlImporter
        from tracker.application.look import LOOKS

        return SqlImporter(self.engine, (LOOKS,))

    @cached_property
    def feeds(self) -> "SqlFeedBook":
        """The sources and their cursors."""
        from tracker.adapters.sql.feed_book import SqlFeedBook

        return SqlFeedBook(self.engine)

    @cached_property
    def pages(self) -> "SqlPageBook":
        """The pages of entries that are read for their text."""
        from tracker.adapters.sql.pages import SqlPageBook

        return SqlPageBook(self.engine)

    @cached_property
    def views(self) -> "SqlViews":
        """The read models."""
        from tracker.adapters.sql.read_models import SqlViews

        return SqlViews(self.engine)

    @cached_property
    def outbox(self) -> "SqlOutbox":
        """The deliveries that are owed."""
        from tracker.adapters.sql.outbox import SqlOutbox

        return SqlOutbox(self.engine)

    @cached_property
    def observer(self) -> "SqlObserver":
        """What takes the vitals."""
        from tracker.adapters.sql.vitals import SqlObserver

        return SqlObserver(self.engine)

    @property
    def checkup(self) -> "SqlCheckup":
        """The facts of the database as it is."""
        from tracker.adapters.sql.checkup import SqlCheckup

        return SqlCheckup(self.untouched)

    @property
    def alone(self) -> bool:
        """Whether one worker at a time follows the stories: on SQLite. On PostgreSQL any number does."""
        return not (self.settings.database.url or "").startswith("postgres")

    def shown_database(self) -> str:
        """Return the database's address without a password."""
        from sqlalchemy import make_url

        return make_url(self.database_url).render_as_string(hide_password=True)

    def worker_lock(self) -> "WorkerLock":
        """Return the lock that only one worker of a SQLite file can hold; entering raises AlreadyRunning."""
        from tracker.adapters.sql.lock import WorkerLock

        return WorkerLock(self.database_url)

    def describe(self, recorded: "Recorded") -> dict[str, Any]:
        """Return a recorded event as JSON-ready values, with its stable name and schema number."""
        import json

        from tracker.adapters.sql.codec import encode
        from tracker.projections.rows import stamp, stamp_or_none

        name, schema, data = encode(recorded.event)
        return {
            "position": recorded.position,
            "stream": recorded.stream,
            "version": recorded.version,
            "id": recorded.id,
            "type": name,
            "schema": schema,
            "recorded_at": stamp(recorded.recorded_at),
            "published_at": stamp_or_none(recorded.published_at),
            "causation": recorded.causation,
            "actor": recorded.actor,
            "data": json.loads(data),
            "hash": recorded.hash,
        }

    def close(self) -> None:
        """Give back connections; the store is not to be used any more."""
        if "wakeup" in self.__dict__:
            self.wakeup.close()
        if "untouched" in self.__dict__:
            self.untouched.dispose()
