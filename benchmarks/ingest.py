"""How fast feeds are taken in, beside the library `reader`, in one run.

    python -m venv .venv-bench && .venv-bench/bin/pip install -r benchmarks/requirements.txt
    python -m benchmarks.ingest [--feeds 300] [--runs 3] [--case NAME ...] [--quick] [--ours]

A server process on loopback (`ingest_server`) has made-up feeds of 30 entries and about 100 KB, gzipped, each on an
address of its own. A case is polled once by each program, in a fresh process on a fresh SQLite file: a copy of one to
which another process added the feeds, and which a first poll has filled unless the case is that. Their runs take turns;
medians are printed. What counts is the poll alone, without start and imports; memory is the most that the process held,
start and imports included. The processes share the cores with the server.

What they do alike: conditional requests, feedparser, every entry stored, each feed committed durably (WAL,
synchronous=FULL, the default of both), at most 16 requests at a time. The library is run with `workers=1` and
`workers=16` (where the server is slow only with 16), and its better median counts. What they do not do alike:

    tracker  makes plain text of all HTML, names, places and versions each entry, keeps every version and sighting, has
             events, keeps apart the hosts; nothing is judged, for no story is open
    reader   makes the HTML safe to show and keeps it, resolves the links in it; keeps the last version

The entries stored, the changes found and the server's count of what it answered are checked after each run: what is
fast because it failed ends the command with 1.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ingest_feeds import ENTRIES

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / ".venv-bench" / "bin" / "python"
OURS = "tracker"
CONDITIONAL = 0.9
"""The least share of 304 where nothing has changed: now and then a whole document is asked for, to be safe."""

Result = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Case:
    """What the server does, on top of which first poll, and what must come of each feed.

    `filled` are the validators with which the first poll was answered, None where there was none. `fresh` entries or
    versions are found, of which `more` entries were not there before. `goal`: the ratio of feeds a second.
    """

    name: str
    orders: Mapping[str, Any]
    filled: str | None
    fresh: int
    more: int
    goal: float | None = None
    conditional: bool = False


CASES = (
    Case("cold", {}, None, ENTRIES, ENTRIES, goal=4),
    Case("304", {}, "same", 0, 0, goal=4, conditional=True),
    Case("unchanged", {"validators": "none"}, "none", 0, 0, goal=25),
    Case("rotating", {"validators": "rotating"}, "same", 0, 0),
    Case("one-new", {"edition": "more"}, "same", 1, 1, goal=5),
    Case("one-edited", {"edition": "edited"}, "same", 1, 0),
    Case("304-slow", {"delay": 0.2}, "same", 0, 0, conditional=True),
)
SAYS = {
    "cold": "first poll of every feed",
    "304": "nothing has changed, and the server says so",
    "unchanged": "the same documents again, without validators",
    "rotating": "the same documents, a new ETag with each answer",
    "one-new": "one new entry in each feed",
    "one-edited": "the title of one entry in each feed edited",
    "304-slow": "304, 0.2 s after it was asked",
}


class Server:
    """The feed server."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        ready = self._told()
        self.port, self.bytes = ready["port"], ready["bytes"]

    def obey(self, orders: Mapping[str, Any]) -> Mapping[str, int]:
        """Serve otherwise from now on; return how many answers were given until now, by status."""
        assert self._process.stdin
        print(json.dumps(orders), file=self._process.stdin, flush=True)
        return self._told()

    def _told(self) -> dict[str, Any]:
        assert self._process.stdout
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


class Waiting:
    """Runs polls of `count` feeds in processes of their own."""

    def __init__(self, server: Server, count: int, folder: Path, library: Path) -> None:
        self._server = server
        self._count = count
        self._folder = folder
        self._library = library

    def poll(self, who: str, case: Case) -> Result:
        """Poll once on a fresh file; exits where the outcome is not what it must be."""
        file = self._folder / "run.db"
        shutil.copy(self._filled(who, case.filled), file)
        self._server.obey(case.orders)
        result = self._run(who, file, 2 if case.filled else 1)
        check(self._count, who, case, result, self._server.obey({}))
        for left in self._folder.glob("run.db*"):
            left.unlink()
        return result

    def _filled(self, who: str, validators: str | None) -> Path:
        """Return the file to which the feeds were added, and that a first poll has filled; one for all of a program."""
        file = self._folder / f"{who.partition(' ')[0]}-{validators or 'added'}.db"
        if not file.exists() and validators:
            shutil.copy(self._filled(who, None), file)
            self._server.obey({"validators": validators})
            self._run(who, file, 1)
        elif not file.exists():
            self._run(who, file, 0)
        return file

    def _run(self, who: str, file: Path, round_: int) -> Result:
        name, _, workers = who.partition(" ")
        arguments = [str(file), str(self._server.port), str(self._count), str(round_)]
        command = (
            [sys.executable, "-m", "benchmarks.ingest_ours", *arguments]
            if name == OURS
            else [str(self._library), "-m", "benchmarks.ingest_library", *arguments, workers]
        )
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{who}: {done.stderr}")
        found: Result = json.loads(done.stdout)
        return found


def check(count: int, who: str, case: Case, result: Result, answered: Mapping[str, int]) -> None:
    """Exit where a poll of `count` feeds brought something else than it must; `answered`: the answers by status."""
    before = ENTRIES if case.filled else 0
    wanted = {"polled": count, "fresh": count * case.fresh, "entries": count * (before + case.more)}
    if who == OURS:
        wanted["versions"] = count * (before + case.fresh)
    wrong = {name: result[name] for name, number in wanted.items() if result[name] != number}
    if wrong:
        sys.exit(f"{who}, {case.name}: {wrong} instead of {wanted}")
    if case.conditional and answered.get("304", 0) < count * CONDITIONAL:
        sys.exit(f"{who}, {case.name}: the server answered {answered}")


def contestants(case: Case, library: Path | None) -> Sequence[str]:
    """Return who takes part."""
    if library is None:
        return (OURS,)
    workers = (16,) if "delay" in case.orders else (1, 16)
    return (OURS, *(f"reader {number}" for number in workers))


def measure(bench: Waiting, case: Case, runs: int, library: Path | None) -> dict[str, dict[str, float]]:
    """Return the medians of each contestant."""
    found: dict[str, list[Result]] = defaultdict(list)
    for _ in range(runs):
        for who in contestants(case, library):
            found[who].append(bench.poll(who, case))
    names = ("seconds", "cpu", "memory")
    return {who: {name: statistics.median(one[name] for one in all_) for name in names} for who, all_ in found.items()}


def report(case: Case, count: int, found: Mapping[str, Mapping[str, float]]) -> tuple[float, float] | None:
    """Print the rows of a case; return the ratio to the library's better setting and of the memory to its."""
    libraries = [who for who in found if who != OURS]
    better = min(libraries, key=lambda who: found[who]["seconds"]) if libraries else None
    for who, one in found.items():
        rate = count / one["seconds"]
        entries = f"{rate * ENTRIES:11.0f}" if not case.conditional else f"{'-':>11}"
        against = f"{found[better]['seconds'] / one['seconds']:8.2f}" if better and who == OURS else f"{'':8}"
        cpu = 1000 * one["cpu"] / count
        print(f"{case.name:12}{who:12}{rate:9.1f}{entries}{cpu:9.2f}{one['memory']:8.0f}{against}", flush=True)
    if better is None:
        return None
    ours = found[OURS]
    return found[better]["seconds"] / ours["seconds"], ours["memory"] / min(found[who]["memory"] for who in libraries)


def judge(goals: Mapping[Case, tuple[float, float]]) -> None:
    """Print which goals are met."""
    for case, (ratio, _) in goals.items():
        if case.goal is not None:
            said = "met" if ratio >= case.goal else "missed"
            print(f"{SAYS[case.name]}: {ratio:.1f} times as fast, goal {case.goal:g}: {said}")
    memory = max(ratio for _, ratio in goals.values())
    print(f"peak memory at most {memory:.2f} times theirs, goal below 1: {'met' if memory < 1 else 'missed'}")


@contextmanager
def serving(count: int) -> Iterator[Server]:
    """Run the feed server."""
    command = [sys.executable, "-m", "benchmarks.ingest_server", str(count)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield Server(process)
        finally:
            process.kill()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="60 feeds, one run")
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES], help="only these")
    parser.add_argument("--ours", action="store_true", help="without the library: no ratios, only the checks")
    parser.add_argument("--library", type=Path, default=LIBRARY, metavar="PYTHON")
    given = parser.parse_args()
    if not given.ours and not given.library.exists():
        sys.exit(f"{given.library} is not there; see the top of this file")
    count, runs = (60, 1) if given.quick else (given.feeds, given.runs)
    library = None if given.ours else given.library
    goals: dict[Case, tuple[float, float]] = {}
    with serving(count) as server, tempfile.TemporaryDirectory() as folder:
        bench = Waiting(server, count, Path(folder), given.library)
        print(f"{count} feeds of {ENTRIES} entries and {server.bytes / 1000:.0f} KB, medians of {runs}")
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
        print(f"{'case':12}{'who':12}{'feeds/s':>9}{'entries/s':>11}{'CPU ms':>9}{'MB':>8}{'ratio':>8}")
        for case in CASES:
            if given.case is None or case.name in given.case:
                against = report(case, count, measure(bench, case, runs, library))
                if against:
                    goals[case] = against
        print(f"\nload {os.getloadavg()[0]:.1f} at the end; CPU ms are of one feed")
    if goals:
        judge(goals)


if __name__ == "__main__":
    main()
