"""Composition root: settings in, a working tracker out. The only place where adapters meet the application."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.config import Settings, secret
from tracker.errors import ConfigError, SeedError, TrackerError
from tracker.ports.clock import Clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tracker.adapters.http.client import GuardedClient
    from tracker.adapters.jobs.engine import JobEngine
    from tracker.adapters.sql.archive import SqlArchive
    from tracker.adapters.sql.audit import SqlAuditor
    from tracker.adapters.sql.checkup import SqlCheckup
    from tracker.adapters.sql.eraser import SqlEraser
    from tracker.adapters.sql.event_log import SqlEventLog
    from tracker.adapters.sql.export import SqlExporter
    from tracker.adapters.sql.feed_book import SqlFeedBook
    from tracker.adapters.sql.import_ import SqlImporter
    from tracker.adapters.sql.lock import WorkerLock
    from tracker.adapters.sql.outbox import SqlOutbox
    from tracker.adapters.sql.read_models import SqlViews
    from tracker.application.declared import Declared
    from tracker.application.doctor import Patient
    from tracker.application.newsroom import Newsroom
    from tracker.domain.events import Recorded
    from tracker.judging.judge import Judge
    from tracker.ports.jobs import Kind, Work
    from tracker.ports.notify import Notifier
    from tracker.ports.seeds import Seed
    from tracker.ports.wakeup import Wakeup

RESOURCES = Path(__file__).parent / "resources"
CHECKOUT = Path(__file__).parent.parent


def utc_now() -> datetime:
    """Return the present moment; the one real clock of the house."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock that everything else is handed


def resource(name: str) -> Path:
    """Return a folder that ships with tracker (alembic, seeds, config), in an installed wheel or in a checkout."""
    installed = RESOURCES / name
    return installed if installed.exists() else CHECKOUT / name


def default_database() -> str:
    """Return the address of the SQLite file in the user's data folder."""
    import platformdirs

    folder = Path(platformdirs.user_data_dir("tracker", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackerError(f"data folder {folder}: {error.strerror}; name another with TRACKER_DATABASE_URL") from error
    return f"sqlite:///{folder / 'tracker.db'}"


class App:
    """One tracker: its parts are made on first use, so that a command pays only for what it needs."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.clock = clock

    @cached_property
    def database_url(self) -> str:
        """The database in use."""
        return self.settings.database.url or default_database()

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
    def http(self) -> "GuardedClient":
        """The one HTTP client."""
        from tracker.adapters.http.client import GuardedClient

        worker = self.settings.worker
        return GuardedClient(
            allow=frozenset(worker.allow_private), timeout=worker.fetch_timeout, user_agent=worker.user_agent
        )

    @cached_property
    def judge(self) -> "Judge":
        """The judge with its models."""
        from tracker.adapters.models.encoder import MiniLmEncoder
        from tracker.adapters.models.pair import PairModel
        from tracker.judging.judge import Judge

        # Where several processes judge, each keeps to one core: two threads cost half as much again for the same work.
        threads = 2 if self.alone else 1
        return Judge(MiniLmEncoder(threads=threads), PairModel(threads=threads))

    @cached_property
    def notifiers(self) -> "Mapping[str, Notifier]":
        """The channels by name; mail is there only where a server is configured. Raises ConfigError."""
        from tracker.adapters.notify.mail import MailNotifier, MailServer
        from tracker.adapters.notify.webhook import WebhookNotifier

        timeout = self.settings.webhook.timeout
        channels: dict[str, Notifier] = {
            "webhook": WebhookNotifier(self.http, clock=self.clock, secret=secret, timeout=timeout)
        }
        mail = self.settings.mail
        if mail.host is not None:
            server = MailServer(mail.host, mail.port, mail.tls, mail.username, mail.password, mail.sender, mail.timeout)
            channels["email"] = MailNotifier(server, clock=self.clock, secret=secret)
        return channels

    def newsroom(self, stopping: Callable[[], bool] = lambda: False) -> "Newsroom":
        """Return the ports of one worker."""
        from tracker.adapters.feeds.fetch import HttpFetcher
        from tracker.adapters.feeds.parse import FeedParser
        from tracker.application.newsroom import Newsroom
        from tracker.application.shelf import Shelf

        return Newsroom(
            clock=self.clock,
            log=self.log,
            archive=self.archive,
            feeds=self.feeds,
            writer=self.views,
            views=self.views,
            outbox=self.outbox,
            fetcher=HttpFetcher(self.http),
            parser=FeedParser(),
            judge=self.judge,
            shelf=Shelf(self.log),
            feed_interval=self.settings.worker.feed_interval,
            fetchers=self.settings.worker.fetchers,
            stopping=stopping,
        )

    def declared(self) -> "Declared":
        """Return the feeds and subscriptions that the config file names."""
        from tracker.application.declared import Declared, DeclaredFeed
        from tracker.application.subscribe import subscription_to

        feeds = [DeclaredFeed(feed.url, feed.name, feed.story) for feed in self.settings.feed]
        subscriptions = [
            subscription_to(email=entry.email, webhook=entry.webhook, story=entry.story, secret=entry.secret)
            for entry in self.settings.subscription
        ]
        return Declared(feeds, subscriptions)

    def shown_database(self) -> str:
        """Return the database's address without a password."""
        from sqlalchemy import make_url

        return make_url(self.database_url).render_as_string(hide_password=True)

    @property
    def checkup(self) -> "SqlCheckup":
        """The facts of the database as it is."""
        from tracker.adapters.sql.checkup import SqlCheckup

        return SqlCheckup(self.untouched)

    @property
    def patient(self) -> "Patient":
        """What `tracker doctor` looks at, on the database as it is."""
        from tracker.adapters.models.ready import run_once
        from tracker.adapters.sql.audit import SqlAuditor
        from tracker.adapters.sql.event_log import SqlEventLog
        from tracker.adapters.sql.feed_book import SqlFeedBook
        from tracker.adapters.sql.read_models import SqlViews
        from tracker.application.doctor import Patient

        return Patient(
            database=self.checkup,
            log=SqlEventLog(self.untouched, self.clock),
            auditor=SqlAuditor(self.untouched),
            views=SqlViews(self.untouched),
            feeds=SqlFeedBook(self.untouched),
            load_models=run_once,
            mail=self.settings.mail.host is not None,
            clock=self.clock,
        )

    @property
    def alone(self) -> bool:
        """Whether one worker at a time follows the stories: on SQLite. On PostgreSQL any number does."""
        return not (self.settings.database.url or "").startswith("postgres")

    def job_engine(self, work: "Work", *, grace: float) -> "JobEngine":
        """Return this process's share of the jobs on PostgreSQL, its tables ready; `grace`: seconds for the last jobs.

        Raises ConfigError where the engine is not installed, StoreError, DatabaseTooNew.
        """
        from tracker.adapters.sql.engine import take_turns, writing
        from tracker.application.alert import SENDERS

        try:
            from tracker.adapters.jobs.engine import JobEngine, Pace
            from tracker.adapters.jobs.schema import LOCK, prepare
        except ModuleNotFoundError as error:
            raise ConfigError("workers on PostgreSQL need: pip install 'story-tracker[postgresql]'") from error
        with writing(self.engine) as connection:
            take_turns(connection, LOCK)
            schema = prepare(connection)
        _, server = self.engine.dialect.create_connect_args(self.engine.url)
        worker = self.settings.worker
        hands: dict[tuple[Kind, ...], int] = {("poll",): worker.fetchers, ("judge",): 1, ("deliver",): SENDERS}
        pace = Pace(worker.tick, worker.lost_after, grace)
        return JobEngine(server, schema, work, {**hands, ("tick", "project"): 2}, pace)

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

    def read_seed(self, source: str, *, story_id: str | None = None, title: str | None = None) -> "Seed":
        """Return the story that a seed file or an article (file or address) describes.

        Raises SeedError when it cannot be read or when nothing in it is worth tracking, FetchError for an address.
        """
        from dataclasses import replace

        from tracker.adapters.seeds import load_seed

        curated = source.endswith(".toml")
        seed = load_seed(Path(source)) if curated else self._seed_from_article(source, title)
        return replace(seed, id=story_id or seed.id, title=title or seed.title)

    def _seed_from_article(self, source: str, title: str | None) -> "Seed":
        from tracker.adapters.feeds.article import read_article
        from tracker.domain.extraction import extract
        from tracker.domain.ids import slug
        from tracker.ports.seeds import Seed

        body, content_type = self._document(source)
        article = read_article(body, source, content_type)
        published = article.published or self.clock().date()
        found = extract(source, article.text, published)
        if not found.claims:
            raise SeedError(f"seed {source}: no statement in it is worth tracking")
        name = title or article.title or found.title or found.claims[0].text
        return Seed(
            id=slug(name),
            title=name[:120],
            language=article.language or "en",
            as_of=datetime(published.year, published.month, published.day, tzinfo=UTC),
            document=source,
            document_sha256=hashlib.sha256(body).hexdigest(),
            claims=found.claims,
            left_out=found.left_out,
        )

    def _document(self, source: str) -> tuple[bytes, str | None]:
        if source.startswith(("http://", "https://")):
            answer = self.http.get(source)
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
                raise SeedError(f"seed {source}: the server answered {answer.status}")
            return answer.body, answer.headers.get("content-type")
        try:
            return Path(source).read_bytes(), None
        except OSError as error:
            raise SeedError(f"seed {source}: {error.strerror or 'cannot be read'}") from error

    def close(self) -> None:
        """Give back connections; the app is not to be used any more."""
        if "http" in self.__dict__:
            self.http.close()
        if "wakeup" in self.__dict__:
            self.wakeup.close()
        if "untouched" in self.__dict__:
            self.untouched.dispose()
