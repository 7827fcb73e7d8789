"""The same commands on a real PostgreSQL server."""

import json
from pathlib import Path

from tests.e2e.test_daemon import HANG, wait_for
from tests.e2e.world import STORY, Publisher, Tracker, recorded_items


def test_the_main_job_on_postgresql(empty_postgresql_url: str, publisher: Publisher, tmp_path: Path) -> None:
    """Seed, feed, worker, kill -9, alert, report, verify, rebuild: on PostgreSQL as on SQLite."""
    tracker = Tracker(empty_postgresql_url, tmp_path)
    tracker.follow(publisher)
    tracker.run("poll")
    publisher.publish(recorded_items()[:15])
    worker = tracker.start("run")
    wait_for(lambda: publisher.polls > 2, worker)
    worker.kill()
    worker.communicate()
    publisher.publish(recorded_items()[15:30])
    worker = tracker.start("run")
    polls = publisher.polls
    wait_for(lambda: bool(publisher.hooks) and publisher.polls > polls + 1, worker)
    worker.terminate()
    _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words

    tracker.run("poll")
    tracker.run("verify")
    before = tracker.run("status", STORY, "--format", "json").stdout
    assert json.loads(before)["developments"]
    tracker.run("rebuild")
    assert tracker.run("status", STORY, "--format", "json").stdout == before


def test_a_server_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    """No server at the address: exit code 1, one line, and no password in it."""
    url = f"postgresql://me:hush@localhost/tracker?host={tmp_path}"
    done = Tracker(url, tmp_path).run("story", "list", check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "hush" not in done.stderr
