"""Export and import of a whole tracker: seconds and memory at 10,000, 100,000 and 1,000,000 events.

    python benchmarks/transfer.py [--sizes 10000,100000,1000000] [--only sqlite|postgresql]

For each size one log of true events in SQLite, appended 1,000 at a time. Its export is timed as the command that a
person runs, and so is the import into a new database of each kind; the peak of memory is that of the process. Beside
it SQLite's own copy (VACUUM INTO), which proves nothing. Exports from the new databases must be equal to the byte.
"""

import argparse
import filecmp
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from append import NOON, streams
from databases import durable

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.ports.log import Batch

# The peak that the system notes for the process itself: that which a parent is told holds the parent's own memory, too.
RUN = """
import sys
from tracker.entrypoints.cli.main import run
code = run(sys.argv[1:])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(code)
"""
TOGETHER = 10  # streams of 100 events in one append


def fill(url: str, size: int) -> None:
    """Append so many events."""
    engine = open_engine(url)
    log = SqlEventLog(engine, lambda: NOON)
    held = [Batch(stream, 0, events) for stream, events in streams(size, "moved")]
    for start in range(0, len(held), TOGETHER):
        log.append_together(held[start : start + TOGETHER])
    engine.dispose()


def command(url: str, *arguments: str) -> tuple[float, float]:
    """Run a command; return its seconds and its peak of memory in MB."""
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--database-url", url, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"tracker {' '.join(arguments)}: {done.stderr}")
    return perf_counter() - begun, int(done.stderr.split()[-2]) / 1024


def measure(size: int, kinds: list[str]) -> None:
    """Print a line for each way that a log of a size goes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        source, file = stack.enter_context(durable("sqlite")), folder / "export.jsonl"
        fill(source, size)
        begun = perf_counter()
        copying = sqlite3.connect(source.removeprefix("sqlite:///"))
        copying.execute("VACUUM INTO ?", [str(folder / "copy.db")])
        copying.close()
        beside = perf_counter() - begun
        show(size, "SQLite's own copy", beside, 0.0, beside)
        show(size, "export", *command(source, "export", str(file)), beside)
        for kind in kinds:
            target = stack.enter_context(durable(kind))
            show(size, f"import into {kind}", *command(target, "import", str(file)), beside)
            again = folder / f"{kind}.jsonl"
            show(size, f"export from {kind}", *command(target, "export", str(again)), beside)
            if not filecmp.cmp(file, again, shallow=False):
                raise SystemExit(f"the export from {kind} is another")


def show(size: int, what: str, seconds: float, memory: float, beside: float) -> None:
    """Print one measurement."""
    rate, ratio = size / seconds, seconds / beside
    print(
        f"{size:>9,}  {what:<24} {seconds:8.2f} s  {rate:10,.0f} events/s  {memory:7.0f} MB  {ratio:7.1f}", flush=True
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    print(f"{'events':>9}  {'what':<24} {'time':>10}  {'rate':>19}  {'peak':>10}  {'x copy':>7}")
    for size in map(int, asked.sizes.split(",")):
        measure(size, [asked.only] if asked.only else ["sqlite", "postgresql"])


if __name__ == "__main__":
    main()
