"""Where feeds are found: in web pages that offer them, and in lists of subscriptions."""

from dataclasses import dataclass
from typing import Protocol

from tracker.ports.feeds import Fetched


@dataclass(frozen=True, slots=True)
class Offer:
    """An address that a page offers as a feed, unread. `declared`: the page's head names it as its feed.

    `comments`: it brings what readers say of articles.
    """

    url: str
    title: str | None = None
    declared: bool = False
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed in a list of subscriptions. `folder` is where it stands there, parts joined by "/"."""

    url: str
    name: str | None = None
    folder: str | None = None


class SiteReader(Protocol):
    """What a site has to say of its feeds."""

    def offers(self, page: Fetched) -> tuple[Offer, ...] | None:
        """Return the feeds that a web page offers, the likeliest first; None for what is no web page."""

    def guesses(self, url: str) -> tuple[Offer, ...]:
        """Return where sites keep a feed that they do not mention, by the address of one of their pages."""
