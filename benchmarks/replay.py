"""Replay and incremental folds on durable file databases, beside the raw driver and `eventsourcing`, in one run.

    python -m venv .venv-bench && .venv-bench/bin/pip install -r benchmarks/requirements.txt
    python benchmarks/replay.py [--events 20000] [--repeats 5] [--reports 1000,10000,100000] [--only sqlite|postgresql]

Replay, median of interleaved repeats, by the clock on the wall and by CPU of the client process alone. All read the
same events (linked 70 %, corroborated 20 %, updated 5 %, denied 3 %, new 2 %, over 20 stories) in pages of 1,000 or
fewer:

    raw       sqlite3 or psycopg fetching the same columns, JSON left as it is
    read      SqlEventLog.read: events as the folds take them
    replay    read, and folded into ledger and timeline in memory, as a look back does
    rebuild   read, folded, and written as new rows of both views, beside the old ones that it replaces
    mapped    eventsourcing's notifications, selected and mapped to its domain events, no fold: in its own process
    select    the same, selected and not mapped

Incremental, microseconds an event: what `catch_up` takes for ledger and timeline after each single append, with so many
reports in the story, and what an append takes that brings stories, ledger and health along.
"""

import argparse
import random
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import psycopg
from databases import durable
from sqlalchemy import Engine

from tracker.adapters.sql.codec import encode
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.inline_views import InlineViews
from tracker.adapters.sql.read_models import SqlViews
from tracker.application.project import catch_up, rebuild
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    EntryLinked,
    Event,
    Finding,
    NewEvent,
    StoryOpened,
    story_stream,
)
from tracker.domain.ids import content_id
from tracker.domain.quantity import Quantity
from tracker.projections import ALL, INLINE
from tracker.projections.ledger import Ledger
from tracker.projections.projection import Key, Row
from tracker.projections.timeline import Timeline

HERE = Path(__file__).parent
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
STORIES, CLAIMS, PAGE, APPENDED = 20, 8, 1000, 100
VIEWS = (Ledger(), Timeline())
COLUMNS = (
    "position, stream, version, id, type, schema, data, actor, causation, published_at, recorded_at, hash"
)  # fmt: skip
SINGLE = 200
"""Events whose folds are timed one by one."""


def story(name: str, reports: int, chance: random.Random) -> Iterator[NewEvent]:
    """Yield a story: its opening, its claims, and so many reports."""
    yield NewEvent(content_id("o", (name,)), StoryOpened(name, "The bridge", "en", None, None, None), "seed")
    for nth in range(CLAIMS):
        yield NewEvent(content_id("c", (name, str(nth))), ClaimTracked(_claim(f"S{nth:02}", nth), "seed"), "seed")
    for nth in range(reports):
        yield report(name, nth, chance)


def report(name: str, nth: int, chance: random.Random) -> NewEvent:
    """Return what a report did to a story."""
    at = NOON + timedelta(minutes=nth)
    source = f"The Courier {nth % 40}"
    entry = EntryRef(
        content_id("e", (name, str(nth))), content_id("v", (name, str(nth))), "The bridge stays closed, the city says",
        "Repairs could take weeks, officials said on Tuesday.", f"https://news.example/a/{name}/{nth}", source, source,
        at, "en",
    )  # fmt: skip
    event = _event(entry, nth, chance)
    return NewEvent(content_id("r", (name, str(nth))), event, "judge 1", causation=entry.id, published_at=at)


def _event(entry: EntryRef, nth: int, chance: random.Random) -> Event:
    drawn, claim = chance.random(), f"S{nth % CLAIMS:02}"
    if drawn < 0.7:
        return EntryLinked(entry, 0.8, "the same agency text", entry.id, (claim,), entry.id)
    if drawn < 0.9:
        return ClaimCorroborated(entry, _finding(Relation.CORROBORATES, claim, entry))
    if drawn < 0.95:
        return ClaimUpdated(entry, _finding(Relation.UPDATES, claim, entry), _claim(claim, nth))
    if drawn < 0.98:
        return ClaimDenied(entry, _finding(Relation.DENIES, claim, entry))
    return ClaimTracked(_claim(f"N{nth}", nth), "entry", entry, _finding(Relation.NEW, None, entry))


def _claim(name: str, value: int) -> Claim:
    return Claim(
        name, f"{value} people were hurt when the railing gave way.", "the fire brigade", Status.FACT,
        (Quantity(float(value), float(value), noun="person", text=f"{value} people"),),
    )  # fmt: skip


def _finding(relation: Relation, claim: str | None, entry: EntryRef) -> Finding:
    return Finding(
        claim, relation, "quantity", "11 people", "14 people", 0.9, "Fourteen people are now known to be hurt.",
        "14 is more than the 11 known before", news=relation is not Relation.CORROBORATES, happening=entry.id,
    )  # fmt: skip


def fill(log: SqlEventLog, name: str, reports: int) -> None:
    """Append a story."""
    events = list(story(name, reports, random.Random(name)))
    for start in range(0, len(events), APPENDED):
        log.append(story_stream(name), start, events[start : start + APPENDED])


def raw_sqlite(engine: Engine) -> Callable[[], int]:
    """Return a loop of the driver over every event."""
    connection = sqlite3.connect(engine.url.database or "")
    query = f"SELECT {COLUMNS} FROM event WHERE position > ? ORDER BY position LIMIT {PAGE}"
    return lambda: _pages(lambda after: connection.execute(query, (after,)).fetchall())


def raw_postgresql(engine: Engine) -> Callable[[], int]:
    """Return a loop of the driver over every event."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True)
    query = f"SELECT {COLUMNS} FROM event WHERE position > %s ORDER BY position LIMIT {PAGE}"
    return lambda: _pages(lambda after: connection.execute(query, (after,)).fetchall())


def _pages(page: Callable[[int], list[tuple[int, ...]]]) -> int:
    count = after = 0
    while rows := page(after):
        count, after = count + len(rows), rows[-1][0]
    return count


def replay(log: SqlEventLog) -> int:
    """Fold every event into ledger and timeline in memory."""
    held: dict[str, dict[Key, Row]] = {view.name: {} for view in VIEWS}
    count = 0
    for recorded in log.read():
        count += 1
        for view in VIEWS:
            held[view.name] |= view.apply(held[view.name], recorded)
    return count


Cost = tuple[float, float]
"""Microseconds an event: by the clock on the wall, and of this process's CPU."""


def cost(count: int, work: Callable[[], int]) -> Cost:
    """Return what an event costs."""
    wall, cpu = perf_counter(), process_time()
    done = work()
    assert done == count, (done, count)
    return (perf_counter() - wall) / count * 1e6, (process_time() - cpu) / count * 1e6


def library(python: str, kind: str, url: str, log: SqlEventLog, repeats: int) -> dict[str, list[Cost]]:
    """Return what an event costs `eventsourcing`, for each repeat."""
    bodies = "".join(f"{encode(recorded.event)[2]}\n" for recorded in log.read())
    command = [python, str(HERE / "replay_library.py"), kind, url, str(PAGE), str(repeats)]
    done = subprocess.run(command, input=bodies, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {
        name: [(float(wall), float(cpu)) for each, wall, cpu in lines if each == name] for name in ("select", "mapped")
    }


def compare(kind: str, events: int, repeats: int, python: str | None) -> None:
    """Print how fast the same events are replayed by each contestant."""
    with durable(kind) as url:
        engine = open_engine(url)
        log, views = SqlEventLog(engine, lambda: NOON), SqlViews(engine)
        for nth in range(STORIES):
            fill(log, f"story-{nth}", events // STORIES - 1 - CLAIMS)
        catch_up(log, views, VIEWS, batch=PAGE)
        count = log.head()
        contestants: dict[str, Callable[[], int]] = {
            "raw": {"sqlite": raw_sqlite, "postgresql": raw_postgresql}[kind](engine),
            "read": lambda: sum(1 for _ in log.read()),
            "replay": lambda: replay(log),
            "rebuild": lambda: rebuild(log, views, VIEWS),
        }
        taken: dict[str, list[Cost]] = {name: [] for name in contestants}
        for _ in range(repeats):
            for name, work in contestants.items():
                taken[name].append(cost(count, work))
        if python:
            taken |= library(python, kind, url, log, repeats)
        engine.dispose()
    medians = {name: tuple(map(statistics.median, zip(*costs, strict=True))) for name, costs in taken.items()}
    print(f"{kind}, {count} events; how many times as fast by wall (by CPU)")
    for name, (wall, cpu) in medians.items():
        ratios = (
            f"{medians[other][0] / wall:6.2f} ({medians[other][1] / cpu:5.2f}) x {other}"
            for other in ("raw", "mapped")
            if other in medians
        )
        print(f"  {name:8}{1e6 / wall:12,.0f} /s {wall:7.1f} us ({cpu:5.1f} us) ", *ratios)


def incremental(kind: str, reports: int) -> None:
    """Print what one more event costs the views of a story that has so many reports."""
    with durable(kind) as url:
        engine = open_engine(url)
        log, views = SqlEventLog(engine, lambda: NOON), SqlViews(engine)
        inline = SqlEventLog(engine, lambda: NOON, InlineViews(engine, INLINE))
        fill(log, "one", reports)
        catch_up(log, views, ALL, batch=PAGE)
        folds: list[Cost] = []
        appends: list[Cost] = []
        chance = random.Random(1)
        for nth in range(2 * SINGLE):
            into, new = log if nth < SINGLE else inline, (report("one", reports + nth, chance),)
            appended = cost(1, partial(_append, into, new))
            folded = cost(1, partial(catch_up, log, views, VIEWS))
            if nth < SINGLE:
                folds.append(folded)
            else:
                appends.append(appended)
            catch_up(log, views, ALL)
        engine.dispose()
    (fold, fold_cpu), (append, append_cpu) = (
        map(statistics.median, zip(*costs, strict=True)) for costs in (folds, appends)
    )
    print(
        f"{kind}, {reports:7} reports in the story: fold {fold:8.0f} us ({fold_cpu:6.0f} us of CPU),"
        f" append with its views {append:8.0f} us ({append_cpu:6.0f} us)"
    )


def _append(log: SqlEventLog, new: tuple[NewEvent, ...]) -> int:
    return len(log.append(story_stream("one"), log.head(), new))


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=20_000)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--reports", default="1000,10000,100000")
    asked.add_argument("--only", choices=["sqlite", "postgresql"])
    asked.add_argument("--library", default=str(HERE.parent / ".venv-bench" / "bin" / "python"))
    given = asked.parse_args()
    python = given.library if Path(given.library).exists() else None
    for kind in [given.only] if given.only else ["sqlite", "postgresql"]:
        if given.events:
            compare(kind, given.events, given.repeats, python)
        for reports in filter(None, given.reports.split(",")):
            incremental(kind, int(reports))


if __name__ == "__main__":
    main()
