"""Settle: what answers brought goes into the archive, what is worth an event into the log, and then the cursors move.

The cursors are saved after the archive holds the entries and the log the events: a crash in between reads the feeds
again and changes nothing. One bad source never stops the others: what goes wrong is a value of its `Polled`. A
database that refuses one source's document may do so because of the document; one that refuses to note even that is
down, and ends the round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from tracker.application.cursor import (
    after_document,
    after_failure,
    after_outage,
    after_success,
    may_be_ours,
    moved,
    target_of,
    told_by,
)
from tracker.application.newsroom import Newsroom
from tracker.application.retry import retried
from tracker.application.route import source_notices
from tracker.application.sources import check_address, followed
from tracker.application.visit import try_again
from tracker.domain.entry import Entry
from tracker.domain.events import Event, NewEvent, feed_stream
from tracker.domain.ids import content_id
from tracker.domain.pace import Pace, within_a_day
from tracker.errors import FeedError, FetchError, HostBusy, StoreError, UsageError
from tracker.ports.feeds import Document, FeedState, Fetched
from tracker.rendering.plain import line

_STOPPING = "stopping"
_UNHEARD = ("unreachable", "unasked")
"""Troubles in which nobody answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking a source. `document`: what it shows, if that has changed; `digest` is of its bytes.

    `since`: how many answers had been heard when it was asked, see `Reach`. `hosts` were claimed for it, its own and
    those to which it led; the last one has answered. `seconds`: how long it took.
    """

    state: FeedState
    outcome: Fetched | FeedError
    since: int
    document: Document | None = None
    digest: str | None = None
    hosts: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of one source brought. `error` in words when it failed, or waits until a host may be asked.

    `seconds`: how long it took until the answer was read; None where nobody was asked.
    """

    feed: FeedState
    outcome: Literal["new", "unchanged", "failed", "waiting"]
    entries: int = 0
    fresh: int = 0
    error: str | None = None
    seconds: float | None = None


def settle(room: Newsroom, answers: Sequence[Answer]) -> tuple[tuple[Polled, ...], Mapping[str, datetime]]:
    """Record what the answers brought; return it, and when the own host of each may be asked again.

    Cursors and hosts of all are saved in one transaction. Raises StoreError, and then no cursor has moved. What came
    after the worker was told to stop is left as it was: some of it is an error only because of that.
    """
    polled: list[Polled] = []
    hosts: dict[str, datetime] = {}
    if not answers:
        return (), {}
    for answer in answers:
        stopping = room.stopping()
        polled.append(Polled(answer.state, "failed", error=_STOPPING) if stopping else _settled(room, answer))
        hosts |= _free_at(room, answer, stopping=stopping)
    room.feeds.settle([one.feed for one in polled if one.error != _STOPPING], hosts)
    return tuple(polled), {one.state.host: hosts[one.state.host] for one in answers}


def is_old(entry: Entry, added_at: datetime) -> bool:
    """Tell whether an entry of a first import was there before anybody asked for the feed."""
    return entry.published is None or entry.published <= added_at


def fault(error: Exception) -> FeedError:
    """Return an error that nobody foresaw as one of a source."""
    return FeedError(f"cannot be taken: {error!r}")


def _settled(room: Newsroom, answer: Answer) -> Polled:
    polled = replace(_taken(room, answer), seconds=answer.seconds)
    for event in told_by(answer.state, polled.feed):
        _record(room, answer.state, event)
    return polled


def _taken(room: Newsroom, answer: Answer) -> Polled:
    if isinstance(answer.outcome, HostBusy):
        room.reach.heard()
        put_off = replace(answer.state, due_at=try_again(room, answer.state.id, answer.outcome))
        return Polled(put_off, "waiting", error=str(answer.outcome))
    if isinstance(answer.outcome, FeedError):
        return _failed(room, answer, answer.outcome)
    room.reach.heard()
    try:
        return _good(room, answer, answer.outcome)
    except (FeedError, StoreError) as error:
        return _failed(room, answer, error)
    except Exception as error:  # noqa: BLE001 - a fault over one document must not stop the others
        return _failed(room, answer, fault(error))


def _good(room: Newsroom, answer: Answer, fetched: Fetched) -> Polled:
    state, document, now = answer.state, answer.document, room.clock()
    fresh = _keep(room, state, document, now) if document else 0
    shown = after_document(state, document, fresh, now) if document else state
    after = _perhaps_moved(room, after_success(shown, fetched, answer.digest, now, _pace(room)), fetched)
    return Polled(after, "new" if fresh else "unchanged", len(document.entries) if document else 0, fresh)


def _keep(room: Newsroom, state: FeedState, document: Document, now: datetime) -> int:
    baseline = [not state.imported and is_old(entry, state.added_at) for entry in document.entries]
    return room.archive.keep(state.id, document.entries, baseline=baseline, seen=now)


def _failed(room: Newsroom, answer: Answer, error: FeedError | StoreError) -> Polled:
    state, now, reason = answer.state, room.clock(), line(str(error), 500)
    trouble = error.trouble if isinstance(error, FeedError) else "broken"
    if trouble == "unreachable" and may_be_ours(state, now) and room.reach.missed(state.host, answer.since):
        reason = f"{reason}; nothing else answers either"
        return Polled(after_outage(state, reason, now, _pace(room)), "failed", error=reason)
    if trouble not in _UNHEARD:
        room.reach.heard()
    asked = error.retry_after if isinstance(error, FetchError) else None
    return Polled(after_failure(state, trouble, reason, now, _pace(room), asked=asked), "failed", error=reason)


def _perhaps_moved(room: Newsroom, state: FeedState, fetched: Fetched) -> FeedState:
    """Return the source at its new address, if it has one; at one that is followed already there is nothing to gain.

    Then the old one is asked as before, and redirected: its entries are those of the other, and its owner finds it.
    """
    target = target_of(state, fetched)
    if target is None:
        return state
    try:
        check_address(target)
    except UsageError:
        return replace(state, moves=0)
    others = [one for one in room.feeds.all(state.story) if one.id != state.id]
    return replace(state, moves=0) if followed(others, target, state.story) else moved(state, target)


def _free_at(room: Newsroom, answer: Answer, *, stopping: bool) -> Mapping[str, datetime]:
    """Return when each host that was asked may be asked again: what an answer asks of us is asked by who gave it."""
    now, own = room.clock(), answer.state.host
    if stopping:
        return dict.fromkeys((own, *answer.hosts), now)
    *others, last = answer.hosts or (own,)
    gap, rest = timedelta(seconds=room.host_gap), timedelta(seconds=_rest(room, answer.outcome))
    return dict.fromkeys((own, *others), now + gap) | {last: now + rest}


def _rest(room: Newsroom, outcome: Fetched | FeedError) -> float:
    """Return for how many seconds a host is to be left alone: what it asks of us holds for all of its sources."""
    if not isinstance(outcome, FetchError):
        return room.host_gap
    asked = within_a_day(outcome.retry_after)
    if outcome.trouble == "rate limited" and not asked:
        asked = min(room.feed_interval, room.longest_interval)
    return max(room.host_gap, asked)


def _pace(room: Newsroom) -> Pace:
    return Pace(room.feed_interval, max(room.feed_interval, room.longest_interval))


@retried
def _record(room: Newsroom, state: FeedState, event: Event) -> None:
    """Record an event once, also when the poll that led to it is repeated or done by two at once."""
    stream = feed_stream(state.id)
    version = max((one.version for one in room.log.read(stream=stream)), default=0)
    polled = state.checked_at.isoformat() if state.checked_at else ""
    name = content_id("feed", (stream, type(event).__name__, state.added_at.isoformat(), polled))
    new = NewEvent(name, event, "worker")
    room.log.append(stream, version, (new,), source_notices(room, state, new))
