"""Writers that run as processes of their own, for the tests that let them collide or kill them."""

import multiprocessing
import os
import random
import time
from contextlib import suppress
from itertools import count
from multiprocessing.context import ForkServerContext

from sqlalchemy import text

from tests.adapters.sql.made import Clock, renamed
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.domain.events import NewEvent
from tracker.errors import Conflict
from tracker.ports.log import Batch, Notice

ROLLED_BACK = 0.05
SHARED = tuple(f"s-{number}" for number in range(8))


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


class RolledBack(Exception):
    """Thrown into a transaction at its end."""


def linger(chance: random.Random, open_seconds: float) -> None:
    """Keep a transaction open for up to so long, and end one in twenty by RolledBack."""
    time.sleep(chance.uniform(0, open_seconds))
    if chance.random() < ROLLED_BACK:
        raise RolledBack


def write_at_random(url: str, number: int, appends: int, open_seconds: float) -> None:
    """Append to one or two of a few streams that all writers share, at once or with something beside that lingers."""
    chance, engine = random.Random(number), open_engine(url)
    logs = (
        SqlEventLog(engine, Clock()),
        SqlEventLog(engine, Clock(), lambda _connection, _recorded: linger(chance, open_seconds)),
    )
    versions: dict[str, tuple[int, int]] = {}
    for nth in range(appends):
        log = chance.choice(logs)
        new = {
            name: [renamed(f"{number}-{nth}-{name}-{part}") for part in range(chance.randint(1, 3))]
            for name in chance.sample(SHARED, chance.randint(1, 2))
        }
        written = False
        while not written:
            for name in new:
                versions[name] = _newest(log, name, *versions.get(name, (0, 0)))
            try:
                log.append_together([Batch(name, versions[name][1], events) for name, events in new.items()])
            except Conflict:
                continue
            except RolledBack:
                """What is rolled back is not tried again."""
            written = True
    engine.dispose()


def _newest(log: SqlEventLog, stream: str, position: int, version: int) -> tuple[int, int]:
    for one in log.read(stream=stream, after=position):
        position, version = one.position, one.version
    return position, version


def insert_at_random(url: str, number: int, appends: int, open_seconds: float) -> None:
    """Insert into the table `naive`, which numbers its rows by itself."""
    chance, engine = random.Random(number), open_engine(url)
    for nth in range(appends):
        with suppress(RolledBack), writing(engine) as connection:
            for part in range(chance.randint(1, 6)):
                connection.execute(text("INSERT INTO naive (name) VALUES (:name)"), {"name": f"{number}-{nth}-{part}"})
            linger(chance, open_seconds)
    engine.dispose()


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
