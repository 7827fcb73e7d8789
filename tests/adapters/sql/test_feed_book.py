"""The feed book's contract, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.adapters.sql.made import NOON, later
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.ports.feeds import FeedState

PLAIN = FeedState("f-1", "https://news.example/feed", None, None, NOON, NOON)
FULL = FeedState(
    "f-2", "https://other.example/feed", "Other\x00", "s", NOON, later(hours=1), '"etag"', "Sat, 01 Jun 2024", "ab",
    imported=True, failures=3, last_ok_at=later(minutes=1), last_error="HTTP 500",
)  # fmt: skip


@pytest.fixture
def book(engine: Engine) -> SqlFeedBook:
    """Return a book of two sources."""
    opened = SqlFeedBook(engine)
    opened.save(FULL)
    opened.save(PLAIN)
    return opened


def test_saved(book: SqlFeedBook) -> None:
    """Sources come back as they were saved, by id; only NUL, which no title may hold, is marked."""
    assert book.all() == (PLAIN, replace(FULL, name="Other\ufffd"))


def test_saved_again(book: SqlFeedBook) -> None:
    """A later save replaces the state."""
    book.save(replace(PLAIN, failures=1, last_error="HTTP 404", due_at=later(hours=9)))
    assert book.all()[0] == replace(PLAIN, failures=1, last_error="HTTP 404", due_at=later(hours=9))


def test_of_a_story(book: SqlFeedBook) -> None:
    """A story's sources are its own and those of all stories."""
    assert [one.id for one in book.all("s")] == ["f-1", "f-2"]
    assert [one.id for one in book.all("t")] == ["f-1"]


def test_due(book: SqlFeedBook) -> None:
    """Due are the sources whose time has come, longest due first."""
    book.save(replace(PLAIN, id="f-0", due_at=later(minutes=30)))
    assert book.due(later(seconds=-1), 9) == ()
    assert [one.id for one in book.due(NOON, 9)] == ["f-1"]
    assert [one.id for one in book.due(later(hours=1), 9)] == ["f-1", "f-0", "f-2"]
    assert [one.id for one in book.due(later(hours=1), 2)] == ["f-1", "f-0"]


def test_removed(book: SqlFeedBook) -> None:
    """A removed source is neither listed nor due, and a poll that ends afterwards does not bring it back."""
    book.remove("f-1")
    book.remove("f-none")
    book.save(replace(PLAIN, imported=True, last_ok_at=later(seconds=1)))
    book.save(replace(PLAIN, failures=1))
    assert [one.id for one in book.all()] == ["f-2"]
    assert [one.id for one in book.due(later(hours=2), 9)] == ["f-2"]


def test_added_again(book: SqlFeedBook) -> None:
    """A source that is added again after its removal starts anew."""
    book.remove("f-2")
    fresh = replace(PLAIN, id="f-2", story="t")
    book.save(fresh)
    assert book.all("t") == (PLAIN, fresh)


def test_one(book: SqlFeedBook) -> None:
    """A source is found by its id; one that was removed, or never was, is not."""
    assert book.state("f-1") == PLAIN
    assert book.state("f-none") is None
    book.remove("f-1")
    assert book.state("f-1") is None
