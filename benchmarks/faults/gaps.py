"""Lets many processes append at once while another one follows, and compares what it saw with what is stored.

    python -m benchmarks.faults.gaps [--database sqlite|postgresql] [--postgresql-url URL] [--writers N] [--appends N]

Transactions stay open for up to `--open-ms` milliseconds and one in twenty is rolled back at its end. Followed is the
log, on both databases, and on PostgreSQL also the way that suggests itself: a table with a bigserial key, of which the
reader asks for what is greater than the last key that it saw. One check judges both: what was seen is what is stored,
in order, each once, and positions have no holes. Exit code 1 when the log fails it, and when the other way passes.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Event

from sqlalchemy import Connection, Engine, TextClause, select, text

from benchmarks.faults.places import KINDS, arguments, place
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.tables import event
from tracker.domain.events import NewEvent, Recorded, StoryRenamed
from tracker.errors import Conflict
from tracker.ports.log import Batch

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
STREAMS = 6
ROLLED_BACK = 0.05
_FORK = multiprocessing.get_context("fork")

Row = tuple[int, str]
"""A position and the id of the event there."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is written: processes, appends of each, and seconds that a transaction stays open at most."""

    writers: int
    appends: int
    open_seconds: float


@dataclass(frozen=True, slots=True)
class Check:
    """What a reader that followed missed, saw twice and saw too late, and the holes between positions."""

    stored: int
    lost: int
    repeated: int
    disordered: int
    holes: int

    @property
    def passed(self) -> bool:
        """Tell whether something was stored and the reader saw it all, in order, once, without holes."""
        return self.stored > 0 and not (self.lost or self.repeated or self.disordered or self.holes)


def check(seen: Sequence[Row], stored: Sequence[Row]) -> Check:
    """Compare what a reader saw, in the order in which it came, with what is stored in the end."""
    positions = [position for position, _ in seen]
    return Check(
        stored=len(stored),
        lost=len(set(stored) - set(seen)),
        repeated=len(seen) - len(set(seen)),
        disordered=sum(later < earlier for earlier, later in pairwise(positions)),
        holes=max((position for position, _ in stored), default=0) - len({position for position, _ in stored}),
    )


class RolledBack(Exception):
    """Thrown into a transaction at its end."""


def linger(chance: random.Random, longest: float) -> None:
    """Keep a transaction open for a while, and end one in twenty by RolledBack."""
    time.sleep(chance.uniform(0, longest))
    if chance.random() < ROLLED_BACK:
        raise RolledBack


def write_log(url: str, load: Load, number: int) -> None:
    """Append to streams that all writers share, one or two at a time."""
    chance = random.Random(number)

    def stay(_connection: Connection, _recorded: Sequence[Recorded]) -> None:
        linger(chance, load.open_seconds)

    log = SqlEventLog(open_engine(url), lambda: NOON, stay)
    for nth in range(load.appends):
        names = chance.sample([f"s-{one}" for one in range(STREAMS)], chance.randint(1, 2))
        new = {name: _events(f"{number}-{nth}-{name}", chance.randint(1, 3)) for name in names}
        while not _appended(log, new):
            """Another writer was first."""


def _events(name: str, count: int) -> list[NewEvent]:
    return [NewEvent(f"{name}-{part}", StoryRenamed("s", "Title"), "person") for part in range(count)]


def _appended(log: SqlEventLog, new: dict[str, list[NewEvent]]) -> bool:
    try:
        log.append_together([Batch(name, _version(log, name), events) for name, events in new.items()])
    except RolledBack:
        """These are never stored."""
    except Conflict:
        return False
    return True


def _version(log: SqlEventLog, stream: str) -> int:
    # The newest event is in the last few: reading a whole stream for its version would measure that.
    after = max(0, log.head() - 10 * STREAMS)
    newest = [one.version for one in log.read(after=after, stream=stream)]
    return newest[-1] if newest else sum(1 for _ in log.read(stream=stream))


def follow_log(url: str) -> Callable[[int], Iterable[Row]]:
    """Return what reads the log after a position."""
    log = SqlEventLog(open_engine(url), lambda: NOON)
    return lambda last: ((one.position, one.id) for one in log.read(after=last))


def write_naive(url: str, load: Load, number: int) -> None:
    """Insert into a table that numbers its rows."""
    chance, engine = random.Random(number), open_engine(url)
    for nth in range(load.appends):
        try:
            with writing(engine) as connection:
                for part in range(chance.randint(1, 6)):
                    connection.execute(_PUT, {"name": f"{number}-{nth}-{part}"})
                linger(chance, load.open_seconds)
        except RolledBack:
            """These are never stored."""


def follow_naive(url: str) -> Callable[[int], Iterable[Row]]:
    """Return what reads the table after a position."""
    engine = open_engine(url)

    def after(last: int) -> Iterable[Row]:
        with reading(engine) as connection:
            return [(row.id, row.name) for row in connection.execute(_AFTER, {"last": last})]

    return after


_MAKE = text("CREATE TABLE naive (id bigserial PRIMARY KEY, name text NOT NULL)")
_PUT = text("INSERT INTO naive (name) VALUES (:name)")
_AFTER = text("SELECT id, name FROM naive WHERE id > :last ORDER BY id")
_DROP = text("DROP TABLE naive")


def collide(
    load: Load,
    write: Callable[[Load, int], None],
    follow: Callable[[], Callable[[int], Iterable[Row]]],
) -> list[Row]:
    """Run the writers beside one reader; return what it saw, up to a last look after the last of them has ended."""
    ours, theirs = _FORK.Pipe(duplex=False)
    over = _FORK.Event()
    reader = _FORK.Process(target=_tail, args=(follow, over, theirs))
    writers = [_FORK.Process(target=write, args=(load, number)) for number in range(load.writers)]
    for process in (reader, *writers):
        process.start()
    theirs.close()
    for process in writers:
        process.join()
    over.set()
    seen: list[Row] = ours.recv()
    reader.join()
    if any(process.exitcode for process in (reader, *writers)):
        raise RuntimeError("a writer or the reader failed: see above")
    return seen


def _tail(follow: Callable[[], Callable[[int], Iterable[Row]]], over: Event, answer: Pipe) -> None:
    after, seen = follow(), list[Row]()
    last_look = False
    while not last_look:
        last_look = over.is_set()
        seen += after(seen[-1][0] if seen else 0)
    answer.send(seen)


def try_log(url: str, load: Load) -> tuple[Check, tuple[str, ...]]:
    """Return the check of the log, and what its own audit finds."""
    seen = collide(load, partial(write_log, url), partial(follow_log, url))
    engine = open_engine(url)
    with reading(engine) as connection:
        rows = connection.execute(select(event.c.position, event.c.id).order_by(event.c.position)).all()
    faults = SqlAuditor(engine).verify().faults
    engine.dispose()
    return check(seen, [(position, identity) for position, identity in rows]), faults


def try_naive(url: str, load: Load) -> Check:
    """Return the check of the table that numbers its rows."""
    engine = open_engine(url)
    _execute(engine, _MAKE)
    engine.dispose()
    seen = collide(load, partial(write_naive, url), partial(follow_naive, url))
    stored = list(follow_naive(url)(0))
    _execute(engine, _DROP)
    engine.dispose()
    return check(seen, stored)


def _execute(engine: Engine, statement: TextClause) -> None:
    with writing(engine) as connection:
        connection.execute(statement)


def main() -> int:
    """Run the command."""
    given = _arguments()
    load = Load(given.writers, given.appends, given.open_ms / 1000)
    print(f"{'database':<12}{'scheme':<14}{'stored':>8}{'lost':>8}{'twice':>8}{'late':>8}{'holes':>8}  verify")
    ok = True
    for kind in [given.database] if given.database else KINDS:
        with place(kind, given.postgresql_url if kind == "postgresql" else None) as where:
            found, faults = try_log(where.url, load)
            print(_row(kind, "the log", found, "; ".join(faults) or "ok"), flush=True)
            ok &= found.passed and not faults
            if kind == "postgresql":
                naive = try_naive(where.url, load)
                print(_row(kind, "id > last", naive, "-"), flush=True)
                ok &= naive.lost > 0
    return 0 if ok else 1


def _row(kind: str, scheme: str, found: Check, verdict: str) -> str:
    numbers = (found.stored, found.lost, found.repeated, found.disordered, found.holes)
    return f"{kind:<12}{scheme:<14}" + "".join(f"{number:>8}" for number in numbers) + f"  {verdict}"


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--writers", type=int, default=8, help="processes that write (default: 8)")
    parser.add_argument("--appends", type=int, default=250, help="appends of each (default: 250)")
    parser.add_argument("--open-ms", type=float, default=3.0, help="longest time of a transaction (default: 3)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
