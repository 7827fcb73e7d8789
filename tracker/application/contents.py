"""What a delivery holds: its notices, each with its event, sorted by what they are about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from tracker.application.recall import Recall
from tracker.domain.events import ClaimWithdrawn, FindingReviewed, Recorded, entry_of
from tracker.domain.routing import kind_said, worth_telling
from tracker.domain.source import SourceEvent
from tracker.domain.subscription_events import EndpointEvent
from tracker.errors import NotFound
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Delivery, Owed


@dataclass(frozen=True, slots=True)
class Contents:
    """The events of a delivery, in order of position. `upto`: as of where in the log it is written.

    `owed` are the notices. A review is among the developments where it made one.
    """

    delivery: Delivery
    owed: Sequence[Owed]
    upto: int
    developments: tuple[Recorded, ...] = ()
    corrections: tuple[Recorded, ...] = ()
    sources: tuple[Recorded, ...] = ()
    endpoints: tuple[Recorded, ...] = ()

    @property
    def events(self) -> tuple[Recorded, ...]:
        """Every event, in order of position."""
        every = (*self.developments, *self.corrections, *self.sources, *self.endpoints)
        return tuple(sorted(every, key=lambda one: one.position))


def contents(delivery: Delivery, owed: Sequence[Owed], recall: Recall) -> Contents:
    """Return what a delivery holds. Raises NotFound where that is nothing that could be told."""
    kinds = {one.position: one.kind for one in owed} or {delivery.position: ""}
    events = recall.events(kinds)
    if not any(kinds.values()):
        events, kinds = _as_of_old(events, recall), {}
    found: dict[str, list[Recorded]] = {}
    for one in events:
        found.setdefault(_sort(one, kinds.get(one.position, "")), []).append(one)
    found.pop("", None)
    if not found:
        raise NotFound(f"no development of story {delivery.story} at position {delivery.position}")
    last = max(one.position for some in found.values() for one in some)
    sorted_ = {name: tuple(some) for name, some in found.items()}
    return Contents(delivery, owed, max(delivery.upto, last), **sorted_)


def _sort(recorded: Recorded, kind: str) -> str:
    """Return the name of the field of `Contents` that an event belongs into, "" for none."""
    event = recorded.event
    if isinstance(event, SourceEvent):
        return "sources"
    if isinstance(event, EndpointEvent):
        return "endpoints"
    if kind == CORRECTION or isinstance(event, ClaimWithdrawn):
        return "corrections"
    told = kind_said(event) is not None if kind else worth_telling(event)
    return "developments" if told or (kind and isinstance(event, FindingReviewed)) else ""


def _as_of_old(events: Sequence[Recorded], recall: Recall) -> tuple[Recorded, ...]:
    """Return what a message of an older version was on: an event, and those of the same entry in the same batch."""
    first = events[0] if events else None
    if first is None or isinstance(first.event, SourceEvent):
        return tuple(events)
    return (first, *_batch(first, recall.after(first.position, first.stream)))


def _batch(first: Recorded, stream: Iterator[Recorded]) -> Iterator[Recorded]:
    cause, entry = first.causation, entry_of(first.event)
    return takewhile(lambda one: (one.causation, entry_of(one.event)) == (cause, entry), stream)
