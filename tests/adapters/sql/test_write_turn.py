"""Writers of a SQLite file take turns where its version needs them to, against other processes and threads."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from tests.adapters.sql.holders import APPENDS, held_by_another, write_much
from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.writers import processes
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.write_turn import needs_turns, turn, turns_file
from tracker.errors import StoreError

WRITERS = 4
PAGE = 4096 + 24  # bytes of a page in the write-ahead log

old = pytest.mark.skipif(not needs_turns(sqlite3.sqlite_version_info), reason="this SQLite needs no turns")


@pytest.mark.parametrize(
    ("version", "needed"),
    [((3, 7, 0), True), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False)],
)
def test_which_versions_need_turns(version: tuple[int, int, int], *, needed: bool) -> None:
    """SQLite's fault of the write-ahead log is there up to 3.51.2, and so is the rule."""
    assert needs_turns(version) is needed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file whose lock is the turn of the test's database."""
    return turns_file(tmp_path / "tracker.db")


@pytest.fixture
def hasty(sqlite_url: str) -> Any:
    """Return a database that waits for no lock longer than a millisecond."""
    engine = open_engine(sqlite_url)

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 1")

    yield engine
    engine.dispose()


def refused(action: Callable[[], Any]) -> str:
    """Return the line with which something is refused."""
    with pytest.raises(StoreError) as caught:
        action()
    return str(caught.value)


@old
def test_a_writer_has_the_turn(sqlite_url: str, file: Path) -> None:
    """From the start of a transaction that writes to its end nobody else gets the turn; a reader never has it."""
    engine = open_engine(sqlite_url)
    with writing(engine), pytest.raises(TimeoutError), turn(file, lambda: 0):
        pass
    with pytest.raises(RuntimeError), writing(engine):
        raise RuntimeError
    with reading(engine), turn(file, lambda: 0):
        pass
    engine.dispose()


@old
def test_whoever_has_the_turn_is_waited_for(hasty: Engine, sqlite_url: str, file: Path) -> None:
    """A writer waits for the turn no longer than for a lock of SQLite's own, and is refused with the same line."""
    log = SqlEventLog(hasty, Clock())
    with turn(file, lambda: 0):
        by_turn = refused(lambda: log.append("s", 0, [renamed("1")]))
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as other:
        other.execute("BEGIN IMMEDIATE")
        by_sqlite = refused(lambda: log.append("s", 0, [renamed("1")]))
    assert by_turn == by_sqlite
    assert by_turn.endswith("it is locked by another process")
    assert len(log.append("s", 0, [renamed("1")])) == 1


@old
def test_a_turn_that_comes_in_time(file: Path) -> None:
    """Whoever waits takes the turn as soon as it is free."""
    with ThreadPoolExecutor(1) as pool:
        with turn(file, lambda: 0):
            waiting = pool.submit(lambda: turn(file, lambda: 600).__enter__())
            assert not waiting.done()
        waiting.result()


def test_readers_are_not_blocked_and_a_killed_writer_leaves_nothing(hasty: Engine, sqlite_url: str) -> None:
    """While another process writes, readers read what was committed; killed, it leaves neither a lock nor its rows."""
    log = SqlEventLog(hasty, Clock())
    log.append("s", 0, [renamed("1")])
    with held_by_another(sqlite_url):
        assert log.head() == 1
        assert "locked by another process" in refused(lambda: log.append("s", 1, [renamed("2")]))
    assert [one.position for one in log.append("s", 1, [renamed("2")])] == [2]


def test_threads_of_one_process(sqlite_url: str) -> None:
    """Threads that share an engine, more of them than it has connections, all get their turn."""
    engine = open_engine(sqlite_url)
    log = SqlEventLog(engine, Clock())

    def write(name: str) -> None:
        for number in range(5):
            log.append(name, number, [renamed(f"{name}-{number}")])

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, map(str, range(20))))
    assert SqlAuditor(engine).verify().faults == ()
    assert log.head() == 100
    engine.dispose()


def test_many_processes(sqlite_url: str, tmp_path: Path) -> None:
    """With four processes that write much and a reader, nothing is lost and the write-ahead log stays bounded."""
    context = processes()
    writers = [context.Process(target=write_much, args=(sqlite_url, f"w{number}")) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    engine = open_engine(sqlite_url)
    log, seen, over, longest = SqlEventLog(engine, Clock()), list[int](), False, 0
    while not over:
        over = not any(writer.is_alive() for writer in writers)
        seen += [one.position for one in log.read(after=seen[-1] if seen else 0, limit=20)]
        longest = max(longest, (tmp_path / "tracker.db-wal").stat().st_size)
    seen += [one.position for one in log.read(after=seen[-1])]
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert seen == list(range(1, WRITERS * APPENDS + 1))
    assert SqlAuditor(engine).verify().faults == ()
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    written = WRITERS * APPENDS * 10 * PAGE
    assert longest < written / 2
    assert longest < 1500 * PAGE
    engine.dispose()
    assert not (tmp_path / "tracker.db-wal").exists()


@old
@pytest.mark.usefixtures("sqlite_url")
def test_a_database_has_one_turn_by_all_its_names(file: Path, tmp_path: Path) -> None:
    """Whoever comes by a link takes the same turn."""
    (tmp_path / "link.db").symlink_to(tmp_path / "tracker.db")
    engine = open_engine(f"sqlite:///{tmp_path}/link.db")
    with writing(engine), pytest.raises(TimeoutError), turn(file, lambda: 0):
        pass
    assert not (tmp_path / "link.db.write").exists()
    engine.dispose()


def test_in_memory_needs_no_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in memory belongs to its process: no file is made for it."""
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite://", "sqlite:///:memory:", "sqlite:///file:shared?mode=memory&uri=true"):
        engine = open_engine(url)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE t (x)"))
        engine.dispose()
    assert list(tmp_path.iterdir()) == []


@old
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "reading or writing the file failed"),
        (lambda path: path.symlink_to("/proc/none"), "it cannot be opened"),
        (lambda path: path.symlink_to("/proc/self/none/none"), "it cannot be opened"),
    ],
)
def test_a_turn_that_cannot_be_had(sqlite_url: str, file: Path, make: Callable[[Path], None], words: str) -> None:
    """Where the file of the turn cannot be opened nothing is written, and one line says why."""
    make(file)
    engine = open_engine(sqlite_url)
    log = SqlEventLog(engine, Clock())
    assert words in refused(lambda: log.append("s", 0, [renamed("1")]))
    assert log.head() == 0
    engine.dispose()
