"""Correct: whoever was told of something is told that it is not so any more, whatever they wish for by then.

Decided before the append, like who is owed a development, so that the correction is owed from the moment on at which it
is recorded. Who was told, or is about to be, stands in the outbox: a notice of what is corrected. One that was given up
counts as well, for it may have arrived without our knowing, and may be sent again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from tracker.application.bundling import TAKEN_BACK
from tracker.application.route import hold_of_entry, refused_of, route
from tracker.application.ways import way_taken
from tracker.domain.correction import History, corrects
from tracker.domain.events import (
    ClaimDenied,
    ClaimWithdrawn,
    EntryRestored,
    Event,
    FindingReviewed,
    NewEvent,
    story_stream,
)
from tracker.domain.routing import Subscriptions, kind_said, same_way
from tracker.domain.story import Story
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.archive import Archive
from tracker.ports.clock import Clock
from tracker.ports.log import CORRECTION, EventLog, Notice
from tracker.ports.outbox import Outbox, Owed


class Desk(Protocol):
    """What it takes to say that something is not so, and to see who was told otherwise."""

    @property
    def clock(self) -> Clock:
        """What time it is."""

    @property
    def log(self) -> EventLog:
        """Where it is recorded."""

    @property
    def archive(self) -> Archive:
        """What was known when."""

    @property
    def outbox(self) -> Outbox:
        """Who was told."""


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

    def notice(self, new: NewEvent, story: str, now: datetime) -> Notice:
        """Return the notice of the correction.

        While all that it corrects still waits, it waits along, so that what was taken back is never told; what stands
        as something else is told as that, for the first time. Later it comes when what it corrects would come now.
        Where the subscription goes another way by now it goes alone and at once: the rest is for another reader.
        """
        if self.moved:
            return Notice(self.subscription.subscription, new.id, story, CORRECTION)
        untold = all(one.delivery is None for one in self.before)
        kind = self.said if untold and self.said else CORRECTION
        first = min(self.before, key=lambda one: one.due_at)
        kinds = [one.kind for one in self.before]
        waits = (first.held, first.due_at) if untold else hold_of_entry(self.subscription.timing, kinds, now)
        held, due = waits or (None, None)
        entry = None if isinstance(new.event, ClaimWithdrawn) else first.entry
        return Notice(self.subscription.subscription, new.id, story, kind, entry, held=held, due_at=due)


def corrections(outbox: Outbox, before: History, event: Event, subscribed: Subscriptions) -> tuple[Corrected, ...]:
    """Return who was told of what an event of a story corrects, in the order of the subscriptions that are still there.

    All whose `way` is still there are owed the correction. `before` is the story before the event. Reads the outbox,
    and changes nothing.
    """
    if not corrects(event):
        return ()
    told: dict[str, list[Owed]] = {}
    for owed in outbox.owed(before.ids(before.corrected_by(event))):
        if owed.dropped is None:
            told.setdefault(owed.subscription, []).append(owed)
    about = before.development(event) if isinstance(event, FindingReviewed | ClaimDenied) else None
    said = kind_said(about) if about else None
    ways = {
        name: way_taken(outbox, subscribed, name, {one.delivery for one in mine if one.delivery})
        for name, mine in told.items()
        if name in subscribed.current
    }
    return tuple(
        Corrected(one, told[name], said, ways[name]) for name, one in subscribed.current.items() if name in ways
    )


def tell(
    desk: Desk, story: Story, events: Sequence[NewEvent], subscribed: Subscriptions, *, silent: bool
) -> tuple[Notice, ...]:
    """Return the notices owed for events about to be appended to a story.

    Whoever was told of what an event corrects is owed the correction, also where the rest is `silent`; the others are
    owed what is a development, see `route`: what a review says for the first time is one. Nobody is owed both. Who was
    never told of an entry because it was taken away is owed what stands of it again once it is put back, and not that.
    """
    now, refused = desk.clock(), refused_of(story, subscribed, desk.archive)
    if not any(corrects(new.event) for new in events):
        return route(story, events, subscribed, now, refused, silent=silent)
    before = History(desk.log.read(stream=story_stream(story.id)))
    said = [replace(new, event=before.development(new.event) or new.event) for new in events]
    made = [
        one.notice(new, story.id, now)
        for new in events
        for one in corrections(desk.outbox, before, new.event, subscribed)
        if one.way
    ]
    kinds = {new.id: new.event for new in events}
    again = [one for new in events for one in _again(desk.outbox, before, new, subscribed, now)]
    revived = {(one.subscription, one.event_id) for one in again if isinstance(kinds[one.event_id], EntryRestored)}
    routed = route(story, said, subscribed, now, refused, silent=silent)
    return (*_joined(events, made, [one for one in routed if (one.subscription, one.event_id) not in revived]), *again)


def _again(
    outbox: Outbox, before: History, new: NewEvent, subscribed: Subscriptions, now: datetime
) -> Iterator[Notice]:
    """Yield the notices that wait again: those that were dropped as taken back, of what may be worth telling again.

    What is needless of them is dropped again with the rest that waits.
    """
    for owed in outbox.owed(before.ids(before.revived_by(new.event))):
        wanted = subscribed.current.get(owed.subscription)
        if wanted and owed.dropped == TAKEN_BACK:
            held, due = hold_of_entry(wanted.timing, [owed.kind], now) or ("group", now)
            yield Notice(
                owed.subscription,
                new.id,
                owed.story,
                owed.kind,
                owed.entry,
                held=held,
                due_at=due,
                revives=owed.event_id,
            )


def _joined(events: Sequence[NewEvent], made: Sequence[Notice], routed: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return corrections and what else is told, each event once; what goes at once of one entry in one message."""
    instead = {(one.subscription, one.event_id) for one in made}
    kept = [one for one in routed if (one.subscription, one.event_id) not in instead]
    order = {new.id: nth for nth, new in enumerate(events)}
    leads: dict[tuple[str, str], str] = {}
    owed: list[Notice] = []
    for one in sorted((*made, *kept), key=lambda notice: order[notice.event_id]):
        about = (one.subscription, one.entry or one.event_id)
        owed.append(one if one.held else replace(one, lead=leads.setdefault(about, one.event_id)))
    return tuple(owed)
