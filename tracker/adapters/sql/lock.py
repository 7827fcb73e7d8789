"""One worker at a time on a SQLite file; the lock ends with the process, however it ends."""

import fcntl
import os
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.adapters.sql.engine import parse
from tracker.adapters.sql.place import in_memory
from tracker.adapters.sql.refusal import name_of
from tracker.errors import AlreadyRunning, DatabaseRemoved, StoreError


class WorkerLock(AbstractContextManager["WorkerLock"]):
    """Held from `with` to its end or to the end of the process: a lock on a file beside the database.

    A database in memory needs none, and PostgreSQL has any number of workers. Raises AlreadyRunning when another
    process holds it, StoreError when it cannot be taken.
    """

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self._held = ExitStack()
        self._files: dict[Path, tuple[int, int] | None] = {}

    def __enter__(self) -> Self:
        """Take the lock without waiting."""
        if self._url.get_backend_name() == "sqlite" and not in_memory(self._url):
            self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self._held.close()

    def check(self) -> None:
        """Prove that the lock is still that of the database in use.

        Raises DatabaseRemoved when our files are no longer those of the start.
        """
        for path, held in self._files.items():
            found = _identity(path)
            if held is None:  # a database is made after its lock is taken
                self._files[path] = found
            elif found != held:
                raise DatabaseRemoved(f"{name_of(self._url)}: the database file was removed or replaced ({path.name})")

    def _take(self) -> None:
        path = Path(f"{self._url.database}.worker")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"{name_of(self._url)}: {path.name} cannot be opened: {error.strerror}") from error
        self._held.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            self._held.close()
            raise AlreadyRunning(f"{name_of(self._url)}: a worker runs already (process {holder})") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._files = {one: _identity(one) for one in (Path(str(self._url.database)), path)}


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
