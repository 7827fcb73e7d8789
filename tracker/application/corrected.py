"""Who was told of what an event corrects, and which way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.application.ways import way_taken
from tracker.domain.correction import History, corrects
from tracker.domain.events import ClaimDenied, Event, FindingReviewed
from tracker.domain.routing import Subscriptions, kind_said, same_way
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Outbox, Owed


@dataclass(frozen=True, slots=True)
class Corrected:
    """That a subscription was told of what an event corrects, or is about to be.

    `before` are the notices of that which were not dropped, in order of position. `said`: as what kind of development a
    finding stands from now on that was reviewed. `way` is the subscription with the way by which it was told; None
    where that was removed since, and nobody is there to be told.
    """

    subscription: SubscriptionAdded
    before: Sequence[Owed]
    said: str | None
    way: SubscriptionAdded | None

    @property
    def moved(self) -> bool:
        """Whether the subscription goes another way by now."""
        return self.way is None or not same_way(self.way, self.subscription)


def corrections(
    outbox: Outbox, before: History, event: Event, subscribed: Subscriptions, *, only: str | None = None
) -> tuple[Corrected, ...]:
    """Return who was told of what an event of a story corrects, in the order of the subscriptions that are still there.

    All whose `way` is still there are owed the correction. `before` is the story before the event; `only`: this
    subscription alone. Reads the outbox, and changes nothing.
    """
    if not corrects(event):
        return ()
    names = subscribed.current.keys() if only is None else subscribed.current.keys() & {only}
    told = _told(outbox, before, before.corrected_by(event), names)
    about = before.development(event) if isinstance(event, FindingReviewed | ClaimDenied) else None
    said = kind_said(about) if about else None
    ways = {
        name: way_taken(outbox, subscribed, name, [*mine, *_behind(outbox, before, mine)])
        if name in subscribed.former
        else subscribed.current[name]
        for name, mine in told.items()
    }
    return tuple(
        Corrected(one, told[name], said, ways[name]) for name, one in subscribed.current.items() if name in ways
    )


def _told(outbox: Outbox, before: History, positions: Collection[int], names: Collection[str]) -> dict[str, list[Owed]]:
    """Return by subscription the notices of what was recorded at positions, but those that were dropped."""
    told: dict[str, list[Owed]] = {}
    for owed in outbox.owed(before.ids(sorted(positions))) if positions else ():
        if owed.dropped is None and owed.subscription in names:
            told.setdefault(owed.subscription, []).append(owed)
    return told


def _behind(outbox: Outbox, before: History, mine: Sequence[Owed]) -> list[Owed]:
    """Return the notices of what corrections among those of one subscription corrected, down to what was told first."""
    found, seen, latest = list[Owed](), {one.position for one in mine}, list(mine)
    while latest:
        corrected = {at for one in latest if one.kind == CORRECTION for at in before.behind(one.position)} - seen
        seen |= corrected
        latest = _told(outbox, before, corrected, {mine[0].subscription}).get(mine[0].subscription, [])
        found += latest
    return found
