"""The feed book's contract, on both databases."""

from concurrent.futures import ThreadPoolExecutor
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
    assert [one.id for one in book.all("s", after="f-1")] == ["f-2"]
    assert [one.id for one in book.all(most=1)] == ["f-1"]
    assert book.all(after="f-2", most=9) == ()


def test_due(book: SqlFeedBook) -> None:
    """Due are the sources whose time has come: the longest due of each host before the second of any."""
    book.save(replace(PLAIN, id="f-0", due_at=later(minutes=30)))
    assert book.due(later(seconds=-1), 9) == ()
    assert [one.id for one in book.due(NOON, 9)] == ["f-1"]
    assert [one.id for one in book.due(later(hours=1), 9)] == ["f-1", "f-2", "f-0"]
    assert [one.id for one in book.due(later(hours=1), 2)] == ["f-1", "f-2"]


def test_a_crowded_host_leaves_room_for_the_others(book: SqlFeedBook) -> None:
    """However many sources of one host are due, and for how long, one of each other host is among the first."""
    for number in range(50):
        book.save(replace(PLAIN, id=f"g-{number:02}", url=f"https://crowd.example/{number}", due_at=later(days=-1)))
    assert [one.id for one in book.due(later(hours=1), 4)] == ["g-00", "f-1", "f-2", "g-01"]


def test_claimed(book: SqlFeedBook) -> None:
    """One source of a host is claimed, and no other of that host until it is given back and has rested."""
    sister = replace(PLAIN, id="f-0", url="https://news.example/other")
    book.save(sister)
    assert book.claim([sister, PLAIN, FULL], later(hours=1), later(hours=2)) == (sister, book.all()[2])
    book.free_hosts({"news.example": NOON, "other.example": NOON})
    assert book.claim([PLAIN, sister], NOON, later(minutes=1)) == (PLAIN,)
    assert book.claim([PLAIN], NOON, later(minutes=1)) == ()
    assert book.due(NOON, 9) == ()
    assert book.resting(["news.example"], NOON) == {}
    polled = replace(PLAIN, checked_at=NOON, due_at=later(hours=1))
    book.settle([polled], {"news.example": later(seconds=5)})
    assert book.due(later(seconds=4), 9) == ()
    assert book.after(polled, later(seconds=4)) == sister
    assert book.after(polled, later(seconds=-1)) is None
    assert book.resting(["news.example"], later(seconds=4)) == {"news.example": later(seconds=5)}
    assert book.due(later(seconds=5), 9) == (sister,)
    assert book.resting(["news.example"], later(seconds=5)) == {}
    assert book.claim([sister], later(seconds=5), later(minutes=1)) == (sister,)


def test_claims_of_the_dead_run_out(book: SqlFeedBook) -> None:
    """A host that nobody gives back may be asked again after the time for which it was claimed."""
    assert book.claim([PLAIN], NOON, later(minutes=1)) == (PLAIN,)
    assert book.claim([PLAIN], later(seconds=59), later(minutes=2)) == ()
    assert book.claim([PLAIN], later(minutes=1), later(minutes=2)) == (PLAIN,)


def test_claims_of_the_dead_are_forgotten(book: SqlFeedBook) -> None:
    """Who is alone gives every claimed host back at once; a rest that a host asked for stays."""
    book.claim([PLAIN], NOON, later(minutes=1))
    book.free_hosts({"other.example": later(hours=1)})
    book.forget_claims()
    assert book.claim_hosts(["news.example", "other.example"], NOON, later(minutes=1)) == {"news.example"}


def test_what_was_polled_meanwhile_is_not_claimed(book: SqlFeedBook) -> None:
    """A source that another worker polled or that was removed since it was read is left out, and its host is free.

    Who wants it polled all the same gets it as it is now.
    """
    polled = replace(PLAIN, checked_at=NOON, due_at=later(hours=1))
    book.save(polled)
    book.remove("f-2")
    assert book.claim([PLAIN, FULL], NOON, later(minutes=1)) == ()
    assert book.claim([PLAIN, FULL], NOON, later(minutes=1), due=False) == (polled,)
    assert book.claim_hosts(["news.example", "other.example"], NOON, NOON) == {"other.example"}


def test_two_at_once_claim_different_hosts(engine: Engine) -> None:
    """Of four workers that want the same hosts at the same moment each host goes to one, and none is left over."""
    names = [f"h-{number}.example" for number in range(40)]
    books = [SqlFeedBook(engine) for _ in range(4)]

    def claimed(book: SqlFeedBook) -> frozenset[str]:
        parts = [names[start : start + 4] for start in range(0, len(names), 4)]
        return frozenset().union(*(book.claim_hosts(part, NOON, later(minutes=1)) for part in parts))

    with ThreadPoolExecutor(len(books)) as pool:
        taken = list(pool.map(claimed, books))
    assert sorted(name for part in taken for name in part) == sorted(names)


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
