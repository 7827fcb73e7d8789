"""What it costs to find that a story has nothing to judge: microseconds an entry of the archive, on both databases.

    python benchmarks/look.py [--entries 50000] [--only sqlite|postgresql]

Every entry of the archive is judged. A worker looks so at each tick, story by story.
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


def look(url: str, entries: int) -> float:
    """Return the median seconds of a look at an archive whose entries are all judged."""
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
    for _ in range(LOOKS):
        begun = perf_counter()
        assert archive.pending("s", 50) == ()
        times.append(perf_counter() - begun)
    engine.dispose()
    return statistics.median(times)


def main() -> None:
    """Print a line for each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    print(f"{'':12}{'entries':>9}{'ms a look':>11}{'us an entry':>13}")
    for kind in [wanted.only] if wanted.only else ["sqlite", "postgresql"]:
        with durable(kind) as url:
            seconds = look(url, wanted.entries)
        print(f"{kind:12}{wanted.entries:9}{seconds * 1e3:11.1f}{seconds / wanted.entries * 1e6:13.2f}")


if __name__ == "__main__":
    main()
