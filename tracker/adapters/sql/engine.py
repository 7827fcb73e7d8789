"""Opening a database, and the two kinds of transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from tracker.adapters.sql.driver import bare_cursor
from tracker.adapters.sql.line import ask_before_use, unasked
from tracker.adapters.sql.place import Mount, file_of, mount_of
from tracker.adapters.sql.refusal import name_of, no_file, no_turn, refusals
from tracker.adapters.sql.write_turn import needs_turns, turn, turns_file
from tracker.errors import ConfigError

_WAIT_SECONDS = 10
_WRITES = "tracker_writes"
_OUTSIDE = "tracker_outside"
_TURNS = "tracker_turns"
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
_PRAGMAS = (
    f"busy_timeout={_WAIT_SECONDS * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "wal_autocheckpoint=1000",
)
# A lock that does not come and a transaction left open end by themselves, so that no process can stop the others.
_POSTGRESQL_OPTIONS = f"-c lock_timeout={_WAIT_SECONDS}s -c idle_in_transaction_session_timeout=60s"
# A server that is gone without a word, as behind a network that swallows everything, is given up after a minute.
_STILL_THERE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}

_ADVISORY = text("SELECT pg_advisory_xact_lock(:key)")


def open_engine(url: str) -> Engine:
    """Return the engine for a `sqlite:///file`, `sqlite://` (in memory) or `postgresql://` URL. Connects to nothing.

    Raises ConfigError for a URL of another kind, where the driver is not installed, and for a SQLite file that lies on
    a network file system.
    """
    parsed = parse(url)
    try:
        return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
    except ModuleNotFoundError as error:
        raise ConfigError("PostgreSQL needs a driver: pip install 'story-tracker[postgresql]'") from error


def parse(url: str) -> URL:
    """Return the parsed URL with its driver. Raises ConfigError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigError("the database URL cannot be read; it begins with sqlite:/// or postgresql://") from error
    scheme = parsed.drivername.partition("+")[0]
    if scheme not in _DRIVERS:
        raise ConfigError(f"databases of kind {scheme!r} are not supported; take sqlite:/// or postgresql://")
    return parsed.set(drivername=_DRIVERS[scheme])


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Run one transaction that writes; on SQLite it holds the write lock from its start.

    A transaction that reads first and is upgraded later would be refused at once instead of waiting its turn.
    Raises StoreError, Conflict for a violated unique constraint.
    """
    with refusals(engine.url), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with _turn(connection), connection.begin():
            yield connection


@contextmanager
def short(engine: Engine) -> Iterator[Connection]:
    """Run one transaction that writes in a statement or two, with as little around them as there can be.

    On PostgreSQL it is one statement, which is a transaction by itself: no BEGIN is sent, and no COMMIT waited for; nor
    is it asked before whether the server is there, so that who calls must try again after ConnectionLost. On SQLite its
    statements are for `bare_cursor`. Raises StoreError, Conflict for a violated unique constraint.
    """
    if engine.dialect.name == "postgresql":
        with unasked(), _by_itself(engine) as connection:
            yield connection
        return
    with refusals(engine.url), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with _turn(connection), bare_cursor(connection) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.connection.rollback()
                raise
            connection.dispatch.commit(connection)
            cursor.execute("COMMIT")


@contextmanager
def _by_itself(engine: Engine) -> Iterator[Connection]:
    with refusals(engine.url), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Give statements that no transaction may hold, such as VACUUM; on SQLite nobody else writes meanwhile.

    Raises StoreError.
    """
    if engine.dialect.name == "postgresql":
        with _by_itself(engine) as connection:
            yield connection
        return
    with refusals(engine.url), _outside(engine) as connection, _turn(connection):
        yield connection


@contextmanager
def reading(engine: Engine, *, snapshot: bool = False) -> Iterator[Connection]:
    """Run one transaction that only reads, never waiting for writers. `snapshot`: all statements see one state.

    Raises StoreError.
    """
    with refusals(engine.url), engine.connect() as connection:
        if snapshot and engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _outside(engine: Engine) -> Connection:
    return engine.connect().execution_options(**{_OUTSIDE: True})


def take_turns(connection: Connection, key: int) -> None:
    """Let one transaction of a kind run at a time, until it ends; on SQLite `writing` has seen to that already."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ADVISORY, {"key": key})


@contextmanager
def _turn(connection: Connection) -> Iterator[None]:
    """Hold the turn where writers need one; it is waited for as long as a lock of SQLite's own."""
    file: Path | None = connection.get_execution_options().get(_TURNS)
    if file is None:
        yield
        return
    driver: Any = connection.connection.driver_connection
    holding = ExitStack()
    try:
        holding.enter_context(turn(file, lambda: driver.execute("PRAGMA busy_timeout").fetchone()[0] / 1000))
    except TimeoutError as error:
        raise no_turn(connection.engine.url) from error
    except OSError as error:
        raise no_file(connection.engine.url, error) from error
    with holding:
        yield


def _sqlite(url: URL) -> Engine:
    file = file_of(url)
    if file is None:
        # One connection is the database; whoever else wants it waits.
        engine = create_engine(
            url, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False}
        )
    else:
        refuse_network(url, mount_of(file))
        # What a connection has read stays with it until another writes: whoever was last is asked first.
        engine = create_engine(url, connect_args={"timeout": _WAIT_SECONDS}, pool_use_lifo=True)
        if needs_turns(sqlite3.sqlite_version_info):
            engine.update_execution_options(**{_TURNS: turns_file(file)})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def refuse_network(url: URL, mount: Mount | None) -> None:
    """Raise ConfigError for a SQLite file that lies on another machine's file system."""
    if mount and mount.network:
        raise ConfigError(
            f"{name_of(url)} lies on a network file system ({mount.kind} at {mount.point}), where SQLite files get"
            " damaged; take PostgreSQL (postgresql://...) or a file on a local disk"
        )


def _prepare(connection: Any, _record: Any) -> None:
    """Hand the transactions over to `_begin`; a commit is on the disk when it returns."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    asked = connection.get_execution_options()
    if not asked.get(_OUTSIDE):
        with bare_cursor(connection) as cursor:
            cursor.execute("BEGIN IMMEDIATE" if asked.get(_WRITES) else "BEGIN")


def _postgresql(url: URL) -> Engine:
    options = " ".join([_POSTGRESQL_OPTIONS, *_given(url, "options")])
    engine = create_engine(
        url.difference_update_query(["options"]),
        isolation_level="READ COMMITTED",
        connect_args={
            "options": options,
            "connect_timeout": _WAIT_SECONDS,
            "application_name": "tracker",
            **_STILL_THERE,
        },
    )
    ask_before_use(engine)
    return engine


def _given(url: URL, name: str) -> tuple[str, ...]:
    value = url.query.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)
