"""What an append costs on a log that has grown: microseconds an event at 10,000, 100,000 and 1,000,000 events.

    python benchmarks/growth.py [--sizes 10000,100000,1000000] [--rounds 30] [--only sqlite|postgresql]

One durable database of each size, filled by the database itself with rows of 520 bytes of JSON, in streams of 100 and
under ids without order, as ours are. Then, in turn, each is appended to: 20 events one by one, and 100 together.
Prints the medians of the rounds, and their ratios to the smallest log.
"""

import argparse
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from time import perf_counter

from append import NOON, chunks, streams
from databases import durable
from sqlalchemy import Engine, make_url

from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.domain.events import NewEvent

SINGLES = 20
FILL = """
    INSERT INTO event (position, stream, version, id, type, schema, actor, causation, published_at, recorded_at, data,
        salt, digest, hash)
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {size})
    SELECT n, 'story-' || ((n - 1) / 100), (n - 1) % 100 + 1, {random}, 'story.renamed', 1, 'judge-1', {random}, n, n,
        '{{"story":"s","title":"' || {padding} || '"}}', {random}, {random} || {random}, {random} || {random}
    FROM number
"""
WORDS = {
    "sqlite": {"random": "lower(hex(randomblob(16)))", "padding": "printf('%.490c', 'x')"},
    "postgresql": {"random": "md5(n::text)", "padding": "repeat('x', 490)"},
}


@contextmanager
def filled(kind: str, size: int, server: str | None) -> Iterator[Engine]:
    """Yield a database of a kind that holds so many events; on PostgreSQL one of a server."""
    with ExitStack() as stack:
        url = _database(server, size) if server else stack.enter_context(durable(kind))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        upgrade(engine)
        with writing(engine) as connection:
            connection.exec_driver_sql(FILL.format(size=size, **WORDS[kind]).replace("%", "%%" if server else "%"))
            connection.exec_driver_sql(f"UPDATE log SET position = {size}, recorded_at = {size}")
        if server:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
                connection.exec_driver_sql("CHECKPOINT")
        yield engine


def _database(server: str, size: int) -> str:
    engine = open_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE grown_{size}")
    engine.dispose()
    return make_url(server).set(database=f"grown_{size}").render_as_string(hide_password=False)


class Writer:
    """Appends to one log, always to streams of its own."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._log = SqlEventLog(engine, lambda: NOON)
        self._name = name
        self._numbers = count()
        self.cost("warm", 1)

    def cost(self, label: str, size: int) -> float:
        """Return the microseconds that an event takes, so many a transaction."""
        name = f"{self._name}-{label}-{next(self._numbers)}"
        ((stream, events),) = streams(100, name)
        wanted: Sequence[NewEvent] = events[:SINGLES] if size == 1 else events
        version, start = 0, perf_counter()
        for batch in chunks(wanted, size):
            self._log.append(stream, version, batch)
            version += len(batch)
        return (perf_counter() - start) / len(wanted) * 1e6


def measure(kind: str, sizes: Sequence[int], rounds: int) -> None:
    """Print a table for one kind of database."""
    with ExitStack() as stack:
        server = stack.enter_context(durable(kind)) if kind == "postgresql" else None
        writers = {size: Writer(stack.enter_context(filled(kind, size, server)), str(size)) for size in sizes}
        taken: dict[tuple[int, int], list[float]] = {(size, batch): [] for size in sizes for batch in (1, 100)}
        for _ in range(rounds):
            for (size, batch), found in taken.items():
                found.append(writers[size].cost("round", batch))
        for batch in (1, 100):
            medians = [statistics.median(taken[size, batch]) for size in sizes]
            row = "".join(f"{median:10.0f}{median / medians[0]:6.2f}" for median in medians)
            print(f"{kind:12}{batch:4} a tx{row}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="events in the log before it is measured")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    print(f"{'':21}" + "".join(f"{size:10,}{'':6}" for size in sizes) + "   (us an event, ratio to the smallest)")
    for kind in (given.only,) if given.only else ("sqlite", "postgresql"):
        measure(kind, sizes, given.rounds)


if __name__ == "__main__":
    main()
