"""`tracker run`: follows a feed that changes, ends when asked, and lets no second worker in."""

import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.e2e.world import STORY, Publisher, Tracker, recorded_items

HANG = 120
"""Seconds after which a process that should have ended is taken to hang."""


def wait_for(happened: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until something happens, while the process lives; the test runner's own limit ends a hang."""
    while not happened():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


@pytest.fixture
def followed(tracker: Tracker, publisher: Publisher) -> Tracker:
    tracker.follow(publisher)
    return tracker


def test_a_feed_that_changes_while_the_worker_runs_becomes_an_alert(followed: Tracker, publisher: Publisher) -> None:
    """What appears in a feed while the worker runs reaches the webhook without anybody doing anything."""
    worker = followed.start("run")
    wait_for(lambda: publisher.polls > 1, worker)
    publisher.publish(recorded_items()[:30])
    wait_for(lambda: len(publisher.hooks) > 0, worker)
    worker.send_signal(signal.SIGTERM)
    _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words
    assert "stopped" in words
    assert followed.run("verify").returncode == 0


def test_sigterm_ends_the_worker_in_order_even_during_a_slow_fetch(followed: Tracker, publisher: Publisher) -> None:
    """A fetch that never ends is aborted: the worker stops in order, with 0, before its grace is over."""
    followed.add(publisher, f"{publisher.elsewhere}/slow")
    worker = followed.start("run")
    wait_for(publisher.slow_asked.is_set, worker)
    worker.send_signal(signal.SIGTERM)
    _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words
    assert "stopped" in words, "the orderly end, not the one by force when the grace is over"


def test_a_slow_feed_holds_back_no_alert(followed: Tracker, publisher: Publisher) -> None:
    """What a good feed brings is judged and told while a fetch that began with it still runs, and nothing complains."""
    followed.run("poll")
    followed.add(publisher, f"{publisher.elsewhere}/slow")
    publisher.publish(recorded_items()[:60])
    worker = followed.start("run", TRACKER_WORKER_FETCH_TIMEOUT=str(10 * HANG))
    wait_for(lambda: publisher.slow_asked.is_set() and len(publisher.hooks) > 0, worker)
    worker.send_signal(signal.SIGTERM)
    _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words
    assert "running instances" not in words


def test_ctrl_c_ends_a_poll_even_during_a_slow_fetch(followed: Tracker, publisher: Publisher) -> None:
    """`tracker poll` aborts the fetch that never ends, and exits with 130 in one line."""
    followed.add(publisher, f"{publisher.elsewhere}/slow")
    process = followed.start("poll", TRACKER_WORKER_FETCH_TIMEOUT=str(10 * HANG))
    wait_for(publisher.slow_asked.is_set, process)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=HANG)
    assert (process.returncode, words.strip()) == (130, "stopped")


def test_a_second_worker_is_refused_in_one_line(followed: Tracker, publisher: Publisher) -> None:
    """While a worker runs, `run` and `poll` on the same database exit with 1 and say why."""
    worker = followed.start("run")
    wait_for(lambda: publisher.polls > 0, worker)
    for command in ("run", "poll"):
        second = followed.run(command, check=False)
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert "a worker runs already" in second.stderr
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=HANG)
    assert worker.returncode == 0


def test_one_bad_feed_never_stops_the_rest(followed: Tracker, publisher: Publisher) -> None:
    """Beside a feed that answers 500 and one that is HTML, the good one is read; `poll` exits with 4: partly done."""
    for path in ("/broken", "/page"):
        followed.add(publisher, publisher.url + path)
    publisher.answers |= {"/broken": (500, b"no"), "/page": (200, b"<!doctype html><html><body>Hello</body></html>")}
    publisher.publish(recorded_items()[:3])
    done = followed.run("poll", check=False)
    assert done.returncode == 4
    assert done.stderr.count("\n") == 2
    assert "3 feeds polled, 2 failed; 3 entries judged" in done.stdout


def test_a_first_import_is_a_silent_baseline(followed: Tracker, publisher: Publisher) -> None:
    """What a feed already held when it was added is judged and recorded, and nobody is alerted of it."""
    publisher.publish(recorded_items()[:30])
    followed.run("poll")
    assert publisher.hooks == []
    assert any(event["type"].startswith("claim.") for event in followed.log("--story", STORY, "--after", "20"))


def test_a_worker_whose_database_was_removed_ends_in_one_line(followed: Tracker, publisher: Publisher) -> None:
    """When the database file is deleted under a running worker, it says so and exits with 1 instead of writing on."""
    worker = followed.start("run")
    wait_for(lambda: publisher.polls > 1, worker)
    (database,) = followed.home.glob("*.db")
    database.unlink()
    _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 1, words
    assert "the database file was removed or replaced" in words.splitlines()[-1]
    assert "Traceback" not in words
