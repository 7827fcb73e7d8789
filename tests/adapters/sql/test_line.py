"""Connections that a pool keeps: asked whether they stand, but by who tries again anyway."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text

from tests.adapters.sql.made import Clock, renamed
from tests.conftest import execute
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.line import ask_before_use, unasked

END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracker' AND pid <> {}"


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    """Return an engine on a server."""
    opened = open_engine(postgresql_url)
    yield opened
    opened.dispose()


def hold(engine: Engine, count: int) -> None:
    """Have so many connections in the pool."""
    opened = [engine.connect() for _ in range(count)]
    for connection in opened:
        connection.execute(text("SELECT 1"))
    for connection in opened:
        connection.close()


def test_ended_by_the_server(engine: Engine, postgresql_url: str) -> None:
    """When the server ended every idle connection, whoever reads or writes next does not notice."""
    log = SqlEventLog(engine, Clock())
    log.append("a", 0, [renamed("1")])
    for number in range(1, 4):
        hold(engine, 3)
        execute(postgresql_url, END_ALL.format("pg_backend_pid()"))
        assert log.head() == number
        hold(engine, 3)
        execute(postgresql_url, END_ALL.format("pg_backend_pid()"))
        log.append("a", number, [renamed(f"{number + 1}")])


class Counting(psycopg.Cursor[Any]):
    """A cursor that counts what all of its kind execute."""

    executed = 0

    def execute(self, *args: Any, **kwargs: Any) -> "Counting":
        """Count, and execute."""
        Counting.executed += 1
        return super().execute(*args, **kwargs)


@pytest.mark.parametrize(("taken", "questions"), [(nullcontext, 20), (unasked, 0)])
def test_asked_or_not(postgresql_url: str, taken: Callable[[], AbstractContextManager[None]], questions: int) -> None:
    """A connection is asked before each use whether it stands, but by who wants to find out by using it."""
    url = postgresql_url.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url, connect_args={"cursor_factory": Counting})
    ask_before_use(engine)
    hold(engine, 1)
    before = Counting.executed
    for _ in range(20):
        with taken(), reading(engine) as connection:
            connection.execute(text("SELECT 1"))
    assert Counting.executed - before == 20 + questions
    engine.dispose()
