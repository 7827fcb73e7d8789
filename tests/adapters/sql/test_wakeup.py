"""Hints that the log has grown, and what happens to who waits for one that does not come."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.adapters.sql.made import Clock, renamed
from tests.made.relay import relayed
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.wakeup import Listener, Sleep, wakeup_of
from tracker.ports.wakeup import Wakeup

_SIGNS_OF_LIFE = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)

LONG = 60.0
"""Seconds that a test waits for a hint: it comes within milliseconds, or the test fails."""


@contextmanager
def waiting(engine: Engine) -> Iterator[Wakeup]:
    """Give a wakeup that has nothing left to tell of what was before."""
    wakeup = wakeup_of(engine)
    try:
        assert wakeup.wait(LONG)
        yield wakeup
    finally:
        wakeup.close()


def append(engine: Engine, name: str) -> None:
    """Append an event on another connection."""
    SqlEventLog(engine, Clock()).append(f"story-{name}", 0, (renamed(name),))


def test_an_append_wakes_who_waits(engine: Engine) -> None:
    """Each append is told to who waits, once; without one the wait ends in vain."""
    with waiting(engine) as wakeup:
        assert not wakeup.wait(0)
        for name in ("a", "b"):
            append(engine, name)
            assert wakeup.wait(LONG)
            assert not wakeup.wait(0.01)


def test_an_append_before_the_wait_is_told_as_well(engine: Engine) -> None:
    """What was appended while nobody waited is told at the next wait, at once."""
    with waiting(engine) as wakeup:
        append(engine, "a")
        append(engine, "b")
        assert wakeup.wait(LONG)


def test_a_rolled_back_append_wakes_nobody(postgresql_url: str) -> None:
    """The hint is part of the append's transaction: there is none of an append that was taken back."""
    engine = open_engine(postgresql_url)
    with waiting(engine) as wakeup, engine.connect() as connection:
        connection.execute(text("UPDATE log SET position = position + 1"))
        connection.rollback()
        assert not wakeup.wait(0.2)
    engine.dispose()


def listeners(engine: Engine) -> list[int]:
    """Return the server's processes that listen."""
    with engine.connect() as connection:
        asked = text("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
        return list(connection.execute(asked).scalars())


def test_a_listener_that_was_ended_comes_back(postgresql_url: str) -> None:
    """A LISTEN connection that the server ends is opened anew, and hears again; the wait meanwhile raises nothing."""
    engine = open_engine(postgresql_url)
    with waiting(engine) as wakeup:
        (before,) = listeners(engine)
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": before})
        assert wakeup.wait(LONG), "listening again tells that something may have been missed"
        (after,) = listeners(engine)
        assert after != before
        append(engine, "a")
        assert wakeup.wait(LONG)
    engine.dispose()


def test_a_listener_in_a_black_hole_only_gives_no_hint(postgresql_url: str) -> None:
    """Where the network swallows everything, a wait ends after its time, as it does without a hint."""
    engine = open_engine(postgresql_url)
    with relayed(postgresql_url) as (relay, through):
        distant = open_engine(through)
        with waiting(distant) as wakeup:
            relay.silent.set()
            append(engine, "a")
            assert not wakeup.wait(0.2)
        distant.dispose()
    engine.dispose()


def test_a_silent_server_is_asked_whether_it_is_there(postgresql_url: str) -> None:
    """A connection over a network has the system ask a silent server for a sign of life, and give up after a minute."""
    with relayed(postgresql_url) as (_, through):
        engine = open_engine(through)
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            system = socket.socket(fileno=os.dup(driver.pgconn.socket))
            asked = [system.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)]
            asked += [system.getsockopt(socket.IPPROTO_TCP, name) for name in _SIGNS_OF_LIFE]
            system.close()
        engine.dispose()
    assert asked == [1, 30, 10, 3, 60_000]


def test_a_database_that_is_not_there_gives_no_hint() -> None:
    """Nobody at the address: no hint, and no error."""
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    wakeup = wakeup_of(engine)
    assert not wakeup.wait(0.1)
    wakeup.close()


@pytest.mark.parametrize("listen", [True, False])
def test_who_may_not_listen_sleeps(listen: bool) -> None:  # noqa: FBT001 - the two ways are what it is about
    """Behind a pooler that forbids LISTEN there is no listener, and none for a database in memory."""
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    wakeup = wakeup_of(engine, listen=listen)
    assert isinstance(wakeup, Listener if listen else Sleep)
    wakeup.close()
    asleep = wakeup_of(open_engine("sqlite://"), listen=listen)
    assert not asleep.wait(0)
    asleep.close()


def test_a_file_that_is_not_there_gives_no_hint(tmp_path: Path) -> None:
    """A SQLite file that cannot be opened ends no wait early, and raises nothing."""
    engine = open_engine(f"sqlite:///{tmp_path}/gone/tracker.db")
    wakeup = wakeup_of(engine)
    assert not wakeup.wait(0.1)
    wakeup.close()
