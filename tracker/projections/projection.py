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

    @property
    def name(self) -> str:
        """Stable name: rows and checkpoint are stored under it."""

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the keys of the rows that `apply` wants to see for this event."""

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the rows that this event changes, given those under `keys` that exist."""
