"""Read models: rows of JSON, each under (partition, key), with the checkpoint of the projection that made them.

A projection's rows come in generations; see `tracker.projections.generation`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from tracker.projections.projection import Key, Row

if TYPE_CHECKING:
    from tracker.projections.folding import DeadLetter
    from tracker.projections.generation import Generation


class ViewWriter(Protocol):
    """Where projections put their rows."""

    def generations(self, projection: str) -> "tuple[Generation, ...]":
        """Return every generation of a projection, oldest first."""

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which the live generation has been folded, 0 for none."""

    def begin(self, projection: str, generation: "Generation") -> None:
        """Begin a generation without rows. Raises Conflict where there is one of its number."""

    def load(
        self, projection: str, keys: Iterable[Key], partitions: Iterable[str] = (), *, generation: int | None = None
    ) -> dict[Key, Row]:
        """Return the rows that exist under the keys and in the partitions, by default of the live generation.

        A partition that ends in a line break stands for every one that begins with it.
        """

    def save(
        self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int,
        generation: int = 1, letters: "Sequence[DeadLetter]" = (),
    ) -> None:  # fmt: skip
        """Replace rows, add dead letters and move the checkpoint from `after` to `position` in one transaction.

        A first generation that was never begun begins with it. Raises Conflict when the checkpoint is not at `after`:
        another process has folded these events, or the generation is no more.
        """

    def promote(self, projection: str, generation: int) -> bool:
        """Let a generation take the live one's place in one transaction; tell whether it has.

        It does not while the live one is further in the log, or of a newer version, see `Generation.may_follow`.
        """

    def sweep(self, projection: str) -> None:
        """Remove what generations older than the live one have left."""

    def dead_letters(self, projection: str) -> "tuple[DeadLetter, ...]":
        """Return the events that are missing from the live generation, in order of position."""


class ViewReader(Protocol):
    """Where reports read: always the live generation."""

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which a projection has been folded, 0 for none."""

    def load(self, projection: str, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist under the keys."""

    def scan(
        self,
        projection: str,
        partition: str,
        *,
        after: str = "",
        before: str | None = None,
        first: int | None = None,
        last: int | None = None,
    ) -> Iterator[Row]:
        """Yield a partition's rows in order of key: keys greater than `after` and less than `before` only.

        `first`, `last`: only the first or the last n of them; not both.
        """

    def count(self, projection: str, partition: str) -> int:
        """Return how many rows a partition holds."""

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order."""
