"""Reads sources as a worker does, eight at a time, in a process of its own, and prints how each ended and what it took.

Run with the address of a good source and then those of the others; prints one JSON object: `lines` by address, and in
megabytes `before` and `peak`, the most memory held until then and at all.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tracker.adapters.feeds.fetch import HttpFetcher
from tracker.adapters.feeds.parse import FeedParser
from tracker.adapters.http.client import GuardedClient
from tracker.config import secret
from tracker.errors import FeedError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIMEOUT = 1.5


def main(good: str, *others: str) -> None:
    client = GuardedClient(user_agent="tracker-test/1", allow=frozenset({"loopback"}), timeout=TIMEOUT)
    fetcher, parser = HttpFetcher(client, secret), FeedParser()

    def read(url: str) -> str:
        try:
            return f"{len(parser.parse(fetcher.fetch(url), feed='f', name=None, seen=NOON).entries)} entries"
        except FeedError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        lines = {good: read(good)}
        before = most_memory()
        lines |= dict(zip(others, pool.map(read, others), strict=True))
    client.close()
    print(json.dumps({"before": before, "peak": most_memory(), "lines": lines}))  # noqa: T201 - its answer


def most_memory() -> float:
    # The kernel's other figure, ru_maxrss, begins at that of the process that started this one.
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
