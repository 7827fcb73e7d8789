"""Many `tracker run` processes on one PostgreSQL."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from benchmarks.workers import differing, fill, run
from tests.conftest import execute
from tests.e2e.test_daemon import HANG, wait_for
from tests.e2e.test_operating import Operated, events, ids
from tests.e2e.world import STORY, Publisher, Tracker, recorded_items
from tests.made.mailbox import mailbox
from tests.made.relay import relayed
from tests.made.supervisor import supervising


@pytest.fixture
def shared(empty_postgresql_url: str, tmp_path: Path) -> Tracker:
    """Return the command line on an empty PostgreSQL database."""
    return Tracker(empty_postgresql_url, tmp_path)


def test_workers_share_the_stories(shared: Tracker, publisher: Publisher) -> None:
    """Of two workers that start at once on an empty database one may die: news become alerts, each told once.

    `tracker poll` beside them does no harm, and SIGTERM ends the last one in order.
    """
    shared.follow(publisher)
    workers = [shared.start("run") for _ in range(2)]
    wait_for(lambda: publisher.polls > 2, workers[0])
    publisher.publish(recorded_items()[:15])
    wait_for(lambda: len(publisher.hooks) > 0, workers[1])
    assert "1 feed polled, 0 failed" in shared.run("poll").stdout
    workers[0].kill()
    workers[0].communicate()
    hooks = len(publisher.hooks)
    publisher.publish(recorded_items()[15:30])
    wait_for(lambda: len(publisher.hooks) > hooks, workers[1])
    workers[1].terminate()
    _, words = workers[1].communicate(timeout=HANG)
    assert workers[1].returncode == 0, words
    assert "stopped" in words
    assert "Traceback" not in words
    shared.run("poll")
    shared.run("verify")
    told = [hook["id"] for hook in publisher.hooks]
    assert sorted(set(told)) == sorted(told)
    before = shared.run("status", STORY, "--format", "json").stdout
    assert json.loads(before)["developments"]
    shared.run("rebuild")
    assert shared.run("status", STORY, "--format", "json").stdout == before


def test_a_slow_feed_holds_up_nothing_and_sigterm_ends_in_order(shared: Tracker, publisher: Publisher) -> None:
    """Beside a fetch that never ends, news become alerts; the fetch is aborted at SIGTERM and its job given back."""
    shared.follow(publisher, f"{publisher.elsewhere}/slow", f"{publisher.url}/feed")
    worker = shared.start("run", TRACKER_WORKER_FETCH_TIMEOUT=str(10 * HANG))
    wait_for(lambda: publisher.slow_asked.is_set() and publisher.polls > 0, worker)
    publisher.publish(recorded_items()[:15])
    wait_for(lambda: len(publisher.hooks) > 0, worker)
    worker.send_signal(signal.SIGTERM)
    _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words
    assert "stopped" in words, "the orderly end, not the one by force when the grace is over"


def test_what_keeps_a_worker_from_starting_is_one_line(shared: Tracker) -> None:
    """A missing extra is exit code 2, tables of a later engine are 1, each in one line."""
    shared.run("db", "upgrade")
    code = (
        "import sys; sys.modules['procrastinate'] = None\n"
        "from tracker.entrypoints.cli.main import run\n"
        "sys.exit(run(['run']))"
    )
    missing = subprocess.run(
        [sys.executable, "-c", code], env=shared.environment(), capture_output=True, text=True, check=False
    )
    assert (missing.returncode, missing.stderr.splitlines()[-1]) == (
        2,
        "tracker: workers on PostgreSQL need: pip install 'story-tracker[postgresql]'",
    )
    execute(
        shared.database,
        "CREATE SCHEMA public_jobs",
        "CREATE TABLE public_jobs.applied AS SELECT '99.00.00_01_later.sql' AS script",
    )
    later = shared.run("run", check=False)
    assert (later.returncode, len(later.stderr.splitlines())) == (1, 1)
    assert "made by a later procrastinate" in later.stderr


def test_a_killed_worker_loses_and_doubles_nothing(empty_postgresql_url: str, tmp_path: Path) -> None:
    """Of two workers one is killed at work: every story's events are those that one process writes in a file."""
    stories, entries, folders = 3, 8, [tmp_path / name for name in ("one", "many")]
    for folder in folders:
        folder.mkdir()
    fill(alone := f"sqlite:///{folders[0]}/tracker.db", stories, entries)
    fill(empty_postgresql_url, stories, entries)
    reference = run(alone, folders[0], stories * entries, workers=1)
    shared = run(empty_postgresql_url, folders[1], stories * entries, workers=2, killed=1)
    assert (shared.judged, shared.faults) == (reference.judged, 0)
    assert differing(reference, shared) == 0


def test_a_fleet_whose_database_hangs_gives_no_sign_of_life(
    empty_postgresql_url: str, publisher: Publisher, tmp_path: Path
) -> None:
    """While nothing comes from the server no WATCHDOG is sent and /readyz is 503; afterwards both are as before.

    A worker of a fleet is reloaded as any other: each development is told once, by the server then in force.
    """
    with (
        mailbox() as old,
        mailbox() as new,
        relayed(empty_postgresql_url) as (relay, url),
        supervising(tmp_path / "notify") as supervisor,
    ):
        operated = Operated(Tracker(url, tmp_path), supervisor)
        operated.open_story()
        operated.configure(old.port, f"{publisher.url}/feed")
        with operated.start() as worker:
            wait_for(lambda: publisher.polls > 1 and operated.get("/readyz")[0] == 200, worker)
            publisher.publish(recorded_items()[:15])
            wait_for(lambda: len(old.mails) > 0, worker)
            operated.configure(new.port, f"{publisher.url}/feed", more="[worker]\nfetchers = 3\n")
            operated.reload(worker)
            operated.configure(new.port, f"{publisher.url}/feed")
            operated.reload(worker)
            operated.publish(publisher, 15, 25, worker)
            assert len(new.mails) > 0
            assert sorted([*ids(old), *ids(new)]) == sorted(operated.deliveries())
            relay.silent.set()
            wait_for(lambda: operated.get("/readyz")[0] == 503, worker)
            silent = monotonic()
            assert operated.get("/livez") == (200, "ok\n")
            assert "tracker_outbox_pending" not in operated.get("/metrics")[1]
            assert supervisor.beats(since=silent) == 0
            relay.silent.clear()
            relay.cut()
            relay.mend()
            wait_for(lambda: operated.get("/readyz")[0] == 200 and supervisor.beats(since=silent) > 0, worker)
            worker.send_signal(signal.SIGTERM)
            _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words
    assert "reloaded" in events(words)
    assert any("worker.fetchers cannot change while the worker runs" in line for line in events(words))
