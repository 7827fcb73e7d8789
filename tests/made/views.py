"""Views in memory of made-up logs."""

from collections.abc import Iterable

from tracker.domain.events import Recorded
from tracker.projections import ALL
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Key, Row


def views_of(events: Iterable[Recorded]) -> MemoryViews:
    """Return every view of a log."""
    log, views = tuple(events), MemoryViews()
    for projection in ALL:
        rows: dict[Key, Row] = {}
        for recorded in log:
            rows |= projection.apply(rows, recorded)
        views.save(projection.name, rows, after=0, position=log[-1].position if log else 0)
    return views
