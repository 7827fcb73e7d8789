"""One update of many feeds by the library `reader`, run by the interpreter of the bench environment; prints JSON.

    .venv-bench/bin/python -m benchmarks.ingest_library DATABASE PORT COUNT ROUND WORKERS

Round 0 only makes the database and adds the feeds. WORKERS is the number of threads that fetch.
"""

import json
import resource
import sys
from time import perf_counter, process_time
from typing import Any

from reader import make_reader

from benchmarks.ingest_feeds import address


def main(database: str, port: int, count: int, round_: int, workers: int) -> None:
    """Update, or only add, and print."""
    reader = make_reader(database)
    for outlet in range(count):
        reader.add_feed(f"http://{address(outlet)}:{port}/{outlet}", exist_ok=True)
    found: dict[str, Any] = {}
    if round_:
        before, start = process_time(), perf_counter()
        results = [result.value for result in reader.update_feeds_iter(workers=workers, scheduled=False)]
        found = {"seconds": perf_counter() - start, "cpu": process_time() - before}
        updated = [value for value in results if value is not None and not isinstance(value, Exception)]
        found["polled"] = sum(not isinstance(value, Exception) for value in results)
        found["fresh"] = sum(value.new + value.modified for value in updated)
        found["entries"] = reader.get_entry_counts().total
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]))
