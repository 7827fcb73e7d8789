"""Lets storage fail in every way that can be brought about here, and counts what is lost or half there.

    python -m benchmarks.faults_storage [--size N]

`--size`: how many databases are cut, servers stopped, disks filled and writers let loose; 1 takes a few minutes.
Each row: how often it was tried, how many events were at stake, and how often a law was broken. Exit code 1 when one
was. Laws: the database opens and verifies; it holds every event that was acknowledged, and nothing that no commit
ended; what is refused is refused in one line, and goes on once the cause is gone.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from tests.adapters.sql.holders import APPENDS, write_much
from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.migrators import (
    long_log,
    measure_migration,
    migrate_and_die,
    old_rows,
    rows_of,
    write_old_log,
)
from tests.adapters.sql.writers import processes
from tests.conftest import execute
from tests.made.storage import Recorder, Server, ends_of_frames, fill, opened, small_disk, write_until_refused
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import revision, upgrade

PAGE = 4096
Trial = tuple[int, bool]
"""How many events were at stake, and whether every law held."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way for storage to fail: `trials(size)` brings it about again and again."""

    name: str
    trials: Callable[[int], Iterator[Trial]]


def main() -> int:
    """Run every fault and print a row for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=1)
    size = parser.parse_args().size
    print(f"{'fault':58}{'tried':>8}{'events':>10}{'broken':>8}")
    broken = 0
    for fault in FAULTS:
        trials = list(fault.trials(size))
        failed = sum(not held for _, held in trials)
        broken += failed
        print(f"{fault.name:58}{len(trials):8}{sum(events for events, _ in trials):10}{failed:8}", flush=True)
    return 1 if broken else 0


def cut_anywhere(size: int) -> Iterator[Trial]:
    """Cut the write-ahead log at every frame, and at two places within each."""
    for seed in range(size):
        with _folder() as folder:
            chance, recorder = random.Random(seed), Recorder(folder / "whole")
            recorder.append(60)
            database, wal = recorder.database, recorder.wal
            for end in ends_of_frames(wal):
                for cut in (end, *(end - chance.randrange(1, PAGE) for _ in range(2))):
                    yield _holds(folder, database, wal[:cut], recorder.before(cut))
            recorder.engine.dispose()


def cut_over_old_frames(size: int) -> Iterator[Trial]:
    """Lose the end of a write-ahead log that was begun anew, so that the frames of its last run show beneath."""
    for seed in range(size):
        with _folder() as folder:
            chance, recorder = random.Random(seed), Recorder(folder / "whole")
            recorder.append(60)
            _checkpoint(recorder.engine)
            beneath, first = recorder.wal, recorder.log.head()
            recorder.acknowledged.clear()
            recorder.append(30)
            database, wal = recorder.database, recorder.wal
            for end in (32, *ends_of_frames(wal)):
                for cut in (end, end - chance.randrange(1, 32), end - chance.randrange(1, PAGE)):
                    at = max(cut, 0)
                    yield _holds(folder, database, wal[:at] + beneath[at:], recorder.before(at, otherwise=first))
            recorder.engine.dispose()


def torn_checkpoint(size: int) -> Iterator[Trial]:
    """Let any of the pages of a checkpoint reach the file, and the others not."""
    for seed in range(size):
        with _folder() as folder:
            chance, recorder = random.Random(seed), Recorder(folder / "whole")
            recorder.append(40)
            before, wal = recorder.database, recorder.wal
            _checkpoint(recorder.engine)
            after = recorder.database
            for _ in range(200):
                torn = b"".join(
                    (after if chance.random() < 0.5 else before)[page : page + PAGE].ljust(PAGE, b"\0")
                    for page in range(0, len(after), PAGE)
                )
                yield _holds(folder, torn, wal, recorder.log.head())
            recorder.engine.dispose()


def many_writers(size: int) -> Iterator[Trial]:
    """Let eight processes write much: nothing is lost and the write-ahead log stays within 1500 pages."""
    for _ in range(size):
        with _folder() as folder:
            url = f"sqlite:///{folder / 'tracker.db'}"
            upgrade(url)
            writers = [processes().Process(target=write_much, args=(url, f"w{number}")) for number in range(8)]
            for writer in writers:
                writer.start()
            engine, longest = open_engine(url), 0
            SqlEventLog(engine, Clock()).head()  # from here on the log stays: nobody is the last to close
            while any(writer.is_alive() for writer in writers):
                longest = max(longest, (folder / "tracker.db-wal").stat().st_size)
                time.sleep(0.001)
            whole = _verified(engine, 8 * APPENDS)
            engine.dispose()
            yield 8 * APPENDS, whole and longest < 1500 * (PAGE + 24)


def stopped_at_once(size: int) -> Iterator[Trial]:
    """Stop PostgreSQL with `pg_ctl stop -m immediate` while two processes append."""
    server = Server()
    execute(server.url("postgres"), "CREATE DATABASE stopped")
    url, chance = server.url("stopped"), random.Random(1)
    upgrade(url)
    with _folder() as folder:
        acknowledged = folder / "acknowledged"
        acknowledged.touch()
        for life in range(20 * size):
            begun = acknowledged.stat().st_size
            more = chance.randrange(10, 5000)
            writers = [
                processes().Process(target=write_until_refused, args=(url, f"w{life}-{nth}", acknowledged))
                for nth in range(2)
            ]
            for writer in writers:
                writer.start()
            while acknowledged.stat().st_size < begun + more:
                time.sleep(0.001)
            server.stop_at_once()
            for writer in writers:
                writer.join()
            server.start()
            engine = open_engine(url)
            stored = {one.id for one in SqlEventLog(engine, Clock()).read()}
            told = set(acknowledged.read_text().split())
            whole = told <= stored and len(stored) <= len(told) + 6 * (life + 1) and _verified(engine, len(stored))
            engine.dispose()
            yield len(stored), whole
    server.close()


def full_disk(size: int) -> Iterator[Trial]:
    """Fill the disk under a SQLite file, and give it room again."""
    for nth in range(5 * size):
        with _folder() as folder, small_disk(folder / "small", 1 + nth % 5) as disk:
            if disk is None:
                return
            url = f"sqlite:///{disk.folder}/tracker.db"
            upgrade(url)
            position, line = fill(url)
            disk.grow(16)
            yield position, line.endswith("the disk is full") and _goes_on(url, position)


def full_disk_of_a_server(size: int) -> Iterator[Trial]:
    """Fill the disk under a database of PostgreSQL, and give it room again."""
    server = Server()
    for nth in range(3 * size):
        with small_disk(server.folder / f"small{nth}", 20 + 4 * (nth % 3)) as disk:
            if disk is None:
                break
            server.own(disk.folder)
            execute(
                server.url("postgres"),
                f"CREATE TABLESPACE small LOCATION '{disk.folder}'",
                "CREATE DATABASE small TABLESPACE small",
            )
            url = server.url("small")
            upgrade(url)
            position, line = fill(url)
            disk.grow(96)
            yield position, line.endswith("the server's disk is full") and _goes_on(url, position)
            execute(server.url("postgres"), "DROP DATABASE small", "DROP TABLESPACE small")
    server.close()


def killed_migration(size: int) -> Iterator[Trial]:
    """Kill a migration from 0001 after each of its statements, and before its commit, on both databases."""
    del size
    server, old = Server(), old_rows()
    with _folder() as folder:
        for url in (f"sqlite:///{folder / 'tracker.db'}", server.url("postgres")):
            engine = open_engine(url)
            write_old_log(engine, old)
            for statement in range(1, 60):
                process = processes().Process(target=migrate_and_die, args=(url, statement))
                process.start()
                process.join()
                if process.exitcode == 0:
                    break
                killed = process.exitcode == -signal.SIGKILL
                yield len(old), killed and revision(engine) == "0001" and rows_of(engine, "event", "position") == old
            yield len(old), statement > 20 and _verified(engine, len(old))
            engine.dispose()
    server.close()


def long_migration(size: int) -> Iterator[Trial]:
    """Migrate 100,000 events of 2 kB (200 MB) from 0001 on both databases within 32 MiB."""
    server, events = Server(), 100_000 * size
    with _folder() as folder:
        for url in (f"sqlite:///{folder / 'tracker.db'}", server.url("postgres")):
            engine = open_engine(url)
            write_old_log(engine, long_log(events))
            ours, theirs = processes().Pipe()
            process = processes().Process(target=measure_migration, args=(url, theirs))
            process.start()
            grown = ours.recv()
            process.join()
            print(f"    a migration of {events} events took {grown / 1024:.0f} MiB more memory", file=sys.stderr)
            yield events, grown < 32 * 1024 and _verified(engine, events)
            engine.dispose()
    server.close()


FAULTS = (
    Fault("SQLite: log cut at every frame and within each", cut_anywhere),
    Fault("SQLite: log begun anew, cut over the frames before", cut_over_old_frames),
    Fault("SQLite: checkpoint torn", torn_checkpoint),
    Fault("SQLite: eight processes write, log bounded", many_writers),
    Fault("SQLite: disk full", full_disk),
    Fault("PostgreSQL: stopped at once", stopped_at_once),
    Fault("PostgreSQL: disk full", full_disk_of_a_server),
    Fault("both: migration killed at every statement", killed_migration),
    Fault("both: migration of a long log in little memory", long_migration),
)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tracker-faults-") as name:
        yield Path(name)


def _holds(folder: Path, database: bytes, wal: bytes, position: int) -> Trial:
    audit = opened(folder / "cut", database, wal)
    return position, not audit.faults and audit.position == audit.events == position


def _goes_on(url: str, position: int) -> bool:
    engine = open_engine(url)
    whole = _verified(engine, position)
    SqlEventLog(engine, Clock()).append("after", 0, [renamed("after")])
    whole = whole and _verified(engine, position + 1)
    engine.dispose()
    return whole


def _verified(engine: Engine, events: int) -> bool:
    audit = SqlAuditor(engine).verify()
    return not audit.faults and audit.events == audit.position == events and _sound(engine)


def _sound(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return True
    with reading(engine) as connection:
        return bool(connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok")


def _checkpoint(engine: Engine) -> None:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint")


if __name__ == "__main__":
    sys.exit(main())
