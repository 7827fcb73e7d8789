"""Other settings for a worker that runs: jobs that began go on, those that begin have the new."""

import threading
from collections.abc import Iterator

import pytest

from tests.made.receiver import receiver
from tracker.bootstrap import App
from tracker.config import Database, FeedEntry, Settings, SubscriptionEntry, Web, Worker
from tracker.entrypoints.running import Running
from tracker.errors import ConfigError


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return Settings(database=Database(url=sqlite_url), worker=Worker(allow_private=("loopback",)))


@pytest.fixture
def running(settings: Settings) -> Iterator[Running]:
    app = App(settings)
    running = Running(app, lambda: False)
    running.begin()
    yield running
    app.close()


def changed(settings: Settings, **sections: object) -> Settings:
    values = {name: getattr(settings, name) for name in settings.__struct_fields__}
    return Settings(**{**values, **sections})


def watching() -> int:
    """Return how many HTTP clients are in use: each has a thread that watches its exchanges."""
    return sum(1 for thread in threading.enumerate() if thread.name == "http-watch")


def test_a_job_goes_on_under_the_settings_with_which_it_began(running: Running, settings: Settings) -> None:
    """What it holds stays usable until it ends, and is given back then; the next job has the new settings."""
    slower = changed(settings, worker=Worker(fetch_timeout=7, allow_private=("loopback",)))
    with receiver() as there, running.shift("gather") as old:
        running.reload(slower)
        assert (running.app.settings, old.room.fetch_timeout) == (slower, 30)
        assert old.app.http.post(there.url(), b"{}").status == 204
        assert watching() == 1
        with running.shift("gather") as new:
            assert new.room.fetch_timeout == 7
            assert new.room.shelf is old.room.shelf
    assert watching() == 0


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"database": Database(url="sqlite:////elsewhere.db")}, "database cannot change while the worker runs"),
        ({"web": Web(listen="127.0.0.1:1")}, "web cannot change while the worker runs"),
        (
            {"feed": (FeedEntry(url="https://a.example/feed"), FeedEntry(url="https://b.example/feed", story="nope"))},
            "https://b.example/feed: no story nope",
        ),
        (
            {"feed": (FeedEntry(url="https://a.example/feed"),), "subscription": (SubscriptionEntry(email="nobody"),)},
            "'nobody' is no mail address",
        ),
    ],
)
def test_what_cannot_be_put_in_force_changes_nothing(
    running: Running, settings: Settings, sections: dict[str, object], words: str
) -> None:
    """The error names the fault; settings, feeds and subscriptions are those of before, not even half of the new."""
    with pytest.raises(ConfigError, match=words):
        running.reload(changed(settings, **sections))
    assert running.app.settings == settings
    assert running.app.feeds.all() == ()
