"""One poll of many feeds by tracker, in a process of its own; prints what it took as JSON.

    python -m benchmarks.ingest_ours DATABASE PORT COUNT ROUND

Round 0 only makes the database and adds the feeds, as starting a worker does. In the others the conductor runs as
`tracker poll` has it run, on the App of bootstrap: no story is open, so nothing is judged; feeds, events, archive,
cursors and views are written as ever. Each round is a day later, so that no host wants to be left alone any more; after
three days of silence each source would be told to have fallen silent, which is not what is measured.
"""

import json
import resource
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from benchmarks.ingest_feeds import address
from tracker.adapters.sql.tables import entry_version
from tracker.application.cycle import begin, gather
from tracker.bootstrap import App, utc_now
from tracker.config import Database, FeedEntry, Settings, Worker

FETCHERS = 16
PERIOD = timedelta(days=1)


def main(database: Path, port: int, count: int, round_: int) -> None:
    """Poll, or only add, and print."""
    feeds = tuple(FeedEntry(f"http://{address(outlet)}:{port}/{outlet}") for outlet in range(count))
    worker = Worker(allow_private=("loopback",), fetchers=FETCHERS)
    settings = Settings(database=Database(url=f"sqlite:///{database}"), worker=worker, feed=feeds)
    app = App(settings, lambda: utc_now() + round_ * PERIOD)
    room = app.newsroom()
    begin(room, app.declared(), alone=True)
    found: dict[str, Any] = {}
    if round_:
        before, start = _cpu(), perf_counter()
        polled = gather(room, now=True).polled
        found["seconds"] = perf_counter() - start
        found["polled"] = sum(not one.error for one in polled)
        found["fresh"] = sum(one.fresh for one in polled)
        found |= _held(app)
        app.close()
        found |= {"cpu": _cpu() - before, "memory": _memory()}
    print(json.dumps(found))


def _held(app: App) -> dict[str, int]:
    with app.engine.connect() as connection:
        versions = connection.execute(select(func.count()).select_from(entry_version)).scalar_one()
        entries = connection.execute(select(func.count(entry_version.c.entry.distinct()))).scalar_one()
    return {"entries": entries, "versions": versions}


def _cpu() -> float:
    """Return the seconds that this process and those it has waited for have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory() -> float:
    """Return the most MB that this process held, and on top the most that one of its processes held."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
