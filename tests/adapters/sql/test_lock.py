"""The worker lock, against other processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.adapters.sql.lock import WorkerLock
from tracker.errors import AlreadyRunning, StoreError

HOLD = """
import sys
from tracker.adapters.sql.lock import WorkerLock
with WorkerLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(url: str) -> "subprocess.Popen[str]":
    """Start a process that holds the lock until its input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_one_at_a_time(database_url: str) -> None:
    """While one process holds the lock another is refused in one line; when it ends, the next may."""
    with holder(database_url) as other:
        with pytest.raises(AlreadyRunning, match="a worker runs already") as refused, WorkerLock(database_url):
            pass
        assert "\n" not in str(refused.value)
        assert other.stdin is not None
        other.stdin.close()
        assert other.wait() == 0
    with WorkerLock(database_url):
        pass
    with WorkerLock(database_url):
        pass


def test_a_killed_worker_leaves_no_lock(sqlite_url: str) -> None:
    """The lock of a process that was killed is free at once, and whoever is refused learns the holder's number."""
    with holder(sqlite_url) as other:
        with pytest.raises(AlreadyRunning, match=f"process {other.pid}"), WorkerLock(sqlite_url):
            pass
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with WorkerLock(sqlite_url):
            pass


def test_a_killed_worker_leaves_no_lock_on_a_server(postgresql_url: str) -> None:
    """PostgreSQL frees the lock of a killed process as soon as it notices that its connection is gone."""
    with holder(postgresql_url) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        while True:
            try:
                with WorkerLock(postgresql_url):
                    return
            except AlreadyRunning:
                continue


def test_two_databases(sqlite_url: str, postgresql_url: str) -> None:
    """Workers of different databases do not meet."""
    with WorkerLock(sqlite_url), WorkerLock(postgresql_url), WorkerLock(f"{sqlite_url}-other"):
        pass


def test_in_memory() -> None:
    """A database in memory belongs to its process and needs no lock."""
    with WorkerLock("sqlite://"), WorkerLock("sqlite://"):
        pass


def test_no_place_for_the_lock(tmp_path: Path) -> None:
    """A folder that cannot be made is one clear line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"), WorkerLock(f"sqlite:///{tmp_path}/file/tracker.db"):
        pass
