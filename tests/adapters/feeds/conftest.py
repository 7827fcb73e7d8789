"""Feeds written for the tests, and what reads them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from tracker.adapters.feeds.parse import FeedParser
from tracker.ports.feeds import Document, Fetched

Parse = Callable[..., Document]

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def parse() -> Parse:
    """Parse a body as if it came from https://news.example/feed."""
    parser = FeedParser()

    def run(
        body: bytes | str,
        headers: Mapping[str, str] | None = None,
        *,
        url: str = "https://news.example/feed",
        feed: str = "feed-1",
        name: str | None = None,
    ) -> Document:
        raw = body.encode() if isinstance(body, str) else body
        fetched = Fetched(url=url, status=200, headers=headers or {}, body=raw)
        return parser.parse(fetched, feed=feed, name=name, seen=SEEN)

    return run


@pytest.fixture(scope="session")
def rss() -> Callable[..., str]:
    """Write an RSS 2.0 document around items."""

    def write(*items: str, channel: str = "<title>Example News</title><language>en-gb</language>") -> str:
        inner = "".join(f"<item>{item}</item>" for item in items)
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel>{channel}{inner}</channel></rss>"
        )

    return write
