"""What tracker does all day, role by role: each prepared once, worked to its end, and safe to begin anew."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.faults.lives import Fuse
from benchmarks.faults.material import BRIDGE, NOON, reports, served
from tests.made.alerts import STORY, TEST_SECRET, by_webhook, corroborated, denied, entry, opening, updated
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.application.cursor import FAILING_AFTER
from tracker.application.cycle import gather, tell
from tracker.application.deliver import deliver
from tracker.application.erase import erase
from tracker.application.judge_entries import judge_pending
from tracker.application.newsroom import Newsroom
from tracker.application.poll import poll
from tracker.application.project import catch_up, rebuild
from tracker.application.sources import add_feed, remove_feed
from tracker.application.stories import close_story, open_story
from tracker.application.subscribe import subscribe
from tracker.bootstrap import App
from tracker.domain.events import NewEvent, StoryOpened, StoryRenamed, feed_stream, story_stream
from tracker.domain.feed_events import (
    FeedAdded,
)
from tracker.domain.subscription_events import ALERTS, SubscriptionAdded
from tracker.errors import NotFound
from tracker.judging.judge import Judge
from tracker.ports.feeds import PLAIN, FeedOptions, Fetched, Fetcher, Visit
from tracker.ports.log import Batch, Notice
from tracker.ports.notify import Message, Notifier
from tracker.ports.outbox import Attempt
from tracker.projections import ALL

SECRET_VARIABLE = "FAULTS_HOOK_SECRET"
os.environ[SECRET_VARIABLE] = TEST_SECRET


@dataclass(frozen=True)
class Desk:
    """What one life works with; `acknowledged` is the file in which a writer notes what it was told is stored."""

    app: App
    fuse: Fuse
    outside: str
    acknowledged: Path
    judge: Judge
    size: int

    def room(self) -> Newsroom:
        """Return the ports of a worker, with what it fetches watched."""
        room = self.app.newsroom()
        return replace(room, judge=self.judge, fetcher=_WatchedFetcher(room.fetcher, self.fuse))

    def notifiers(self) -> Mapping[str, Notifier]:
        """Return the channels, watched."""
        return {name: _WatchedNotifier(inner, self.fuse) for name, inner in self.app.notifiers.items()}


@dataclass(frozen=True)
class _WatchedFetcher:
    inner: Fetcher
    fuse: Fuse

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        try:
            return self.inner.fetch(url, etag=etag, last_modified=last_modified, options=options, visit=visit)
        finally:
            self.fuse.reached("before settling")


@dataclass(frozen=True)
class _WatchedNotifier:
    inner: Notifier
    fuse: Fuse

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        attempt = self.inner.send(subscription, message)
        self.fuse.reached("before settling")
        return attempt


@dataclass(frozen=True, slots=True)
class Role:
    """A name, what is there before the work begins, and the work."""

    name: str
    prepare: Callable[[Desk], None]
    work: Callable[[Desk], None]


def nothing(_desk: Desk) -> None:
    """Begin on an empty database."""


def _write(desk: Desk) -> None:
    """Append batches to one to three stories, each with a notice; what the log has answered for is acknowledged."""
    versions = dict.fromkeys(range(3), 0)
    for number in range(13 * desk.size):
        stories = range(number % 3 + 1)
        batches = [Batch(story_stream(f"s-{one}"), versions[one], _told_of(one, versions[one])) for one in stories]
        stored = desk.app.log.append_together(batches, [Notice("mail", batches[0].events[0].id, "s-0")])
        desk.fuse.reached("before settling")
        with desk.acknowledged.open("a") as out:
            out.write("".join(f"{one.id}\n" for one in stored))
        for one in stories:
            versions[one] += 2


def _told_of(story: int, version: int) -> tuple[NewEvent, ...]:
    opened = StoryOpened(f"s-{story}", "Title", "en", None, None, NOON)
    first = NewEvent(f"{story}-{version}", opened, "person") if version == 0 else event(story, version)
    return (first, event(story, version + 1))


def event(*numbers: int) -> NewEvent:
    """Return a plain event of a story, whose id is its numbers."""
    name = "-".join(map(str, numbers))
    return NewEvent(name, StoryRenamed(f"s-{numbers[0]}", f"Title {name}"), "person", "command", NOON)


def telling(desk: Desk, subscriptions: int = 0, events: int = 8) -> None:
    """A story with developments, owed to webhooks, and feeds of which some fail."""
    # Without the views that are otherwise folded with each append: they are left to the projector.
    log, stream = SqlEventLog(desk.app.engine, desk.app.clock), story_stream(STORY)
    readers = [by_webhook(f"{desk.outside}/hook-{n}", f"s-{n}", f"env:{SECRET_VARIABLE}") for n in range(subscriptions)]
    log.append(ALERTS, 0, [NewEvent(f"reader-{reader.subscription}", reader, "person") for reader in readers])
    version = len(log.append(stream, 0, opening()))
    for number in range(events * desk.size):
        made = (updated, corroborated, denied)[number % 3](entry(f"e{number}"))
        new = NewEvent(f"told-{number}", made, "judge", f"e{number}", NOON)
        log.append(stream, version, [new], [Notice(reader.subscription, new.id, STORY) for reader in readers])
        version += 1
        name = f"f-{number}"
        log.append(
            feed_stream(name), 0, [NewEvent(name, FeedAdded(name, "https://news.example", None, None), "person")]
        )


def _project(desk: Desk) -> None:
    catch_up(desk.app.log, desk.app.views, ALL, batch=5)


def _all_projected(desk: Desk) -> None:
    telling(desk)
    _project(desk)


def _rebuild(desk: Desk) -> None:
    rebuild(desk.app.log, desk.app.views, ALL)


def sources(desk: Desk) -> None:
    """Feeds that are due: sound ones, one about to be called failing, one that is gone, one that answers again."""
    log, book = desk.app.log, desk.app.feeds
    failures = {"/broken": FAILING_AFTER - 1, "/gone": 0, "/back": FAILING_AFTER}
    for path in served().keys() - {"/bridge"}:
        state, _ = add_feed(log, book, url=desk.outside + path, name=None, story=None, now=NOON, actor="person")
        book.save(replace(state, failures=failures.get(path, 0)))


def _poll(desk: Desk) -> None:
    desk.app.feeds.forget_claims()
    for _ in poll(desk.room()):
        pass


def _story(desk: Desk) -> None:
    """A story, a reader of it, and entries that came after the story was opened."""
    log, archive = desk.app.log, desk.app.archive
    open_story(log, BRIDGE, "person")
    subscribe(log, by_webhook(f"{desk.outside}/hook", secret=f"env:{SECRET_VARIABLE}"), "person")
    entries = reports(7 * desk.size)
    for one in entries:
        archive.keep("f", [one], baseline=[False], seen=one.seen)


def _judge(desk: Desk) -> None:
    for _ in judge_pending(desk.room()):
        pass


def _judged(desk: Desk) -> None:
    _story(desk)
    _judge(desk)
    catch_up(desk.app.log, desk.app.views, ALL)


def _erase(desk: Desk) -> None:
    """Erase entries one after the other, whether or not that was done before."""
    app = desk.app
    for number in range(0, 4 * desk.size, 2):
        erase(app.log, app.archive, app.eraser, f"e-{number}", reason="a court's order", actor="person")
        catch_up(app.log, app.views, ALL)


def _deliver(desk: Desk) -> None:
    deliver(desk.app.outbox, desk.app.log, desk.notifiers(), desk.app.clock)


def _followed(desk: Desk) -> None:
    """A story with a feed, followed since noon, when nothing had been published."""
    log, book = desk.app.log, desk.app.feeds
    open_story(log, BRIDGE, "person")
    subscribe(log, by_webhook(f"{desk.outside}/hook", secret=f"env:{SECRET_VARIABLE}"), "person")
    add_feed(log, book, url=f"{desk.outside}/bridge", name=None, story="bridge", now=NOON, actor="person")


def _cycle(desk: Desk) -> None:
    """Poll, judge, project, deliver: what `tracker poll` does."""
    room = desk.room()
    room.feeds.forget_claims()
    gather(room)
    tell(room, desk.notifiers())


def _known(desk: Desk) -> None:
    """A story, and feeds that are followed."""
    open_story(desk.app.log, BRIDGE, "person")
    for number in range(3):
        url = f"https://old.example/{number}"
        add_feed(desk.app.log, desk.app.feeds, url=url, name=None, story=None, now=NOON, actor="person")


def _command(desk: Desk) -> None:
    """Commands of a person, who repeats the one that was cut off."""
    log, book = desk.app.log, desk.app.feeds
    for number in range(4):
        url = f"https://new.example/{number}"
        add_feed(log, book, url=url, name=None, story=None, now=NOON, actor="person")
        subscribe(log, by_webhook(f"https://reader.example/{number}", f"r-{number}"), "person")
    for number in range(3):
        try:
            remove_feed(log, book, f"https://old.example/{number}", "person")
        except NotFound:
            """It was removed before the process was killed."""
    close_story(log, "bridge", "person")


ROLES = (
    Role("writer", nothing, _write),
    Role("commands", _known, _command),
    Role("poller", sources, _poll),
    Role("judge", _story, _judge),
    Role("eraser", _judged, _erase),
    Role("projector", telling, _project),
    Role("rebuild", _all_projected, _rebuild),
    Role("deliverer", lambda desk: telling(desk, 1, 9), _deliver),
    Role("deliverer, 4 ways", lambda desk: telling(desk, 4, 2), _deliver),
    Role("cycle", _followed, _cycle),
)
