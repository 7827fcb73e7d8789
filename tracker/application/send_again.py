"""Send deliveries again that came to an end, under their old ids."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.application.audience import Audience
from tracker.application.endpoints import give_chance
from tracker.ports.clock import Clock
from tracker.ports.log import EventLog
from tracker.ports.outbox import Delivery, Outbox, Sought, State

_ENDS: tuple[State, ...] = ("dead", "delivered")
_EVERY = 2**31 - 1


def finished(outbox: Outbox, sought: Sought) -> tuple[Delivery, ...]:
    """Return the deliveries sought that came to an end, given up or delivered. Raises StoreError."""
    states = _ENDS if sought.state is None else (sought.state,)
    return tuple(one for state in states for one in outbox.search(replace(sought, state=state), _EVERY))


def send_again(outbox: Outbox, log: EventLog, clock: Clock, deliveries: Sequence[Delivery]) -> int:
    """Make deliveries due, with all their tries before them, and let disabled ways be tried; return how many there are.

    Raises StoreError.
    """
    current = Audience(log).now().current
    told = {one.subscription for one in deliveries} & current.keys()
    give_chance(outbox, [current[name] for name in told], clock)
    return outbox.retry([one.id for one in deliveries], clock())
