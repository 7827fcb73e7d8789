"""Sources: how bytes are fetched, parsed, and when a source is due."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal, Protocol
from urllib.parse import urlsplit

from tracker import errors
from tracker.domain.entry import Entry

Trouble = errors.Trouble
Visit = Callable[[str], bool]
"""Tells whether a host, in lower case, may be asked now."""
Criterion = Literal["id", "link", "link and date", "link, date and title", "content"]
"""By what the entries of a source are told apart; each is weaker than the one before."""


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """How a source is asked. What may be secret is a reference, env:NAME or file:PATH.

    `headers` are (name, value or reference to it), `login` is a reference to user:password, `cookie` to the header's
    value; `proxy` is an address or a reference to one. `article`: the page of each entry is read for its text as well.
    """

    user_agent: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    login: str | None = None
    cookie: str | None = None
    proxy: str | None = None
    article: bool = False

    @property
    def references(self) -> tuple[str, ...]:
        """The references to secrets among them."""
        said = (self.login, self.cookie, self.proxy, *(value for _, value in self.headers))
        return tuple(one for one in said if one and one.startswith(("env:", "file:")))


PLAIN = FeedOptions()


@dataclass(frozen=True, slots=True)
class FeedState:
    """A polled source and where we are with it.

    `imported`: it has been read once with success. `checked_at` is the last poll however it ended, `last_ok_at` the
    last good one, `document_at` when the document that it shows now was read, `last_new_at` when it last brought an
    entry or its newest was published before, `brought` how many it has brought. In seconds: `interval` between polls
    as chosen now, `gap` between its entries as observed, `ttl` as the document itself asks for. `moved_to` is where
    permanent redirects led, `moves` times in a row since `moved_since`. `folder` is where an OPML file had it, parts
    joined by "/".
    """

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
    options: FeedOptions = PLAIN
    folder: str | None = None
    checked_at: datetime | None = None
    document_at: datetime | None = None
    last_new_at: datetime | None = None
    brought: int = 0
    interval: float | None = None
    gap: float | None = None
    ttl: float | None = None
    criterion: Criterion | None = None
    trouble: Trouble | None = None
    silent: bool = False
    moved_to: str | None = None
    moves: int = 0
    moved_since: datetime | None = None

    @property
    def host(self) -> str:
        """The host that is asked, in lower case."""
        return _host(self.url)


@lru_cache(4096)
def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `status` 304 means not modified and comes with an empty body; header names are lower-case.

    `hops` are the statuses of the redirects that led to `url`, in order. `fresh_for` is how many seconds the server
    says that the answer will stay as it is, at most a day; None when it says nothing that makes sense.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hops: tuple[int, ...] = ()
    fresh_for: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed. `complaint` says what was wrong with a feed that could be read all the same.

    `criterion` is what its entries are told apart by, `ttl` the seconds for which it asks to be left alone.
    """

    title: str | None
    language: str | None
    entries: tuple[Entry, ...]
    complaint: str | None = None
    criterion: Criterion = "id"
    ttl: float | None = None


class Fetcher(Protocol):
    """One guarded GET."""

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        options: FeedOptions = PLAIN,
        visit: Visit | None = None,
    ) -> Fetched:
        """Return a 200 or a 304. Raises FetchError for everything else, FeedError never leaves a socket open.

        `visit` is asked before a redirect is followed to another host; HostBusy is raised where it says no.
        """


class Parser(Protocol):
    """Bytes to entries, pure."""

    def parse(
        self, fetched: Fetched, *, feed: str, name: str | None, seen: datetime, criterion: Criterion | None = None
    ) -> Document:
        """Return the entries in plain text, oldest first. Raises NotAFeed, never anything else.

        `criterion`: what the source's entries were told apart by so far; a weaker one is taken where it fails.
        """


class FeedReader(Protocol):
    """Where reports read how sources fare."""

    def all(self, story: str) -> Sequence[FeedState]:
        """Return the sources of a story, those of all stories included, by id."""


class FeedBook(Protocol):
    """The sources and their cursors."""

    def state(self, feed_id: str) -> FeedState | None:
        """Return a source, None for one that is unknown or was removed."""

    def save(self, *states: FeedState) -> None:
        """Insert or replace the states of sources, in one transaction."""

    def configure(self, state: FeedState) -> None:
        """Set a source's name, folder, options and due time alone: a poll that runs meanwhile loses none of them."""

    def remove(self, feed_id: str) -> None:
        """Forget a source's cursor; what it brought stays."""

    def all(self, story: str | None = None, *, after: str = "", most: int | None = None) -> Sequence[FeedState]:
        """Return every source, or those of one story and of all stories, by id.

        `after`: only those of greater ids; `most`: no more than so many.
        """


class Hosts(Protocol):
    """Who asks which host: one request at a time, over all workers, and none before its host may be asked again."""

    def claim_hosts(self, names: Iterable[str], now: datetime, until: datetime) -> frozenset[str]:
        """Return those that may be asked now: nobody else asks them before they are freed, or before `until`."""

    def free_hosts(self, hosts: Mapping[str, datetime]) -> None:
        """Give hosts back that were claimed, and set when each may be asked again."""

    def resting(self, names: Iterable[str], now: datetime) -> Mapping[str, datetime]:
        """Return those that want to be left alone, each with until when; one that is asked now is none of them."""

    def forget_claims(self) -> None:
        """Give back every host that is claimed; for a worker that knows itself to be alone."""


class FeedQueue(FeedBook, Hosts, Protocol):
    """The same book as a worker reads it: who is due, and which hosts may be asked."""

    def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Return sources whose time has come and whose host may be asked: the longest due of each host, then the next.

        So no host takes the place of the others, however many of its sources are due.
        """

    def after(self, state: FeedState, now: datetime) -> FeedState | None:
        """Return the longest due of the other sources at the host of one, whether or not it may be asked now."""

    def claim(
        self, feeds: Sequence[FeedState], now: datetime, until: datetime, *, due: bool = True
    ) -> tuple[FeedState, ...]:
        """Return those that may be asked now, at most one a host, as they are now; their hosts are claimed.

        A source that was removed since it was read is left out; `due`: so is one that was polled meanwhile.
        """

    def settle(self, states: Sequence[FeedState], hosts: Mapping[str, datetime]) -> None:
        """Save the states as `save` does, and give back the hosts, in one transaction; see `free_hosts`."""
