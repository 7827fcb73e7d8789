"""Hints that the log may have grown; see `tracker.ports.wakeup.Wakeup`. Losing every one of them loses no event.

PostgreSQL tells with NOTIFY: a trigger on the head row of the log sees to it. SQLite counts the commits of other
connections (`PRAGMA data_version`, which costs microseconds). A database in memory is looked at again and again.
"""

import time
from contextlib import closing, suppress
from threading import Event, Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from tracker.adapters.sql.place import file_of
from tracker.ports.wakeup import Wakeup

CHANNEL = "tracker_log"

_GLANCE = 0.05
"""Seconds between two looks at SQLite's counter."""

_PAUSE = 1.0
"""Seconds until a connection that was lost is tried again, and after which a thread sees that it is to end."""


def wakeup_of(engine: Engine, *, listen: bool = True) -> Wakeup:
    """Return what wakes who follows this database's log; `listen` False: nothing does, as behind some poolers."""
    if engine.dialect.name == "postgresql":
        return Listener(engine) if listen else Sleep()
    return Glance(engine) if file_of(engine.url) else Sleep()


class Sleep:
    """No hints at all."""

    def wait(self, seconds: float) -> bool:
        """Return False after so many seconds."""
        time.sleep(seconds)
        return False

    def close(self) -> None:
        """Do nothing."""


class Glance:
    """Looks at SQLite's counter of commits, on a connection of its own and outside of any transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Any = None
        self._seen: int | None = None

    def wait(self, seconds: float) -> bool:
        """Return True when another connection has committed, False after so many seconds."""
        end = time.monotonic() + seconds
        while (found := self._version()) in (None, self._seen):
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _GLANCE))
        self._seen = found
        return True

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _version(self) -> int | None:
        try:
            self._connection = self._connection or self._engine.raw_connection()
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except _faults(self._engine):
            self.close()
            return None
        return version


class Listener:
    """Listens in a thread of its own: a connection that is lost, or hears nothing any more, holds up nobody."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told, self._closed = Event(), Event()
        Thread(target=self._stay, name="listener", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Return True when the log has grown, False after so many seconds."""
        told = self._told.wait(seconds)
        self._told.clear()
        return told

    def close(self) -> None:
        """Let the thread end, within a second."""
        self._closed.set()

    def _stay(self) -> None:
        while not self._closed.is_set():
            with suppress(*_faults(self._engine)):
                self._listen()
            self._closed.wait(_PAUSE)

    def _listen(self) -> None:
        connection = self._engine.raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()  # nobody else is to get a connection that is told things
        with closing(driver):
            driver.autocommit = True
            driver.execute(f"LISTEN {CHANNEL}")
            self._told.set()  # what came while nobody listened
            while not self._closed.is_set():
                for _ in driver.notifies(timeout=_PAUSE, stop_after=1):
                    self._told.set()


def _faults(engine: Engine) -> tuple[type[Exception], ...]:
    """Return what goes wrong between us and a database, by the library's name and by the driver's."""
    driver: Any = engine.dialect.dbapi
    return SQLAlchemyError, driver.Error, OSError
