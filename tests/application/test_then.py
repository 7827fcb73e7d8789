"""Views as they stood: as of a moment, valid at a moment, and both."""

import json
from collections.abc import Iterator

import pytest

from tests.made import bridge
from tests.made.stored import Stored, stored
from tests.made.views import views_of
from tracker.application.project import catch_up
from tracker.application.then import as_of
from tracker.ports.views import ViewReader
from tracker.projections import ALL
from tracker.projections.sources import entries_of

EVENTS = bridge.events()
PARTITIONS = (bridge.STORY, entries_of(bridge.STORY), "post", "nine")


@pytest.fixture
def database(database_url: str) -> Iterator[Stored]:
    """Return a database, of each kind in turn, that holds the story of the bridge; its views are not made yet."""
    opened = stored(database_url, EVENTS)
    yield opened
    opened.engine.dispose()


def rows_of(views: ViewReader, *partitions: str) -> str:
    """Return what every projection holds of some partitions."""
    names = [projection.name for projection in ALL]
    rows = {f"{name} {part}": list(views.scan(name, part)) for name in names for part in partitions}
    return json.dumps(rows, sort_keys=True)


def test_looking_back_shows_what_the_views_held_then(database: Stored) -> None:
    """The views as of any position are those of a log that ended there, for the story and the feeds named."""
    for position in range(len(EVENTS) + 1):
        views = as_of(database.log, ALL, bridge.STORY, position, feeds=("post", "nine"))
        then = views_of(database.log.read(upto=position))
        assert rows_of(views, *PARTITIONS) == rows_of(then, *PARTITIONS)
        assert views.checkpoint("ledger") == position


def test_looking_back_from_the_head_shows_the_present(database: Stored) -> None:
    """As of the newest position, the views are the stored ones."""
    catch_up(database.log, database.views, ALL)
    views = as_of(database.log, ALL, bridge.STORY, database.log.head())
    assert rows_of(views, bridge.STORY) == rows_of(database.views, bridge.STORY)
