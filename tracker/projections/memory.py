"""Rows held in memory: views of one moment, of a replay, or of a test."""

from collections.abc import Iterable, Iterator, Mapping

from tracker.errors import Conflict
from tracker.projections.projection import Key, Row


class MemoryViews:
    """A writer and reader of rows with the manners of the stored ones, for one thread."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, Row]] = {}
        self._checkpoints: dict[str, int] = {}

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which a projection has been folded, 0 for none."""
        return self._checkpoints.get(projection, 0)

    def load(self, projection: str, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist under the keys."""
        rows = self._rows.get(projection, {})
        return {key: rows[key] for key in keys if key in rows}

    def save(self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int) -> None:
        """Replace rows and move the checkpoint. Raises Conflict when it is not at `after`."""
        if self.checkpoint(projection) != after:
            raise Conflict(f"{projection} has been folded by another process")
        self._rows.setdefault(projection, {}).update(rows)
        self._checkpoints[projection] = position

    def replace(self, projection: str, rows: Mapping[Key, Row], *, position: int) -> None:
        """Put these rows in the place of all that the projection holds, and its checkpoint."""
        self._rows[projection] = dict(rows)
        self._checkpoints[projection] = position

    def scan(self, projection: str, partition: str, *, after: str = "", last: int | None = None) -> Iterator[Row]:
        """Yield a partition's rows in order of key, keys greater than `after` only; `last`: only the last n of them."""
        rows = self._rows.get(projection, {})
        keys = sorted(key for key in rows if key[0] == partition and key[1] > after)
        for key in keys[max(0, len(keys) - last) :] if last is not None else keys:
            yield rows[key]

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order."""
        return tuple(sorted({partition for partition, _ in self._rows.get(projection, {})}))
