"""What a question to a long log costs, counted in steps and rows, never in seconds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.adapters.sql.made import Clock, later, renamed
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade

SHORT, LONG = 1_000, 100_000
# Two streams, entry by entry in turn; as many rows as wanted without the time that real appends would take.
FILL = """
    INSERT INTO event (position, stream, version, id, type, schema, actor, recorded_at, data, salt, digest, hash)
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2 * {})
    SELECT n, CASE WHEN n % 2 = 1 THEN 'odd' ELSE 'even' END, (n + 1) / 2, 'e' || n, 'story.closed', 1, 'somebody',
        1717243200000000 + n * CAST(1000000 AS BIGINT), '{{"story":"s"}}', 'salt', 'digest', 'hash' || n FROM number
"""


def fill(engine: Engine, length: int) -> SqlEventLog:
    """Return a log with two streams of a length, an event a second."""
    with engine.begin() as connection:
        connection.execute(text(FILL.format(length)))
        connection.execute(text("UPDATE log SET position = :last, recorded_at = :at"), {"last": 2 * length, "at": 0})
    return SqlEventLog(engine, Clock())


QUESTIONS: dict[str, Callable[[SqlEventLog, int], object]] = {
    "the newest of a stream": lambda log, length: [one.version for one in log.read(stream="odd", after=2 * length - 5)],
    "a few in the middle of a stream": lambda log, length: list(log.read(stream="even", after=length, limit=5)),
    "the first of a stream": lambda log, _: list(log.read(stream="even", limit=5)),
    "a few in the middle": lambda log, length: list(log.read(after=length, limit=5)),
    "where the log stood": lambda log, length: log.position_at(later(seconds=length)),
    "a seal": lambda log, length: log.seal(length),
    "an append": lambda log, length: log.append("odd", length, [renamed("new")]),
    "an append on a remembered tip": lambda log, length: log.append("odd", length + 1, [renamed("newer")]),
}


@contextmanager
def counted_steps(engine: Engine) -> Iterator[list[int]]:
    """Count the instructions of SQLite's machine, in hundreds."""
    steps = [0]

    def count() -> None:
        steps[0] += 1

    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(count, 100)
    yield steps
    driver.set_progress_handler(None, 0)


def test_steps_of_sqlite() -> None:
    """No question to a log a hundred times as long takes SQLite twice the steps, reading or appending."""
    taken: dict[int, list[int]] = {}
    for length in (SHORT, LONG):
        engine = open_engine("sqlite://")
        upgrade(engine)
        log = fill(engine, length)
        for ask in QUESTIONS.values():
            with counted_steps(engine) as steps:
                ask(log, length)
            taken.setdefault(length, []).append(steps[0])
        engine.dispose()
    assert all(long <= 2 * short + 10 for short, long in zip(taken[SHORT], taken[LONG], strict=True)), taken
    assert max(taken[LONG]) < 100


@pytest.fixture
def long_log(postgresql_url: str) -> Iterator[tuple[Engine, SqlEventLog]]:
    """Return a long log on PostgreSQL, of which the planner knows nothing yet."""
    engine = open_engine(postgresql_url)
    yield engine, fill(engine, LONG)
    engine.dispose()


@pytest.mark.parametrize("analysed", [False, True])
def test_rows_of_postgresql(long_log: tuple[Engine, SqlEventLog], *, analysed: bool) -> None:
    """No question makes PostgreSQL touch more than a few rows of a long log, before the table's analysis and after."""
    engine, log = long_log
    if analysed:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE event"))
    touched = rows_touched(engine)
    for name, ask in QUESTIONS.items():
        ask(log, LONG)
        before, touched = touched, rows_touched(engine)
        assert 0 < touched - before < 100, name
    assert len(list(log.read(stream="odd", limit=500))) == 500
    assert rows_touched(engine) - touched >= 500  # the counter counts


def rows_touched(engine: Engine) -> int:
    """Return how many rows the server has read of the table of events and its indexes."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        scanned = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relid = 'event'::regclass"
        fetched = "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relid = 'event'::regclass"
        return int(sum(connection.execute(text(one)).scalar_one() for one in (scanned, fetched)))
