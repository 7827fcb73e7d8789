"""The conductor: the one place that knows the order of things.

    poll     bytes --> entries in the archive
    read     their pages --> their text, where a feed asks for it
    judge    entry + folded story --> findings --> events, with the notices owed, in one append
    project  events after the checkpoint --> views
    bundle   notices that waited --> messages: groups, digests, what quiet hours held back
    deliver  outbox --> mail and webhooks

One process goes round by round (`gather`, `tell`); a round judges whenever sources have answered, so that a slow
source or a long first import holds back no other news; pages are read beside it (`read`). Many processes are handed the
same steps one by one (`work`): what is due stands in our tables, so a job that is lost is found again at the next tick.
Command line, daemon, replay and demo all call these; a crash between any two steps loses and repeats nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.application.changes import record_removals
from tracker.application.declared import Declared, declare
from tracker.application.deliver import NOTHING, Delivered, deliver, delivering, ways_due
from tracker.application.judge_entries import BATCH, Judged, judge_pending, judge_story, judge_turn
from tracker.application.newsroom import Newsroom
from tracker.application.pages import BATCH as PAGES
from tracker.application.pages import Looked, due_hosts, read_host, read_pages
from tracker.application.poll import poll, poll_feed
from tracker.application.project import catch_up
from tracker.application.settle import Polled
from tracker.ports.jobs import Job
from tracker.ports.notify import Notifier
from tracker.projections import ALL

_FEEDS = 1000
"""Feeds looked at in one tick; of each host one is handed out, and the next when it was polled."""

MESSAGES = 10_000
"""Messages that are sent in one round, so that it ends where more and more come due meanwhile."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one round brought in: sources polled, pages looked at, entries judged."""

    polled: tuple[Polled, ...] = ()
    judged: tuple[Judged, ...] = ()
    looked: tuple[Looked, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a job brought, and the jobs that follow from it."""

    jobs: Sequence[Job] = ()
    gathered: Gathered = Gathered()
    told: Delivered = NOTHING


def begin(room: Newsroom, declared: Declared, *, alone: bool) -> None:
    """Start: add what the config declares, and take up what an older judge left; `alone`: what a dead worker held, too.

    Beside other workers a lease is left to run out. Raises UsageError, NotFound for declarations that cannot be met.
    """
    declare(room.log, room.feeds, declared, room.clock())
    if alone:
        room.outbox.release(room.clock())
        room.feeds.forget_claims()
    room.archive.forget_faults(room.taught().judge.version)


def gather(room: Newsroom, *, now: bool = False) -> Gathered:
    """Poll what is due (`now`: every source), read pages, judge everything that is pending, bring the views level."""
    some = gather_some(room, now=now)
    looked = read(room).looked
    rest = tuple(judge_pending(room))
    project(room)
    return Gathered(some.polled, some.judged + rest, looked)


def gather_some(room: Newsroom, *, now: bool = False) -> Gathered:
    """Poll what is due, and judge a turn of each story whenever sources have brought something, and while all are slow.

    What a long first import leaves pending is for the next round: `judged` is empty when nothing was left.
    """
    polled: list[Polled] = []
    judged: list[Judged] = []
    pending = True
    for answers in poll(room, now=now):
        polled += answers
        if pending or any(answer.fresh for answer in answers):
            turn = _turn(room)
            judged += turn
            pending = bool(turn)
    judged += _turn(room)
    return Gathered(tuple(polled), tuple(judged))


def read(room: Newsroom) -> Gathered:
    """Read the pages that are due; what they say is pending then."""
    looked: list[Looked] = []
    while found := tuple(read_pages(room)):
        looked += found
    return Gathered(looked=tuple(looked))


def _turn(room: Newsroom) -> tuple[Judged, ...]:
    judged = tuple(judge_turn(room))
    room.archive.settle(room.clock())
    for story in room.shelf.followed():
        record_removals(room, story)
    project(room)
    return judged


def project(room: Newsroom) -> None:
    """Bring the views level with the log."""
    catch_up(room.log, room.writer, ALL)


def bundle(room: Newsroom, *, flush: bool = False) -> int:
    """Make messages of what has waited long enough, and return how many; `flush`: groups wait no longer."""
    return room.bundler.bundle(room.clock(), flush=flush, stopping=room.stopping)


def tell(room: Newsroom, notifiers: Mapping[str, Notifier], *, flush: bool = False) -> Delivered:
    """Make messages of what has waited long enough, and deliver what the outbox holds due.

    `flush`: groups wait no longer, since nobody will be there when they are due.
    """
    bundle(room, flush=flush)
    return _deliver(room, notifiers)


def tell_some(room: Newsroom, notifiers: Mapping[str, Notifier]) -> Iterator[Delivered]:
    """Do as `tell` does, for at most `MESSAGES` of what is due; yield how it ended, as it does."""
    bundle(room)
    yield from delivering(
        room.outbox, room.log, notifiers, room.clock,
        subscribed=room.shelf.subscriptions, limit=MESSAGES, stopping=room.stopping,
    )  # fmt: skip


def _deliver(room: Newsroom, notifiers: Mapping[str, Notifier], way: str | None = None) -> Delivered:
    return deliver(
        room.outbox, room.log, notifiers, room.clock,
        subscribed=room.shelf.subscriptions, way=way, stopping=room.stopping,
    )  # fmt: skip


def work(room: Newsroom, notifiers: Mapping[str, Notifier], job: Job) -> Done:
    """Do one job; what is not due any more does nothing. What follows from it is for whoever takes it."""
    match job.kind:
        case "tick":
            return Done(tuple(due(room)))
        case "poll":
            return _poll(room, job.about)
        case "page":
            return _read(room, job.about)
        case "judge":
            return _judge(room, job.about)
        case "project":
            project(room)
            return Done()
        case "bundle":
            return Done(tuple(_deliveries(room)) if bundle(room) else ())
        case "deliver":
            return Done(told=_deliver(room, notifiers, job.about))


def due(room: Newsroom) -> Iterator[Job]:
    """Yield whatever is due, as our tables tell it."""
    room.archive.settle(room.clock())
    first = {feed.host: feed.id for feed in reversed(room.feeds.due(room.clock(), _FEEDS))}
    yield from (Job("poll", feed_id) for feed_id in first.values())
    yield from (Job("page", host) for host in due_hosts(room))
    yield from (Job("judge", story) for story in room.shelf.followed() if room.archive.waiting(story))
    yield Job("project")
    yield from _messages(room)


def _messages(room: Newsroom) -> Iterator[Job]:
    if room.bundler.is_due(room.clock()):
        yield Job("bundle")
    yield from _deliveries(room)


def _deliveries(room: Newsroom) -> Iterator[Job]:
    yield from (Job("deliver", way) for way in ways_due(room.outbox, room.shelf.subscriptions, room.clock))


def _poll(room: Newsroom, feed_id: str) -> Done:
    polled = poll_feed(room, feed_id)
    if polled is None:
        return Done()
    readers = (polled.feed.story,) if polled.feed.story else room.shelf.followed()
    jobs = [Job("judge", story) for story in readers] if polled.fresh else []
    after = room.feeds.after(polled.feed, room.clock())
    more = [Job("poll", after.id)] if after else []
    return Done([*jobs, Job("project"), *more], Gathered(polled=(polled,)))


def _read(room: Newsroom, host: str) -> Done:
    looked = read_host(room, host)
    fresh = any(one.outcome in {"new", "gone"} for one in looked)
    jobs = [Job("judge", story) for story in room.shelf.followed()] if fresh else []
    more = [Job("page", host)] if len(looked) == PAGES else []
    return Done([*jobs, *more], Gathered(looked=looked))


def _judge(room: Newsroom, story_id: str) -> Done:
    judged = tuple(judge_story(room, story_id))
    removed = record_removals(room, story_id)
    if not judged and not removed:
        return Done()
    more = [Job("judge", story_id)] if len(judged) == BATCH else []
    told = _messages(room) if removed or any(one.notices for one in judged) else ()
    return Done([Job("project"), *told, *more], Gathered(judged=judged))
