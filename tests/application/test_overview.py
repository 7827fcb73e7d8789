"""The list of stories says what a report on each would."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.made import bridge, tunnel
from tests.made.stored import Stored, stored
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.application.news import Look
from tracker.application.overview import overview
from tracker.application.project import catch_up
from tracker.application.report import report
from tracker.domain.events import Event, FindingReviewed, NewEvent, StoryClosed
from tracker.ports.feeds import FeedState
from tracker.projections import ALL
from tracker.rendering.view import Group

NOW = bridge.OPENED + timedelta(days=30)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Stored]:
    """Return a database file that holds two stories, the bridge's closed, and a source that fails."""
    shift = len(bridge.events())
    later = [replace(one, id=f"tunnel-{one.id}", event=_moved(one.event, shift)) for one in tunnel.events()]
    opened = stored(sqlite_url, (*bridge.events(), *later))
    version = sum(one.stream == bridge.STREAM for one in bridge.events())
    opened.log.append(bridge.STREAM, version, [NewEvent("closing", StoryClosed(bridge.STORY), "Ada", None, None)])
    catch_up(opened.log, opened.views, ALL)
    feed = FeedState("f2", "https://b.example", None, tunnel.STORY, NOW, NOW, failures=3, last_error="503")
    SqlFeedBook(opened.engine).save(feed)
    yield opened
    opened.engine.dispose()


def _moved(event: Event, shift: int) -> Event:
    return replace(event, position=event.position + shift) if isinstance(event, FindingReviewed) else event


def test_a_glance_says_what_a_report_says(database: Stored) -> None:
    """Of each story the list has the claims by group, what is new, the latest development and how its feeds fare."""
    book = SqlFeedBook(database.engine)
    listed = overview(database.views, book, NOW, dict[str, Look]().get)
    assert [one.id for one in listed] == [tunnel.STORY, bridge.STORY], "the latest development comes first"
    assert [one.closed for one in listed] == [False, True]
    for one in listed:
        view = report(database.views, book, one.id, now=NOW)
        assert (one.title, one.claims, one.new) == (view.title, view.counts["claims"], view.counts["new"])
        assert {group: one.groups.get(group, 0) for group in Group} == {group: view.counts[group] for group in Group}
        assert one.latest == view.developments[-1]
        assert one.freshness == view.freshness


def test_what_is_new_is_counted_from_the_readers_own_look(database: Stored) -> None:
    """A reader who has looked is told what came since, and nothing else; who never did, what came in the last day."""
    book, head = SqlFeedBook(database.engine), report(database.views, None, tunnel.STORY).head
    looks = {tunnel.STORY: Look(0, tunnel.OPENED), bridge.STORY: Look(head.position + 1, NOW)}
    first, second = overview(database.views, book, NOW, looks.get)
    assert (first.since, first.new) == (
        tunnel.OPENED,
        report(database.views, None, tunnel.STORY).counts["developments"],
    )
    assert (second.since, second.new) == (NOW, 0)
    assert second.latest is not None, "the latest development is there though it is not new"
