"""Correct: whoever was told of something is told that it is not so any more, whatever they wish for by then.

Decided before the append, like who is owed a development, so that the correction is owed from the moment on at which it
is recorded. Who was told, or is about to be, stands in the outbox: a notice of what is corrected. One that was given up
counts as well, for it may have arrived without our knowing, and may be sent again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from tracker.application.bundling import TAKEN_BACK
from tracker.application.corrected import Corrected, corrections
from tracker.application.route import hold_of_entry, refused_of, route
from tracker.domain.correction import History, corrects
from tracker.domain.events import (
    ClaimWithdrawn,
    EntryRestored,
    NewEvent,
    story_stream,
)
from tracker.domain.routing import Subscriptions
from tracker.domain.story import Story
from tracker.ports.archive import Archive
from tracker.ports.clock import Clock
from tracker.ports.log import CORRECTION, EventLog, Notice
from tracker.ports.outbox import Outbox


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
        notice_of(one, new, story.id, now)
        for new in events
        for one in corrections(desk.outbox, before, new.event, subscribed)
        if one.way
    ]
    kinds = {new.id: new.event for new in events}
    again = [one for new in events for one in _again(desk.outbox, before, new, subscribed, now)]
    revived = {(one.subscription, one.event_id) for one in again if isinstance(kinds[one.event_id], EntryRestored)}
    routed = route(story, said, subscribed, now, refused, silent=silent)
    return (*_joined(events, made, [one for one in routed if (one.subscription, one.event_id) not in revived]), *again)


def notice_of(who: Corrected, new: NewEvent, story: str, now: datetime) -> Notice:
    """Return the notice of the correction.

    While all that it corrects still waits, it waits along, so that what was taken back is never told; what stands
    as something else is told as that, for the first time. Later it comes when what it corrects would come now.
    Where the subscription goes another way by now it goes alone and at once: the rest is for another reader.
    """
    if who.moved:
        return Notice(who.subscription.subscription, new.id, story, CORRECTION)
    untold = all(one.delivery is None for one in who.before)
    kind = who.said if untold and who.said else CORRECTION
    first = min(who.before, key=lambda one: one.due_at)
    kinds = [one.kind for one in who.before]
    waits = (first.held, first.due_at) if untold else hold_of_entry(who.subscription.timing, kinds, now)
    held, due = waits or (None, None)
    entry = None if isinstance(new.event, ClaimWithdrawn) else first.entry
    return Notice(who.subscription.subscription, new.id, story, kind, entry, held=held, due_at=due)


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
