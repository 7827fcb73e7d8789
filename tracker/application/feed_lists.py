"""Many sources at once: those of another reader's list taken in, and ours written out as one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from tracker.application.discover import spellings
from tracker.application.retry import retried
from tracker.application.sources import added_event, canonical, check_story, feed_id, standing, twins
from tracker.domain.events import feed_stream
from tracker.domain.feed_events import (
    FeedAdded,
)
from tracker.errors import UsageError
from tracker.ports.feeds import FeedQueue, FeedState
from tracker.ports.finding import Listed
from tracker.ports.log import Batch, EventLog

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list: the sources that are new, how many were followed already, and what was refused, why."""

    added: tuple[FeedState, ...]
    held: int
    refused: tuple[tuple[Listed, str], ...]


def add_listed(
    log: EventLog, book: FeedQueue, listed: Sequence[Listed], *, story: str | None, now: datetime, actor: str
) -> Taken:
    """Follow the sources of a list for a story (None: for all); none is fetched, and all are due at once.

    A source that is followed already stays as it is. Raises NotFound for a story that was never opened.
    """
    check_story(log, story)
    good, refused = _meant(listed)
    states = [
        FeedState(feed_id(one.url, story), one.url, one.name, story, added_at=now, due_at=now, folder=one.folder)
        for one in _new(good, book.all(), story)
    ]
    rest = iter(states)
    while part := tuple(islice(rest, _AT_ONCE)):
        _add(log, book, part, actor)
    return Taken(tuple(states), len(good) - len(states), tuple(refused))


def listed_of(book: FeedQueue, story: str | None) -> tuple[Listed, ...]:
    """Return what a story hears (None: every source) as a list by folder and name, each address once."""
    states = sorted(book.all(story), key=lambda state: (state.folder or "", state.name or "", state.url))
    first: dict[str, Listed] = {}
    for state in states:
        first.setdefault(state.url, Listed(state.url, state.name, state.folder))
    return tuple(first.values())


def _meant(listed: Sequence[Listed]) -> tuple[list[Listed], list[tuple[Listed, str]]]:
    """Return the sources with their addresses as they are kept, and those that are refused, with the reason."""
    good, refused = [], []
    for one in listed:
        try:
            good.append(replace(one, url=_address(one.url)))
        except UsageError as error:
            refused.append((one, str(error)))
    return good, refused


def _address(written: str) -> str:
    """Return the address that is meant. Nothing is fetched, so that one without a scheme is taken for https.

    Those who wrote feed:// meant http. Raises UsageError.
    """
    meant = spellings(written)
    return canonical(meant[-1] if written.lower().startswith("feed:") else meant[0])


@retried
def _add(log: EventLog, book: FeedQueue, states: Sequence[FeedState], actor: str) -> None:
    batches = []
    for state in states:
        version, told = standing(log, feed_stream(state.id))
        if not told:
            event = added_event(FeedAdded(state.id, state.url, state.name, state.story), version, actor)
            batches.append(Batch(feed_stream(state.id), version, (event,)))
    log.append_together(batches)
    book.save(*states)


def _new(listed: Sequence[Listed], states: Sequence[FeedState], story: str | None) -> list[Listed]:
    """Return those that are not followed, each once, as `followed` tells; lists may be long."""
    mine = [state for state in states if state.story == story]
    known = {state.id for state in mine} | {feed_id(canonical(state.url), story) for state in mine}
    fresh = []
    for one in listed:
        ids = {feed_id(url, story) for url in twins(one.url)}
        if known.isdisjoint(ids):
            fresh.append(one)
        known |= ids
    return fresh
