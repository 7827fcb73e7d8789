"""One update of many feeds by the library `reader`, run by the interpreter of the bench environment; prints JSON.

.venv-bench/bin/python -m benchmarks.ingest_library DATABASE PORT COUNT WORKERS
"""

import json
import resource
import sys
from time import perf_counter, process_time

from reader import make_reader

from benchmarks.ingest_feeds import address


def main(database: str, port: int, count: int, workers: int) -> None:
    """Update and print."""
    reader = make_reader(database)
    for outlet in range(count):
        reader.add_feed(f"http://{address(outlet)}:{port}/{outlet}", exist_ok=True)
    before, start = process_time(), perf_counter()
    results = [result.value for result in reader.update_feeds_iter(workers=workers, scheduled=False)]
    taken = perf_counter() - start
    cpu = process_time() - before
    found = [value for value in results if value is not None and not isinstance(value, Exception)]
    counts = reader.get_entry_counts()
    reader.close()
    print(
        json.dumps(
            {
                "seconds": taken,
                "cpu": cpu,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "polled": sum(not isinstance(value, Exception) for value in results),
                "fresh": sum(value.new + value.modified for value in found),
                "entries": counts.total,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
