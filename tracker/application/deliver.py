"""Deliver what the outbox holds: at least once, under a stable id, one delivery's failure never touching another.

A way is what deliveries share between us and who is told: the mail server is one, and so is each webhook's address.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.application.drafts import Drafts
from tracker.application.subscribe import subscriptions
from tracker.domain.retry import next_try
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import NotFound, StoreError
from tracker.ports.clock import Clock
from tracker.ports.log import EventLog
from tracker.ports.notify import Message, Notifier
from tracker.ports.outbox import Attempt, Delivery, Outbox
from tracker.rendering.plain import line

LEASE = timedelta(minutes=2)
"""Longer than one send may take, so that no other worker sends what is being sent."""

NO_WAY = ""
"""The way to those who are told no longer: what they were owed is only closed."""

SENDERS = 8
"""Sends under way at once in one process."""
_LOOK = 1.0
"""Seconds after which the outbox is looked at again while sends are under way."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a round ended, in deliveries: sent, failed and due again later, given up for good."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


NOTHING = Delivered()


def ways_due(outbox: Outbox, log: EventLog, clock: Clock) -> tuple[str, ...]:
    """Return the ways over which something is owed now; `NO_WAY` for what is owed to who is told no longer."""
    current = subscriptions(log).current
    return tuple(sorted({_way(current[one]) if one in current else NO_WAY for one in outbox.due(clock())}))


def deliver(
    outbox: Outbox,
    log: EventLog,
    notifiers: Mapping[str, Notifier],
    clock: Clock,
    *,
    way: str | None = None,
    limit: int = 200,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Try at most `limit` of the deliveries that are due, eight at a time and one at a time of each way.

    What is owed over a way that is busy, or that gave no answer in this round, stays in the outbox untried. While a
    send is under way, what comes due meanwhile is sent over the others, so that nobody waits for the dead. `way`: only
    what goes that way. `stopping` is asked before each delivery; a send that the stop cut off does not count as a try.
    Raises StoreError when the database refuses; what was claimed by then comes back when its lease ends.
    """
    round_ = _Round(outbox, log, notifiers, clock, way=way, stopping=stopping)
    senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="alert")
    try:
        for _ in range(limit):
            delivery = round_.next()
            if delivery is None:
                break
            round_.start(delivery, senders)
        round_.finish()
    finally:
        # Whoever leaves early, for trouble or at a signal, does not wait for what is slow.
        senders.shutdown(wait=False, cancel_futures=True)
    return round_.delivered()


class _Round:
    """One pass over the outbox. Only sending happens in other threads: the database sees one caller."""

    def __init__(
        self,
        outbox: Outbox,
        log: EventLog,
        notifiers: Mapping[str, Notifier],
        clock: Clock,
        *,
        way: str | None,
        stopping: Callable[[], bool],
    ) -> None:
        self._outbox = outbox
        self._log = log
        self._drafts = Drafts(log, outbox)
        self._notifiers = notifiers
        self._clock = clock
        self._way = way
        self._stopping = stopping
        self._running: dict[Future[Attempt], tuple[Delivery, str]] = {}
        self._unanswered: set[str] = set()
        self._ends: Counter[str] = Counter()

    def next(self) -> Delivery | None:
        """Claim what can be tried now, waiting for it while sends are under way; None when there is nothing left."""
        while not self._stopping():
            if len(self._running) < SENDERS:
                claimed = self._outbox.claim(self._clock(), 1, LEASE, without=self._waiting())
                if claimed:
                    return claimed[0]
            if not self._running:
                return None
            self._settle_ended(_LOOK)
        return None

    def start(self, delivery: Delivery, senders: Executor) -> None:
        """Hand a delivery to a sender, or settle it where it cannot be written or sent at all."""
        try:
            subscription, message = self._drafts.draft(delivery)
        except StoreError:
            raise
        except NotFound as missing:
            self._settle(delivery, Attempt("permanent", str(missing)))
            return
        except Exception as error:  # noqa: BLE001 - one message that cannot be written must not stop the others
            self._settle(delivery, Attempt("transient", line(f"cannot be written: {error!r}", 300)))
            return
        notifier = self._notifiers.get(subscription.channel)
        if notifier is None:
            self._settle(delivery, Attempt("transient", f"no {subscription.channel} is configured"))
        else:
            self._running[senders.submit(_send, notifier, subscription, message)] = (delivery, _way(subscription))

    def finish(self) -> None:
        """Wait for what is under way and settle it."""
        while self._running:
            self._settle_ended()

    def delivered(self) -> Delivered:
        """Return how the round ended."""
        return Delivered(**self._ends)

    def _waiting(self) -> Collection[str]:
        """Return the subscriptions whose way is busy, gave no answer, or is not that of this round."""
        ways = self._unanswered.union(way for _, way in self._running.values())
        if not ways and self._way is None:
            return ()
        current = subscriptions(self._log).current
        return [name for name, one in current.items() if _way(one) in ways or self._way not in (None, _way(one))]

    def _settle_ended(self, patience: float | None = None) -> None:
        ended, _ = wait(self._running, patience, FIRST_COMPLETED)
        for future in ended:
            delivery, way = self._running.pop(future)
            attempt = future.result()
            unanswered = attempt.outcome == "transient" and attempt.code is None
            if unanswered:
                self._unanswered.add(way)
            if unanswered and self._stopping():
                self._outbox.put_back(delivery)
            else:
                self._settle(delivery, attempt)

    def _settle(self, delivery: Delivery, attempt: Attempt) -> None:
        now = self._clock()
        if attempt.outcome == "transient":
            due = next_try(delivery.id, delivery.attempts, now, attempt.retry_at)
            attempt = replace(attempt, retry_at=due)
        self._outbox.settle(delivery, attempt, now)
        self._ends[_end(attempt)] += 1


def _way(subscription: SubscriptionAdded) -> str:
    return subscription.channel if subscription.channel == "email" else subscription.target


def _send(notifier: Notifier, subscription: SubscriptionAdded, message: Message) -> Attempt:
    try:
        return notifier.send(subscription, message)
    except Exception as error:  # noqa: BLE001 - a fault of one channel must not stop the others
        return Attempt("transient", f"fault in the {subscription.channel} channel: {type(error).__name__}")


def _end(attempt: Attempt) -> str:
    if attempt.outcome == "delivered":
        return "sent"
    return "failed" if attempt.retry_at else "dead"
