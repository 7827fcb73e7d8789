"""The article on an entry's own page: fetched by our client, read out in a process that can be ended."""

import hashlib
from http import HTTPStatus
from urllib.parse import urlsplit

from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.article import Article, content_type, read_page
from tracker.adapters.feeds.elsewhere import led_away, wall_in
from tracker.adapters.feeds.item import TEXT_LIMIT
from tracker.adapters.feeds.plain_text import plain
from tracker.adapters.feeds.robots import Robots
from tracker.adapters.feeds.sniff import looks_like_html
from tracker.errors import Died, NoArticle, TookTooLong, TrackerError
from tracker.ports.feeds import PLAIN, FeedOptions, Fetched, Fetcher, Visit
from tracker.ports.pages import Page, PageRead

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
SECONDS = 15.0
MEMORY = 1_500 * 1024 * 1024
"""What one extraction may take: wall time, and address space of the process."""
_BYTES = 5 * 1024 * 1024
_LEAST = 60
_HTML = frozenset(("", "text/html", "application/xhtml+xml", "application/xml", "text/xml"))


class WebPages:
    """Reads articles; see `tracker.ports.pages.PageReader`. `apart` is where strangers' pages are taken apart."""

    def __init__(self, fetcher: Fetcher, robots: Robots, apart: Apart) -> None:
        self._fetcher, self._robots, self._apart = fetcher, robots, apart

    def read(self, page: Page, options: FeedOptions = PLAIN, visit: Visit | None = None) -> PageRead:
        """See PageReader.read."""
        try:
            return self._read(page, options, visit)
        except TrackerError:
            raise
        except Exception as error:
            raise NoArticle(f"it cannot be read: {error!r}") from error

    def gap(self, page: Page, options: FeedOptions = PLAIN) -> float:
        """See PageReader.gap."""
        return self._robots.gap(page.url, options)

    def _read(self, page: Page, options: FeedOptions, visit: Visit | None) -> PageRead:
        self._robots.check(page.url, options)
        fetched = self._fetcher.fetch(
            page.url, etag=page.etag, last_modified=page.last_modified, options=options, visit=visit
        )
        away = led_away(page.url, fetched.url)
        if away:
            raise NoArticle(away)
        if urlsplit(fetched.url).netloc != urlsplit(page.url).netloc:
            self._robots.check(fetched.url, options)
        return self._article(page, fetched)

    def _article(self, page: Page, fetched: Fetched) -> PageRead:
        digest = page.body_hash if fetched.status == HTTPStatus.NOT_MODIFIED else _digest(fetched.body)
        said = fetched.headers
        unsaid = (page.etag, page.last_modified) if fetched.status == HTTPStatus.NOT_MODIFIED else (None, None)
        etag, last_modified = said.get("etag", unsaid[0]), said.get("last-modified", unsaid[1])
        as_it_was = PageRead(fetched.url, etag=etag, last_modified=last_modified, body_hash=digest)
        if digest == page.body_hash:
            return as_it_was
        article = self._extracted(fetched)
        text = plain(article.text, limit=TEXT_LIMIT, lines=True)
        return PageRead(fetched.url, text, article.language, etag, last_modified, digest)

    def _extracted(self, fetched: Fetched) -> Article:
        kind, charset = content_type(fetched.headers.get("content-type"))
        if kind not in _HTML or not (looks_like_html(fetched.body) or "html" in kind):
            raise NoArticle(f"it is {kind or 'no HTML'}")
        if len(fetched.body) > _BYTES:
            raise NoArticle(f"it is longer than {_BYTES} bytes")
        try:
            article = self._apart.call(read_page, fetched.body, fetched.url, charset)
        except (Died, TookTooLong) as error:
            raise NoArticle(f"its text could not be found: {error}") from error
        if article is None or len(article.text) < _LEAST:
            raise NoArticle("no article was found in it")
        wall = wall_in(article.title or "", article.text)
        if wall:
            raise NoArticle(wall)
        return article


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
