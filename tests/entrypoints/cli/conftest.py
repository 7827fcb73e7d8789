"""What the tests of commands ask for: a database file that holds the story of the bridge."""

from collections.abc import Iterator

import pytest

from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.site import Site, serving
from tests.made.stored import Stored, stored

EVENTS = bridge.events()


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Stored]:
    """Return a database that holds the story; its views are not made yet."""
    opened = stored(sqlite_url, EVENTS)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def tracker(database: Stored, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Tracker:
    """Return the command line on that database."""
    assert database.log.head() == len(EVENTS)
    return Tracker(sqlite_url, capsys)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a site on loopback that the commands may ask, without the pauses that strangers are owed."""
    monkeypatch.setenv("TRACKER_WORKER_ALLOW_PRIVATE", "loopback")
    monkeypatch.setenv("TRACKER_WORKER_HOST_GAP", "0")
    with serving() as running:
        yield running
