"""What a command costs before it does anything: ratios to `python -c "import click"`, which no command can go below.

    python benchmarks/start_up.py [--runs 40] [--database-url URL]

Without a database the demo's story is replayed into one first. Runs alternate, so that a busy moment falls on all
alike, and medians are compared: by the clock, and by the work of the processor, which others disturb less. Bytecode is
cached, as it is where tracker is installed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter

ROOT = Path(__file__).parents[1]
STORY = "western-instructors"
CLICK = "import click"
HELP, STATUS, COMPLETION = "tracker --help", "tracker status", "completing an id"
Cost = tuple[float, float]
"""Seconds by the clock, and of the processor."""
LIMITS = {HELP: 1.5, STATUS: 3.0}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="of each command")
    parser.add_argument("--database-url", help="a database that holds the demo's story")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        around |= {"PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        around["TRACKER_DATABASE_URL"] = asked.database_url or replayed(Path(folder), around)
        show(measured(asked.runs, around))


def replayed(folder: Path, around: dict[str, str]) -> str:
    """Return a database into which the demo's story was replayed."""
    url = f"sqlite:///{folder / 'tracker.db'}"
    seed, items = ROOT / "seeds" / f"{STORY}.toml", ROOT / "seeds" / f"{STORY}.items.jsonl"
    line = ["replay", str(seed), str(items), "--verdicts", os.devnull, "--database-url", url]
    subprocess.run([sys.executable, "-m", "tracker", *line], env=around, check=True)
    return url


def measured(runs: int, around: dict[str, str]) -> dict[str, list[Cost]]:
    """Return what each run of each command took, the first of each left out."""
    tracker = [sys.executable, "-c", "from tracker.entrypoints.cli.main import main; main()"]
    shell = {"_TRACKER_COMPLETE": "bash_complete", "COMP_WORDS": "tracker\nstatus\n", "COMP_CWORD": "2"}
    commands = {
        CLICK: ([sys.executable, "-c", "import click"], around),
        HELP: ([*tracker, "--help"], around),
        STATUS: ([*tracker, "status", STORY], around),
        COMPLETION: (tracker, around | shell),
    }
    took: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, (line, variables) in commands.items():
            begin, before = perf_counter(), getrusage(RUSAGE_CHILDREN)
            subprocess.run(line, env=variables, stdout=subprocess.DEVNULL, check=True)
            after, seconds = getrusage(RUSAGE_CHILDREN), perf_counter() - begin
            if number:
                took[name].append((seconds, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
    return took


def show(took: dict[str, list[Cost]]) -> None:
    """Print medians, ratios and the limits that are set; by the clock, and by what the processor worked."""
    clock, work = ({name: statistics.median(one[at] for one in costs) for name, costs in took.items()} for at in (0, 1))
    print(f"{'':20}{'clock':>10}{'ratio':>8}{'work':>11}{'ratio':>8}{'limit':>8}")
    for name in took:
        limit = f"{LIMITS[name]:.1f}" if name in LIMITS else ""
        by_clock = f"{clock[name] * 1000:>7.0f} ms{clock[name] / clock[CLICK]:>8.2f}"
        print(f"{name:20}{by_clock}{work[name] * 1000:>8.0f} ms{work[name] / work[CLICK]:>8.2f}{limit:>8}")


if __name__ == "__main__":
    main()
