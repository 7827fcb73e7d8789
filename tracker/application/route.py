"""Route: who is owed which development. Decided before the append, so that both are one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from tracker.application.newsroom import Newsroom
from tracker.domain.entry import EntryRef
from tracker.domain.events import NewEvent, feed_stream
from tracker.domain.mutes import in_force
from tracker.domain.routing import Subscriptions
from tracker.domain.ruling import Development, developments, nothing, rule, rule_source
from tracker.domain.schedule import Held, hold
from tracker.domain.source import source_of
from tracker.domain.story import Story
from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.domain.unheard import Refused
from tracker.ports.archive import Archive
from tracker.ports.feeds import FeedState
from tracker.ports.log import EVERY_STORY, Notice

Told = tuple[NewEvent, Development]
"""An event about to be appended, and what may be told of it."""


def route(
    story: Story,
    events: Sequence[NewEvent],
    subscribed: Subscriptions,
    now: datetime,
    refused: Refused | None = None,
    *,
    silent: bool,
) -> tuple[Notice, ...]:
    """Return the notices owed for events about to be appended to a story: one per subscription and development.

    What a subscription is told at once of one entry travels in one message; of one entry everything waits equally
    long. `refused`: what was refused to whom before, if anything was. `silent`: the entries are the baseline of a first
    import, and nobody is told.
    """
    following = () if silent else subscribed.to_story(story.id)
    if not following:
        return ()
    found = developments(story, [new.event for new in events], now)
    may = [(new, one) for new, one in zip(events, found, strict=True) if one]
    mutes = in_force(subscribed.mutes.values(), now)
    owed: list[Notice] = []
    for wanted in following:
        rulings = rule([one for _, one in may], story.id, wanted, mutes, refused.to(wanted) if refused else nothing)
        told = [pair for pair, ruling in zip(may, rulings, strict=True) if ruling.told]
        owed += _notices(story.id, wanted, told, now)
    order = {new.id: nth for nth, new in enumerate(events)}
    return tuple(sorted(owed, key=lambda notice: order[notice.event_id]))


def refused_of(story: Story, subscribed: Subscriptions, archive: Archive) -> Refused:
    """Return what was refused to whom of a story as it stands."""

    def was_there(entry: EntryRef) -> bool:
        return archive.was_there(story.id, entry.id, entry.version, story.opened_at)

    return Refused(story, subscribed, was_there)


def source_notices(room: Newsroom, state: FeedState, new: NewEvent) -> tuple[Notice, ...]:
    """Return the notices owed for an event of a source that is about to be appended: one per subscription.

    Owed to those who asked for it and muted neither the story nor the outlet, where the event is worth telling; see
    `tracker.domain.source`.
    """
    now, subscribed = room.clock(), room.shelf.subscriptions()
    asked = subscribed.to_source(state.story)
    if not asked:
        return ()
    after = source_of(room.log.read(stream=feed_stream(state.id))).after(new.event, now)
    if not after.worth_telling:
        return ()
    mutes, names = in_force(subscribed.mutes.values(), now), tuple(filter(None, (state.name, after.name)))
    told = (one for one in asked if rule_source(state.story, names, one, mutes).told)
    return tuple(_on_source(one, state.story or EVERY_STORY, new, now) for one in told)


def hold_of_entry(timing: Timing, kinds: Iterable[str], now: datetime) -> tuple[Held, datetime] | None:
    """Return why, and until when, what is told of one entry has to wait: what is most urgent takes the rest along."""
    holds = [hold(timing, kind, now) for kind in kinds]
    waits = [one for one in holds if one is not None]
    return min(waits, key=lambda one: one[1]) if len(waits) == len(holds) and waits else None


def _notices(story: str, wanted: SubscriptionAdded, told: Sequence[Told], now: datetime) -> Iterator[Notice]:
    """Yield the notices that one subscription is owed."""
    for entry, mine in _by_entry(told).items():
        held, due = hold_of_entry(wanted.timing, [one.kind for _, one in mine], now) or (None, None)
        lead = mine[0][0].id if held is None else None
        for new, one in mine:
            yield Notice(wanted.subscription, new.id, story, one.kind, entry, lead, held, due)


def _by_entry(told: Sequence[Told]) -> Mapping[str, Sequence[Told]]:
    entries: dict[str, list[Told]] = {}
    for pair in told:
        entries.setdefault(pair[1].entry.id, []).append(pair)
    return entries


def _on_source(wanted: SubscriptionAdded, story: str, new: NewEvent, now: datetime) -> Notice:
    held, due = hold(wanted.timing, "source", now) or (None, None)
    return Notice(wanted.subscription, new.id, story, "source", held=held, due_at=due)
