"""The benchmark of ingestion in small, as the command that it is: it runs, and it sees what goes wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.ingest import CASES, OURS, check

ROOT = Path(__file__).parents[2]


def test_the_cases_come_out_as_they_must() -> None:
    """A first poll and one of edited entries bring exactly what the server has."""
    cases = ("cold", "one-edited")
    asked = (word for name in cases for word in ("--case", name))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest", "--ours", "--feeds", "3", "--runs", "1", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[0] for row in rows if OURS in row] == list(cases)


@pytest.mark.parametrize(
    ("case", "wrong", "answered"),
    [
        ("cold", {"entries": 29}, {"200": 2}),
        ("cold", {"polled": 1}, {"200": 1}),
        ("one-edited", {"versions": 60}, {"200": 2}),
        ("304", {}, {"304": 1, "200": 1}),
    ],
)
def test_what_is_fast_because_it_failed_does_not_count(
    case: str, wrong: dict[str, int], answered: dict[str, int]
) -> None:
    """Entries lost, feeds that failed, edits overlooked and answers in full where 304 was to come end the command."""
    chosen = next(one for one in CASES if one.name == case)
    kept = 2 * (30 + (chosen.more if chosen.filled else 0))
    right = {"polled": 2, "fresh": 2 * chosen.fresh, "entries": kept, "versions": kept + 2 * (case == "one-edited")}
    check(2, OURS, chosen, right, {"304": 2} if chosen.conditional else {"200": 2})
    with pytest.raises(SystemExit):
        check(2, OURS, chosen, right | wrong, answered)
