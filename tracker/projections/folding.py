"""Folding events into one projection: what cannot be folded is left out of its rows, and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.events import Recorded
from tracker.errors import StoreError
from tracker.projections.projection import Key, Projection, Row


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that a projection could not fold, why, and when the event was recorded."""

    projection: str
    position: int
    error: str
    at: datetime


class Batch:
    """Events on their way into a projection: `keys` and `partitions` say which rows are needed, `fold` folds over them.

    `letters` are the events that could not be folded. The others are folded as if those had never been.
    """

    def __init__(self, projection: Projection, events: Sequence[Recorded]) -> None:
        self.keys: set[Key] = set()
        self.partitions: set[str] = set()
        self.letters: list[DeadLetter] = []
        self._projection = projection
        self._events = [recorded for recorded in events if self._asks(recorded)]

    def fold(self, held: dict[Key, Row]) -> dict[Key, Row]:
        """Return the rows that the events change. `held`, the rows needed, is changed with them."""
        changed: dict[Key, Row] = {}
        for recorded in self._events:
            try:
                rows = self._projection.apply(held, recorded)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one event must not stop the others
                self._fail(recorded, error)
                continue
            held |= rows
            changed |= rows
        return changed

    def _asks(self, recorded: Recorded) -> bool:
        try:
            self.keys.update(self._projection.keys(recorded))
            self.partitions.update(self._projection.partitions(recorded))
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(recorded, error)
            return False
        return True

    def _fail(self, recorded: Recorded, error: Exception) -> None:
        if isinstance(error, StoreError):
            raise error
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self.letters.append(DeadLetter(self._projection.name, recorded.position, said, recorded.recorded_at))


def within(partition: str, asked: str) -> bool:
    """Tell whether a partition is the one asked for, or below it where that ends in a line break."""
    return partition == asked or (asked.endswith("\n") and partition.startswith(asked))
