"""Views follow the log: catch up, and make anew."""

from collections.abc import Iterable, Sequence

from tracker.domain.events import Recorded
from tracker.errors import Conflict
from tracker.ports.log import EventLog
from tracker.ports.views import ViewWriter
from tracker.projections.projection import Key, Projection, Row


def catch_up(log: EventLog, views: ViewWriter, projections: Sequence[Projection], batch: int = 500) -> int:
    """Fold the events after each projection's checkpoint into its rows; return how many events were read.

    The rows of a batch and the checkpoint are one transaction. A Conflict means that another process has folded the
    batch or made the view anew: we go on from where it got to. Raises Conflict only when nobody moves.
    """
    count = 0
    while projections:
        start = min(views.checkpoint(projection.name) for projection in projections)
        events = tuple(log.read(after=start, limit=batch))
        if not events:
            break
        for projection in projections:
            _advance(views, projection, events)
        count += len(events)
    return count


def rebuild(log: EventLog, views: ViewWriter, projections: Sequence[Projection]) -> int:
    """Make the views anew from the log; return how many events were read.

    They are folded aside and then exchanged one by one, each in one transaction: whoever reads meanwhile sees the old
    rows or the new ones. A worker may have gone further; what came meanwhile is folded after the exchange.
    """
    made: dict[str, dict[Key, Row]] = {projection.name: {} for projection in projections}
    count = position = 0
    for recorded in log.read():
        for projection in projections:
            made[projection.name] |= projection.apply(made[projection.name], recorded)
        count, position = count + 1, recorded.position
    for name, rows in made.items():
        views.replace(name, rows, position=position)
    return count + catch_up(log, views, projections)


def _advance(views: ViewWriter, projection: Projection, events: Sequence[Recorded]) -> None:
    after = views.checkpoint(projection.name)
    fresh = [recorded for recorded in events if recorded.position > after]
    if not fresh:
        return
    held = views.load(projection.name, {key for recorded in fresh for key in projection.keys(recorded)})
    try:
        views.save(projection.name, _folded(projection, held, fresh), after=after, position=fresh[-1].position)
    except Conflict:
        if views.checkpoint(projection.name) == after:
            raise


def _folded(projection: Projection, held: dict[Key, Row], events: Iterable[Recorded]) -> dict[Key, Row]:
    """Return the rows that events change, seeing the rows held and those that earlier events of the batch made."""
    changed: dict[Key, Row] = {}
    for recorded in events:
        rows = projection.apply(held, recorded)
        held |= rows
        changed |= rows
    return changed
