"""Send deliveries again that came to an end, under their old ids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.application.audience import Audience
from tracker.application.endpoints import give_chance
from tracker.domain.correction import corrected_along
from tracker.domain.events import story_stream
from tracker.ports.clock import Clock
from tracker.ports.log import CORRECTION, EventLog
from tracker.ports.outbox import Delivery, Outbox, Sought, State

_ENDS: tuple[State, ...] = ("dead", "delivered")
_EVERY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be sent again: what was asked for, and the `corrections` of it that ended, which follow it once more.

    `removed`: what was asked for and is not sent, since its subscription is there no more.
    """

    deliveries: tuple[Delivery, ...]
    corrections: tuple[Delivery, ...] = ()
    removed: tuple[Delivery, ...] = ()


def finished(outbox: Outbox, sought: Sought) -> tuple[Delivery, ...]:
    """Return the deliveries sought that came to an end, given up or delivered. Raises StoreError."""
    states = _ENDS if sought.state is None else (sought.state,)
    return tuple(one for state in states for one in outbox.search(replace(sought, state=state), _EVERY))


def again(outbox: Outbox, log: EventLog, asked: Sequence[Delivery]) -> Again:
    """Return what is sent again for what is asked. Raises StoreError."""
    current = Audience(log).now().current
    there = tuple(one for one in asked if one.subscription in current)
    removed = tuple(one for one in asked if one.subscription not in current)
    return Again(there, _corrections(outbox, log, there), removed)


def send_again(outbox: Outbox, log: EventLog, clock: Clock, what: Again) -> int:
    """Make deliveries due, with all their tries before them, and let disabled ways be tried; return how many there are.

    A correction is sent after what it corrects: see `Outbox.claim`. Raises StoreError.
    """
    due = (*what.deliveries, *what.corrections)
    current = Audience(log).now().current
    told = {one.subscription for one in due} & current.keys()
    give_chance(outbox, [current[name] for name in told], clock)
    return outbox.retry([one.id for one in due], clock())


def _corrections(outbox: Outbox, log: EventLog, asked: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Return the deliveries that ended and take back what is in others, and are not among them."""
    names = {one.id for one in asked}
    sent: dict[tuple[str, str], set[int]] = {}
    for one in outbox.notices(names):
        sent.setdefault((one.subscription, one.story), set()).add(one.position)
    told = {key: _corrections_told(outbox, *key) for key in sent}
    corrected: dict[int, tuple[int, ...]] = {}
    for story in {story for _, story in sent if story}:
        at = {position for (_, of), mine in told.items() if of == story for position in mine}
        corrected |= corrected_along(log.read(stream=story_stream(story)), at) if at else ()
    found: set[str] = set()
    for key, positions in sent.items():
        for position, delivery in told[key].items():
            if not positions.isdisjoint(corrected.get(position, ())):
                positions.add(position)
                found.add(delivery)
    ended = (one for name in sorted(found - names) for one in outbox.beginning(name, 1))
    return tuple(one for one in ended if one.state in _ENDS)


def _corrections_told(outbox: Outbox, subscription: str, story: str) -> dict[int, str]:
    """Return the messages in which a subscription was told of corrections of a story, by position, in order."""
    told = outbox.told(subscription, [story])
    return {one.position: one.delivery for one in told if one.kind == CORRECTION and one.delivery is not None}
