"""One worker at a time on a database; the lock ends with the process, however it ends."""

import fcntl
import os
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from tracker.adapters.sql.engine import open_engine, parse
from tracker.adapters.sql.place import in_memory
from tracker.adapters.sql.refusal import name_of, refusals
from tracker.errors import AlreadyRunning, DatabaseRemoved, StoreError

_KEY = 0x7472_6163_6B65_7203
_take = text("SELECT pg_try_advisory_lock(:key), pg_backend_pid()")
_holder = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND classid::bigint = :key >> 32 AND objid::bigint = :key & 4294967295"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_alive = text("SELECT 1")


class WorkerLock(AbstractContextManager["WorkerLock"]):
    """Held from `with` to its end or to the end of the process.

    SQLite: a lock on a file beside the database. PostgreSQL: an advisory lock of a session of its own. A database in
    memory needs none. Raises AlreadyRunning when another process holds it, StoreError when it cannot be taken.
    """

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self._held = ExitStack()
        self._turn = Lock()
        self._files: dict[Path, tuple[int, int] | None] = {}
        self._connection: Connection | None = None
        self._session: int | None = None

    def __enter__(self) -> Self:
        """Take the lock without waiting."""
        if self._url.get_backend_name() == "postgresql":
            self._take_on_server()
        elif not in_memory(self._url):
            self._take_file()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self._held.close()

    def check(self) -> None:
        """Prove that the lock is still ours; one whose connection was lost is taken again. From any thread.

        Raises AlreadyRunning when another has it, DatabaseRemoved when our files are no longer those of the start,
        StoreError when the server cannot be asked.
        """
        with self._turn:
            if self._url.get_backend_name() == "postgresql":
                self._check_session()
            else:
                self._check_files()

    def _check_session(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(_alive)
            except SQLAlchemyError:
                self._connection = None
                self._held.close()
        if self._connection is None:
            self._take_on_server()

    def _check_files(self) -> None:
        for path, held in self._files.items():
            found = _identity(path)
            if held is None:  # a database is made after its lock is taken
                self._files[path] = found
            elif found != held:
                raise DatabaseRemoved(f"{name_of(self._url)}: the database file was removed or replaced ({path.name})")

    def _take_file(self) -> None:
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

    def _take_on_server(self) -> None:
        engine = open_engine(self._url.render_as_string(hide_password=False))
        with refusals(engine.url), ExitStack() as opening:
            opening.callback(engine.dispose)
            connection = opening.enter_context(engine.connect()).execution_options(isolation_level="AUTOCOMMIT")
            taken, session = connection.execute(_take, {"key": _KEY}).one()
            if not taken:
                raise self._refusal(connection.execute(_holder, {"key": _KEY}).scalar())
            self._connection, self._session = connection, session
            self._held.push(opening.pop_all())

    def _refusal(self, holder: int | None) -> AlreadyRunning | StoreError:
        """Tell another's lock from our own of a lost connection, which the server may keep for a while."""
        if holder is not None and holder == self._session:
            return StoreError(f"{name_of(self._url)}: the server still holds the lock of the connection that was lost")
        return AlreadyRunning(f"{name_of(self._url)}: a worker runs already")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
