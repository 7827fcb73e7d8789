"""Composition root: settings in, a working tracker out. The only place where adapters meet the application."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from tracker.bootstrap.channels import Channels
from tracker.config import Settings, address, secret
from tracker.errors import ConfigError, Died, TookTooLong, UsageError
from tracker.ports.clock import Clock

if TYPE_CHECKING:
    from tracker.adapters.feeds.apart import Apart
    from tracker.adapters.jobs.engine import JobEngine
    from tracker.application.discover import Scout
    from tracker.application.doctor import Patient
    from tracker.application.newsroom import Newsroom
    from tracker.domain.pace import Pace
    from tracker.judging.judge import Judge
    from tracker.judging.models import Encoder, PairClassifier
    from tracker.ports.feeds import FeedOptions, Fetcher, Parser
    from tracker.ports.finding import Listed
    from tracker.ports.http import Answer
    from tracker.ports.jobs import Kind, Work
    from tracker.ports.pages import Page, PageRead, PageReader
    from tracker.ports.seeds import Seed

PACKAGE = Path(__file__).parents[1]


def utc_now() -> datetime:
    """Return the present moment; the one real clock of the house."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock that everything else is handed


def resource(name: str) -> Path:
    """Return a folder that ships with tracker (alembic, seeds, config), in an installed wheel or in a checkout."""
    installed = PACKAGE / "resources" / name
    return installed if installed.exists() else PACKAGE.parent / name


class App(Channels):
    """One tracker: its parts are made on first use, so that a command pays only for what it needs."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        super().__init__(settings, clock)

    @cached_property
    def judge(self) -> "Judge":
        """The judge with its models."""
        from tracker.adapters.models.language import LanguageIdentifier
        from tracker.judging.judge import Judge

        return Judge(self.encoder, self.relation, languages=LanguageIdentifier())

    @cached_property
    def encoder(self) -> "Encoder":
        """What turns sentences into vectors."""
        from tracker.adapters.models.encoder import MiniLmEncoder

        return MiniLmEncoder(threads=self._model_threads)

    @cached_property
    def pairs(self) -> "PairClassifier":
        """What says whether a sentence supports or refutes a claim."""
        from tracker.adapters.models.pair import PairModel

        return PairModel(threads=self._model_threads)

    @cached_property
    def relation(self) -> "PairClassifier":
        """What says how a sentence stands to a claim by itself: the pair model weighed with figures, days and names."""
        from tracker.adapters.models.relation import RelationModel
        from tracker.judging.learnt import LearntRelation

        return LearntRelation(self.pairs, RelationModel())

    @property
    def _model_threads(self) -> int:
        """Where several processes judge, each keeps to one core: two cost half as much again for the same work."""
        return 2 if self.alone else 1

    @cached_property
    def fetcher(self) -> "Fetcher":
        """What fetches feeds, each in its own way."""
        from tracker.adapters.feeds.fetch import HttpFetcher

        return HttpFetcher(self.http, secret)

    @cached_property
    def parser(self) -> "Parser":
        """What reads feeds."""
        from tracker.adapters.feeds.parse import FeedParser

        return FeedParser(self.apart_for_feeds)

    @cached_property
    def apart_for_feeds(self) -> "Apart":
        """Where strangers' feeds are read: a process that can be ended."""
        from tracker.adapters.feeds.apart import Apart
        from tracker.adapters.feeds.parse import MEMORY, SECONDS

        return Apart(SECONDS, MEMORY)

    @cached_property
    def apart(self) -> "Apart":
        """Where strangers' pages are read: a process that can be ended."""
        from tracker.adapters.feeds.apart import Apart
        from tracker.adapters.feeds.page import MEMORY, SECONDS

        return Apart(SECONDS, MEMORY)

    @cached_property
    def page_reader(self) -> "PageReader":
        """What reads the pages of entries."""
        from tracker.adapters.feeds.fetch import HttpFetcher
        from tracker.adapters.feeds.page import ACCEPT, WebPages
        from tracker.adapters.feeds.robots import Robots

        fetcher = HttpFetcher(self.http, secret, ACCEPT)
        robots = Robots(fetcher, self.apart, self.clock, self.settings.worker.user_agent)
        return WebPages(fetcher, robots, self.apart)

    @property
    def scout(self) -> "Scout":
        """What looks for feeds and into them."""
        from tracker.adapters.feeds.discover import HtmlSiteReader
        from tracker.adapters.feeds.form import form, letters
        from tracker.application.discover import Scout

        def article(page: "Page", options: "FeedOptions") -> "PageRead":
            return self.page_reader.read(page, options)  # made only where it is asked for

        return Scout(
            fetcher=self.fetcher,
            parser=self.parser,
            sites=HtmlSiteReader(self.apart_for_feeds),
            form=form,
            letters=letters,
            article=article,
            clock=self.clock,
            pause=lambda: sleep(self.settings.worker.host_gap),
        )

    @property
    def pace(self) -> "Pace":
        """The bounds of how often a source is asked."""
        from tracker.domain.pace import Pace

        return Pace(self.settings.worker.feed_interval, self.settings.worker.longest_interval)

    def read_feed_list(self, body: bytes, name: str) -> "tuple[Listed, ...]":
        """Return the feeds of another reader's list. Raises UsageError, which begins with the list's name."""
        from tracker.adapters.feeds.opml import read_list

        try:
            return self.apart_for_feeds.call(read_list, body)  # it may be a stranger's
        except (UsageError, TookTooLong, Died) as error:
            raise UsageError(f"{name}: {error}") from error

    def write_feed_list(self, listed: "tuple[Listed, ...]") -> bytes:
        """Return feeds as a list that other readers take."""
        from tracker.adapters.feeds.opml import write_opml

        return write_opml(listed, "Feeds of tracker")

    def newsroom(self, stopping: Callable[[], bool] = lambda: False) -> "Newsroom":
        """Return the ports of one worker."""
        from tracker.application.bundle import Bundler
        from tracker.application.newsroom import Newsroom
        from tracker.application.shelf import Shelf

        worker, shelf = self.settings.worker, Shelf(self.log)
        return Newsroom(
            clock=self.clock,
            log=self.log,
            archive=self.archive,
            feeds=self.feeds,
            pages=self.pages,
            writer=self.views,
            views=self.views,
            outbox=self.outbox,
            fetcher=self.fetcher,
            parser=self.parser,
            page_reader=self.page_reader,
            judge=self.judge,
            shelf=shelf,
            bundler=Bundler(self.outbox, self.log, shelf.subscriptions),
            opinion=self.opinion,
            feed_interval=worker.feed_interval,
            longest_interval=worker.longest_interval,
            host_gap=worker.host_gap,
            fetch_timeout=worker.fetch_timeout,
            fetchers=worker.fetchers,
            stopping=stopping,
        )

    @property
    def patient(self) -> "Patient":
        """What `tracker doctor` looks at, on the database as it is."""
        from tracker.adapters.http.listener import listener
        from tracker.adapters.models.ready import run_once
        from tracker.adapters.sql.archive import SqlArchive
        from tracker.adapters.sql.audit import SqlAuditor
        from tracker.adapters.sql.event_log import SqlEventLog
        from tracker.adapters.sql.feed_book import SqlFeedBook
        from tracker.adapters.sql.outbox import SqlOutbox
        from tracker.adapters.sql.read_models import SqlViews
        from tracker.application.doctor import MailServer, Page, Patient, Web

        web, page, mail = self.settings.web, self.settings.serve, self.settings.mail
        return Patient(
            database=self.checkup,
            log=SqlEventLog(self.untouched, self.clock),
            auditor=SqlAuditor(self.untouched),
            views=SqlViews(self.untouched),
            feeds=SqlFeedBook(self.untouched),
            archive=SqlArchive(self.untouched),
            outbox=SqlOutbox(self.untouched),
            web=Web(web.listen, web.public_url, lambda: secret(web.key or "")),
            page=Page(page.listen, lambda: secret(page.token) if page.token else None),
            mail=MailServer(lambda: self.mail.trouble()) if mail.host else None,  # noqa: PLW0108 - made late
            reach=lambda listen: listener(*address(listen)),
            references=self.references,
            declared=self.declared,
            secret=secret,
            load_models=run_once,
            clock=self.clock,
        )

    def job_engine(self, work: "Work", *, grace: float, alive: Callable[[], None]) -> "JobEngine":
        """Return this process's share of the jobs on PostgreSQL, its tables ready; `grace`: seconds for the last jobs.

        `alive` is called at each look for what is due.
        Raises ConfigError where the engine is not installed, StoreError, DatabaseTooNew.
        """
        from tracker.adapters.sql.engine import take_turns, writing
        from tracker.application.deliver import SENDERS

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
        hands: dict[tuple[Kind, ...], int] = {
            ("poll",): worker.fetchers,
            ("page",): worker.fetchers,
            ("judge",): 1,
            ("deliver",): SENDERS,
        }
        pace = Pace(worker.tick, worker.lost_after, grace, listen=self.settings.database.listen)
        return JobEngine(server, schema, work, {**hands, ("tick", "project", "bundle"): 2}, pace, alive=alive)

    def read_seed(self, source: str, *, story_id: str | None = None, title: str | None = None) -> "Seed":
        """Return the story that a seed file or an article (file or address) describes.

        Raises SeedError when it cannot be read or when nothing in it is worth tracking, FetchError for an address.
        """
        from tracker.bootstrap.seeds import read_seed

        # Client and process are made only when they are asked for: a seed in a file needs neither.
        def get(url: str) -> "Answer":
            return self.http.get(url)

        def apart(*call: Any) -> Any:
            return self.apart.call(*call)

        return read_seed(source, get, apart, self.clock().date(), story_id=story_id, title=title)

    def abort(self) -> None:
        """Let whatever asks the web, hands over a mail or reads a stranger's document fail at once from now on."""
        self.http.abort()
        for part in self._made("mail"):
            part.abort()
        for part in self._made("apart_for_feeds", "apart"):
            part.close()

    def close(self) -> None:
        """Give back connections; the app is not to be used any more."""
        for part in self._made("apart_for_feeds", "apart"):
            part.close()
        super().close()
