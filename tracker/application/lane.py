"""Lanes: over each way one message is sent at a time, and whoever is slow or gone keeps nobody else waiting."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import NamedTuple

from tracker.application.writer import Letter, Writer, Written
from tracker.domain.subscription_events import Channel, SubscriptionAdded
from tracker.ports.clock import Clock
from tracker.ports.outbox import Attempt, Delivery, Tried

UNSETTLED = 16
"""Messages of a lane that have ended and are not settled yet, at most: so many a process that is killed sends twice."""
_AHEAD = 8
"""Messages of a lane that are begun together, when fewer are: what is written ahead of a way that fails is in vain."""
_GONE = 410
_TOO_MANY = 429
_LOOK = 0.2
"""Seconds after which a lane that waits looks whether it should stop."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a claimed delivery; without `tried` it was not begun."""

    lane: "Lane"
    delivery: Delivery
    tried: Tried | None = None


class Ends:
    """What became of deliveries, from all lanes to the one who settles. An exception is trouble with the database."""

    def __init__(self) -> None:
        self._came: SimpleQueue[Ended | Exception] = SimpleQueue()
        self._wanted = 1
        self._enough = threading.Event()

    def put(self, one: Ended | Exception) -> None:
        """Tell what became of one."""
        self._came.put(one)
        if self._came.qsize() >= self._wanted:
            self._enough.set()

    def wait(self, count: int, seconds: float) -> bool:
        """Wait until so many have come, or for so long; tell whether they have."""
        self._enough.clear()
        self._wanted = count
        return self._came.qsize() >= count or self._enough.wait(seconds)

    def take(self) -> list[Ended | Exception]:
        """Return those that have come, in the order in which they did."""
        return [self._came.get_nowait() for _ in range(self._came.qsize())]


class _Begun(NamedTuple):
    """A delivery, until when it may begin, and the message that is being written for it, if one is."""

    delivery: Delivery
    start_by: datetime
    written: "Future[Written] | None"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works for all lanes: the `writer` writes, `senders` send; to `ended` goes what became of each delivery."""

    writer: Writer
    senders: Executor
    ended: Ends
    clock: Clock
    stopping: Callable[[], bool]


class Lane:
    """One way. What is `held` was taken and has not ended; whoever hands it out counts.

    `closed_at`: when the way gave no answer, or asked for respite; what the lane still holds is handed back.
    """

    def __init__(self, way: str, staff: Staff) -> None:
        self.way = way
        self.held = 0
        self.closed_at: datetime | None = None
        self._staff = staff
        self._owed: deque[tuple[Delivery, datetime]] = deque()
        self._begun: deque[_Begun] = deque()
        self._lock = threading.Lock()
        self._room = threading.Semaphore(UNSETTLED)
        self._running = False

    def take(self, deliveries: Iterable[Delivery], start_by: datetime) -> None:
        """Send deliveries after those that are here already; one that begins later might outlive its lease."""
        self._owed.extend((one, start_by) for one in deliveries)
        with self._lock:
            begins, self._running = not self._running, True
        if begins:
            self._staff.senders.submit(self._run)

    def _run(self) -> None:
        try:
            while self._goes_on():
                while one := self._next():
                    self._wait_for_room()
                    self._staff.ended.put(self._end(*one))
        except Exception as trouble:  # noqa: BLE001 - whoever waits for what became of it must hear of it
            self._staff.ended.put(trouble)

    def _next(self) -> _Begun | None:
        """Return the next that is owed, with its message; a few of those after it are begun as well.

        No message is begun in a lane that is closed.
        """
        if len(self._begun) < _AHEAD and self._owed:
            some = [self._owed.popleft() for _ in range(min(_AHEAD, len(self._owed)))]
            written = self._staff.writer.begin([one for one, _ in some]) if self.closed_at is None else None
            self._begun.extend(_Begun(*one, written) for one in some)
        return self._begun.popleft() if self._begun else None

    def settled(self) -> None:
        """Count one that has ended and is on record."""
        self.held -= 1
        self._room.release()

    def _wait_for_room(self) -> None:
        while not self._room.acquire(timeout=_LOOK):
            if self._staff.stopping():
                break

    def _goes_on(self) -> bool:
        with self._lock:
            self._running = bool(self._owed)
            return self._running

    def _may_begin(self, start_by: datetime) -> bool:
        return self.closed_at is None and not self._staff.stopping() and self._staff.clock() < start_by

    def _end(self, delivery: Delivery, start_by: datetime, written: "Future[Written] | None") -> Ended:
        letter = written.result().get(delivery.id) if written and self._may_begin(start_by) else None
        if letter is None or not self._may_begin(start_by):  # the message may have taken its time
            return Ended(self, delivery)
        begun = self._staff.clock()
        if isinstance(letter, Attempt):
            return Ended(self, delivery, Tried(delivery, letter, begun, begun))
        attempt = _send(letter)
        ended = self._staff.clock()
        if _silences(attempt):
            self.closed_at = ended
            if attempt.code is None and self._staff.stopping():
                cut = Attempt("interrupted", f"cut off at the stop: {attempt.detail}", target=attempt.target)
                return Ended(self, delivery, Tried(delivery, cut, begun, ended))
        concerned = None if letter.about_endpoint else _endpoint(letter.subscription, attempt)
        proven = (letter.subscription.channel, attempt.via) if attempt.via else None
        return Ended(self, delivery, Tried(delivery, attempt, begun, ended, concerned, proven))


def _send(letter: Letter) -> Attempt:
    try:
        return letter.notifier.send(letter.subscription, letter.message)
    except Exception as error:  # noqa: BLE001 - a fault of one channel must not stop the others
        return Attempt("transient", f"fault in the {letter.subscription.channel} channel: {type(error).__name__}")


def _silences(attempt: Attempt) -> bool:
    """Tell whether nothing more is sent over a way for now: it gave no answer, has too much to do, or is gone."""
    if attempt.outcome == "delivered":
        return False
    return attempt.code in (_GONE, _TOO_MANY) if attempt.code else attempt.outcome == "transient"


def _endpoint(subscription: SubscriptionAdded, attempt: Attempt) -> tuple[Channel, str]:
    """Return what a try says something of: with mail it is the server that may not have come to the message."""
    mail = subscription.channel == "email" and attempt.target
    return subscription.channel, mail or subscription.target
