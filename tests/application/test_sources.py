"""Sources as a person, a seed or the config names them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Thread

import pytest
from sqlalchemy import delete

from tests.adapters.sql.made import later
from tests.made.alerts import NOON, STORY, by_mail, opening
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.tables import feed
from tracker.application.declared import Declared, DeclaredFeed, declare, declared_feed
from tracker.application.sources import add_feed, change_feed, feed_id, remove_feed
from tracker.application.subscribe import subscribe, subscriptions
from tracker.domain.events import feed_stream, story_stream
from tracker.domain.feed_events import (
    FeedAdded,
    FeedRemoved,
)
from tracker.errors import ConfigError, NotFound, UsageError
from tracker.ports.feeds import PLAIN, FeedOptions, FeedState

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
    with pytest.raises(ConfigError, match=r"config: \[\[feed\]\] https://news.example:8443/feed\?a=b: no story strike"):
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


def test_http_and_https_are_one_source_and_so_are_the_addresses_of_one_that_moved(
    log: SqlEventLog, book: SqlFeedBook
) -> None:
    """Neither is followed twice; another port, path or story is another source."""
    assert add(log, book, "https://paper.example/feed")
    assert not add(log, book, "http://paper.example/feed")
    for other in ("http://paper.example:8080/feed", "https://paper.example/feed/", "https://www.paper.example/feed"):
        assert add(log, book, other)
    assert add(log, book, "http://paper.example/feed", STORY)
    state = book.state(feed_id("https://paper.example/feed", None))
    assert state is not None
    book.save(replace(state, url="https://new.example/rss"))
    for url in ("https://paper.example/feed", "http://paper.example/feed", "http://new.example/rss"):
        assert not add(log, book, url)
    assert remove_feed(log, book, "https://paper.example/feed", "test").url == "https://new.example/rss"


def test_each_spelling_of_an_address_is_one_source(log: SqlEventLog, book: SqlFeedBook) -> None:
    """Scheme and host in any letters, the usual port and a fragment make no other source; it is kept in plain letters.

    The letters of path and query do.
    """
    assert add(log, book, "HTTP://Paper.Example:80/feed?Q=1#frag")
    (state,) = book.all()
    assert state.url == "http://paper.example/feed?Q=1"
    same = ("http://paper.example/feed?Q=1", "https://paper.example:443/feed?Q=1#top", "https://PAPER.example/feed?Q=1")
    for url in same:
        assert not add(log, book, url)
    declare(log, book, Declared([DeclaredFeed(url, None, None) for url in same], []), NOON)
    assert len(book.all()) == 1
    assert add(log, book, "http://paper.example/Feed?Q=1")
    assert remove_feed(log, book, "HTTP://paper.EXAMPLE/feed?Q=1#x", "test").id == state.id
    declare(log, book, Declared([DeclaredFeed("HTTP://PAPER.example/feed?Q=1", None, None)], []), NOON)
    assert [one.url for one in book.all()] == ["http://paper.example/Feed?Q=1"], "what was dropped stays away"


def test_an_address_that_was_kept_as_it_was_written_is_found_under_its_plain_spelling(
    log: SqlEventLog, book: SqlFeedBook
) -> None:
    """Versions before this one kept it so."""
    odd = "HTTP://Paper.example:80/feed"
    book.save(FeedState(feed_id(odd, None), odd, None, None, NOON, NOON))
    for url in (odd, "http://paper.example/feed", "https://paper.example/feed"):
        assert not add(log, book, url)


def test_what_cannot_be_declared_is_a_fault_of_the_configuration(log: SqlEventLog, book: SqlFeedBook) -> None:
    """The line says of which table and address; a service that starts again would meet it again."""
    with pytest.raises(ConfigError, match=r"config: \[\[feed\]\] ftp://x: 'ftp://x' is no http or https address"):
        declare(log, book, Declared([DeclaredFeed("ftp://x", None, None)], []), NOON)
    with pytest.raises(ConfigError, match=r"config: \[\[subscription\]\] r@example.org: no story strike"):
        declare(log, book, Declared([], [replace(by_mail(), story="strike", target="r@example.org")]), NOON)


def test_a_declared_feed_is_asked_as_it_is_declared_now(log: SqlEventLog, book: SqlFeedBook) -> None:
    """A changed option or name is taken over at the next start, also back to none, and the cursor stays."""
    start = partial(declare, log, book)
    start(Declared([declared_feed(url=URL, login="env:PAPER", article=True)], []), NOON)
    (state,) = book.all()
    assert state.options == FeedOptions(login="env:PAPER", article=True)
    polled = replace(state, etag='"v1"', imported=True, last_ok_at=NOON, due_at=later(hours=3), failures=2)
    book.save(polled)
    start(Declared([declared_feed(url=URL, login="env:PAPER", article=True)], []), later(hours=1))
    assert book.all() == (polled,)
    head = log.head()
    start(Declared([declared_feed(url=URL, name="Paper", headers={"X-Key": "env:KEY"})], []), later(hours=1))
    changed = FeedOptions(headers=(("X-Key", "env:KEY"),))
    assert book.all() == (replace(polled, options=changed, name="Paper", due_at=later(hours=1)),)
    start(Declared([declared_feed(url=URL)], []), later(hours=2))
    assert book.all() == (replace(polled, options=PLAIN, name="Paper", due_at=later(hours=2)),)
    assert log.head() == head


def test_an_option_that_cannot_be_used_is_said_with_its_feed() -> None:
    """The line names the feed of the config file, and never the secret."""
    with pytest.raises(UsageError, match=r"news\.example.*a cookie is given as env:NAME") as refused:
        declared_feed(url=URL, cookie="session=secret")
    assert "secret" not in str(refused.value)


def test_what_a_person_sets_survives_a_poll_that_runs_meanwhile(log: SqlEventLog, book: SqlFeedBook) -> None:
    """The poll began with the old options and saves its cursor last; options, name and folder stay as they were set."""
    add(log, book)
    (state,) = book.all()
    options = FeedOptions(user_agent="desk")
    assert change_feed(book, state, options=options, name="Paper", now=later(hours=1)) is not None
    book.settle([replace(state, etag='"v2"', due_at=later(hours=2))], {})
    assert book.all() == (replace(state, options=options, name="Paper", etag='"v2"', due_at=later(hours=2)),)
    assert change_feed(book, book.all()[0], options=options, name=None, now=later(hours=3)) is None


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
