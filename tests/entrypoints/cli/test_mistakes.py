"""What is typed wrong is answered in one line that names the next step, with the documented exit code."""

from pathlib import Path

import pytest

from tests.adapters.sql.migrators import old_rows, write_old_log
from tests.made import bridge
from tests.made.command_line import Tracker
from tracker.adapters.sql.engine import open_engine
from tracker.entrypoints.cli.main import run


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("stauts", "no command stauts; did you mean status?"),
        ("zzz", "no command zzz; see tracker --help"),
        ("story lst", "no command lst; did you mean list?"),
        ("status --as-fo 2031", "no option --as-fo; did you mean --as-of"),
        ("status --zzz", "no option --zzz; see tracker status --help"),
        ("status --database-url x", "--database-url stands before the command: tracker --database-url ... status"),
        ("log --format jsno", "'jsno' is not one of 'text', 'jsonl'; see tracker log --help"),
        ("why C01", "a position of the log is a number, as `tracker log` and `tracker timeline` print it, not 'C01'"),
        ("alert route C01", "a position of the log is a number"),
        ("why -- -1", "-1 is not in the range"),
        ("why", "Missing argument 'POSITION'; see tracker why --help"),
    ],
)
def test_a_slip_in_a_command(typed: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command, a sub-command or an option that there is not is answered with the nearest, as usage: 2."""
    assert run(typed.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("tracker: ")
    assert told in captured.err


CLOSE = f"did you mean {bridge.STORY}?"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("story claims harbor-bridge", CLOSE),
        ("story close harbor-bridge", CLOSE),
        ("story withdraw harbor-bridge S01 --reason x", CLOSE),
        (f"story withdraw {bridge.STORY} s1 --reason x", "did you mean S01"),
        ("judge harbor-bridge --title x", CLOSE),
        ("mute story harbor-bridge", CLOSE),
        (f"mute claim {bridge.STORY} S1", "did you mean S01"),
        ("mute outlet Post --story harbor-bridge", CLOSE),
        (f"mute story {bridge.STORY} --subscription dsk", "did you mean desk?"),
        ("mute lift mute-nothing", "`tracker mute list` shows them"),
        ("review list harbor-bridge", CLOSE),
        ("feed add https://news.example/x --story harbor-bridge", CLOSE),
        ("feed export --story harbor-bridge", CLOSE),
        ("feed remove https://news.example/fed", "did you mean https://news.example/feed?"),
        ("feed check f-nothing", "no feed f-nothing; "),
        ("subscription add --email a@example.org --story harbor-bridge", CLOSE),
        (f"subscription add --email a@example.org --story {bridge.STORY} --claim S1", "did you mean S01"),
        ("subscription remove dekk", "did you mean desk?"),
        ("subscription test ada@example.com", "did you mean ada@example.org?"),
        ("alert list --story harbor-bridge", CLOSE),
        ("alert list --subscription dekk", "did you mean desk?"),
        ("erase nothing --reason x", "no entry nothing; `tracker story entries STORY --json` lists ids"),
        ("why 99", "no event at position 99; the log ends at"),
        ("alert show nothing", "no delivery nothing; `tracker alert list` shows them"),
    ],
)  # fmt: skip
def test_a_slip_in_an_id(tracker: Tracker, typed: str, told: str) -> None:
    """Wherever an id is taken, one that is not there ends with 3 in one line: the nearest, or where to look."""
    tracker("subscription", "add", "--email", "ada@example.org", "--id", "desk")
    tracker("feed", "add", "--query", "harbour")
    if "news.example/fed" in typed:
        tracker("feed", "import", _list())
    complaint = tracker(*typed.split(), code=3)
    assert told in complaint
    assert complaint.count("\n") == 1


def _list() -> str:
    import tempfile  # noqa: PLC0415 - one of the cases

    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write("https://news.example/feed\n")
    return file.name


def test_without_arguments_the_help_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    """Typed alone, the command says how to begin and which commands there are, on one screen of 50 lines."""
    assert run([]) == 0
    told = capsys.readouterr().out
    assert "Begin with:  tracker demo" in told
    assert len(told.splitlines()) <= 60


@pytest.mark.parametrize(
    "typed",
    [
        "status", "timeline x", "why 1", "diff x 2024-01-01 2024-01-02", "story list", "story close x", "review list",
        "review confirm 1", "log", "verify", "rebuild", "export -", "feed list", "feed export", "subscription list",
        "alert list", "alert endpoints", "alert route 1", "mute list",
    ],
)  # fmt: skip
def test_who_only_reads_makes_no_database(tmp_path: Path, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever mistypes where the database is, is told that there is none, with 3, and nothing is made there."""
    assert run(["--database-url", f"sqlite:///{tmp_path / 'mistyped.db'}", *typed.split()]) == 3
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n"), [*tmp_path.iterdir()]) == ("", 1, [])
    assert "mistyped.db; `tracker init` makes one" in captured.err


def test_a_log_in_an_order_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Events of a story that was never opened are kept aside and told of; stories are listed without it."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = open_engine(url)
    write_old_log(engine, old_rows())
    engine.dispose()
    assert run(["--database-url", url, "story", "list"]) == 0
    assert capsys.readouterr().out.startswith("instructors  open")
    assert run(["--database-url", url, "status", "pont"]) == 3
    assert "no story pont" in capsys.readouterr().err
    run(["--database-url", url, "doctor"])
    assert "stories lacks 3 events that could not be folded" in capsys.readouterr().out
