"""Valid time: from when on an event counts, told by when its source said it and not by when we saw it.

An event has two times. `recorded_at` is when we saw it; the log is in its order. The valid time is when it was said:

- What a source published counts from `published_at`, whenever we came to read it: an article of Monday that was read
  on Wednesday belongs to Monday. Nobody can say a thing later than we read it, so that a date ahead of the reading,
  which publishers do give, is cut back to the reading.
- `story.opened` and the claims of its seed are published on the seed's `as_of` date, or when its article says. A story
  that is opened today from an article of 2 June can be asked about 5 June. Nothing counts before the story itself
  does: what was published earlier is what the seed sums up, and counts with it.
- A review, and a withdrawal or erasure that has no date of its own, adds nothing to what was said: it is our better
  knowledge of an earlier event, and counts whenever that one counts. (What we knew of it when is asked by the other
  time.) Where nothing is there that it could be about, it counts from when it was recorded.
- Everything else counts from when it was recorded.

The rule looks back, never ahead: the valid time of an event is the same in every log that begins as this one does. So
the two filters can be applied in either order. What counts is folded in the order of the log, by the same folds. A
finding may then count before the claim that it bears on (an article of Monday, read on Wednesday, on a claim that came
in on Tuesday): the timeline of Monday shows what it said, and the ledger of Monday has no claim yet to lay it to.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tracker.domain.events import (
    ClaimTracked,
    ClaimWithdrawn,
    EntryErased,
    FindingReviewed,
    Recorded,
    entry_of,
)

_Subject = tuple[str, str | int]
"""What a later event may be about: ("event", position), ("claim", id) or ("entry", id)."""


def valid_times(events: Iterable[Recorded]) -> Iterator[tuple[datetime, Recorded]]:
    """Yield each event of one stream, from its first on, with its valid time."""
    since: dict[_Subject, datetime] = {}
    opened: datetime | None = None
    for recorded in events:
        own = _own(recorded)
        about = _about(recorded)
        valid = since.get(about, own) if about else own
        opened = opened or valid
        valid = max(valid, opened)
        for name in _named(recorded):
            since.setdefault(name, valid)
        yield valid, recorded


def valid_by(events: Iterable[Recorded], moment: datetime) -> Iterator[Recorded]:
    """Yield the events of one stream, given from its first on, that had been said by a moment, in their order.

    None, or the first event is among them: a stream of a story stays one that begins with its opening.
    """
    return (recorded for valid, recorded in valid_times(events) if valid <= moment)


def _own(recorded: Recorded) -> datetime:
    return min(recorded.published_at or recorded.recorded_at, recorded.recorded_at)


def _about(recorded: Recorded) -> _Subject | None:
    """Return what an event only adds our knowledge to."""
    event = recorded.event
    if isinstance(event, FindingReviewed):
        return "event", event.position
    if isinstance(event, ClaimWithdrawn) and recorded.published_at is None:
        return "claim", event.claim
    if isinstance(event, EntryErased) and recorded.published_at is None:
        return "entry", event.entry
    return None


def _named(recorded: Recorded) -> Iterator[_Subject]:
    """Yield the names under which a later event may speak of this one."""
    yield "event", recorded.position
    if isinstance(recorded.event, ClaimTracked):
        yield "claim", recorded.event.claim.id
    entry = entry_of(recorded.event)
    if entry:
        yield "entry", entry.id
