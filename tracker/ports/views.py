"""Read models: rows of JSON, each under (partition, key), with the checkpoint of the projection that made them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from tracker.projections.projection import Key, Row


class ViewWriter(Protocol):
    """Where projections put their rows."""

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which a projection has been folded, 0 for none."""

    def load(self, projection: str, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist under the keys."""

    def save(self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int) -> None:
        """Replace rows and move the checkpoint from `after` to `position` in one transaction.

        Raises Conflict when the checkpoint is not at `after`: another process has folded these events.
        """

    def replace(self, projection: str, rows: Mapping[Key, Row], *, position: int) -> None:
        """Put these rows in the place of all that the projection holds, and its checkpoint, in one transaction."""


class ViewReader(Protocol):
    """Where reports read."""

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which a projection has been folded, 0 for none."""

    def load(self, projection: str, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist under the keys."""

    def scan(self, projection: str, partition: str, *, after: str = "", last: int | None = None) -> Iterator[Row]:
        """Yield a partition's rows in order of key, keys greater than `after` only; `last`: only the last n of them."""

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order."""
