"""The log against a list, in any order of calls, on a database in memory, in a file, and on PostgreSQL.

`STORE_EXAMPLES=2000 pytest tests/adapters/sql/test_store_model.py` looks longer than there is time for in every run.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine

from tests.adapters.sql.made import Clock, later, renamed
from tests.conftest import execute
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.domain.events import Recorded
from tracker.errors import Conflict, StoreError
from tracker.ports.log import Batch

EXAMPLES = int(os.environ.get("STORE_EXAMPLES", "15"))
STREAMS = ("a", "b", "c")


@dataclass(frozen=True)
class Kept:
    """What the list holds of an event."""

    position: int
    stream: str
    version: int
    id: str
    recorded_at: datetime

    @classmethod
    def of(cls, one: Recorded) -> "Kept":
        """Return what the list holds of what the log holds."""
        return cls(one.position, one.stream, one.version, one.id, one.recorded_at)


Wanted = list[tuple[str, int, list[str]]]
"""Stream, expected version and ids of each batch."""


class Model:
    """What the log is to do, in a few lines."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []

    def version(self, stream: str) -> int:
        """Return the version of a stream."""
        return sum(one.stream == stream for one in self.kept)

    def append(self, wanted: Wanted, now: datetime) -> list[Kept] | None:
        """Return the rows of all wanted ids, None for a conflict."""
        added: list[Kept] = []
        at = max(now, self.kept[-1].recorded_at) if self.kept else now
        touched: set[str] = set()
        for stream, expected, names in wanted:
            held = {one.id for one in self.kept + added}
            missing = [name for name in dict.fromkeys(names) if name not in held]
            if missing and (expected != self.version(stream) or stream in touched):
                return None
            if missing:
                touched.add(stream)
            for nth, name in enumerate(missing, 1):
                added.append(Kept(len(self.kept) + len(added) + 1, stream, expected + nth, name, at))
        self.kept += added
        by_id = {one.id: one for one in self.kept}
        return [by_id[name] for name in dict.fromkeys(name for _, _, names in wanted for name in names)]


streams = st.sampled_from(STREAMS)
names = st.lists(st.integers(0, 30).map(str), max_size=4)
off = st.sampled_from([0, 0, 0, 0, 1, -1, 5])


class Store(RuleBasedStateMachine):
    """Two writers at one log, one of them reopened now and then, and the list beside them."""

    def __init__(self, open_fresh: Callable[[], Engine], reopened: Callable[[Engine], Engine]) -> None:
        super().__init__()
        self._reopened = reopened
        self.engine = open_fresh()
        self.clock = Clock()
        self.writers = [SqlEventLog(self.engine, self.clock) for _ in range(2)]
        self.model = Model()

    def teardown(self) -> None:
        """Prove what was made, and close it."""
        audit = SqlAuditor(self.engine).verify()
        assert (audit.faults, audit.events, audit.position) == ((), len(self.model.kept), len(self.model.kept))
        self.engine.dispose()

    @rule(minutes=st.integers(-60, 60))
    def time_passes(self, minutes: int) -> None:
        """The clock goes on, or is set back."""
        self.clock.now = later(minutes=minutes)

    @rule(writer=st.integers(0, 1), stream=streams, off=off, ids=names)
    def append(self, writer: int, stream: str, off: int, ids: list[str]) -> None:
        """One stream, at its version or at another."""
        wanted = [(stream, max(0, self.model.version(stream) + off), ids)]
        log = self.writers[writer]

        def write() -> tuple[Recorded, ...]:
            return log.append(stream, wanted[0][1], [renamed(one) for one in ids])

        self.compare(write, wanted)

    @rule(writer=st.integers(0, 1), parts=st.lists(st.tuples(streams, off, names), max_size=4))
    def append_together(self, writer: int, parts: list[tuple[str, int, list[str]]]) -> None:
        """Several streams, some of them perhaps named twice or stale."""
        wanted = [(stream, max(0, self.model.version(stream) + off), ids) for stream, off, ids in parts]
        batches = [Batch(stream, expected, [renamed(one) for one in ids]) for stream, expected, ids in wanted]
        self.compare(lambda: self.writers[writer].append_together(batches), wanted)

    def compare(self, write: Callable[[], tuple[Recorded, ...]], wanted: Wanted) -> None:
        """Write to both."""
        try:
            written = write()
        except Conflict:
            assert self.model.append(wanted, self.clock.now) is None
        else:
            assert list(map(Kept.of, written)) == self.model.append(wanted, self.clock.now)

    @rule(stream=streams, ids=names.filter(bool))
    def fail_beside(self, stream: str, ids: list[str]) -> None:
        """What is written beside an append fails: nothing was appended, unless nothing had to be."""
        version = self.model.version(stream)
        log = SqlEventLog(self.engine, self.clock, failing)
        if {one.id for one in self.model.kept} >= set(ids):
            log.append(stream, version, [renamed(one) for one in ids])
            return
        with pytest.raises(StoreError):
            log.append(stream, version, [renamed(one) for one in ids])

    @rule(after=st.integers(0, 40), upto=st.none() | st.integers(0, 40), limit=st.none() | st.integers(0, 9))
    def read(self, after: int, upto: int | None, limit: int | None) -> None:
        """A range of the log."""
        found = [one for one in self.model.kept if after < one.position <= (40 if upto is None else upto)]
        assert list(map(Kept.of, self.writers[0].read(after=after, upto=upto, limit=limit))) == found[:limit]

    @rule(stream=streams, after=st.integers(0, 40), upto=st.none() | st.integers(0, 40))
    def read_stream(self, stream: str, after: int, upto: int | None) -> None:
        """A range of a stream."""
        found = [one for one in self.model.kept if after < one.position <= (40 if upto is None else upto)]
        told = list(map(Kept.of, self.writers[0].read(stream=stream, after=after, upto=upto)))
        assert told == [one for one in found if one.stream == stream]

    @rule(minutes=st.integers(-61, 61))
    def position_at(self, minutes: int) -> None:
        """What was known at a time."""
        known = [one.position for one in self.model.kept if one.recorded_at <= later(minutes=minutes)]
        assert self.writers[0].position_at(later(minutes=minutes)) == max(known, default=0)

    @rule()
    def reopen(self) -> None:
        """The program ends and starts again."""
        self.engine = self._reopened(self.engine)
        self.writers[0] = SqlEventLog(self.engine, self.clock)
        self.writers[1] = SqlEventLog(self.engine, self.clock)

    @rule(start=st.integers(1, 40))
    def verify(self, start: int) -> None:
        """The log proves itself from anywhere, with any of its hashes."""
        last = len(self.model.kept)
        noted = self.writers[0].seal(min(start, last)) or None
        audit = SqlAuditor(self.engine).verify(start=start, head=noted)
        assert bool(audit.faults) == (start > last + 1)

    @invariant()
    def as_long_as_the_list(self) -> None:
        """The head is where the list ends."""
        assert self.writers[1].head() == len(self.model.kept)


def failing(_connection: Connection, _recorded: Sequence[Recorded]) -> None:
    """Fail."""
    raise StoreError("no")


def in_memory() -> Engine:
    """Return a database that ends with its engine."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    return engine


def reopened(engine: Engine) -> Engine:
    """Return another engine on the same database."""
    url = engine.url
    engine.dispose()
    return open_engine(url.render_as_string(hide_password=False))


def check(open_fresh: Callable[[], Engine], reopen: Callable[[Engine], Engine] = reopened) -> None:
    """Look for a sequence of calls after which log and list differ."""
    machine: Any = partial(Store, open_fresh, reopen)
    run_state_machine_as_test(machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=25))


def test_in_memory() -> None:
    """A log in memory does what a list does."""
    check(in_memory, lambda engine: engine)


def test_in_a_file(sqlite_template: Path, tmp_path: Path) -> None:
    """A log in a file does what a list does."""

    def fresh() -> Engine:
        for left in tmp_path.iterdir():
            left.unlink()
        shutil.copy(sqlite_template, tmp_path / "log.db")
        return open_engine(f"sqlite:///{tmp_path / 'log.db'}")

    check(fresh)


def test_on_postgresql(postgresql_url: str) -> None:
    """A log on PostgreSQL does what a list does."""

    def fresh() -> Engine:
        execute(
            postgresql_url,
            "ALTER TABLE event DISABLE TRIGGER USER",
            "TRUNCATE event",
            "ALTER TABLE event ENABLE TRIGGER USER",
            "UPDATE log SET position = 0, recorded_at = 0",
        )
        return open_engine(postgresql_url)

    check(fresh)
