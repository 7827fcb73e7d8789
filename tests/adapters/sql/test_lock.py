"""The worker lock, against other processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import execute
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


ENDED = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = 'tracker' AND application_name = 'tracker' AND pid <> pg_backend_pid()"
)


def settled(lock: WorkerLock) -> None:
    """Check until the server has noticed that the lost connection is gone."""
    while True:
        try:
            return lock.check()
        except StoreError:
            continue


def test_a_lock_that_is_held_is_found_held(database_url: str) -> None:
    """Checking a lock that nobody touched says nothing, however often."""
    with WorkerLock(database_url) as lock:
        lock.check()
        lock.check()
    with WorkerLock("sqlite://") as lock:
        lock.check()


def test_a_lock_whose_session_ended_is_taken_again(postgresql_url: str) -> None:
    """When the server ended the lock's session the check takes the lock again, and others are refused as before."""
    with WorkerLock(postgresql_url) as lock:
        execute(postgresql_url, ENDED)
        settled(lock)
        with pytest.raises(AlreadyRunning), WorkerLock(postgresql_url):
            pass
    with WorkerLock(postgresql_url):
        pass


def test_a_lock_that_another_took_meanwhile_is_lost(postgresql_url: str) -> None:
    """When another worker was faster after the session ended, the check says that one runs already."""
    with WorkerLock(postgresql_url) as lock:
        execute(postgresql_url, ENDED)
        with WorkerLock(postgresql_url), pytest.raises(AlreadyRunning, match="a worker runs already"):
            settled(lock)
        settled(lock)


def test_a_server_that_is_away_is_no_lost_lock(postgresql_server: str, postgresql_url: str) -> None:
    """While the server lets nobody in, the check says so in one line; the lock is taken again when it does."""
    desk = postgresql_server.format("postgres")
    with WorkerLock(postgresql_url) as lock:
        execute(desk, "ALTER DATABASE tracker ALLOW_CONNECTIONS false", ENDED)
        try:
            for _ in range(2):
                with pytest.raises(StoreError) as refused:
                    lock.check()
                assert "\n" not in str(refused.value)
        finally:
            execute(desk, "ALTER DATABASE tracker ALLOW_CONNECTIONS true")
        settled(lock)
        with pytest.raises(AlreadyRunning), WorkerLock(postgresql_url):
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
