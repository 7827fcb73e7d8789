"""Route: who is owed which development. Decided before the append, so that both are one transaction."""

from collections.abc import Sequence

from tracker.application.newsroom import Newsroom
from tracker.domain.events import NewEvent, entry_of, feed_stream
from tracker.domain.routing import Subscriptions, kind_of
from tracker.domain.source import source_of
from tracker.ports.feeds import FeedState
from tracker.ports.log import EVERY_STORY, Notice


def route(story_id: str, events: Sequence[NewEvent], subscribed: Subscriptions, *, silent: bool) -> tuple[Notice, ...]:
    """Return the notices owed for events about to be appended: one per subscription and development.

    Those of one entry travel in one message. `silent`: the entries are the baseline of a first import, and nobody is
    told.
    """
    if silent:
        return ()
    told = subscribed.to_story(story_id)
    leads: dict[str, str] = {}
    owed: list[Notice] = []
    for event in events:
        entry, kind = entry_of(event.event), kind_of(event.event)
        if entry is None or kind is None:
            continue
        lead = leads.setdefault(entry.id, event.id)
        owed += (Notice(one.subscription, event.id, story_id, kind, entry.id, lead) for one in told)
    return tuple(owed)


def source_notices(room: Newsroom, state: FeedState, new: NewEvent) -> tuple[Notice, ...]:
    """Return the notices owed for an event of a source that is about to be appended: one per subscription.

    Owed to those who asked for it, where the event is worth telling; see `tracker.domain.source`.
    """
    told = room.shelf.subscriptions().to_source(state.story)
    if not told or not _is_worth_telling(room, state, new):
        return ()
    return tuple(Notice(one.subscription, new.id, state.story or EVERY_STORY, "source") for one in told)


def _is_worth_telling(room: Newsroom, state: FeedState, new: NewEvent) -> bool:
    before = source_of(room.log.read(stream=feed_stream(state.id)))
    return before.after(new.event, room.clock()).worth_telling
