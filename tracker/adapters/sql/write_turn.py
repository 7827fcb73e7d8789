"""Whose turn it is to write to a SQLite file, below the version that no longer needs to be helped.

SQLite before 3.51.3 can damage a database when a commit begins the write-ahead log anew while another connection is
in the middle of a checkpoint (https://sqlite.org/wal.html#walresetbug). There every transaction that writes, in every
process, holds a lock on a file beside the database from before its BEGIN until after its COMMIT. SQLite checkpoints
inside the COMMIT that fills the thousandth page, hence under that lock, and never elsewhere but when the last
connection closes: it does that only while nobody else has the database open, and lets nobody in before it is done.
Readers take no part. The kernel frees the lock with the process that held it; the file stays.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MENDED = (3, 51, 3)
"""The first version of SQLite without the fault."""

_SHORTEST, _LONGEST = 0.0005, 0.02  # seconds between two looks at a lock that is held


def needs_turns(version: tuple[int, int, int]) -> bool:
    """Tell whether writers have to take turns under a version of SQLite."""
    return version < MENDED


def turns_file(database: Path) -> Path:
    """Return the file whose lock is the turn."""
    return database.with_name(f"{database.name}.write")


@contextmanager
def turn(file: Path, patience: Callable[[], float]) -> Iterator[None]:
    """Hold the lock on a file, made where it is missing.

    `patience` is asked, only when another has the lock, for how many seconds to wait. Raises TimeoutError when they
    have passed, OSError when the file cannot be opened.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _taken(descriptor):
            _wait(descriptor, patience())
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, seconds: float) -> None:
    end, pause = time.monotonic() + seconds, _SHORTEST
    while not _taken(descriptor):
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
