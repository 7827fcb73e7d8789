"""The pages of entries, read for their text where a feed asks for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from tracker.ports.feeds import PLAIN, FeedOptions, Visit

PageState = Literal["new", "read", "wall", "denied", "gone"]
"""Not read yet; read; there, but without its text ("wall"); not to be read by programs ("denied"); taken away."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an entry and where we are with it.

    `feed` is the source that led there first, at `first_at`; `baseline`: as part of its first import. `due_at` None: it
    is looked at no more. `read_at` is the last good reading, from which `etag`, `last_modified`, `body_hash` and
    `length` (characters of text) are. `failures` are those since, `last_error` the last one in words.
    """

    entry: str
    feed: str
    url: str
    first_at: datetime
    due_at: datetime | None
    state: PageState = "new"
    baseline: bool = False
    read_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    length: int | None = None
    failures: int = 0
    last_error: str | None = None

    @property
    def host(self) -> str:
        """The host that is asked, in lower case."""
        return host_of(self.url)


def host_of(url: str) -> str:
    """Return the host of an address in lower case, empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page says: `text` in plain words, a line for each paragraph; None if it is as it was.

    `url` is where redirects led. `language` is what the page claims, or what it is taken for.
    """

    url: str
    text: str | None = None
    language: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


class PageReader(Protocol):
    """One guarded GET of a page, for which its host's robots.txt is asked first."""

    def read(self, page: Page, options: FeedOptions = PLAIN, visit: Visit | None = None) -> PageRead:
        """Return what a page says now. `visit` is asked before a redirect is followed to another host.

        Raises Denied where programs are not to read it, NoArticle where a page came without one, FetchError where none
        came (HostBusy where `visit` said no); never another error.
        """

    def gap(self, page: Page, options: FeedOptions = PLAIN) -> float:
        """Return the seconds that the page's host asks for between two requests, as far as that is known by now."""


class PageBook(Protocol):
    """The pages that are read, and when each is due."""

    def queue(self, now: datetime, since: datetime) -> int:
        """Put on the list the page of each entry that a feed with the option has brought since; return how many.

        Not of what was old news already when its feed was read first: published before `since`.
        """

    def retire(self, now: datetime, since: datetime, stories: Collection[str]) -> None:
        """Take off the list, of what is due, pages that none of the stories holds to be relevant.

        Only those that were read or stand on it since before `since`: each page gets its chance to be read once.
        """

    def hosts(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the hosts of pages that are due, the longest due first."""

    def next(self, host: str, now: datetime) -> Page | None:
        """Return the page of a host that is due: one that was never read, else the longest due."""

    def save(self, page: Page) -> None:
        """Save where we are with a page that is on the list; one that was erased meanwhile is not brought back."""

    def get(self, entry: str) -> Page | None:
        """Return the page of an entry."""
