"""Alerts: who is owed which development, and the delivery of what is owed.

`route` decides before the append, so that a development and its notices are one transaction. `deliver` works through
the outbox: at least once, under a stable id, one delivery's failure never touching another.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.application.drafts import Drafts
from tracker.domain.events import NewEvent, SubscriptionAdded, entry_of
from tracker.domain.retry import next_try
from tracker.domain.routing import Subscriptions, worth_telling
from tracker.errors import NotFound, StoreError
from tracker.ports.clock import Clock
from tracker.ports.log import EventLog, Notice
from tracker.ports.notify import Message, Notifier
from tracker.ports.outbox import Attempt, Delivery, Outbox
from tracker.rendering.alert_view import one_line

LEASE = timedelta(minutes=2)
"""Longer than one send may take, so that no other worker sends what is being sent."""

_SENDERS = 4
_PATIENCE = 2


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a round ended, in deliveries: sent, failed and due again later, given up for good."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


def route(
    story_id: str, events: Sequence[NewEvent], subscriptions: Subscriptions, *, silent: bool
) -> tuple[Notice, ...]:
    """Return the notices owed for events about to be appended: one per subscription and entry.

    The notice names the first development of the entry; the message lists all that the batch holds. `silent`: the
    entries are the baseline of a first import, and nobody is told.
    """
    if silent:
        return ()
    first: dict[str, NewEvent] = {}
    for event in events:
        entry = entry_of(event.event)
        if entry is not None and worth_telling(event.event):
            first.setdefault(entry.id, event)
    told = subscriptions.to_story(story_id)
    return tuple(Notice(one.subscription, event.id, story_id) for event in first.values() for one in told)


def deliver(
    outbox: Outbox,
    log: EventLog,
    notifiers: Mapping[str, Notifier],
    clock: Clock,
    *,
    limit: int = 200,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Try at most `limit` of the deliveries that are due, four at a time, each under a lease of its own.

    A way that gave no answer twice in this round is not tried again in it: what else it is owed fails at once and
    waits for its retry, so that nobody waits for the dead. `stopping` is asked before each delivery. Raises
    StoreError when the database refuses; what was claimed by then comes back when its lease ends.
    """
    round_ = _Round(outbox, log, notifiers, clock)
    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="alert") as senders:
        for _ in range(limit):
            claimed = () if stopping() else outbox.claim(clock(), 1, LEASE)
            if not claimed:
                break
            round_.start(claimed[0], senders)
            round_.settle(running=_SENDERS - 1)
        round_.settle(running=0)
    return round_.delivered()


class _Round:
    """One pass over the outbox. Only sending happens in other threads: the database sees one caller."""

    def __init__(self, outbox: Outbox, log: EventLog, notifiers: Mapping[str, Notifier], clock: Clock) -> None:
        self._outbox = outbox
        self._drafts = Drafts(log)
        self._notifiers = notifiers
        self._clock = clock
        self._running: dict[Future[Attempt], tuple[Delivery, str]] = {}
        self._unanswered: Counter[str] = Counter()
        self._ends: Counter[str] = Counter()

    def start(self, delivery: Delivery, senders: Executor) -> None:
        try:
            subscription, message = self._drafts.draft(delivery)
        except StoreError:
            raise
        except NotFound as missing:
            self._settle(delivery, Attempt("permanent", str(missing)))
            return
        except Exception as error:  # noqa: BLE001 - one message that cannot be written must not stop the others
            self._settle(delivery, Attempt("transient", one_line(f"cannot be written: {error!r}", 300)))
            return
        way = subscription.channel if subscription.channel == "email" else subscription.target
        notifier = self._notifiers.get(subscription.channel)
        if notifier is None:
            self._settle(delivery, Attempt("transient", f"no {subscription.channel} is configured"))
        elif self._unanswered[way] >= _PATIENCE:
            self._settle(delivery, Attempt("transient", "not tried: no answer to others a moment ago"))
        else:
            self._running[senders.submit(_send, notifier, subscription, message)] = (delivery, way)

    def settle(self, *, running: int) -> None:
        """Settle what has ended, and wait until at most `running` sends are under way."""
        while len(self._running) > running:
            ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in ended:
                delivery, way = self._running.pop(future)
                attempt = future.result()
                self._unanswered[way] += attempt.outcome == "transient" and attempt.code is None
                self._settle(delivery, attempt)

    def delivered(self) -> Delivered:
        return Delivered(**self._ends)

    def _settle(self, delivery: Delivery, attempt: Attempt) -> None:
        now = self._clock()
        if attempt.outcome == "transient":
            due = next_try(delivery.id, delivery.attempts, now, attempt.retry_at)
            attempt = replace(attempt, retry_at=due)
        self._outbox.settle(delivery, attempt, now)
        self._ends[_end(attempt)] += 1


def _send(notifier: Notifier, subscription: SubscriptionAdded, message: Message) -> Attempt:
    try:
        return notifier.send(subscription, message)
    except Exception as error:  # noqa: BLE001 - a fault of one channel must not stop the others
        return Attempt("transient", f"fault in the {subscription.channel} channel: {type(error).__name__}")


def _end(attempt: Attempt) -> str:
    if attempt.outcome == "delivered":
        return "sent"
    return "failed" if attempt.retry_at else "dead"
