"""A look at the database as it is: nothing is made, migrated or written."""

import fcntl
import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, and_, func, select, text
from sqlalchemy.exc import DatabaseError

from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.migrate import revision
from tracker.adapters.sql.place import file_of, mount_of
from tracker.adapters.sql.refusal import name_of, no_file
from tracker.adapters.sql.revisions import HEAD
from tracker.adapters.sql.tables import delivery, event, log
from tracker.adapters.sql.write_turn import needs_turns
from tracker.errors import StoreError
from tracker.ports.checkup import Head, Library, Owed, Place, Schema, Server

SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")
"""What a PostgreSQL server must not have switched off, or a commit may be lost with the power."""

_MOST = 20  # faults that SQLite is asked for
_version = text("SHOW server_version")
_settings = text(f"SELECT name, setting FROM pg_settings WHERE name IN ({', '.join(map(repr, SETTINGS))})")  # noqa: S608 - our own names
_connections = text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
_limit = text("SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int")
_damage = text(f"PRAGMA quick_check({_MOST})")


class SqlCheckup:
    """Facts of one database; see `tracker.ports.checkup.Checkup`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = file_of(engine.url) if engine.dialect.name == "sqlite" else None

    @property
    def kind(self) -> Literal["file", "memory", "server"]:
        """Tell what the database is: a SQLite file, a SQLite database in memory, or PostgreSQL."""
        if self._file is not None:
            return "file"
        return "memory" if self._engine.dialect.name == "sqlite" else "server"

    @property
    def name(self) -> str:
        """Return what a person calls the database."""
        return name_of(self._engine.url)

    def missing(self) -> bool:
        """Tell whether a SQLite file is not there yet; opening it would make it."""
        return self._file is not None and not os.path.exists(self._file)  # noqa: PTH110 - raises where none may look

    def library(self) -> Library:
        """Return the SQLite in use."""
        version = sqlite3.sqlite_version_info
        return Library(version, needs_turns(version))

    def place(self) -> Place:
        """Return where the SQLite file lies, or would lie. Raises StoreError."""
        file = self._file or Path()
        folder = next((one for one in file.parents if os.path.isdir(one)), file.parent)  # noqa: PTH112 - as in `missing`
        writable = all(os.access(one, os.W_OK) for one in (folder, file) if os.path.exists(one))  # noqa: PTH110
        mount = mount_of(folder)
        try:
            disk = shutil.disk_usage(folder)
        except OSError as error:
            raise no_file(self._engine.url, error) from error
        # What the system only shows, such as /proc, has no room for files at all; root is told that it may write there.
        return Place(str(folder), writable and disk.total > 0, disk.free, mount.kind if mount else None)

    def server(self) -> Server:
        """Return what the PostgreSQL server says of itself. Raises StoreError."""
        with reading(self._engine) as connection:
            return Server(
                version=connection.execute(_version).scalar_one(),
                settings={row.name: row.setting for row in connection.execute(_settings)},
                connections=connection.execute(_connections).scalar_one(),
                limit=connection.execute(_limit).scalar_one(),
            )

    def schema(self) -> Schema:
        """Return the revision of the tables. Raises DatabaseTooNew, StoreError."""
        return Schema(revision(self._engine), HEAD)

    def damage(self) -> tuple[str, ...]:
        """Return what SQLite finds wrong with its file, the first few faults. Raises StoreError."""
        try:
            with reading(self._engine) as connection:
                found = tuple(connection.execute(_damage).scalars())
        except StoreError as error:
            if type(error.__cause__) is not DatabaseError:  # such as a lock; damage comes as the plain kind
                raise
            return (str(error),)
        return () if found == ("ok",) else found

    def head(self) -> Head:
        """Return what the head row says beside the newest event. Raises StoreError."""
        with reading(self._engine, snapshot=True) as connection:
            position = connection.execute(select(log.c.position)).scalar()
            return Head(position, connection.execute(select(func.max(event.c.position))).scalar() or 0)

    def owed(self, since: datetime) -> Owed:
        """Count the deliveries given up, and those that were due at a moment and still are. Raises StoreError."""
        late = and_(delivery.c.state == "pending", delivery.c.due_at < since)
        with reading(self._engine) as connection:
            dead, overdue = (
                connection.execute(select(func.count()).select_from(delivery).where(which)).scalar_one()
                for which in (delivery.c.state == "dead", late)
            )
        return Owed(dead, overdue)

    def worker(self) -> int | None:
        """Return the process that follows the stories of a SQLite file, None when none does."""
        try:
            descriptor = os.open(f"{self._engine.url.database}.worker", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            written = os.read(descriptor, 20).decode("ascii", "replace").strip()
            return int(written) if written.isdigit() and _holds(int(written), descriptor) else None
        finally:
            os.close(descriptor)


def _holds(process: int, descriptor: int) -> bool:
    """Tell whether the process that wrote its number still has the lock.

    The lock is tried only while a process of that number lives, so that a worker that starts just now is not refused.
    """
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
