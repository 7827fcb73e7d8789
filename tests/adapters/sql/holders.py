"""Processes that stay in a transaction that writes, or write in large pieces, for the tests of the turn."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from sqlalchemy import text

from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.writers import processes
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog

APPENDS = 80
TITLE = "x" * 40_000
"""Ten pages of SQLite."""


def hold(url: str, line: Connection) -> None:
    """Begin a transaction that writes, say so, and stay in it."""
    with writing(open_engine(url)) as connection:
        connection.execute(text("UPDATE log SET position = 99"))
        line.send("held")
        time.sleep(600)


@contextmanager
def held_by_another(url: str) -> Iterator[None]:
    """Let another process be in the middle of a transaction that writes; kill -9 it at the end."""
    ours, theirs = processes().Pipe()
    holder = processes().Process(target=hold, args=(url, theirs))
    holder.start()
    assert ours.recv() == "held"
    try:
        yield
    finally:
        holder.kill()
        holder.join()


def write_much(url: str, name: str) -> None:
    """Append to one stream, ten pages a time."""
    log = SqlEventLog(open_engine(url), Clock())
    for number in range(APPENDS):
        log.append(name, number, [renamed(f"{name}-{number}", TITLE)])
