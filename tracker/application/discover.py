"""Find the feed that a person means by an address: the feed itself, or the one that the site there offers."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tracker.application.sources import check_address
from tracker.errors import FeedError, FetchError, NotAFeed, NotFound, UsageError
from tracker.ports.clock import Clock
from tracker.ports.feeds import Document, FeedOptions, Fetched, Fetcher, Parser
from tracker.ports.finding import Offer, SiteReader
from tracker.ports.http import AddressRefused
from tracker.ports.pages import Page, PageRead

DECLARED = 3
LINKED = 5
ALL = 10
"""Addresses that are read in search of a feed: of those that a page declares, of links that look like one, of all."""
_NOTHING_THERE = frozenset((404, 410))
_UNAUTHORIZED = 401
_DO_NOT_ASK_ON = frozenset(("wall", "rate limited", "unreachable"))
_BARE = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[0-9a-fA-F:.]+\])\.?(?::\d+)?(?:[/?].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Scout:
    """What looks for feeds, and into them.

    `form` names the format of a document, `letters` its encoding; `article` reads the page of an entry. `pause` is
    called between two requests of one search: hosts are not asked in one breath.
    """

    fetcher: Fetcher
    parser: Parser
    sites: SiteReader
    form: Callable[[bytes], str]
    letters: Callable[[Fetched], str | None]
    article: Callable[[Page, FeedOptions], PageRead]
    clock: Clock
    pause: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands behind an address. `feeds` were read and are feeds, under their own titles; `others` are only named.

    `clear`: the feeds are what was meant, and not merely some of which one may be. `unread` says why the address could
    not be read now; it is then the one feed, untitled.
    """

    feeds: tuple[Offer, ...]
    others: tuple[Offer, ...] = ()
    clear: bool = True
    unread: str | None = None


def find(scout: Scout, address: str, options: FeedOptions, *, everything: bool = False) -> Found:
    """Return the feed at an address, or the main one of the site there; `everything`: all those of the site.

    The main feed of a page is the first that it declares and that can be read, comments aside. Without a scheme, https
    is tried before http.

    Raises UsageError for what is no address, or one in digits that may not be asked; NotFound when nothing is there, or
    nothing that is or offers a feed.
    """
    url, answer = first_answer(scout, spellings(address), options)
    if isinstance(answer, FeedError):
        return _unread(url, answer)
    try:
        return Found((Offer(url, _read(scout, answer).title),))
    except FeedError as error:
        offers = scout.sites.offers(answer)
        if offers is None:
            raise NotFound(f"no feed is at {url}: {error}") from error
    return _of_site(_Search(scout, url, options), answer, offers, everything=everything)


def spellings(address: str) -> tuple[str, ...]:
    """Return the addresses that a person may mean. Raises UsageError for what is no http or https address."""
    meant = re.sub(r"^feed:(?://)?(?=https?://)|^feed:(?=//)", "", address.strip(), flags=re.IGNORECASE)
    if meant.startswith("//") or _BARE.fullmatch(meant):
        bare = meant.removeprefix("//")
        meant_by: tuple[str, ...] = (f"https://{bare}", f"http://{bare}")
    else:
        meant_by = (meant,)
    for one in meant_by:
        check_address(one)
    return meant_by


def host_of(url: str) -> str:
    """Return the host of an address, in lower case."""
    return urlsplit(url).hostname or ""


def why_unread(scout: Scout, url: str, options: FeedOptions) -> str | None:
    """Return why the feed at an address cannot be read now when it is asked in a way, None where it can."""
    try:
        _read(scout, scout.fetcher.fetch(url, options=options))
    except FeedError as error:
        return in_words(error)
    return None


def in_words(error: FeedError) -> str:
    """Return a failure, and the option that may mend it."""
    wants_login = isinstance(error, FetchError) and error.status == _UNAUTHORIZED
    return f"{error}; it wants a login: give --login" if wants_login else str(error)


def _unread(url: str, error: FeedError) -> Found:
    if isinstance(error, FetchError) and error.status in _NOTHING_THERE:
        raise NotFound(f"nothing is at {url} ({error}); try the address of the site itself")
    if isinstance(error, AddressRefused) and error.trouble == "unasked" and _is_private(host_of(url)):
        raise UsageError(f"{url} can never be read: {error}{_allowing(error.place)}")
    return Found((Offer(url),), unread=in_words(error))


def _allowing(place: str | None) -> str:
    """Return what to write so that a place may be asked. Only for one that was typed: none that a server led to."""
    return f': allow_private = ["{place}"] under [worker], or TRACKER_WORKER_ALLOW_PRIVATE={place}' if place else ""


def _is_private(host: str) -> bool:
    """Tell whether a host is an address of no public network; a name may come to mean another one."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def first_answer(scout: Scout, urls: tuple[str, ...], options: FeedOptions) -> tuple[str, Fetched | FeedError]:
    """Return the first address that is answered, with its answer; the first of all when none is."""
    failed: list[tuple[str, FeedError]] = []
    for url in urls:
        try:
            return url, scout.fetcher.fetch(url, options=options)
        except FeedError as error:
            failed.append((url, error))
            if isinstance(error, FetchError) and error.status is not None:
                return url, error
    return failed[0]


def _read(scout: Scout, answer: Fetched) -> Document:
    return scout.parser.parse(answer, feed="found", name=None, seen=scout.clock())


class _Search:
    """Reads what one site offers; remembers what failed, and asks no further where that would be rude or in vain."""

    def __init__(self, scout: Scout, url: str, options: FeedOptions) -> None:
        self._host = host_of(url)
        self._options = options
        self._over = False
        self.scout = scout
        self.url = url
        self.failed: dict[str, FeedError] = {}

    def feeds(self, offers: Iterable[Offer]) -> Iterator[Offer]:
        """Yield those that are feeds, under their own titles."""
        for offer in offers:
            if self._over:
                return
            self.scout.pause()
            try:
                title = _read(self.scout, self.scout.fetcher.fetch(offer.url, options=self._for(offer))).title
                yield replace(offer, title=title or offer.title)
            except FeedError as error:
                self.failed[offer.url] = error
                self._over = error.trouble in _DO_NOT_ASK_ON and host_of(offer.url) == self._host

    def _for(self, offer: Offer) -> FeedOptions:
        """Return the options, without what is for the eyes of the named host alone."""
        if host_of(offer.url) == self._host:
            return self._options
        return replace(self._options, headers=(), login=None, cookie=None)


def _of_site(search: _Search, page: Fetched, offers: tuple[Offer, ...], *, everything: bool) -> Found:
    news = [offer for offer in offers if not offer.comments] or list(offers)
    declared = [offer for offer in news if offer.declared]
    if everything:
        good = list(search.feeds(news[:ALL]))
    elif declared:
        good = [feed for feed in (next(search.feeds(declared[:DECLARED]), None),) if feed]
    else:
        good = list(search.feeds(news[:LINKED]))
    guessed = next(search.feeds(search.scout.sites.guesses(page.url)), None) if not good else None
    feeds = (guessed,) if guessed else tuple(good)
    if not feeds:
        raise NotFound(_nothing(search, offers))
    seen = {feed.url for feed in feeds} | search.failed.keys()
    others = tuple(offer for offer in offers if offer.url not in seen)
    return Found(feeds, others, clear=everything or len(feeds) == 1)


def _nothing(search: _Search, offers: tuple[Offer, ...]) -> str:
    if not offers:
        return f"no feed is at {search.url}: it is a web page that offers none, and none is where sites keep one"
    url, error = next(iter(search.failed.items()))
    more = f" and {len(offers) - 1} more" if len(offers) > 1 else ""
    wait = "" if isinstance(error, NotAFeed) else "; to follow it all the same, add that address"
    return f"no feed of {search.url} can be read: it offers {url}{more} ({error}){wait}"
