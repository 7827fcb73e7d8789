"""Append speed on durable file databases, beside the raw driver and the library `eventsourcing`, in one run.

    python -m venv .venv-bench && .venv-bench/bin/pip install -r benchmarks/requirements.txt
    python benchmarks/append.py [--repeats 7] [--scale 1.0] [--only sqlite|postgresql] [--library PYTHON]

Every contestant writes events of the same JSON body in streams of 100, 1 or 100 a transaction:

    raw      sqlite3 or psycopg (executemany, which psycopg pipelines) writing finished rows of our table
    ours     SqlEventLog.append: encoding, positions, versions, digests, chain
    library  `Application.save` of eventsourcing, in a process of its own with the interpreter of the bench environment

Repeats are interleaved. Prints the median of events a second, and the ratios of ours to the other two.
"""

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from databases import durable
from sqlalchemy import text

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.tables import event as event_table
from tracker.domain.claims import Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import ClaimCorroborated, Finding, NewEvent
from tracker.domain.ids import content_id

HERE = Path(__file__).parent
STREAM = 100
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
# How many events a round writes: about a second of work for the slowest.
SIZES = {1: 1000, 100: 10000}
COLUMNS = tuple(column.name for column in event_table.columns)
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)


def streams(count: int, label: str) -> Iterator[tuple[str, list[NewEvent]]]:
    """Yield streams of events whose JSON has about 520 bytes."""
    for stream in range(count // STREAM):
        yield f"{label}-{stream}", [_event(f"{label}-{stream}-{nth}", nth) for nth in range(STREAM)]


def _event(name: str, nth: int) -> NewEvent:
    entry = EntryRef(
        content_id("e", (name,)), content_id("v", (name,)), "Bridge stays shut",
        "Weeks, officials said.",
        "https://news.example/a/7", "Courier", "Courier", NOON + timedelta(minutes=nth), "en",
    )  # fmt: skip
    finding = Finding(
        "S01", Relation.CORROBORATES, None, None, None, 0.8731, "It could take weeks.",
        "says the same", news=False, happening=entry.id,
    )  # fmt: skip
    identity = content_id("n", (name,))
    return NewEvent(identity, ClaimCorroborated(entry, finding), "judge-1", entry.id, entry.published)


def chunks(events: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield slices of a size."""
    return (events[start : start + size] for start in range(0, len(events), size))


def ours(url: str, label: str, size: int, count: int) -> float:
    """Return the seconds that our log takes."""
    work = list(streams(count, label))
    engine = open_engine(url)
    log = SqlEventLog(engine, lambda: NOON)
    log.append(f"{label}-warm", 0, [_event(f"{label}-warm", 0)])
    start = perf_counter()
    for stream, events in work:
        version = 0
        for batch in chunks(events, size):
            log.append(stream, version, batch)
            version += len(batch)
    taken = perf_counter() - start
    engine.dispose()
    return taken


def finished_rows(count: int) -> list[tuple[Any, ...]]:
    """Return rows as our log writes them, made in memory."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    log = SqlEventLog(engine, lambda: NOON)
    for stream, events in streams(count, "raw"):
        log.append(stream, 0, events)
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {NAMES} FROM event ORDER BY position")).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def raw_sqlite(url: str, rows: Sequence[tuple[Any, ...]], size: int) -> float:
    """Return the seconds that the module sqlite3 takes to write the rows into a fresh file."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    statement = f"INSERT INTO event ({NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"
    start = perf_counter()
    for batch in chunks(rows, size):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, batch)
        connection.execute("COMMIT")
    taken = perf_counter() - start
    connection.close()
    return taken


def raw_postgresql(url: str, rows: Sequence[tuple[Any, ...]], size: int) -> float:
    """Return the seconds that psycopg takes to write the rows into an empty table like ours."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS raw_event (LIKE event INCLUDING ALL)")
        connection.execute("TRUNCATE raw_event")
        connection.commit()
        cursor = connection.cursor()
        statement = f"INSERT INTO raw_event ({NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
        start = perf_counter()
        for batch in chunks(rows, size):
            if len(batch) == 1:
                cursor.execute(statement, batch[0])
            else:
                cursor.executemany(statement, batch)
            connection.commit()
        return perf_counter() - start


def library(python: str, kind: str, place: str, size: int, count: int) -> float:
    """Return the seconds that eventsourcing takes, measured in its own process."""
    command = [python, str(HERE / "append_library.py"), kind, place, str(size), str(count)]
    bodies = [json.dumps(_body(new)) for _, events in streams(count, "library") for new in events]
    done = subprocess.run(command, input="\n".join(bodies), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout)


def _body(new: NewEvent) -> dict[str, Any]:
    from tracker.adapters.sql.codec import encode  # noqa: PLC0415

    body: dict[str, Any] = json.loads(encode(new.event)[2])
    return body


@contextmanager
def place_of(kind: str, shared: str) -> Iterator[str]:
    """Yield where a round writes: a fresh SQLite file, or the one PostgreSQL database."""
    if kind == "postgresql":
        yield shared
    else:
        with durable("sqlite") as url:
            yield url


def measure(kind: str, size: int, count: int, repeats: int, python: str) -> dict[str, float]:
    """Return the median of events a second of each contestant."""
    rows = finished_rows(count)
    raw = raw_sqlite if kind == "sqlite" else raw_postgresql
    rates: dict[str, list[float]] = {"raw": [], "ours": [], "library": []}
    with durable(kind) as shared:
        for repeat in range(repeats):
            with place_of(kind, shared) as url:
                rates["raw"].append(count / raw(url, rows, size))
            with place_of(kind, shared) as url:
                rates["ours"].append(count / ours(url, f"ours-{size}-{repeat}", size, count))
            with place_of(kind, shared) as url:
                rates["library"].append(count / library(python, kind, url, size, count))
    return {name: statistics.median(found) for name, found in rates.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0, help="times the events of a round")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--library", default=str(HERE.parent / ".venv-bench" / "bin" / "python"), metavar="PYTHON")
    given = parser.parse_args()
    if not Path(given.library).exists():
        sys.exit(f"{given.library} is not there; see the top of this file")
    print(f"{'':24}{'raw':>10}{'ours':>10}{'library':>10}   ours/raw  ours/library   (events/s, medians)", flush=True)
    for kind in (given.only,) if given.only else ("sqlite", "postgresql"):
        for size, events in SIZES.items():
            count = max(STREAM, int(events * given.scale) // STREAM * STREAM)
            found = measure(kind, size, count, given.repeats, given.library)
            print(
                f"{kind:12}{size:4} a tx   {found['raw']:10.0f}{found['ours']:10.0f}{found['library']:10.0f}"
                f"{found['ours'] / found['raw']:11.2f}{found['ours'] / found['library']:14.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
