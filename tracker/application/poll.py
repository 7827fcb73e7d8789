"""Poll: due sources are asked, many at a time but one of each host, and what they answer is settled as it comes.

The book says which host may be asked, so that it holds over all workers: a host is claimed before it is asked, and
given back with the moment from which it may be asked again. While one source of a host is asked the others of that
host wait in line, and no other host waits with them.
"""

import hashlib
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore

from tracker.application.newsroom import Newsroom
from tracker.application.settle import Answer, Polled, fault, settle
from tracker.application.visit import Visits
from tracker.domain.pace import unconditional
from tracker.errors import FeedError
from tracker.ports.feeds import FeedState, Fetched, Visit

PATIENCE = 0.2
"""Seconds after which `poll` says that nothing has come yet, so that its caller can do other things meanwhile."""
ROUND = timedelta(minutes=1)
"""After so long a round asks nobody any more: what is left in line is due in the next, beside what came due."""
LONGEST_REST = 5.0
"""Seconds for which a job waits for a host; where the gap is longer, the next tick finds the source."""
_NOT_MODIFIED = 304
_MANY = 1000
"""Sources taken up in a round; those left are the longest due in the next."""
_AHEAD = 3
"""Requests claimed for each fetcher, so that none waits for the database."""


def poll(room: Newsroom, *, now: bool = False) -> Iterator[tuple[Polled, ...]]:
    """Poll due sources once and record what came; yields what was recorded together, as soon as it is.

    `now`: somebody asks for a poll at this moment, of every source, due or not; one whose host wants to be left alone
    is then told as "waiting". So is one that leads to another host which may not be asked, whoever asks for the poll.

    Yields () whenever nothing has come for `PATIENCE`, so that a slow source holds back nobody.
    """
    began = room.clock()
    lines = _Lines(room.feeds.all() if now else room.feeds.due(began, _MANY), max(room.host_gap, PATIENCE))
    fetching = _Fetching(room)
    try:
        while lines or fetching.running:
            if room.stopping() or (not now and room.clock() - began > ROUND):
                lines.clear()
            left = _start(room, lines, fetching, due=not now)
            polled, hosts = settle(room, fetching.answers(lines.pause(room.clock())))
            left += lines.follow(hosts, room.clock())
            yield (*polled, *left) if now else polled
    finally:
        fetching.end()


def poll_feed(room: Newsroom, feed_id: str) -> Polled | None:
    """Poll one source and record what came.

    None when it is not due (any more), was removed, or its host is asked by somebody else or wants to be left alone. A
    host that only rests between two requests is waited for.
    """
    state = room.feeds.state(feed_id)
    if state is None or state.due_at > room.clock():
        return None
    claimed = _claimed(room, [state]) or (_claimed(room, [state]) if _rested(room, state.host) else ())
    polled, _ = settle(room, [_ask(room, one) for one in claimed])
    return polled[0] if polled else None


def _start(room: Newsroom, lines: "_Lines", fetching: "_Fetching", *, due: bool) -> list[Polled]:
    """Ask the next in line, several at a time since each claim is a transaction; return who is left out."""
    hands, now = _AHEAD * room.fetchers - fetching.running, room.clock()
    wanted = lines.next(hands, now) if hands >= room.fetchers else []
    claimed = _claimed(room, wanted, due=due)
    for state in claimed:
        fetching.ask(state)
    taken = {state.host for state in claimed}
    refused = {state.host: state for state in wanted if state.host not in taken}
    return lines.follow(_refused(room, lines, refused, now, due=due), now) if refused else []


def _refused(
    room: Newsroom, lines: "_Lines", refused: Mapping[str, FeedState], now: datetime, *, due: bool
) -> Mapping[str, datetime]:
    """Return when the hosts that could not be claimed may be asked.

    Whose host rests is put back in line. Else another worker asks the host, or the source is due no more: it is left to
    the next round, and tried again only where it is to be polled whatever happens.
    """
    resting = room.feeds.resting(refused, now)
    again = set[str]() if due else {host for host, state in refused.items() if room.feeds.state(state.id)}
    for host, state in refused.items():
        if host in resting or host in again:
            lines.back(state)
    soon = now if due else now + timedelta(seconds=PATIENCE)
    return {host: resting.get(host, soon) for host in refused}


def _claimed(room: Newsroom, states: Sequence[FeedState], *, due: bool = True) -> Sequence[FeedState]:
    """Claim the hosts for as long as it can take until those before are fetched, and they themselves."""
    now = room.clock()
    return room.feeds.claim(states, now, now + _hold(room), due=due)


def _hold(room: Newsroom) -> timedelta:
    return (_AHEAD + 1) * timedelta(seconds=room.fetch_timeout)


def _rested(room: Newsroom, host: str) -> bool:
    """Wait until a host has rested, if that is soon; tell whether it was."""
    now = room.clock()
    rest = (room.feeds.resting([host], now).get(host, now) - now).total_seconds()
    soon = rest <= min(room.host_gap, LONGEST_REST)
    if soon:
        threading.Event().wait(rest)
    return soon


def _ask(room: Newsroom, state: FeedState, turn: AbstractContextManager[object] | None = None) -> Answer:
    """Ask a source, in its `turn` where several wait; what it showed is read after that, so that others may ask."""
    visits = Visits(room, state.host, _hold(room))
    with turn or nullcontext():
        since, began = room.reach.answers, room.clock()
        try:
            fetched: Fetched | FeedError = _fetched(room, state, visits)
        except FeedError as error:
            fetched = error
        except Exception as error:  # noqa: BLE001 - a fault at one source must not stop the others
            fetched = fault(error)
    answer = _answer(room, state, fetched, since)
    return replace(answer, hosts=tuple(visits.hosts), seconds=(room.clock() - began).total_seconds())


def _answer(room: Newsroom, state: FeedState, fetched: Fetched | FeedError, since: int) -> Answer:
    if isinstance(fetched, FeedError):
        return Answer(state, fetched, since)
    try:
        return _read(room, state, fetched, since)
    except FeedError as error:
        return Answer(state, error, since)
    except Exception as error:  # noqa: BLE001 - a fault at one source must not stop the others
        return Answer(state, fault(error), since)


def _fetched(room: Newsroom, state: FeedState, visit: Visit) -> Fetched:
    whole = unconditional(state.id, state.checked_at)
    etag, last_modified = (None, None) if whole else (state.etag, state.last_modified)
    options = state.options
    return room.fetcher.fetch(state.url, etag=etag, last_modified=last_modified, options=options, visit=visit)


def _read(room: Newsroom, state: FeedState, fetched: Fetched, since: int) -> Answer:
    """Read the document, if it has changed: here, since another process may do it while the last ones are settled."""
    digest = hashlib.sha256(fetched.body).hexdigest()
    bare = Answer(state, replace(fetched, body=b""), since)
    if fetched.status == _NOT_MODIFIED or digest == state.body_hash:
        return bare
    now = room.clock()
    document = room.parser.parse(fetched, feed=state.id, name=state.name, seen=now, criterion=state.criterion)
    return replace(bare, document=document, digest=digest)


class _Fetching:
    """Asks sources in threads; `running` are those whose answers were not taken yet."""

    def __init__(self, room: Newsroom) -> None:
        self.running = 0
        self._room = room
        # As many again may read what they fetched: one document that takes its time keeps nobody from asking.
        self._turns = BoundedSemaphore(room.fetchers)
        self._pool = ThreadPoolExecutor(max_workers=2 * room.fetchers, thread_name_prefix="fetch")
        self._answers = SimpleQueue[Answer]()

    def ask(self, state: FeedState) -> None:
        """Ask a source whose host is claimed."""
        self.running += 1
        self._pool.submit(lambda: self._answers.put(_ask(self._room, state, self._turns)))

    def answers(self, patience: float) -> list[Answer]:
        """Return what has come, waiting that many seconds for the first."""
        found: list[Answer] = []
        try:
            found.append(self._answers.get(timeout=patience))
            while True:
                found.append(self._answers.get_nowait())
        except Empty:
            self.running -= len(found)
            return found

    def end(self) -> None:
        """Ask nobody any more. Whoever leaves early, for trouble or at a signal, does not wait for what is slow."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Lines:
    """Sources in line at their hosts: the first may be asked, the next when its host has rested.

    A host that wants to be left alone for more than `patience`, in seconds, is not waited for.
    """

    def __init__(self, states: Iterable[FeedState], patience: float) -> None:
        self._lines: dict[str, deque[FeedState]] = {}
        for state in states:
            self._lines.setdefault(state.host, deque()).append(state)
        self._ready = deque(self._lines)
        self._resting: list[tuple[datetime, str]] = []
        self._patience = timedelta(seconds=patience)

    def __bool__(self) -> bool:
        return bool(self._ready or self._resting)

    def next(self, count: int, now: datetime) -> list[FeedState]:
        """Take the first of at most so many lines whose host may be asked."""
        while self._resting and self._resting[0][0] <= now:
            self._ready.append(heappop(self._resting)[1])
        hosts = [self._ready.popleft() for _ in range(min(count, len(self._ready)))]
        return [self._lines[host].popleft() for host in hosts]

    def back(self, state: FeedState) -> None:
        """Put a source back to the front of its line."""
        self._lines[state.host].appendleft(state)

    def follow(self, hosts: Mapping[str, datetime], now: datetime) -> list[Polled]:
        """Let the next in line follow when its host may be asked; return those for whom that is too long to wait."""
        left: list[Polled] = []
        for host, free_at in hosts.items():
            if free_at - now > self._patience:
                left += (_waiting(state, free_at) for state in self._lines.pop(host))
            elif self._lines[host]:
                heappush(self._resting, (free_at, host))
        return left

    def pause(self, now: datetime) -> float:
        """Return for how many seconds to wait for an answer: not longer than the next host rests."""
        rest = (self._resting[0][0] - now).total_seconds() if self._resting else 0.0
        return rest if 0 < rest < PATIENCE else PATIENCE

    def clear(self) -> None:
        """Let nobody follow."""
        self._ready.clear()
        self._resting.clear()
        for line in self._lines.values():
            line.clear()


def _waiting(state: FeedState, free_at: datetime) -> Polled:
    return Polled(state, "waiting", error=f"{state.host} is to be left alone until {free_at:%Y-%m-%d %H:%M:%S} UTC")
