"""The conductor: the one place that knows the order of things.

    poll     bytes --> entries in the archive
    judge    entry + folded story --> findings --> events, with the notices owed, in one append
    project  events after the checkpoint --> views
    deliver  outbox --> mail and webhooks

A round judges after each source that answered, so that a slow source or a long first import holds back no other news.
Command line, daemon, replay and demo all call these; a crash between any two steps loses and repeats nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.application.alert import Delivered, deliver
from tracker.application.declared import Declared, declare
from tracker.application.judge_entries import Judged, judge_pending, judge_turn
from tracker.application.newsroom import Newsroom
from tracker.application.poll import Polled, poll
from tracker.application.project import catch_up
from tracker.ports.notify import Notifier
from tracker.projections import ALL


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one round brought in: sources polled, entries judged."""

    polled: tuple[Polled, ...]
    judged: tuple[Judged, ...]


def begin(room: Newsroom, declared: Declared) -> None:
    """Start as the only worker: add what the config declares, take up what a dead worker held and an older judge left.

    Raises UsageError, NotFound for declarations that cannot be met.
    """
    declare(room.log, room.feeds, declared, room.clock())
    room.outbox.release()
    room.archive.forget_faults(room.judge.version)


def gather(room: Newsroom, *, now: bool = False) -> Gathered:
    """Poll what is due (`now`: every source), judge everything that is pending, bring the views level."""
    some = gather_some(room, now=now)
    rest = tuple(judge_pending(room))
    catch_up(room.log, room.writer, ALL)
    return Gathered(some.polled, some.judged + rest)


def gather_some(room: Newsroom, *, now: bool = False) -> Gathered:
    """Poll what is due, and judge a turn of each story whenever a source has brought something, and while all are slow.

    What a long first import leaves pending is for the next round: `judged` is empty when nothing was left.
    """
    polled: list[Polled] = []
    judged: list[Judged] = []
    pending = True
    for answer in poll(room, now=now):
        if answer:
            polled.append(answer)
        if pending or (answer and answer.fresh):
            turn = _turn(room)
            judged += turn
            pending = bool(turn)
    judged += _turn(room)
    return Gathered(tuple(polled), tuple(judged))


def _turn(room: Newsroom) -> tuple[Judged, ...]:
    judged = tuple(judge_turn(room))
    catch_up(room.log, room.writer, ALL)
    return judged


def tell(room: Newsroom, notifiers: Mapping[str, Notifier]) -> Delivered:
    """Deliver what the outbox holds due."""
    return deliver(room.outbox, room.log, notifiers, room.clock, stopping=room.stopping)
