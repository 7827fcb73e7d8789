"""A whole tracker on a file of its own: a publisher, a mail server and a receiver of webhooks, all on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from html import escape

from tests.made.alerts import NOON, STORY, opening
from tests.made.mailbox import Mailbox, mailbox
from tests.made.receiver import Receiver, receiver
from tests.made.site import RSS, Page, Site, serving
from tracker.application.correct import tell as notices_for
from tracker.application.cycle import gather, project, tell
from tracker.application.newsroom import Newsroom
from tracker.application.replay import SimulatedClock
from tracker.application.results import Delivered
from tracker.application.sources import add_feed
from tracker.application.stories import open_story
from tracker.application.subscribe import subscribe, subscriptions
from tracker.bootstrap import App
from tracker.config import Database, Mail, Settings, Webhook, Worker
from tracker.domain.claims import Claim, Status
from tracker.domain.events import Event, NewEvent, story_stream
from tracker.domain.story import fold
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.judging.judge import Judge
from tracker.ports.outbox import Owed
from tracker.ports.seeds import Seed

BRIDGE = Seed(
    "bridge", "Bridge over the Lea", "en", NOON, None, None,
    (Claim("C1", "The council plans to build a bridge over the river Lea.", "the council", Status.PLANNED),),
)  # fmt: skip
STARTED = ("Council starts to build the bridge over the Lea", "Work on the bridge over the river Lea has begun.")
"""Title and summary of a report that moves the claim of the bridge."""


@cache
def _judge() -> Judge:
    """Return the judge: its models are read once for all tests."""
    return App(Settings()).judge


@dataclass
class Newsdesk:
    """The tracker, at a time that is moved by hand. `items` are what the publisher's feed shows."""

    url: str
    box: Mailbox
    there: Receiver
    site: Site
    settings: Settings
    clock: SimulatedClock = field(default_factory=lambda: SimulatedClock(NOON))
    items: list[tuple[str, str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = self._opened()

    def _opened(self) -> App:
        app = App(self.settings, self.clock)
        app.judge = _judge()
        return app

    @property
    def room(self) -> Newsroom:
        return self.app.newsroom()

    def restart(self) -> None:
        """End the process as a crash does, as far as one test can: nothing in memory goes on."""
        self.app.close()
        self.app = self._opened()

    def later(self, **time: float) -> None:
        self.clock.advance(self.clock() + timedelta(**time))

    def add(self, *wanted: SubscriptionAdded) -> None:
        for one in wanted:
            subscribe(self.app.log, one, "person")

    def open(self) -> None:
        """Open the story of the instructors, whose developments a test makes up; see `report`."""
        self.app.log.append(story_stream(STORY), 0, opening())

    def report(self, *events: Event, silent: bool = False) -> int:
        """Record what a judge found in one entry, with the notices owed; return the position of the first event."""
        stream = tuple(self.app.log.read(stream=story_stream(STORY)))
        told = fold(stream)
        assert told is not None
        new = [NewEvent(f"{told.version}-{nth}", event, "judge", "e") for nth, event in enumerate(events)]
        notices = notices_for(self.app, told, new, subscriptions(self.app.log), silent=silent)
        return self.app.log.append(story_stream(STORY), told.version, new, notices)[0].position

    def follow(self) -> None:
        """Open the story of the bridge and follow the publisher's feed, which shows nothing of it yet."""
        open_story(self.app.log, BRIDGE, "person")
        self.publish("Rovers beat United", "Nobody else scored.")
        add_feed(
            self.app.log, self.app.feeds, url=f"{self.site.url}/feed", name="Hackney Post", story=BRIDGE.id,
            now=self.clock(), actor="person",
        )  # fmt: skip
        self.gather()

    def publish(self, title: str, summary: str) -> None:
        """Show one entry more, published now."""
        self.items.append((title, summary, self.clock()))
        self.show()

    def show(self, extra: str = "") -> None:
        """Show the feed as it is now, newest first; `extra` stands behind every title and summary."""
        items = "".join(
            f"<item><guid>{nth}</guid><title>{escape(title + extra)}</title><link>{self.site.url}/{nth}</link>"
            f"<description>{escape(summary + extra)}</description><pubDate>{format_datetime(at)}</pubDate></item>"
            for nth, (title, summary, at) in reversed(list(enumerate(self.items)))
        )
        document = f"<rss version='2.0'><channel><title>Hackney Post</title>{items}</channel></rss>"
        self.site.pages["/feed"] = Page(document, RSS)

    def gather(self) -> None:
        """Ask the feed, whenever it is due, and judge what it brought."""
        self.later(hours=1)
        gather(self.room, now=True)

    def project(self) -> None:
        project(self.room)

    def send(self) -> Delivered:
        """Make messages of what has waited long enough, and send what is due."""
        return tell(self.room, self.app.notifiers)

    def owed(self) -> list[Owed]:
        """Return every notice, in order."""
        return [*self.app.outbox.owed([recorded.id for recorded in self.app.log.read()])]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Return the words of a mail, of its text or of its HTML."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@contextmanager
def newsdesk(url: str, **mail: object) -> Iterator[Newsdesk]:
    """Open a tracker on the database at a URL; `mail` are settings of how it talks to the mail server."""
    with mailbox(auth_require_tls=False) as box, receiver() as there, serving() as site:
        server = {"host": "127.0.0.1", "port": box.port, "tls": "none", "sender": "desk@news.example", "timeout": 0.5}
        settings = Settings(
            database=Database(url=url),
            worker=Worker(allow_private=("loopback",), host_gap=0, feed_interval=600, longest_interval=600),
            mail=Mail(**{**server, **mail}),  # type: ignore[arg-type]
            webhook=Webhook(timeout=0.5),
        )
        made = Newsdesk(url, box, there, site, settings)
        try:
            yield made
        finally:
            made.app.close()
