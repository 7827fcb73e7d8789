"""The list of pages, on real databases of both kinds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.adapters.sql.made import NOON, Clock, entry, later
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.eraser import SqlEraser
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.pages import SqlPageBook
from tracker.ports.archive import Judgement
from tracker.ports.erasure import Order
from tracker.ports.feeds import FeedOptions, FeedState
from tracker.ports.pages import Page

DAY = timedelta(days=1)
BEFORE = NOON - DAY


@pytest.fixture
def pages(engine: Engine) -> SqlPageBook:
    book = SqlFeedBook(engine)
    for feed, article in (("f-1", True), ("f-2", False), ("f-3", True)):
        options = FeedOptions(article=article, headers=(("x", '{"article":true}'),))
        book.save(FeedState(feed, f"https://{feed}.example/", None, None, NOON, NOON, options=options))
    return SqlPageBook(engine)


def bring(
    engine: Engine, feed: str, *ids: str, baseline: bool = False, at: datetime = NOON, age: timedelta = DAY / 2
) -> None:
    entries = [entry(one, published=at - age, seen=at) for one in ids]
    SqlArchive(engine).keep(feed, entries, baseline=[baseline] * len(ids), seen=at)


def listed(pages: SqlPageBook, ids: Sequence[str]) -> list[str]:
    return [one for one in ids if (page := pages.get(one)) and page.due_at is not None]


def judge(engine: Engine, entry_id: str, *, relevant: bool, story: str = "s") -> None:
    version = entry(entry_id).version
    SqlArchive(engine).judged(Judgement(story, entry_id, version, relevant, 0.5, "because", "judge", NOON))


def test_new_entries_of_feeds_that_ask_for_it_are_listed(engine: Engine, pages: SqlPageBook) -> None:
    """Each is listed once and due at once, under the address of its newest version; other feeds bring no pages."""
    bring(engine, "f-1", "1", "2")
    bring(engine, "f-2", "3")
    bring(engine, "unknown", "4")
    assert pages.queue(NOON, BEFORE) == 2
    assert pages.queue(NOON, BEFORE) == 0
    assert listed(pages, "1234") == ["1", "2"]
    assert pages.get("1") == Page("1", "f-1", "https://news.example/1", NOON, NOON)
    assert pages.hosts(NOON, 9) == ("news.example",)
    assert pages.hosts(NOON - timedelta(seconds=1), 9) == ()


def test_one_entry_in_many_feeds_is_one_page(engine: Engine, pages: SqlPageBook) -> None:
    """An entry that several feeds show is listed once, from the first time that any of those that ask showed it."""
    bring(engine, "f-2", "1")
    bring(engine, "f-3", "1", at=later(minutes=1))
    bring(engine, "f-1", "1", at=later(minutes=2))
    assert pages.queue(later(minutes=3), BEFORE) == 1
    page = pages.get("1")
    assert page is not None
    assert page.first_at == later(minutes=1)


def test_old_news_are_not_listed(engine: Engine, pages: SqlPageBook) -> None:
    """What was published long before the first import is left, and what was seen first long ago; fresh news are not."""
    bring(engine, "f-1", "old", baseline=True, age=2 * DAY)
    bring(engine, "f-1", "new", baseline=True)
    bring(engine, "f-1", "seen", at=NOON - 2 * DAY, age=2 * DAY)
    bring(engine, "f-1", "late", age=2 * DAY)
    bring(engine, "f-1", "seen")
    assert pages.queue(NOON, BEFORE) == 2
    assert listed(pages, ("old", "new", "seen", "late")) == ["new", "late"]
    first, second = pages.get("new"), pages.get("late")
    assert first
    assert second
    assert (first.baseline, second.baseline) == (True, False)


@pytest.mark.parametrize("url", [None, "", "mailto:a@example.org", "https://", "https://[1/"])
def test_an_entry_without_an_address_is_found_only_once(engine: Engine, pages: SqlPageBook, url: str | None) -> None:
    """What has no page on the web is never due."""
    SqlArchive(engine).keep("f-1", [replace(entry("1"), url=url)], baseline=[False], seen=NOON)
    assert pages.queue(NOON, BEFORE) == 0
    page = pages.get("1")
    assert page is not None
    assert (page.due_at, page.last_error) == (None, "it has no address on the web")


def test_removed_feeds_bring_no_pages(engine: Engine, pages: SqlPageBook) -> None:
    """What a source brought before it was removed is not listed any more."""
    bring(engine, "f-1", "1")
    SqlFeedBook(engine).remove("f-1")
    assert pages.queue(NOON, BEFORE) == 0


def test_only_what_a_story_relies_on_is_looked_at_again(engine: Engine, pages: SqlPageBook) -> None:
    """Of what is due, pages that were read stay listed only where a story that is followed holds them relevant."""
    bring(engine, "f-1", "1", "2", "3", "4")
    pages.queue(NOON, BEFORE)
    judge(engine, "1", relevant=True)
    judge(engine, "2", relevant=False)
    judge(engine, "3", relevant=True, story="closed")
    for one in "123":
        page = pages.get(one)
        assert page is not None
        pages.save(replace(page, state="read", read_at=NOON, due_at=later(minutes=15)))
    pages.retire(later(minutes=14), BEFORE, ["s"])
    assert listed(pages, "1234") == ["1", "2", "3", "4"]
    pages.retire(later(minutes=15), BEFORE, ["s", "t"])
    assert listed(pages, "1234") == ["1", "4"]
    pages.retire(later(days=1), NOON, [])
    assert listed(pages, "1234") == ["4"]
    pages.retire(later(days=1), later(seconds=1), ["s"])
    assert listed(pages, "1234") == []


def test_new_pages_come_first(engine: Engine, pages: SqlPageBook) -> None:
    """Of a host the pages that were never read are first, then the longest due; hosts by what is longest due."""
    bring(engine, "f-1", "1", "2", "3")
    pages.queue(NOON, BEFORE)
    one, two, three = (pages.get(which) for which in "123")
    assert one
    assert two
    assert three
    pages.save(replace(one, state="read", read_at=NOON, due_at=NOON - DAY))
    pages.save(replace(three, url="https://Other.example:81/3", due_at=NOON - DAY / 2))
    assert pages.next("news.example", NOON) == two
    pages.save(replace(two, due_at=None))
    following = pages.next("news.example", NOON)
    assert following is not None
    assert following.entry == "1"
    assert pages.hosts(NOON, 9) == ("news.example", "other.example")
    assert pages.hosts(NOON, 1) == ("news.example",)
    assert pages.next("news.example", NOON - 2 * DAY) is None


def test_everything_about_a_page_is_saved(engine: Engine, pages: SqlPageBook) -> None:
    """What is saved comes back, but for who brought it and when; a page that is not listed is not made."""
    bring(engine, "f-1", "1")
    pages.queue(NOON, BEFORE)
    page = Page(
        "1", "f-1", "https://a.example/", NOON, later(days=1), "wall", False, later(hours=1), '"1"', "yesterday",
        "00ff", 700, 3, "a\x00 wall",
    )  # fmt: skip
    pages.save(replace(page, feed="f-2", first_at=later(days=3)))
    assert pages.get("1") == replace(page, last_error="a\ufffd wall")
    pages.save(replace(page, entry="2"))
    assert pages.get("2") is None


def test_an_erased_entry_has_no_page(engine: Engine, pages: SqlPageBook) -> None:
    """With its words an entry loses its page; neither a reading under way nor its feed brings it back."""
    bring(engine, "f-1", "1", "2")
    pages.queue(NOON, BEFORE)
    page = pages.get("1")
    assert page is not None
    SqlEraser(engine, Clock()).erase(Order("1", "why", "person", []), [])
    pages.save(replace(page, state="read"))
    bring(engine, "f-1", "1")
    assert pages.queue(NOON, BEFORE) == 0
    assert pages.get("1") is None
    assert pages.get("2") is not None
