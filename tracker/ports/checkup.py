"""What a look at the database finds out, without changing anything; `tracker.application.diagnosis` judges it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Library:
    """The SQLite in use, and whether its writers have to take turns."""

    version: tuple[int, int, int]
    turns: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a SQLite file lies. `free` in bytes; `file_system` is its kind, None where the system does not tell."""

    folder: str
    writable: bool
    free: int
    file_system: str | None


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server: its settings by name, connections in use, and how many ordinary users may have."""

    version: str
    settings: Mapping[str, str]
    connections: int
    limit: int


@dataclass(frozen=True, slots=True)
class Schema:
    """The revision of the tables, None where there are none, and the newest one."""

    current: str | None
    newest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The position that the next append builds on, None where it is lost, and that of the newest event."""

    position: int | None
    newest: int


@dataclass(frozen=True, slots=True)
class Owed:
    """Deliveries that were given up, and those that are due since a moment or longer."""

    dead: int
    overdue: int


Listener = str
"""Who answers at an address of this machine: "nobody", "tracker" or "another"; else why nobody could listen there."""


class Checkup(Protocol):
    """Facts of one database; every method raises StoreError when the database refuses."""

    @property
    def kind(self) -> Literal["file", "memory", "server"]:
        """Tell what the database is: a SQLite file, a SQLite database in memory, or PostgreSQL."""

    @property
    def name(self) -> str:
        """Return what a person calls the database."""

    def missing(self) -> bool:
        """Tell whether a SQLite file is not there yet; opening it would make it."""

    def library(self) -> Library:
        """Return the SQLite in use."""

    def place(self) -> Place:
        """Return where the SQLite file lies, or would lie."""

    def server(self) -> Server:
        """Return what the PostgreSQL server says of itself."""

    def schema(self) -> Schema:
        """Return the revision of the tables. Raises DatabaseTooNew."""

    def damage(self) -> tuple[str, ...]:
        """Return what SQLite finds wrong with its file."""

    def head(self) -> Head:
        """Return what the head row says beside the newest event."""

    def owed(self, since: datetime) -> Owed:
        """Count the deliveries given up, and those that were due at a moment and still are."""

    def worker(self) -> int | None:
        """Return the process that follows the stories of a SQLite file, None when none does."""
