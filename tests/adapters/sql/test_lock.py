"""The worker lock, against other processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.adapters.sql.lock import WorkerLock
from tracker.errors import AlreadyRunning, DatabaseRemoved, StoreError

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


def test_one_at_a_time(sqlite_url: str) -> None:
    """While one process holds the lock another is refused in one line; when it ends, the next may."""
    with holder(sqlite_url) as other:
        with pytest.raises(AlreadyRunning, match="a worker runs already") as refused, WorkerLock(sqlite_url):
            pass
        assert "\n" not in str(refused.value)
        assert other.stdin is not None
        other.stdin.close()
        assert other.wait() == 0
    with WorkerLock(sqlite_url):
        pass
    with WorkerLock(sqlite_url):
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


def test_two_databases(sqlite_url: str) -> None:
    """Workers of different databases do not meet."""
    with WorkerLock(sqlite_url), WorkerLock(f"{sqlite_url}-other"):
        pass


def test_any_number_on_a_server() -> None:
    """PostgreSQL has no such lock: any number of workers may follow."""
    url = "postgresql://nobody@localhost/none"
    with WorkerLock(url) as lock, WorkerLock(url):
        lock.check()


def test_a_lock_that_is_held_is_found_held(sqlite_url: str) -> None:
    """Checking a lock that nobody touched says nothing, however often."""
    with WorkerLock(sqlite_url) as lock:
        lock.check()
        lock.check()


def test_in_memory() -> None:
    """A database in memory belongs to its process and needs no lock."""
    with WorkerLock("sqlite://"), WorkerLock("sqlite://"):
        pass


def test_no_place_for_the_lock(tmp_path: Path) -> None:
    """A folder that cannot be made is one clear line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"), WorkerLock(f"sqlite:///{tmp_path}/file/tracker.db"):
        pass


@pytest.mark.parametrize("name", ["tracker.db", "tracker.db.worker"])
@pytest.mark.parametrize("replaced", [False, True])
def test_a_removed_file_is_noticed(sqlite_url: str, tmp_path: Path, name: str, *, replaced: bool) -> None:
    """A worker whose database or lock file was removed, and perhaps made anew, learns that in one line."""
    with WorkerLock(sqlite_url) as lock:
        lock.check()
        kept = (tmp_path / name).rename(tmp_path / "elsewhere")
        if replaced:
            (tmp_path / name).write_bytes(kept.read_bytes())
        with pytest.raises(DatabaseRemoved, match="removed or replaced"):
            lock.check()


def test_a_database_that_is_made_after_the_lock(tmp_path: Path) -> None:
    """The first worker takes the lock before the database is there, and notices its removal later."""
    path = tmp_path / "new.db"
    with WorkerLock(f"sqlite:///{path}") as lock:
        lock.check()
        path.write_bytes(b"")
        lock.check()
        path.unlink()
        with pytest.raises(DatabaseRemoved):
            lock.check()
