"""Writers that run as processes of their own, for the tests that let them collide or kill them."""

import multiprocessing
import os
from itertools import count
from multiprocessing.context import ForkServerContext

from tests.adapters.sql.made import Clock, renamed
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.domain.events import NewEvent
from tracker.errors import Conflict
from tracker.ports.log import Notice


def processes() -> ForkServerContext:
    """Return a context whose processes start within milliseconds, everything here imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def write_and_collide(url: str, name: str, appends: int) -> None:
    """Append to two streams that others write to as well; one append in six is rolled back half-way at first."""
    log = SqlEventLog(open_engine(url), Clock())
    for number in range(appends):
        stream = f"shared-{number % 2}"
        batch = [renamed(f"{name}-{number}-{part}") for part in range(number % 3 + 1)]
        if number % 6 == 5:
            batch.insert(1, renamed(f"{name}-{number - 1}-0"))
        while not _appended(log, stream, batch):
            pass


def _appended(log: SqlEventLog, stream: str, batch: list[NewEvent]) -> bool:
    version = sum(1 for _ in log.read(stream=stream))
    try:
        log.append(stream, version, batch, [Notice("mail", batch[0].id, "s")])
    except Conflict:
        return False
    return True


def write_until_killed(url: str, name: str, acknowledged: str) -> None:
    """Append to one stream for ever; note each id in a file once its append has returned."""
    log = SqlEventLog(open_engine(url), Clock())
    out = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    version = 0
    for number in count():
        batch = [renamed(f"{name}-{number}-{part}") for part in range(number % 3 + 1)]
        log.append(name, version, batch, [Notice("mail", one.id, "s") for one in batch])
        version += len(batch)
        os.write(out, "".join(f"{one.id}\n" for one in batch).encode())


def migrate(url: str) -> None:
    """Bring a database to the head."""
    upgrade(url)
