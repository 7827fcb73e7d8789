"""Judged entries a second on PostgreSQL with 1, 2 and 4 `tracker run` processes, and a run in which one of five dies.

    python -m benchmarks.workers [--stories 12] [--entries 60] [--workers 1 2 4]

Every run judges the same entries of the same stories on a fresh, durable database with the real judge. The rate is
taken from the first judgement to the last. In the last run a fifth of the workers (five, unless told otherwise) is
killed with -9 when a third is done. A story's events must be, one by one, those of the first run: an entry that was
lost, recorded twice or judged out of turn would show.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from string import ascii_lowercase

from sqlalchemy import Engine, func, select

from benchmarks.databases import durable
from tests.e2e.world import SEED, Tracker, recorded_items
from tracker.adapters.seeds import load_seed
from tracker.adapters.sql.tables import event, judgement
from tracker.application.sources import add_feed
from tracker.application.stories import open_story
from tracker.bootstrap import App, utc_now
from tracker.config import Database, Settings
from tracker.domain.entry import Entry

FAR = timedelta(days=365)


@dataclass(frozen=True)
class Run:
    """What a run judged, in how many seconds from first to last; `digests` of each story's events in order.

    `again`: jobs of the killed that were handed out anew. `faults`: what `tracker verify` finds wrong.
    """

    workers: int
    killed: int
    again: int
    judged: int
    seconds: float
    digests: Mapping[str, str]
    faults: int

    @property
    def rate(self) -> float:
        """Judged entries a second."""
        return (self.judged - 1) / self.seconds if self.seconds else 0.0


def fill(url: str, stories: int, entries: int) -> None:
    """Open the stories and put their entries into the archive, as if their feeds had just brought them."""
    app = App(Settings(database=Database(url=url)))
    seed, now = load_seed(SEED), utc_now()
    for number in range(stories):
        desk = ascii_lowercase[number // 26] + ascii_lowercase[number % 26]
        story = f"desk-{desk}"
        open_story(app.log, replace(seed, id=story), "benchmark")
        feed, _ = add_feed(
            app.log, app.feeds, url=f"http://127.0.0.1/{desk}", name=None, story=story, now=now, actor="benchmark"
        )
        app.feeds.save(replace(feed, imported=True, due_at=now + FAR))
        found = tuple(_entries(desk, entries))
        app.archive.keep(feed.id, found, baseline=[False] * len(found), seen=now)
    app.close()


def _entries(desk: str, count: int) -> Iterator[Entry]:
    """Yield recorded items in words of this desk alone: no worker profits from what it computed for another story."""
    for item in recorded_items()[:count]:
        at = datetime.fromisoformat(item["published"])
        title = f"{item['title']} - Desk {desk.upper()}"
        summary = f"{item['summary']} - Desk {desk.upper()}"
        address = f"{item['url']}?desk={desk}"
        yield Entry(f"{desk}-{item['id']}", title, summary, at, address, item["publisher"], at, item["lang"])


def run(url: str, folder: Path, entries: int, workers: int, killed: int = 0) -> Run:
    """Start the workers, kill some of them when a third is done, and wait until every entry is judged."""
    tracker = Tracker(url, folder)
    app = App(Settings(database=Database(url=url)))
    running = [tracker.start("run") for _ in range(workers)]
    try:
        if killed:
            _wait(app.engine, entries // 3, running)
            for process in running[:killed]:
                process.kill()
                process.communicate()
        _wait(app.engine, entries, running[killed:])
    finally:
        words = _end(running[killed:])
    faults = len(app.auditor.verify().faults)
    judged, seconds = _judged(app.engine)
    digests = _digests(app.engine)
    app.close()
    again = sum(int(number) for number in re.findall(r"jobs: (\d+) left behind", words))
    return Run(workers, killed, again, judged, seconds, digests, faults)


def _wait(engine: Engine, count: int, running: Sequence["subprocess.Popen[str]"]) -> None:
    while _judged(engine)[0] < count:
        for process in running:
            if process.poll() is not None:
                raise SystemExit(f"a worker ended by itself: {process.communicate()[1]}")
        time.sleep(0.1)


def _end(running: Sequence["subprocess.Popen[str]"]) -> str:
    """Stop the workers; return what they said."""
    for process in running:
        process.terminate()
    return "".join(process.communicate()[1] for process in running)


def _judged(engine: Engine) -> tuple[int, float]:
    at = judgement.c.judged_at
    with engine.connect() as connection:
        count, first, last = connection.execute(select(func.count(), func.min(at), func.max(at))).one()
    return count, (last - first).total_seconds() if count else 0.0


def _digests(engine: Engine) -> dict[str, str]:
    """Digest the type and the data of each story's events in their order; the model's last digits are noise."""
    digests = {}
    statement = select(event.c.stream, event.c.type, event.c.data).order_by(event.c.position)
    with engine.connect() as connection:
        for stream, kind, data in connection.execute(statement):
            if stream.startswith("story-"):
                digests.setdefault(stream, hashlib.sha256()).update(f"{kind} {_steady(data)}\n".encode())
    return {stream: digest.hexdigest() for stream, digest in digests.items()}


def _steady(data: str) -> str:
    return json.dumps(json.loads(data, parse_float=lambda digits: round(float(digits), 4)))


def compare(runs: Sequence[Run], entries: int) -> list[str]:
    """Return a table of the runs; each beside the first."""
    first = runs[0].rate
    columns = (
        "workers",
        "killed",
        "handed out again",
        "judged",
        "judged/s",
        "ratio",
        "lost",
        "stories differ",
        "faults",
    )
    rows = [
        (
            one.workers,
            one.killed,
            one.again,
            one.judged,
            f"{one.rate:.1f}",
            f"{one.rate / first:.2f}",
            entries - one.judged,
            differing(runs[0], one),
            one.faults,
        )
        for one in runs
    ]
    return ["  ".join(columns)] + [
        "  ".join(str(cell).rjust(len(column)) for cell, column in zip(row, columns, strict=True)) for row in rows
    ]


def differing(one: Run, other: Run) -> int:
    """Return how many stories have other events in one run than in the other."""
    stories = one.digests.keys() | other.digests.keys()
    return sum(one.digests.get(story) != other.digests.get(story) for story in stories)


def measure(stories: int, entries: int, workers: int, killed: int = 0) -> Run:
    """Run once on a fresh database."""
    with tempfile.TemporaryDirectory() as home, durable("postgresql") as url:
        fill(url, stories, entries)
        return run(url, Path(home), stories * entries, workers, killed)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=12)
    parser.add_argument("--entries", type=int, default=60, help="of each story; at most 176")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--mortal", type=int, default=5, help="workers of the last run, a fifth of whom are killed")
    wanted = parser.parse_args()
    if wanted.mortal == 1:
        parser.error("--mortal 1 would leave nobody to judge")
    runs = [measure(wanted.stories, wanted.entries, workers) for workers in wanted.workers]
    if wanted.mortal:
        runs.append(measure(wanted.stories, wanted.entries, wanted.mortal, killed=max(1, wanted.mortal // 5)))
    print(f"{wanted.stories} stories, {wanted.entries} entries each, {os.cpu_count()} cores")
    print("\n".join(compare(runs, wanted.stories * wanted.entries)))


if __name__ == "__main__":
    main()
