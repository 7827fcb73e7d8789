"""Deliver what the outbox holds: at least once, under a stable id, one delivery's failure never touching another.

A way is what deliveries share between us and who is told: the mail server is one, and so is each webhook's address.
What is due is claimed in batches, goes over its way one at a time, and is settled as it ends: while one commit is
written the answers of the next gather.
"""

import threading
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor

from tracker.application.audience import Audience
from tracker.application.dispatch import LANES, LEASE, NO_WAY, Dispatch, way_of
from tracker.application.lane import Ends, Staff
from tracker.application.results import NOTHING, Delivered, summed
from tracker.application.writer import Writer
from tracker.domain.routing import Subscriptions
from tracker.ports.clock import Clock
from tracker.ports.log import EventLog
from tracker.ports.notify import Notifier
from tracker.ports.outbox import Outbox

__all__ = ["LEASE", "NOTHING", "NO_WAY", "SENDERS", "Delivered", "deliver", "delivering", "ways_due"]

SENDERS = 8
"""Jobs of delivering that one process of many does at once, each over a way of its own."""


def ways_due(outbox: Outbox, subscribed: Callable[[], Subscriptions], clock: Clock) -> tuple[str, ...]:
    """Return the ways over which something is owed now; `NO_WAY` for what is owed to who is told no longer."""
    current = subscribed().current
    return tuple(sorted({way_of(current.get(one)) for one in outbox.due(clock())}))


def deliver(
    outbox: Outbox,
    log: EventLog,
    notifiers: Mapping[str, Notifier],
    clock: Clock,
    *,
    subscribed: Callable[[], Subscriptions] | None = None,
    way: str | None = None,
    limit: int | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Try what is due, as `delivering` does, and return how all of it ended."""
    parts = delivering(
        outbox, log, notifiers, clock, subscribed=subscribed, way=way, limit=limit, stopping=stopping
    )  # fmt: skip
    return summed([result for part in parts for result in part.results])


def delivering(
    outbox: Outbox,
    log: EventLog,
    notifiers: Mapping[str, Notifier],
    clock: Clock,
    *,
    subscribed: Callable[[], Subscriptions] | None = None,
    way: str | None = None,
    limit: int | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Generator[Delivered, None, None]:
    """Try what is due, at most `limit`, until nothing is left; yield how it ended, commit by commit.

    One message at a time goes over each way, and what comes due meanwhile is sent as well, so that nobody waits for the
    dead. What is owed over a way that gave no answer stays in the outbox untried. `subscribed`: who is told of what, as
    of now, where that is kept folded. `way`: only what goes over it. `stopping` is asked before each send; one that the
    stop cut off does not count as a try. Raises StoreError when the database refuses; what was claimed by then comes
    back when its lease ends.
    """
    left = threading.Event()
    senders = ThreadPoolExecutor(LANES, "alert")

    def stops() -> bool:
        return left.is_set() or stopping()

    writer = Writer(outbox, log, notifiers, stops)
    try:
        staff = Staff(writer, senders, Ends(), clock, stops)
        dispatch = Dispatch(outbox, log, subscribed or Audience(log).now, staff, way=way, limit=limit)
        while dispatch.claim():
            yield dispatch.settle()
    finally:
        # Whoever leaves early, for trouble or at a signal, does not wait for what is slow; nothing more is begun.
        left.set()
        writer.close()
        senders.shutdown(wait=False, cancel_futures=True)
