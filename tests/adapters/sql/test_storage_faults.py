"""Power cuts, full disks and clocks that step back: what was acknowledged stays, and nothing is half there."""

import random
import resource
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.adapters.sql.made import NOON, Clock, later, renamed
from tests.adapters.sql.writers import processes
from tests.conftest import execute
from tests.made.storage import Recorder, Server, ends_of_frames, fill, opened, small_disk
from tests.made.storage import write_until_refused as write
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade


def test_a_write_ahead_log_cut_anywhere(tmp_path: Path) -> None:
    """Cut at any frame or within one, a SQLite file opens, verifies, and holds what was acknowledged before the cut.

    It holds nothing else: no event of a commit that the cut took away.
    """
    recorder, chance = Recorder(tmp_path / "whole"), random.Random(1)
    recorder.append(12)
    database, wal = recorder.database, recorder.wal
    ends = ends_of_frames(wal)
    assert ends[-1] == len(wal)
    cuts = [0, 17, *ends, *(end - chance.randrange(1, 4120) for end in ends[::3])]
    for cut in cuts:
        audit = opened(tmp_path / "cut", database, wal[:cut])
        assert audit.faults == ()
        assert audit.position == recorder.before(cut)
    assert recorder.before(len(wal)) == recorder.log.head() > 20
    recorder.engine.dispose()


def test_a_write_ahead_log_begun_anew(tmp_path: Path) -> None:
    """After a checkpoint the same holds where the frames that were lost show the old ones beneath them."""
    recorder, chance = Recorder(tmp_path / "whole"), random.Random(2)
    recorder.append(10)
    _checkpoint(recorder)
    beneath, first = recorder.wal, recorder.log.head()
    recorder.acknowledged.clear()
    recorder.append(4)
    database, wal = recorder.database, recorder.wal
    ends = ends_of_frames(wal)
    assert ends[-1] < len(wal) == len(beneath)
    for cut in (0, 17, 32, *ends, *(end - chance.randrange(1, 4120) for end in ends)):
        audit = opened(tmp_path / "cut", database, wal[:cut] + beneath[cut:])
        assert audit.faults == ()
        assert audit.position == recorder.before(cut, otherwise=first)
    recorder.engine.dispose()


def test_a_checkpoint_cut_short(tmp_path: Path) -> None:
    """Whichever pages of a checkpoint reached the file when the power went, nothing is missing."""
    recorder, chance = Recorder(tmp_path / "whole"), random.Random(3)
    recorder.append(15)
    before, wal = recorder.database, recorder.wal
    _checkpoint(recorder)
    after = recorder.database
    for _ in range(20):
        pages = range(0, len(after), 4096)
        torn = b"".join(
            (after if chance.random() < 0.5 else before)[page : page + 4096].ljust(4096, b"\0") for page in pages
        )
        audit = opened(tmp_path / "torn", torn, wal)
        assert (audit.faults, audit.position) == ((), recorder.log.head())
    recorder.engine.dispose()


def _checkpoint(recorder: Recorder) -> None:
    with recorder.engine.connect() as connection:
        assert connection.connection.driver_connection is not None
        busy, size, done = connection.connection.driver_connection.execute("PRAGMA wal_checkpoint").fetchone()
    assert (busy, size) == (0, done)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a PostgreSQL that may be stopped at once, with every commit written through."""
    made = Server()
    yield made
    made.close()


def test_a_server_that_is_stopped_at_once(server: Server, tmp_path: Path) -> None:
    """After `pg_ctl stop -m immediate` in the middle of appends all that was acknowledged is stored and verifies."""
    execute(server.url("postgres"), "CREATE DATABASE stopped")
    url, acknowledged = server.url("stopped"), tmp_path / "acknowledged"
    upgrade(url)
    for life in range(2):
        begun = acknowledged.stat().st_size if acknowledged.exists() else 0
        writers = [processes().Process(target=write, args=(url, f"w{life}{nth}", acknowledged)) for nth in range(2)]
        for writer in writers:
            writer.start()
        while not acknowledged.exists() or acknowledged.stat().st_size < begun + 500:
            assert any(writer.is_alive() for writer in writers)
            time.sleep(0.005)
        server.stop_at_once()
        for writer in writers:
            writer.join()
            assert writer.exitcode == 0
        server.start()
        engine = open_engine(url)
        stored = {one.id for one in SqlEventLog(engine, Clock()).read()}
        told = set(acknowledged.read_text().split())
        assert told <= stored
        assert len(stored) <= len(told) + 2 * 3 * (life + 1)
        assert SqlAuditor(engine).verify().faults == ()
        engine.dispose()


def goes_on(url: str, position: int) -> None:
    """Check that a log holds what was acknowledged, nothing half, and takes more."""
    engine = open_engine(url)
    audit, log = SqlAuditor(engine).verify(), SqlEventLog(engine, Clock())
    assert (audit.faults, audit.events, log.head()) == ((), position, position)
    assert log.append("after", 0, [renamed("after")])[0].position == position + 1
    assert SqlAuditor(engine).verify().faults == ()
    engine.dispose()


def test_a_full_disk(tmp_path: Path) -> None:
    """On a full disk a SQLite file refuses in one line; with room again it goes on where it was."""
    with small_disk(tmp_path / "small", 2) as disk:
        if disk is None:
            pytest.skip("this process may not mount a file system")
        url = f"sqlite:///{disk.folder}/tracker.db"
        upgrade(url)
        position, line = fill(url)
        assert line == f"database {disk.folder}/tracker.db: the disk is full"
        assert position > 10
        disk.grow(8)
        goes_on(url, position)


def test_a_full_disk_of_a_server(server: Server) -> None:
    """On a full disk PostgreSQL refuses in one line; with room again it goes on where it was."""
    with small_disk(server.folder / "small", 24) as disk:
        if disk is None:
            pytest.skip("this process may not mount a file system")
        server.own(disk.folder)
        url = server.url("small")
        execute(
            server.url("postgres"),
            f"CREATE TABLESPACE small LOCATION '{disk.folder}'",
            "CREATE DATABASE small TABLESPACE small",
        )
        upgrade(url)
        position, line = fill(url)
        assert line.endswith("the server's disk is full")
        assert position > 10
        disk.grow(64)
        goes_on(url, position)
        execute(server.url("postgres"), "DROP DATABASE small", "DROP TABLESPACE small")


LIMIT = 600_000


def test_a_file_that_may_not_grow(sqlite_url: str) -> None:
    """A write that the system refuses half-way is one line, leaves nothing half, and later ones go through."""
    ours, theirs = processes().Pipe()
    process = processes().Process(target=_fill_within, args=(sqlite_url, theirs))
    process.start()
    position, line = ours.recv()
    process.join()
    assert line.endswith("reading or writing the file failed")
    assert position > 10
    goes_on(sqlite_url, position)


def _fill_within(url: str, line: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
    line.send(fill(url))


def test_a_clock_that_steps_back(engine: Engine) -> None:
    """When the clock steps back an hour times go on following positions, and answers given about the past stay."""
    clock = Clock()
    log = SqlEventLog(engine, clock)
    steps = [*([timedelta(minutes=20)] * 4), timedelta(hours=-1), *([timedelta(minutes=25)] * 4)]
    told: dict[timedelta, int] = {}
    for number, step in enumerate(steps):
        clock.now += step
        newest = log.append("s", number, [renamed(f"{number}")])[0].recorded_at
        for minutes in range(0, 130, 5):
            moment = NOON + timedelta(minutes=minutes)
            if moment < newest:
                assert told.setdefault(moment - NOON, log.position_at(moment)) == log.position_at(moment)
    times = [one.recorded_at for one in log.read()]
    assert times == sorted(times)
    assert times[3] == times[4] == times[6] == later(minutes=80)
    assert times[-1] == later(minutes=120)
    assert told[timedelta(minutes=75)] == log.position_at(later(minutes=75)) == 3
    assert told[timedelta(minutes=90)] == log.position_at(later(minutes=80)) == 7
    assert SqlAuditor(engine).verify().faults == ()
