"""Documents that are made to do harm, or are broken in ways that publishers break them, read as a worker reads them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.adapters.feeds.hostile_documents import CASES, item, rss
from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.parse import MEMORY, SECONDS, FeedParser
from tracker.adapters.feeds.read import read
from tracker.errors import NotAFeed
from tracker.ports.feeds import Fetched

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """Lend the process that workers read feeds in, with their limits."""
    with closing(Apart(SECONDS, MEMORY)) as lent:
        yield lent


def fetched(body: bytes) -> Fetched:
    """Return a body as an answer."""
    return Fetched(url="https://news.example/feed", status=200, body=body)


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_document_is_read_or_refused(apart: Apart, name: str) -> None:
    """Each case gives its titles in plain text, or one line that says what it is; none needs more than the limits."""
    body, expected = CASES[name]
    found = outcome(apart, body)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert found.startswith(expected)
    else:
        assert found == expected
    assert "root:" not in str(found)


def outcome(apart: Apart, body: bytes) -> tuple[str, ...] | str:
    """Return the titles that are read in a document, or why it is refused."""
    try:
        return tuple(one.title for one in apart.call(read, fetched(body), SEEN).items)
    except NotAFeed as error:
        return str(error)


def test_a_document_without_end_is_refused_in_time() -> None:
    """A document that takes the library long is a NotAFeed when the time is up; the next one is read."""
    endless = rss(b"<x/>" * 390_000)
    with closing(Apart(2, MEMORY)) as lent:
        parser = FeedParser(lent)
        with pytest.raises(NotAFeed, match="a document that cannot be read: not done after 2 s"):
            parser.parse(fetched(endless), feed="f", name=None, seen=SEEN)
        document = parser.parse(fetched(rss(item("x"))), feed="f", name=None, seen=SEEN)
    assert [entry.title for entry in document.entries] == ["x"]


def test_a_document_that_takes_all_memory_is_refused() -> None:
    """Want of memory ends the process that reads, and is a NotAFeed; the next document is read in a new one."""
    large = rss(item(b"x" * 40_000_000))
    with closing(Apart(SECONDS, 220 << 20)) as lent:
        parser = FeedParser(lent)
        with pytest.raises(NotAFeed, match="a document that cannot be read"):
            parser.parse(fetched(large), feed="f", name=None, seen=SEEN)
        document = parser.parse(fetched(rss(item("x"))), feed="f", name=None, seen=SEEN)
    assert [entry.title for entry in document.entries] == ["x"]
