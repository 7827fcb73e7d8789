"""Sources as a person, a seed or the config names them."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import delete

from tests.made.alerts import NOON, STORY, by_mail, opening
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.tables import feed
from tracker.application.declared import Declared, DeclaredFeed, declare
from tracker.application.sources import add_feed, feed_id, remove_feed
from tracker.application.subscribe import subscribe, subscriptions
from tracker.domain.events import FeedAdded, FeedRemoved, feed_stream, story_stream
from tracker.errors import NotFound, UsageError

URL = "https://news.example:8443/feed?a=b"


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    engine = open_engine(database_url)
    made = SqlEventLog(engine, lambda: NOON)
    made.append(story_stream(STORY), 0, opening())
    yield made
    engine.dispose()


@pytest.fixture
def book(log: SqlEventLog) -> SqlFeedBook:
    return SqlFeedBook(log._engine)


def add(log: SqlEventLog, book: SqlFeedBook, url: str = URL, story: str | None = None) -> bool:
    return add_feed(log, book, url=url, name=None, story=story, now=NOON, actor="test")[1]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "no http or https"),
        ("news.example/feed", "no http or https"),
        ("file:///etc/passwd", "no http or https"),
        ("https://", "no http or https"),
        ("https://news.example:70000/", "out of range"),
        ("https://news.example:0/", "port 0"),
        ("https://news.example:port/", "port"),
        ("https://[::1/", "IPv6"),
        ("https://news.example/a b", "blanks or control"),
        ("https://news.example/\n", "blanks or control"),
        ("https://news.example/\x00", "blanks or control"),
        ("https://news.example/\udce4", "blanks or control"),
        ("https://ada:secret@news.example/", "no password"),
    ],
)
def test_what_is_no_address_of_a_feed_is_refused(log: SqlEventLog, book: SqlFeedBook, url: str, words: str) -> None:
    """Whoever names it, such an address is refused in one line that says why and repeats no password."""
    head = log.head()
    for attempt in (
        lambda: add(log, book, url),
        lambda: declare(log, book, Declared([DeclaredFeed(url, None, None)], []), NOON),
    ):
        with pytest.raises(UsageError, match=words) as refused:
            attempt()
        assert "\n" not in str(refused.value)
        assert "secret" not in str(refused.value)
    assert log.head() == head


def test_a_feed_of_a_story_that_is_not_there_is_refused(log: SqlEventLog, book: SqlFeedBook) -> None:
    """A feed follows a story that was opened, or all."""
    with pytest.raises(NotFound, match="no story strike"):
        add(log, book, story="strike")
    with pytest.raises(NotFound, match="no story strike"):
        declare(log, book, Declared([DeclaredFeed(URL, None, "strike")], []), NOON)
    assert add(log, book, story=STORY)
    assert not add(log, book, story=STORY)
    assert add(log, book)


def test_a_declared_feed_that_was_removed_stays_away(log: SqlEventLog, book: SqlFeedBook) -> None:
    """The config does not bring back what a person dropped; the person can."""
    declared = Declared([DeclaredFeed(URL, "A feed", STORY)], [])
    declare(log, book, declared, NOON)
    remove_feed(log, book, feed_id(URL, STORY), "person")
    declare(log, book, declared, NOON)
    assert book.all() == ()
    assert add(log, book, story=STORY)
    declare(log, book, declared, NOON)
    assert len(book.all()) == 1


def test_commands_at_once_all_succeed(log: SqlEventLog, book: SqlFeedBook) -> None:
    """Readers who subscribe and feeds that are added in the same moment are all there, and nobody is refused."""
    faults = list[Exception]()

    def run(number: int) -> None:
        try:
            subscribe(log, replace(by_mail(), subscription=f"s-{number}", target=f"r{number}@example.org"), "test")
            add(log, book)
            remove_feed(log, book, URL, "test") if number == 0 else add(log, book)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the fault
            faults.append(error)

    workers = [Thread(target=run, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert set(subscriptions(log).current) == {"s-0", "s-1", "s-2", "s-3"}


def test_a_command_cut_off_between_log_and_book_is_repeated_without_a_trace(
    log: SqlEventLog, book: SqlFeedBook
) -> None:
    """What the log holds and the book does not know yet is not recorded a second time."""
    assert add(log, book)
    with writing(log._engine) as connection:
        connection.execute(delete(feed))
    assert add(log, book)
    state = remove_feed(log, book, URL, "test")
    book.save(state)
    remove_feed(log, book, URL, "test")
    assert tuple(book.all()) == ()
    told = [type(recorded.event) for recorded in log.read(stream=feed_stream(state.id))]
    assert told == [FeedAdded, FeedRemoved]
