"""What it costs to make messages of notices that wait, beside the bare statements that write the same rows.

    python benchmarks/bundle.py [--notices 10000] [--only sqlite|postgresql]

Three shapes of the same number of notices, all due at once:

    one      one subscription's digest holds all of them
    tens     groups of ten of one story, one for each subscription
    each     a message for each notice, and a subscription for each

bare     the same updates and inserts with rows that are at hand, as many a transaction as ours
ours     `Bundler.bundle`: who waits, what waits, what was made before, what to do, and writing it

Also a look where as many wait and none is due, in milliseconds. Prints seconds and the ratio of bare to ours.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter

from databases import durable
from sqlalchemy import Engine, bindparam, insert, select, update

from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.tables import delivery, notice
from tracker.application.audience import Audience
from tracker.application.bundle import BATCH, Bundler
from tracker.domain.events import NewEvent, StoryRenamed
from tracker.domain.schedule import Held
from tracker.domain.subscription_events import ALERTS, SubscriptionAdded, Timing
from tracker.ports.log import Notice

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
DUE = NOON + timedelta(days=1)
DIGEST, GROUP = Timing(every="daily", at="12:00"), Timing(group_wait=30.0)


@dataclass(frozen=True)
class Shape:
    """How notices are spread: by subscription so many."""

    name: str
    timing: Timing
    held: Held
    of_each: int


def shapes(count: int) -> Iterator[Shape]:
    """Yield them for a number of notices."""
    yield Shape("one", DIGEST, "digest", count)
    yield Shape("tens", GROUP, "group", 10)
    yield Shape("each", GROUP, "group", 1)


def fill(engine: Engine, shape: Shape, count: int) -> None:
    """Let so many notices wait, with their events and subscriptions."""
    log = SqlEventLog(engine, lambda: NOON)
    names = [f"s-{number}" for number in range(count // shape.of_each)]
    wishes = [SubscriptionAdded(name, "email", f"{name}@example.org", None, timing=shape.timing) for name in names]
    log.append(ALERTS, 0, [NewEvent(f"add-{one.subscription}", one, "bench") for one in wishes])
    events = [NewEvent(f"e-{nth}", StoryRenamed("s", f"{nth}"), "bench") for nth in range(shape.of_each)]
    owed = [Notice(name, one.id, "s", "new", one.id, held=shape.held, due_at=DUE) for one in events for name in names]
    log.append("story-s", 0, events, owed)


def ours(engine: Engine) -> tuple[float, float, int]:
    """Return seconds of a look at what is not due, and of making the messages, and how many."""
    log = SqlEventLog(engine, lambda: NOON)
    bundler = Bundler(SqlOutbox(engine), log, Audience(log).now)
    bundler.bundle(NOON)  # a worker has heeded the wishes since its start
    begun = perf_counter()
    bundler.bundle(NOON)
    looked = perf_counter()
    made = bundler.bundle(DUE)
    return looked - begun, perf_counter() - looked, made


def bare(engine: Engine) -> float:
    """Return seconds of writing as many rows: each notice into a message, a message for each subscription."""
    with reading(engine) as connection:
        rows = connection.execute(select(notice.c.subscription, notice.c.event_id, notice.c.position)).all()
    names = sorted({row.subscription for row in rows})
    take = update(notice).where(notice.c.subscription == bindparam("whose"), notice.c.event_id == bindparam("what"))
    begun = perf_counter()
    for start in range(0, len(names), BATCH):
        some = set(names[start : start + BATCH])
        mine = [row for row in rows if row.subscription in some]
        with writing(engine) as connection:
            connection.execute(
                take.values(delivery=bindparam("message")),
                [{"whose": row.subscription, "what": row.event_id, "message": row.subscription} for row in mine],
            )
            connection.execute(insert(delivery), [message(name) for name in sorted(some)])
    return perf_counter() - begun


def message(name: str) -> dict[str, object]:
    """Return the row of a message."""
    return {
        "id": name, "subscription": name, "event_id": "e-0", "story": "s", "position": 1, "kind": "group", "upto": 1,
        "state": "pending", "attempts": 0, "due_at": NOON, "created_at": NOON, "token": 0,
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    print(f"{asked.notices} notices\n")
    print("| database | shape | messages | a look, ms | bare, s | ours, s | bare to ours |\n|" + " --- |" * 7)
    for kind in (asked.only,) if asked.only else ("sqlite", "postgresql"):
        for shape in shapes(asked.notices):
            times = []
            for measure in (bare, ours):
                with durable(kind) as url:
                    engine = open_engine(url)
                    fill(engine, shape, asked.notices)
                    times.append(measure(engine))
                    engine.dispose()
            plain, (look, made_in, made) = times
            figures = (1000 * look, plain, made_in, plain / made_in)
            print(f"| {kind} | {shape.name} | {made} | {' | '.join(f'{one:.2f}' for one in figures)} |")


if __name__ == "__main__":
    main()
