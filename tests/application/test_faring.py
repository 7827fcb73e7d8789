"""How feeds and deliveries fare, on a real database."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.adapters.sql.made import NOON, later, renamed, tried
from tracker.application.faring import SHOWN, Faring, faring
from tracker.application.project import catch_up
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.events import Event, NewEvent, feed_stream
from tracker.domain.feed_events import FeedAdded, FeedFailing
from tracker.ports.feeds import FeedState
from tracker.ports.log import Notice
from tracker.ports.outbox import Attempt
from tracker.projections import ALL

HOUR = timedelta(hours=1)
HOOK = "https://hook.example/services/SECRET"


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    with closing(App(Settings(database=Database(url=sqlite_url)), lambda: NOON)) as made:
        yield made


def fares(app: App) -> Faring:
    """Return how everything fares at noon."""
    catch_up(app.log, app.views, ALL)
    return faring(app.feeds, app.views, app.outbox, NOON)


def feed(name: str, **how: object) -> FeedState:
    """Return a feed that is due in an hour."""
    state = {"due_at": NOON + HOUR, "last_ok_at": NOON - HOUR, **how}
    url = f"https://{name}.example/rss?key=SECRET"
    return FeedState(name, url, None, None, NOON - 9 * HOUR, **state)  # type: ignore[arg-type]


def test_feeds_in_trouble_come_first(app: App) -> None:
    """Each feed has its state, its trouble with and without its host's words, since when, and what to do about it."""
    app.feeds.save(
        feed("a-well"),
        feed("b-late", due_at=NOON - 2 * HOUR),
        feed("c-wall", failures=6, trouble="wall", last_error="HTTP 403 at https://c.example/?key=SECRET"),
        feed("d-gone", gone=True),
        feed("e-silent", silent=True, last_new_at=NOON - 8 * HOUR),
    )
    added = FeedAdded("c-wall", "https://c.example/rss", None, None)
    events: tuple[Event, ...] = (added, FeedFailing("c-wall", 4, "HTTP 403", "wall"))
    app.log.append(feed_stream("c-wall"), 0, [NewEvent(f"c-{nth}", one, "worker") for nth, one in enumerate(events)])
    found = fares(app)
    assert [one.id for one in found.feeds] == ["b-late", "c-wall", "d-gone", "e-silent", "a-well"]
    late, wall, gone, silent, well = found.feeds
    assert (late.condition, late.late, late.well, late.remedy) == ("ok", True, False, "")
    assert wall.trouble == "behind a bot wall: HTTP 403 at https://c.example/?key=SECRET"
    assert (wall.kind, wall.failures, wall.since) == ("behind a bot wall", 6, NOON)
    assert wall.remedy.startswith("ask the site for access")
    assert (gone.kind, gone.since) == ("gone for good", None)
    assert "tracker feed remove d-gone" in gone.remedy
    assert silent.kind == silent.trouble == f"has brought nothing since {NOON - 8 * HOUR:%Y-%m-%d %H:%M} UTC"
    assert (well.well, well.kind, well.remedy, well.name) == (True, "", "", "a-well.example")
    assert (found.followed, found.unwell) == (5, 4)


def test_of_many_feeds_some_are_listed(app: App) -> None:
    """The list of feeds is bounded; what is in trouble is on it."""
    app.feeds.save(*(feed(f"f{nth:03}") for nth in range(SHOWN + 5)), feed("zz", gone=True))
    found = fares(app)
    assert len(found.feeds) == SHOWN
    assert found.feeds[0].id == "zz"
    assert found.followed == SHOWN + 6


def test_deliveries_that_fail_are_listed(app: App) -> None:
    """What is given up and what was tried in vain is listed and counted; a way that fails is named without its key."""
    events = [renamed(str(number)) for number in range(3)]
    app.log.append("s", 0, events, [Notice("desk", one.id, "s") for one in events])
    first, other, _ = app.outbox.claim(NOON, 3, HOUR)
    again = Attempt("transient", "no answer", retry_at=later(hours=1))
    gone = Attempt("permanent", "410 Gone")
    app.outbox.settle([tried(first, again), tried(other, gone, endpoint=("webhook", HOOK))])
    app.outbox.mark(app.outbox.endpoints()[0].id, "disabled")
    found = fares(app)
    assert [one.id for one in found.failed] == [first.id]
    assert [one.id for one in found.given_up] == [other.id]
    assert (found.tally.pending, found.tally.failed, found.tally.dead) == (2, 1, 1)
    assert [(one.endpoint.state, one.whereabouts) for one in found.troubled] == [("disabled", "webhook hook.example")]
    assert found.unreached == 1
