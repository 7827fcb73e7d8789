"""A database that can be put back to where it was, as often as a process is killed on it."""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from benchmarks.databases import durable
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.tables import metadata

KINDS = ("sqlite", "postgresql")


class Place(Protocol):
    """A database with snapshots. No connection of this process is open between two calls."""

    kind: str
    url: str

    def keep(self, name: str) -> None:
        """Remember all rows as they are now."""

    def restore(self, name: str) -> None:
        """Bring back all rows as they were remembered."""

    def forget(self, *names: str) -> None:
        """Leave nothing of what was remembered."""


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every fault run asks for: where to run."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=KINDS, help="only this one (default: both)")
    parser.add_argument("--postgresql-url", help="an empty database to work in, as a superuser (default: one is made)")
    return parser


@contextmanager
def place(kind: str, url: str | None = None) -> Iterator[Place]:
    """Yield a migrated database without rows, kept under the name "empty".

    `url` names an empty PostgreSQL database to work in, as a superuser; without it one is made, and is gone afterwards.
    """
    with nullcontext(url) if url else durable(kind) as where:
        upgrade(where)
        found: Place = SqlitePlace(where) if kind == "sqlite" else PostgresqlPlace(where)
        found.keep("empty")
        yield found
        if url:
            found.forget("empty", "start")


class SqlitePlace:
    """A file; a snapshot is a copy of it, taken when nobody has it open and the write-ahead log is part of it."""

    kind = "sqlite"

    def __init__(self, url: str) -> None:
        self.url = url
        self._file = Path(url.removeprefix("sqlite:///"))

    def keep(self, name: str) -> None:
        """See Place."""
        shutil.copy(self._file, self._copy(name))

    def restore(self, name: str) -> None:
        """See Place."""
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self._copy(name), self._file)

    def forget(self, *names: str) -> None:
        """See Place."""
        for name in names:
            self._copy(name).unlink(missing_ok=True)

    def _copy(self, name: str) -> Path:
        return self._file.with_name(f"{name}.copy")


class PostgresqlPlace:
    """A database; a snapshot is a schema of copied tables, which takes a tenth of the time of a copied database."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url

    def keep(self, name: str) -> None:
        """See Place."""
        copies = (f'CREATE TABLE {name}."{table}" AS TABLE public."{table}"' for table in metadata.tables)
        self.forget(name)
        self._execute(f"CREATE SCHEMA {name}", *copies)

    def restore(self, name: str) -> None:
        """See Place."""
        # As a replica: the triggers that let the log only grow are no part of what is tried here.
        self._execute(
            "SET LOCAL session_replication_role = replica",
            *(f'DELETE FROM public."{table}"' for table in metadata.tables),
            *(f'INSERT INTO public."{table}" SELECT * FROM {name}."{table}"' for table in metadata.tables),
        )

    def forget(self, *names: str) -> None:
        """See Place."""
        self._execute(*(f"DROP SCHEMA IF EXISTS {name} CASCADE" for name in names))

    def _execute(self, *statements: str) -> None:
        engine = open_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()
