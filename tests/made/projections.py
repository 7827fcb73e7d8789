"""Made-up projections: one that counts, in any version, and cannot fold what it is told to fail at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracker.domain.events import Recorded
from tracker.projections.projection import Key, Projection, Row


@dataclass(frozen=True)
class Counting(Projection):
    """One row a stream, under (stream, "count"), that counts its events; fails at some positions."""

    name: str = "counting"
    folds: int = 1
    fails: Collection[int] = ()

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Want the row of the stream."""
        return ((recorded.stream, "count"),)

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Count."""
        if recorded.position in self.fails:
            raise ValueError(f"cannot count {recorded.position}")
        key = (recorded.stream, "count")
        return {key: {"count": rows.get(key, {"count": 0})["count"] + 1, "folds": self.folds}}
