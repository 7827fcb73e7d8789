"""How things stand, in numbers, for whoever watches over a worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Vitals:
    """Counts of one moment.

    `head`: the position of the newest event; `reached`: the position up to which each view is folded. `feeds` are
    followed, of them `due` are to be polled now and `failing` could not be read last time. `pending` messages are to be
    sent, the first of them since `oldest`; `dead` were given up. `last_read`: when feeds were read last, by id.
    """

    head: int
    reached: Mapping[str, int]
    feeds: int
    due: int
    failing: int
    pending: int
    oldest: datetime | None
    dead: int
    last_read: Mapping[str, datetime]


class Observer(Protocol):
    """Takes the vitals."""

    def vitals(self, now: datetime, most: int) -> Vitals:
        """Return how things stand; of feeds that were ever read at most so many, longest ago first.

        Raises StoreError.
        """
