"""What is found in a database after a kill, and the laws that it must obey."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from benchmarks.faults.outside import Told
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import delivery, entry_version, event, feed, judgement, sighting
from tracker.bootstrap import App
from tracker.domain.events import EntryErased
from tracker.projections import ALL
from tracker.projections.folding import Batch
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Projection

Rows = frozenset[tuple[Any, ...]]
# What must be the same whether or not somebody was killed: all but times, hashes, numbers of tries and order between
# streams. A source's cursor counts with what it says, not with when it is due.
_COMPARED: Mapping[str, Select[*tuple[Any, ...]]] = {
    "event": select(event.c.stream, event.c.version, event.c.id, event.c.type, event.c.data),
    "delivery": select(delivery.c.id, delivery.c.subscription, delivery.c.event_id, delivery.c.state),
    "entry": select(entry_version.c.entry, entry_version.c.version),
    "sighting": select(sighting.c.entry, sighting.c.version, sighting.c.feed, sighting.c.baseline),
    "judgement": select(judgement.c.story, judgement.c.entry, judgement.c.version, judgement.c.relevant),
    "feed": select(feed.c.id, feed.c.body_hash, feed.c.imported, feed.c.failures, feed.c.gone, feed.c.removed),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a database holds: rows by kind, what its own laws say, and the ids of deliveries that are still owed."""

    rows: Mapping[str, Rows]
    faults: tuple[str, ...]
    owed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Toll:
    """What a kill cost: rows lost and rows too many, deliveries told twice, and every law that was broken, in words."""

    lost: int
    extra: int
    resent: int
    broken: tuple[str, ...] = field(default=())


def look(app: App) -> Found:
    """Return what a tracker's database holds, with the faults of its log and views."""
    with reading(app.engine, snapshot=True) as connection:
        rows = {kind: frozenset(map(tuple, connection.execute(ask).all())) for kind, ask in _COMPARED.items()}
    owed = frozenset(str(row[0]) for row in rows["delivery"] if row[3] == "pending")
    return Found(rows, (*app.auditor.verify().faults, *_views(app)), owed)


def _views(app: App) -> Iterator[str]:
    """Yield every view that is not the fold of the log up to its checkpoint.

    One that an erasure has not come to yet was folded from a log that still held the words: it is made anew.
    """
    head = app.log.head()
    erased = max((one.position for one in app.log.read() if isinstance(one.event, EntryErased)), default=0)
    for projection in ALL:
        position = app.views.checkpoint(projection.name)
        if position > head:
            yield f"{projection.name} stands at {position}, the log at {head}"
        elif position >= erased and not _is_the_fold(app, projection, position):
            yield f"{projection.name} at {position} is not the fold of the log up to there"
        for letter in app.views.dead_letters(projection.name):
            yield f"{projection.name} could not fold position {letter.position}: {letter.error}"


def _is_the_fold(app: App, projection: Projection, position: int) -> bool:
    folded, name = MemoryViews(), projection.name
    rows = Batch(projection, tuple(app.log.read(upto=position))).fold({})
    folded.save(name, rows, after=0, position=position)
    partitions = app.views.partitions(name)
    return partitions == folded.partitions(name) and all(
        list(app.views.scan(name, partition)) == list(folded.scan(name, partition)) for partition in partitions
    )


def toll(undisturbed: Found, killed: Found, after: Found, told: Sequence[Told], acknowledged: Sequence[str]) -> Toll:
    """Compare what is left, once the work was taken up again and ended, with the work that nobody disturbed.

    `killed`: what was there right after the kill. `told`: what came at the receiver in both lives. `acknowledged`:
    the events that the killed process had been told are stored.
    """
    lost = sum(len(undisturbed.rows[kind] - after.rows[kind]) for kind in _COMPARED)
    extra = sum(len(after.rows[kind] - undisturbed.rows[kind]) for kind in _COMPARED)
    times = Counter(identity for identity, _ in told)
    broken = (
        *(f"right after the kill: {fault}" for fault in killed.faults),
        *after.faults,
        *_differences(undisturbed, after),
        *_unstored(killed, acknowledged),
        *_mistold(undisturbed, killed, told, times),
    )
    return Toll(lost, extra, sum(times.values()) - len(times), broken)


def _differences(undisturbed: Found, after: Found) -> Iterator[str]:
    for kind, expected in undisturbed.rows.items():
        for verb, rows in (("lost", expected - after.rows[kind]), ("too many", after.rows[kind] - expected)):
            yield from (f"{kind} {verb}: {str(row)[:160]}" for row in sorted(rows, key=str))


def _unstored(killed: Found, acknowledged: Sequence[str]) -> Iterator[str]:
    stored = {row[2] for row in killed.rows["event"]}
    yield from (f"acknowledged and not stored: {one}" for one in acknowledged if one not in stored)


def _mistold(undisturbed: Found, killed: Found, told: Sequence[Told], times: Mapping[str, int]) -> Iterator[str]:
    """Yield deliveries that nobody got, that came twice without need, or that came in two wordings."""
    delivered = {row[0] for row in undisturbed.rows["delivery"] if row[3] == "delivered"}
    yield from (f"marked as delivered and never told: {one}" for one in delivered - times.keys())
    yield from (f"told, but owed to nobody: {one}" for one in times.keys() - delivered)
    for one, count in times.items():
        if count > 2 or (count == 2 and one not in killed.owed):
            yield f"told {count} times, although it was settled before the kill: {one}"
    worded = Counter(identity for identity, _ in set(told))
    yield from (f"told in {count} wordings: {one}" for one, count in worded.items() if count > 1)
