"""One poll of many feeds by tracker, in a process of its own; prints what it took as JSON.

    python -m benchmarks.ingest_ours DATABASE PORT COUNT

The conductor as `tracker poll` runs it, on the App of bootstrap: no story is open, so nothing is judged; feeds,
events, archive, cursors and views are written as ever. The clock is two days ahead for a database that was polled
before, so that no host must be left alone.
"""

import json
import resource
import sys
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from benchmarks.ingest_feeds import address
from tracker.adapters.sql.tables import entry_version
from tracker.application.cycle import begin, gather
from tracker.bootstrap import App, utc_now
from tracker.config import Database, FeedEntry, Settings, Worker

FETCHERS = 16


def main(database: Path, port: int, count: int) -> None:
    """Poll and print."""
    again = database.exists()
    feeds = tuple(FeedEntry(f"http://{address(outlet)}:{port}/{outlet}") for outlet in range(count))
    worker = Worker(allow_private=("loopback",), fetchers=FETCHERS)
    settings = Settings(database=Database(url=f"sqlite:///{database}"), worker=worker, feed=feeds)
    app = App(settings, _later if again else utc_now)
    room = app.newsroom()
    begin(room, app.declared(), alone=True)
    before, start = _cpu(), perf_counter()
    gathered = gather(room, now=True)
    taken = perf_counter() - start
    with app.engine.connect() as connection:
        versions = connection.execute(select(func.count()).select_from(entry_version)).scalar_one()
        entries = connection.execute(select(func.count(entry_version.c.entry.distinct()))).scalar_one()
    app.close()
    print(
        json.dumps(
            {
                "seconds": taken,
                "cpu": _cpu() - before,
                "memory": _memory(),
                "polled": sum(not one.error for one in gathered.polled),
                "fresh": sum(one.fresh for one in gathered.polled),
                "entries": entries,
                "versions": versions,
            }
        )
    )


def _later() -> datetime:
    return utc_now() + timedelta(days=2)


def _cpu() -> float:
    """Return the seconds that this process and those it has waited for have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory() -> float:
    """Return the most MB that this process held, and on top the most that one of its processes held."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
