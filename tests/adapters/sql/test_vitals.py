"""How things stand, counted, on both databases."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from tests.adapters.sql.made import NOON, Clock, later, renamed, tried
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.read_models import SqlViews
from tracker.adapters.sql.vitals import SqlObserver
from tracker.ports.feeds import FeedState
from tracker.ports.log import Notice
from tracker.ports.outbox import Attempt
from tracker.ports.vitals import Vitals

FEED = FeedState("a", "https://a.example/feed", None, None, added_at=NOON, due_at=later(hours=1))


def test_an_empty_database_is_counted(engine: Engine) -> None:
    """Where nothing is, everything is nought."""
    assert SqlObserver(engine).vitals(NOON, 9) == Vitals(0, {}, 0, 0, 0, 0, None, 0, {})


def test_what_waits_and_what_failed_is_counted(engine: Engine) -> None:
    """Feeds that are due, failing and removed; messages to be sent, delivered and given up; how far the views are."""
    book, log, outbox = SqlFeedBook(engine), SqlEventLog(engine, Clock()), SqlOutbox(engine)
    for feed in (
        replace(FEED, last_ok_at=later(hours=-2)),
        replace(FEED, id="b", due_at=NOON, last_ok_at=later(hours=-3)),
        replace(FEED, id="c", failures=1),
        replace(FEED, id="d", gone=True, due_at=later(hours=-1), last_ok_at=later(hours=-1)),
        replace(FEED, id="e", failures=9, due_at=NOON),
    ):
        book.save(feed)
    book.remove("e")
    events = [renamed(str(number)) for number in range(4)]
    log.append("s", 0, events, [Notice("mail", one.id, "s") for one in events])
    sent, dead, _ = outbox.claim(NOON, 3, timedelta(minutes=1))
    outbox.settle([tried(sent, Attempt("delivered", "", 250)), tried(dead, Attempt("permanent", "", 550))])
    SqlViews(engine).save("ledger", {}, after=0, position=3)
    assert SqlObserver(engine).vitals(NOON, 2) == Vitals(
        head=4,
        reached={"ledger": 3},
        feeds=4,
        due=2,
        failing=2,
        pending=2,
        oldest=NOON,
        dead=1,
        last_read={"b": later(hours=-3), "a": later(hours=-2)},
    )
