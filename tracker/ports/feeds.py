"""Sources: how bytes are fetched, parsed, and when a source is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tracker.domain.entry import Entry


@dataclass(frozen=True, slots=True)
class FeedState:
    """A polled source and where we are with it. `imported`: it has been read once with success."""

    id: str
    url: str
    name: str | None
    story: str | None
    added_at: datetime
    due_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    imported: bool = False
    failures: int = 0
    last_ok_at: datetime | None = None
    last_error: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `status` 304 means not modified and comes with an empty body; header names are lower-case."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed. `complaint` says what was wrong with a feed that could be read all the same."""

    title: str | None
    language: str | None
    entries: tuple[Entry, ...]
    complaint: str | None = None


class Fetcher(Protocol):
    """One guarded GET."""

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return a 200 or a 304. Raises FetchError for everything else, FeedError never leaves a socket open."""


class Parser(Protocol):
    """Bytes to entries, pure."""

    def parse(self, fetched: Fetched, *, feed: str, name: str | None, seen: datetime) -> Document:
        """Return the entries in plain text, oldest first. Raises NotAFeed, never anything else."""


class FeedBook(Protocol):
    """The sources and their cursors."""

    def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Return the sources whose time has come, longest due first."""

    def state(self, feed_id: str) -> FeedState | None:
        """Return a source, None for one that is unknown or was removed."""

    def save(self, state: FeedState) -> None:
        """Insert or replace a source's state."""

    def remove(self, feed_id: str) -> None:
        """Forget a source's cursor; what it brought stays."""

    def all(self, story: str | None = None) -> Sequence[FeedState]:
        """Return every source, or those of one story and of all stories, by id."""
