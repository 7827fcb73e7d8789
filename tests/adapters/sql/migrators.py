"""A log as revision 0001 wrote it, and processes that migrate it, some of which die on the way."""

import json
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection as Transaction
from sqlalchemy import Engine, event, text

from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.migrate import scripts, upgrade

OLD = Path(__file__).parents[2] / "data" / "log_0001.jsonl"
Rows = list[dict[str, Any]]


def old_rows() -> Rows:
    """Return the rows of a log that the code of revision 0001 wrote: four streams, every type of event of its time."""
    return [json.loads(line) for line in OLD.read_text().splitlines()]


def alembic(engine: Engine, what: Any, *words: str) -> None:
    """Run a command of alembic on a database."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        what(config, *words)


def write_old_log(engine: Engine, rows: Rows) -> None:
    """Make the tables of revision 0001 in an empty database and put a log into them."""
    alembic(engine, command.upgrade, "0001")
    names = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    head = {"position": rows[-1]["position"], "recorded_at": rows[-1]["recorded_at"]}
    with writing(engine) as connection:
        connection.execute(text(f"INSERT INTO event ({names}) VALUES ({values})"), rows)
        connection.execute(
            text("INSERT INTO stream (stream, version) SELECT stream, max(version) FROM event GROUP BY stream")
        )
        connection.execute(text("UPDATE log SET position = :position, recorded_at = :recorded_at"), head)


def long_log(events: int) -> Rows:
    """Return a log of revision 0001 with a number of events of 2 kB each."""
    return [
        {
            "position": position, "stream": f"story-{position % 7}", "version": (position + 6) // 7,
            "id": f"event-{position}", "type": "story.renamed", "schema": 1, "actor": "person", "causation": None,
            "published_at": None, "recorded_at": position, "hash": "",
            "data": json.dumps({"story": "s", "title": f"{position} " + "x" * 2000}, separators=(",", ":")),
        }
        for position in range(1, events + 1)
    ]  # fmt: skip


def rows_of(engine: Engine, table: str, order: str) -> Rows:
    """Return the rows of a table as they stand."""
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}")).mappings()]


def count_statements(url: str) -> int:
    """Bring a database to the head; return how many statements that took."""
    engine, count = open_engine(url), 0

    @event.listens_for(engine, "after_cursor_execute")
    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    upgrade(engine)
    engine.dispose()
    return count


def migrate_and_die(url: str, statement: int) -> None:
    """Bring a database to the head, and be killed after the statement of that number; 0: before the commit."""
    engine = open_engine(url)
    left = statement

    @event.listens_for(engine, "after_cursor_execute")
    def fall(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(engine, "commit")
    def fall_at_the_end(connection: Transaction) -> None:
        if statement == 0 and connection.get_execution_options().get("tracker_writes"):
            os.kill(os.getpid(), signal.SIGKILL)

    upgrade(engine)


def measure_migration(url: str, line: Connection) -> None:
    """Bring a database to the head; send by how many KiB the process had to grow for it."""
    engine = open_engine(url)
    before = _most_memory()
    upgrade(engine)
    line.send(_most_memory() - before)


def _most_memory() -> int:
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(said["VmHWM"].split()[0])
