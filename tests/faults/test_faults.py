"""The fault runs of benchmarks/faults in small, as the commands that they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.faults.alerts import owe, verdict
from benchmarks.faults.gaps import check
from benchmarks.faults.laws import Found, Rows, toll
from benchmarks.faults.receivers import HEALTHY, READERS, SICK, World
from tracker.bootstrap import App
from tracker.config import Database, Settings

ROOT = Path(__file__).parents[2]


def run(command: str, url: str, *arguments: str) -> list[list[str]]:
    """Run a fault run on a database of a URL's kind; return the words of what it printed, line by line."""
    kind = url.partition(":")[0]
    where = ["--postgresql-url", url] if kind == "postgresql" else []
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.faults.{command}", "--database", kind, *where, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return [line.split() for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("sqlite", ("writer", "poller", "rebuild")),
        ("postgresql", ("commands", "deliverer, 4 ways")),
    ],
)
def test_kill_9_at_commit_boundaries(request: pytest.FixtureRequest, kind: str, roles: tuple[str, ...]) -> None:
    """Whoever is killed, at a sample of the boundaries between its commits, loses and repeats nothing."""
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "empty_postgresql_url")
    table = run("kills", url, "--every", "23", *(word for name in roles for word in ("--role", name)))
    counts = {" ".join(line[:-9]): list(map(int, line[-9:-1])) for line in table[2:-1]}
    assert sorted(counts) == sorted(roles)
    for kills, *_, lost, extra, _resent, broken in counts.values():
        assert kills > 0
        assert (lost, extra, broken) == (0, 0, 0)


def test_the_kills_find_out_who_does_things_in_the_wrong_order(sqlite_url: str) -> None:
    """Acknowledging before storing and settling before sending are caught by the same laws."""
    wrong = ("acknowledge first", "settle first")
    run("kills", sqlite_url, "--careless", *(word for name in wrong for word in ("--role", name)))


def test_who_follows_the_log_misses_nothing_and_who_follows_a_sequence_does(empty_database_url: str) -> None:
    """With eight writers and rollbacks the log is seen whole, in order, once; "id > last" fails the same check."""
    _, log, *naive = run("gaps", empty_database_url, "--appends", "15")
    assert int(log[3]) > 0
    assert log[4:] == ["0", "0", "0", "0", "ok"]
    assert [int(line[5]) > 0 for line in naive] == [True] * empty_database_url.startswith("postgresql")


def test_a_clock_that_steps_back(empty_database_url: str) -> None:
    """Times follow positions, what was seen at a time stays what it was, and nothing that is due waits for ever."""
    assert [line[1] for line in run("clock", empty_database_url, "--events", "8")] == ["holds"] * 6


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(1, "a"), (2, "b")], (0, 0, 0, 0)),
        ([(1, "a")], (1, 0, 0, 0)),
        ([(1, "a"), (1, "a"), (2, "b")], (0, 1, 0, 0)),
        ([(2, "b"), (1, "a")], (0, 0, 1, 0)),
        ([(1, "a"), (2, "c")], (1, 0, 0, 0)),
    ],
)
def test_the_check_of_a_reader(seen: list[tuple[int, str]], expected: tuple[int, ...]) -> None:
    """It counts what was missed, seen twice and seen too late, and takes another event at a place for a missed one."""
    found = check(seen, [(1, "a"), (2, "b")])
    assert (found.lost, found.repeated, found.disordered, found.holes) == expected
    assert found.passed == (not any(expected))


def test_the_check_of_positions() -> None:
    """A hole between positions fails it, and so does an empty log."""
    assert check([(1, "a"), (3, "b")], [(1, "a"), (3, "b")]).holes == 1
    assert not check([], []).passed


def found(*deliveries: tuple[str, str], events: tuple[str, ...] = ()) -> Found:
    kinds = ("event", "delivery", "entry", "sighting", "judgement", "feed")
    rows: dict[str, Rows] = dict.fromkeys(kinds, frozenset())
    rows["delivery"] = frozenset((identity, "s", identity, state) for identity, state in deliveries)
    rows["event"] = frozenset(("s", 1, identity, "t", "{}") for identity in events)
    return Found(rows, (), frozenset(identity for identity, state in deliveries if state == "pending"))


@pytest.mark.parametrize(
    ("told", "killed", "words"),
    [
        ([("d", "x")], "delivered", ()),
        ([("d", "x"), ("d", "x")], "pending", ()),
        ([("d", "x"), ("d", "x")], "delivered", ("settled before the kill",)),
        ([("d", "x"), ("d", "x"), ("d", "x")], "pending", ("told 3 times",)),
        ([("d", "x"), ("d", "y")], "pending", ("2 wordings",)),
        ([], "pending", ("never told",)),
        ([("d", "x"), ("e", "x")], "pending", ("owed to nobody",)),
    ],
)
def test_the_laws_of_telling(told: list[tuple[str, str]], killed: str, words: tuple[str, ...]) -> None:
    """Each delivery is told, and a second time only, in the same words, where the kill left it unsettled."""
    end = found(("d", "delivered"))
    broken = toll(end, found(("d", killed)), end, told, ()).broken
    assert len(broken) == len(words)
    assert all(word in said for word, said in zip(words, broken, strict=True))


def test_the_laws_of_storing() -> None:
    """What is missing in the end, too many, or acknowledged without being stored is told."""
    cost = toll(found(events=("1", "2")), found(events=("1",)), found(events=("1", "3")), (), ("1", "2"))
    assert (cost.lost, cost.extra) == (1, 1)
    assert [said.partition(":")[0] for said in cost.broken] == [
        "event lost",
        "event too many",
        "acknowledged and not stored",
    ]


def test_as_many_deliveries_are_owed_as_were_asked_for(sqlite_url: str, tmp_path: Path) -> None:
    """A number that does not divide by the receivers is rounded up to one that does, each being owed as many."""
    hooks = (*HEALTHY, *SICK)
    people = len(hooks) + len(READERS)
    app = App(Settings(database=Database(url=sqlite_url)))
    owe(app, World(dict.fromkeys((one.name for one in hooks), 80), 25, tmp_path), hooks, READERS, people + 1)
    owed = app.outbox.search(limit=1000)
    app.close()
    assert len(owed) == 2 * people
    assert len({one.subscription for one in owed}) == people


@pytest.mark.parametrize(
    ("ratios", "code"), [((0.9, 1.25, 9.0), 0), ((1.26, 0.9, 1.26), 1), ((1.26, 1.0, 1.3), 1), ((1.0, 1.0, 1.0), 0)]
)
def test_a_channel_that_delays_others_is_told(
    ratios: tuple[float, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beyond 1.25 in the middle the command fails, and says which bound is broken; one odd run says nothing."""
    assert verdict(ratios) == code
    assert ("MORE THAN 1.25" in capsys.readouterr().out) == bool(code)
