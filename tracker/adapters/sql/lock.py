"""One worker at a time on a database; the lock ends with the process, however it ends."""

import fcntl
import os
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import text

from tracker.adapters.sql.engine import in_memory, open_engine, parse
from tracker.adapters.sql.refusal import name_of, refusals
from tracker.errors import AlreadyRunning, StoreError

_KEY = 0x7472_6163_6B65_7203
_take = text("SELECT pg_try_advisory_lock(:key)")


class WorkerLock(AbstractContextManager["WorkerLock"]):
    """Held from `with` to its end or to the end of the process.

    SQLite: a lock on a file beside the database. PostgreSQL: an advisory lock of a session of its own. A database in
    memory needs none. Raises AlreadyRunning when another process holds it, StoreError when it cannot be taken.
    """

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self._held = ExitStack()

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

    def _take_on_server(self) -> None:
        engine = open_engine(self._url.render_as_string(hide_password=False))
        with refusals(engine.url), ExitStack() as opening:
            opening.callback(engine.dispose)
            connection = opening.enter_context(engine.connect()).execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(_take, {"key": _KEY}).scalar_one():
                raise AlreadyRunning(f"{name_of(engine.url)}: a worker runs already")
            self._held.push(opening.pop_all())
