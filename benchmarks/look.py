"""What it costs to find that a story has nothing to judge, on both databases.

    python benchmarks/look.py [--entries 50000] [--only sqlite|postgresql]

Every entry of the archive is judged. A worker looks so at each tick, story by story. The first look goes through all of
the archive and leaves the story's mark at its end; every later one goes through what came since, which is nothing here.
"""

import argparse
import statistics
from datetime import UTC, datetime
from time import perf_counter

from databases import durable
from sqlalchemy import insert, text

from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.tables import judgement
from tracker.domain.entry import Entry
from tracker.ports.feeds import FeedState

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
CHUNK = 5000
LOOKS = 5


def look(url: str, entries: int) -> tuple[float, float]:
    """Return the seconds of the first look at an archive whose entries are all judged, and the median of later ones."""
    engine = open_engine(url)
    SqlFeedBook(engine).save(FeedState("f", "http://news.example/feed", None, None, NOON, NOON))
    archive = SqlArchive(engine)
    for start in range(0, entries, CHUNK):
        found = [
            Entry(f"e-{number:08}", f"Title {number}", "Words. " * 40, NOON, f"http://news.example/{number}", "p", NOON)
            for number in range(start, min(start + CHUNK, entries))
        ]
        archive.keep("f", found, baseline=[False] * len(found), seen=NOON)
        rows = [
            {"story": "s", "entry": one.id, "version": one.version, "relevant": False, "score": 0.0, "reason": "no"}
            | {"judge": "j", "judged_at": NOON}
            for one in found
        ]
        with writing(engine) as connection:
            connection.execute(insert(judgement), rows)
    with writing(engine) as connection:
        connection.execute(text("ANALYZE"))
    times = []
    for _ in range(1 + LOOKS):
        begun = perf_counter()
        assert archive.pending("s", 50) == ()
        times.append(perf_counter() - begun)
    engine.dispose()
    return times[0], statistics.median(times[1:])


def main() -> None:
    """Print a line for each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    print(f"{'':12}{'entries':>9}{'first look, ms':>16}{'later look, ms':>16}")
    for kind in [wanted.only] if wanted.only else ["sqlite", "postgresql"]:
        with durable(kind) as url:
            first, later = look(url, wanted.entries)
        print(f"{kind:12}{wanted.entries:9}{first * 1e3:16.1f}{later * 1e3:16.2f}")


if __name__ == "__main__":
    main()
