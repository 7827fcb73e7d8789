"""A whole tracker as lines of text: to back it up, and to move it from one database to another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Moved:
    """What was taken in: the log's last position, its head, and how many rows of each kind."""

    position: int
    head: str
    counts: Mapping[str, int]


class Exporter(Protocol):
    """Writes all that is no view."""

    def lines(self) -> Iterator[bytes]:
        """Yield every line, as of one moment; equal states give equal bytes, on whichever database they are kept.

        Raises BrokenLog for a log that does not verify, since nobody could take it in again.
        """


class Importer(Protocol):
    """Takes in what was exported."""

    def take(self, lines: Iterable[bytes]) -> Moved:
        """Put what the lines hold into an empty database, all or nothing.

        Raises UsageError for lines that are not those of an export, DatabaseTooNew for those of a later tracker, and
        StoreError for a database that holds something already.
        """
