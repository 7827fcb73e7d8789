"""Other settings for a worker that runs: jobs that began go on, those that begin have the new."""

import threading
from collections.abc import Iterator

import pytest

from tests.made.alerts import TEST_SECRET
from tests.made.receiver import receiver
from tracker.bootstrap import App
from tracker.config import Database, FeedEntry, Mail, Opinion, Serve, Settings, SubscriptionEntry, Web, Worker
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


UNREADABLE: list[tuple[dict[str, object], str]] = [
    (
        {"mail": Mail(host="mail.example", username="desk", password="file:/nonexistent")},
        "^mail.password: secret file:/nonexistent: No such file or directory$",
    ),
    (
        {"opinion": Opinion(url="https://model.example/v1", model="m", key="env:NOT_SET")},
        "^opinion.key: secret env:NOT_SET: the variable NOT_SET is not set$",
    ),
    (
        {
            "subscription": (
                SubscriptionEntry(email="reader@example.org"),
                SubscriptionEntry(webhook="https://good.example/", secret="env:TRACKER_HOOK_SECRET"),
                SubscriptionEntry(webhook="https://hook.example/", secret="env:NOT_SET"),
            )
        },
        r"^config: \[\[subscription\]\] https://hook.example/: secret env:NOT_SET: the variable NOT_SET is not set$",
    ),
    (
        {"subscription": (SubscriptionEntry(chat="file:/nonexistent"),)},
        r"^config: \[\[subscription\]\] chat: secret file:/nonexistent: No such file",
    ),
    (
        {"feed": (FeedEntry(url="https://a.example/feed", headers={"X-Desk": "7", "X-Key": "env:NOT_SET"}),)},
        r"^config: \[\[feed\]\] https://a.example/feed: secret env:NOT_SET",
    ),
]


@pytest.fixture
def hook_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_HOOK_SECRET", TEST_SECRET)


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
        *UNREADABLE,
    ],
)
@pytest.mark.usefixtures("hook_secret")
def test_what_cannot_be_put_in_force_changes_nothing(
    running: Running, settings: Settings, sections: dict[str, object], words: str
) -> None:
    """The error names the fault; settings, feeds and subscriptions are those of before, not even half of the new."""
    with pytest.raises(ConfigError, match=words):
        running.reload(changed(settings, **sections))
    assert running.app.settings == settings
    assert running.app.feeds.all() == ()


@pytest.mark.usefixtures("hook_secret")
@pytest.mark.parametrize(("sections", "words"), UNREADABLE)
def test_no_worker_starts_without_a_secret_that_its_settings_name(
    settings: Settings, sections: dict[str, object], words: str
) -> None:
    """The error names setting and reference, and none of what the config file asks for has been taken up."""
    app = App(changed(settings, **sections))
    with pytest.raises(ConfigError, match=words):
        Running(app, lambda: False).begin()
    assert (app.log.head(), app.feeds.all()) == (0, ())
    app.close()


def test_the_secret_of_a_page_is_none_of_the_workers(running: Running, settings: Settings) -> None:
    """What only `tracker serve` may read, or nothing uses, holds up no worker."""
    page = changed(settings, serve=Serve(token="file:/nonexistent"), mail=Mail(password="file:/nonexistent"))
    running.reload(page)
    assert running.app.settings == page
