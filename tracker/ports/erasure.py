"""Erasing the words of an entry from everything that holds them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tracker.domain.events import Event


@dataclass(frozen=True, slots=True)
class Cut:
    """What goes from a stream whose version the caller read as `version`: by position, what is left of each event.

    A stream that loses nothing is still told: whoever is judging the entry at this moment must not come too late.
    """

    stream: str
    version: int
    left: Mapping[int, Event]


@dataclass(frozen=True, slots=True)
class Order:
    """Which entry is to be erased, why, by whom; `words` are its texts, looked for in what was judged of others."""

    entry: str
    reason: str
    actor: str
    words: Collection[str]


class Eraser(Protocol):
    """Carries an erasure out."""

    def erase(self, order: Order, cuts: Sequence[Cut]) -> None:
        """Record it in every stream, redact events, archive and judgements, and refuse the entry from now on.

        All in one transaction. Doing it again does nothing more. Raises Conflict when a stream has moved on.
        """

    def scrub(self) -> bool:
        """Take out of the database's files what no row holds any more; False when somebody who reads is in the way."""
