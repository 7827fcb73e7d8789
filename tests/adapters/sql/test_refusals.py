"""Databases that refuse, each in one line and with no password in it."""

import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.adapters.sql.made import Clock, entry, later, renamed
from tests.conftest import execute
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, parse, reading, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.read_models import SqlViews
from tracker.adapters.sql.refusal import ConnectionLost, explain, name_of
from tracker.errors import ConfigError, StoreError

PASSWORD = "correct-horse"


def refused(action: Callable[[], Any]) -> str:
    """Return the one line with which something is refused."""
    with pytest.raises(StoreError) as caught:
        action()
    line = str(caught.value)
    assert "\n" not in line
    assert PASSWORD not in line
    assert len(line) < 250
    return line


def test_no_folder(tmp_path: Path) -> None:
    """A database in a folder that is not there cannot be opened."""
    engine = open_engine(f"sqlite:///{tmp_path}/none/tracker.db")
    assert "cannot be opened" in refused(SqlEventLog(engine, Clock()).head)
    engine.dispose()


def test_a_folder_nobody_may_write_to() -> None:
    """A folder that may not be written to, as the kernel's own for everybody, is named."""
    assert "database /proc/tracker.db: " in refused(lambda: upgrade("sqlite:////proc/tracker.db"))


def test_a_write_protected_file(sqlite_url: str) -> None:
    """A file that may only be read is read, and refuses to be written."""
    engine = open_engine(sqlite_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")
    log = SqlEventLog(engine, Clock())
    assert log.head() == 0
    assert "it may only be read" in refused(lambda: log.append("s", 0, [renamed("1")]))
    engine.dispose()


def test_not_a_database(tmp_path: Path) -> None:
    """A file of something else is refused and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 99)
    assert "not a database" in refused(lambda: upgrade(f"sqlite:///{path}"))
    assert path.read_text() == "Dear diary, " * 99


def test_a_damaged_database(sqlite_url: str, tmp_path: Path) -> None:
    """A file whose pages are overwritten is said to be damaged."""
    engine = open_engine(sqlite_url)
    log = SqlEventLog(engine, Clock())
    log.append("s", 0, [renamed(str(number)) for number in range(500)])
    engine.dispose()
    path = tmp_path / "tracker.db"
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    assert "damaged" in refused(lambda: list(log.read()))
    engine.dispose()


@pytest.fixture
def full(sqlite_url: str) -> Iterator[Engine]:
    """Return a database on a disk that takes no page more than it holds."""
    engine = open_engine(sqlite_url)

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    yield engine
    engine.dispose()


def test_a_full_disk(full: Engine) -> None:
    """When the disk is full the write is refused whole, and the log stays valid and readable."""
    log = SqlEventLog(full, Clock())

    def fill() -> None:
        for number in range(1000):
            log.append("s", number, [renamed(f"{number}", "x" * 3000)])

    assert "the disk is full" in refused(fill)
    audit = SqlAuditor(full).verify()
    assert audit.faults == ()
    assert 0 < audit.events == log.head() < 1000
    for action in (
        lambda: SqlArchive(full).keep("f", [entry("1", text="x" * 90_000)], baseline=[False], seen=later()),
        lambda: SqlViews(full).save("v", {("a", "b"): {"x": "y" * 90_000}}, after=0, position=1),
    ):
        assert "the disk is full" in refused(action)


def test_a_device_that_is_full() -> None:
    """A real device without room cannot hold a database."""
    refused(lambda: upgrade("sqlite:////dev/full"))


def test_without_tables(empty_database_url: str) -> None:
    """A database that was never migrated says which command makes its tables."""
    engine = open_engine(empty_database_url)
    for action in (
        lambda: SqlEventLog(engine, Clock()).append("s", 0, [renamed("1")]),
        lambda: SqlAuditor(engine).verify(),
        lambda: SqlArchive(engine).pending("s", 1),
        lambda: SqlFeedBook(engine).all(),
        lambda: SqlOutbox(engine).search(),
        lambda: SqlViews(engine).checkpoint("v"),
    ):
        assert "tracker db upgrade" in refused(action)
    engine.dispose()


def test_locked(sqlite_url: str) -> None:
    """A database that another process keeps locked is said to be so, and takes the write once it is free."""
    holder, waiter = open_engine(sqlite_url), open_engine(sqlite_url)

    @event.listens_for(waiter, "connect")
    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 1")

    log = SqlEventLog(waiter, Clock())
    with writing(holder):
        assert "locked by another process" in refused(lambda: log.append("s", 0, [renamed("1")]))
        assert log.head() == 0
    assert len(log.append("s", 0, [renamed("1")])) == 1
    holder.dispose()
    waiter.dispose()


def test_locked_on_a_server(postgresql_url: str) -> None:
    """A row that another session keeps locked is waited for no longer than the server was told to."""
    holder, waiter = open_engine(postgresql_url), open_engine(f"{postgresql_url}&options=-c%20lock_timeout%3D10ms")
    log = SqlEventLog(waiter, Clock())
    with writing(holder) as connection:
        connection.execute(text("UPDATE log SET position = position"))
        assert "locked by another process" in refused(lambda: log.append("s", 0, [renamed("1")]))
    assert len(log.append("s", 0, [renamed("1")])) == 1
    holder.dispose()
    waiter.dispose()


@pytest.fixture(scope="module")
def guarded(postgresql_server: str) -> str:
    """Return the URL, with `{}` for the password, of a user who needs one."""
    execute(
        postgresql_server.format("postgres"),
        f"CREATE ROLE guarded LOGIN PASSWORD '{PASSWORD}'",
        "CREATE DATABASE guarded OWNER guarded",
    )
    engine = open_engine(postgresql_server.format("postgres"))
    with reading(engine) as connection:
        rules = Path(connection.execute(text("SHOW hba_file")).scalar_one())
        rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    # Until the server has read its rules again, anybody may enter.
    url = postgresql_server.format("guarded").replace("postgres@", "guarded:{}@")
    while True:
        try:
            upgrade(url.format("wrong"))
        except StoreError:
            return url


@pytest.mark.parametrize("password", ["wrong", f"{PASSWORD}x"])
def test_wrong_password(guarded: str, password: str) -> None:
    """A wrong password is said to be refused, without saying it."""
    line = refused(lambda: upgrade(guarded.format(password)))
    assert "refuses the password" in line
    assert password not in line.replace("refuses the password", "")
    upgrade(guarded.format(PASSWORD))


def test_no_password(guarded: str) -> None:
    """A missing password is asked for."""
    assert "wants a password" in refused(lambda: upgrade(guarded.replace(":{}", "")))


def test_no_such_database(postgresql_server: str) -> None:
    """A database or a user that the server does not know is named."""
    for url in (postgresql_server.format("none"), postgresql_server.format("postgres").replace("postgres@", "none@")):
        assert "no such" in refused(partial(upgrade, url))


def test_no_server() -> None:
    """A port on which nothing listens is named, the password is not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = refused(lambda: upgrade(f"postgres://u:{PASSWORD}@127.0.0.1:{port}/d"))
    assert line == f"database d at 127.0.0.1:{port}: no server listens there"


def test_a_server_that_went_away(postgresql_url: str) -> None:
    """A connection that the server ended is made anew for the next transaction."""
    engine = open_engine(postgresql_url)
    log = SqlEventLog(engine, Clock())
    log.append("s", 0, [renamed("1")])
    with pytest.raises(ConnectionLost), writing(engine) as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert log.head() == 1
    engine.dispose()


@pytest.mark.parametrize("url", ["", "tracker.db", "mysql://u:correct-horse@h/d", "postgresql+asyncpg:/x", "sqlite+x"])
def test_urls_of_another_kind(url: str) -> None:
    """What is no URL of a supported database is a configuration error that does not repeat the password."""
    with pytest.raises(ConfigError) as caught:
        open_engine(url)
    assert PASSWORD not in str(caught.value)
    assert "postgresql://" in str(caught.value)


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the driver of PostgreSQL is missing, the message says how to get it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'story-tracker\[postgresql\]'"):
        open_engine("postgresql://h/d")


def test_an_error_of_the_server_itself(postgresql_url: str) -> None:
    """What the server says of a statement is passed on, its first line only."""
    engine = open_engine(postgresql_url)

    def misspell() -> None:
        with writing(engine) as connection:
            connection.execute(text("SELECT nonsense FROM log"))

    assert "nonsense" in refused(misspell)
    engine.dispose()


def test_names() -> None:
    """A database is called by its file or its address, never with its password."""
    assert name_of(parse("sqlite://")) == "database in memory"
    assert name_of(parse("sqlite:///a/b.db")) == "database a/b.db"
    assert name_of(parse(f"postgresql://u:{PASSWORD}@h:5433/d")) == "database d at h:5433"
    assert name_of(parse("postgresql:///d?host=/run/a&host=/run/b")) == "database d at /run/a, /run/b"


def test_words_of_the_library_itself() -> None:
    """An error without a code is cut to its first line, blanks folded and the password taken out."""
    url = parse(f"postgresql://u:{PASSWORD}@h/d")
    broken = OperationalError("SELECT 1", {}, Exception(f"odd \t  thing with {PASSWORD}\nmore"))
    assert str(explain(broken, url)) == "database d at h: odd thing with ***"
    assert str(explain(OperationalError("SELECT 1", {}, Exception(" ")), url)).endswith("it refused without a word")
    assert str(explain(PoolTimeout("QueuePool limit"), url)) == "database d at h: every connection is in use"
    assert str(explain(InvalidRequestError("two\nlines"), url)) == "database d at h: two"
