"""The append-only log, the only place where facts are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.domain.events import NewEvent, Recorded
from tracker.domain.schedule import Held

EVERY_STORY = ""
CORRECTION = "correction"
"""The kind of a notice of what corrects something that the same subscription was told."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That a subscription is to be told of an event; becomes rows of the outbox in the event's transaction.

    `story` is `EVERY_STORY` for an event of a source that is polled for all of them. `kind` says what it is about: a
    development, a correction, a source, an endpoint. With `held` it waits for what bundles messages until `due_at`;
    otherwise it goes out at once: alone, or in the message of the notice of the same subscription on the event `lead`,
    which is appended with it. `revives` is an earlier event whose notice was dropped, and waits again from this event
    on; nothing is owed beside it.
    """

    subscription: str
    event_id: str
    story: str
    kind: str = ""
    entry: str | None = None
    lead: str | None = None
    held: Held | None = None
    due_at: datetime | None = None
    revives: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """The outcome of a verification: how many events were checked, and every fault in words.

    `head` is the hash of the newest event, at `position`; `erased` counts the events whose text had to go.
    """

    events: int
    streams: int
    position: int
    erased: int
    head: str | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events for one stream, whose version the caller read as `expected`."""

    stream: str
    expected: int
    events: Sequence[NewEvent]


class EventLog(Protocol):
    """Streams of events with optimistic concurrency and one global order without gaps."""

    def append(
        self, stream: str, expected: int, events: Sequence[NewEvent], notices: Sequence[Notice] = ()
    ) -> tuple[Recorded, ...]:
        """Append to a stream whose version the caller read as `expected`, with the outbox rows, in one transaction.

        Events whose id the log already holds are not written again: when all are held, the stored ones are returned
        whatever `expected` says. Raises Conflict when the stream has moved on, StoreError when the database refuses.
        """

    def append_together(self, batches: Sequence[Batch], notices: Sequence[Notice] = ()) -> tuple[Recorded, ...]:
        """Append to several streams in one transaction, all or nothing; in the order of the batches, see `append`."""

    def read(
        self, *, after: int = 0, upto: int | None = None, stream: str | None = None, limit: int | None = None
    ) -> Iterator[Recorded]:
        """Yield events with after < position <= upto in order of position; never skips one that commits later."""

    def head(self) -> int:
        """Return the position of the newest event, 0 for an empty log."""

    def position_at(self, moment: datetime) -> int:
        """Return the last position recorded at or before a moment, 0 when there is none."""

    def seal(self, position: int) -> str:
        """Return the hash of the event at a position, which commits to every event up to it; "" for position 0.

        Raises NotFound for a position that the log has not reached.
        """


class Auditor(Protocol):
    """Proves the log."""

    def verify(self, *, start: int = 1, head: str | None = None) -> Audit:
        """Check density of positions, versions per stream, times and the hash chain, from a position on.

        `head`: a hash that somebody noted (every alert and report bears one); the log must still hold its event.
        """
