"""What a projection is: a fold of events into rows."""

from collections.abc import Mapping
from typing import Any, Protocol

from tracker.domain.events import Recorded

Key = tuple[str, str]
"""(partition, key): a story or feed, and a row within it."""

Row = Mapping[str, Any]
"""JSON-ready values only: equal rows give equal bytes."""


class Projection(Protocol):
    """A named pure fold. The same events give the same rows, whether folded at once or one by one."""

    name: str
    """Stable name: rows and checkpoint are stored under it."""

    folds: int
    """Version of the fold: raised whenever the same events give other rows, which are then made anew."""

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the keys of the rows that `apply` wants to see for this event."""

    def partitions(self, recorded: Recorded) -> tuple[str, ...]:  # noqa: ARG002 - most want single rows only
        """Return the partitions that `apply` wants to see whole; one that ends in a line break with all below it."""
        return ()

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the rows that this event changes, given at least those that it wants and that exist."""
