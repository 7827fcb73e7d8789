"""How far the views are behind the log, and what is missing from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.ports.log import EventLog
from tracker.ports.views import ViewWriter
from tracker.projections.folding import DeadLetter
from tracker.projections.projection import Projection


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a projection is: its position, the events behind it, and the events that it could not fold.

    `age` is the time in seconds for which the oldest event behind it has been waiting, 0 where it is level. `behind` is
    negative where the projection holds events that the log has lost.
    """

    projection: str
    position: int
    behind: int
    age: float
    dead_letters: int


def lag(log: EventLog, views: ViewWriter, projections: Iterable[Projection], now: datetime) -> tuple[Lag, ...]:
    """Return how far each projection is behind the log."""
    return tuple(_lag(log, views, projection.name, now) for projection in projections)


def dead_letters(views: ViewWriter, projections: Sequence[Projection]) -> tuple[DeadLetter, ...]:
    """Return the events that are missing from the views in use, by projection and in order of position."""
    return tuple(letter for projection in projections for letter in views.dead_letters(projection.name))


def _lag(log: EventLog, views: ViewWriter, name: str, now: datetime) -> Lag:
    position = views.checkpoint(name)
    oldest = next(iter(log.read(after=position, limit=1)), None)
    age = max(0.0, (now - oldest.recorded_at).total_seconds()) if oldest else 0.0
    behind = log.head() - position if oldest else min(0, log.head() - position)
    return Lag(name, position, behind, age, len(views.dead_letters(name)))
