"""The feeds that a web page offers: those its head declares, then links that look like one, then where sites keep them.

A link in the head that says `rel="alternate"` with a feed's type is the publisher's own word; the first of them is the
main feed by custom. What is said of comments goes last.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.charset import as_utf8
from tracker.adapters.feeds.item import NAME_LIMIT
from tracker.adapters.feeds.links import absolute
from tracker.adapters.feeds.plain_text import cut, fold
from tracker.adapters.feeds.sniff import looks_like_html
from tracker.domain.address import canonical
from tracker.errors import Died, TookTooLong
from tracker.ports.feeds import Fetched
from tracker.ports.finding import Offer

MOST = 20
"""Offers of one page that are told."""
_LONGEST_TITLE = 2_000
_READ = 2_000_000  # bytes of a page that are looked at
_TYPES = frozenset((
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/rss",
    "application/atom", "application/xml", "text/xml", "text/rss+xml", "text/atom+xml", "text/rss",
))  # fmt: skip
_LIKE_A_FEED = re.compile(
    r"(?:^|[/._-])(?:feeds?|rss2?|atom)(?:[._/-](?:xml|json|rss|atom|rdf|php|aspx?)|\d)?/?$|\.(?:rss|atom|rdf)$"
    r"|(?:^|/)(?:feeds?|rss|atom|xml)/[^?#]*\.xml$",
    re.IGNORECASE,
)
_QUERY_OF_A_FEED = re.compile(r"(?:^|&)(?:feed|format|output|type|alt)=(?:rss2?|atom|feed|rdf|xml)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|replies", re.IGNORECASE)
_GUESSES = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")


class HtmlSiteReader:
    """The SiteReader of the program. Pages are read in the process that is lent as `apart`, or in this one without."""

    def __init__(self, apart: Apart | None = None) -> None:
        self._apart = apart

    def offers(self, page: Fetched) -> tuple[Offer, ...] | None:
        """See SiteReader.offers. At most `MOST` are returned, each address once; none of a page that takes too long."""
        if not _is_html(page):
            return None
        begun = replace(page, body=page.body[:_READ])
        try:
            return self._apart.call(offers_of, begun) if self._apart else offers_of(begun)
        except (TookTooLong, Died):
            return ()

    def guesses(self, url: str) -> tuple[Offer, ...]:
        """See SiteReader.guesses."""
        return tuple(Offer(urljoin(url, path)) for path in _GUESSES)


def offers_of(page: Fetched) -> tuple[Offer, ...]:
    """Return what a page of HTML offers; a tag of ten thousand attributes keeps the parser busy for hours."""
    root = _tree(page)
    if root is None:
        return ()
    found: dict[str, Offer] = {}
    for offer in _all(root, _base(root, page.url)):
        found.setdefault(canonical(offer.url), offer)
    found.pop(canonical(page.url), None)  # the page itself is none, or it would have been read
    ranked = sorted(found.values(), key=lambda offer: (offer.comments, not offer.declared))
    return tuple(ranked[:MOST])


def _is_html(page: Fetched) -> bool:
    return looks_like_html(page.body) or "html" in _kind(page).get_content_type()


def _kind(page: Fetched) -> Message:
    kind = Message()
    kind["content-type"] = page.headers.get("content-type", "")
    return kind


def _tree(page: Fetched) -> Any:
    body = as_utf8(page.body, _kind(page).get_content_charset())
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True)
    try:
        return html.document_fromstring(body, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _base(root: Any, url: str) -> str:
    named = root.find(".//base[@href]")
    return (absolute(named.get("href"), url) if named is not None else None) or url


def _all(root: Any, base: str) -> Iterator[Offer]:
    for link in root.iter("link"):
        if _declares(link) and (url := _url(link, base)):
            yield _offer(url, link.get("title"), declared=True)
    for link in root.iter("a"):
        url = _url(link, base)
        if url and _looks_like_a_feed(url):
            yield _offer(url, link.get("title") or link.text_content()[:_LONGEST_TITLE], declared=False)


def _declares(link: Any) -> bool:
    rel = (link.get("rel") or "").lower().split()
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    # Plain JSON is mostly a site's programming interface.
    return "feed" in rel or ("alternate" in rel and (kind in _TYPES or (kind == "application/json" and _json(link))))


def _json(link: Any) -> bool:
    return urlsplit(link.get("href") or "").path.rstrip("/").endswith(("feed.json", "/json"))


def _url(link: Any, base: str) -> str | None:
    href = (link.get("href") or "").strip()
    if href[:5].lower() == "feed:":  # feed:https://... and feed://...
        href = href[5:] if href[5:].lower().startswith("http") else f"https:{href[5:]}"
    return absolute(href, base)


def _offer(url: str, title: str | None, *, declared: bool) -> Offer:
    name = cut(fold(title or ""), NAME_LIMIT) or None
    return Offer(url, name, declared, _COMMENTS.search(f"{urlsplit(url).path} {name or ''}") is not None)


def _looks_like_a_feed(url: str) -> bool:
    parts = urlsplit(url)
    return _LIKE_A_FEED.search(parts.path) is not None or _QUERY_OF_A_FEED.search(parts.query) is not None
