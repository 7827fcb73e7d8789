"""What a shell is told when somebody presses the tab key, asked as bash, zsh and fish ask."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.stored import stored
from tracker.adapters.sql.bare import Names
from tracker.entrypoints.cli.main import cli, run

BASH = """
source <(tracker completion bash)
words=("$@")
COMP_WORDS=("${words[@]}"); COMP_CWORD=$((${#words[@]} - 1)); COMPREPLY=()
$(complete -p tracker | sed 's/.*-F \\([^ ]*\\) .*/\\1/') "${words[0]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compdef() { }; compopt() { }
_describe() { print -l -- "${completions_with_descriptions[@]%%:*}" }
compadd() { print -l -- "${completions[@]}" }
_path_files() { print files }
source <(tracker completion zsh)
words=("$@"); CURRENT=$#words
_tracker_completion
"""
FISH = "tracker completion fish | source; complete -C (string join ' ' -- $argv)"


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return a search path on which `tracker` is found."""
    commands = tmp_path / "bin"
    commands.mkdir()
    program = commands / "tracker"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tracker "$@"\n')
    program.chmod(0o755)
    return f"{commands}:{os.environ['PATH']}"


def asked(shell: str, script: str, path: str, url: str, *typed: str, **variables: str) -> list[str]:
    """Let a shell complete the last word; return what it would offer. Nothing else may be written."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    calls = {
        "bash": ["bash", "--norc", "-c", script, "-"],
        "zsh": ["zsh", "-f", "-c", script, "-"],
        "fish": ["fish", "-N", "-c", script],
    }
    around = {**os.environ, "PATH": path, "TRACKER_DATABASE_URL": url, **variables}
    done = subprocess.run([*calls[shell], *typed], env=around, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [line.split("\t")[0] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(("shell", "script"), [("bash", BASH), ("zsh", ZSH), ("fish", FISH)])
def test_a_shell_completes(tracker: Tracker, path: str, shell: str, script: str) -> None:
    """In each shell commands, and claims of the story that was typed, are offered by the script that is printed."""
    tracker("status")
    assert asked(shell, script, path, tracker.url, "tracker", "timel") == ["timeline"]
    claims = asked(shell, script, path, tracker.url, "tracker", "story", "withdraw", bridge.STORY, "S0")
    assert claims == ["S01", "S02", "S03", "S04"]


def test_without_a_database_a_shell_is_told_nothing(path: str, tmp_path: Path) -> None:
    """Where there is no database, or one that cannot be read, nothing is offered, said or made."""
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "notes").write_text("Dear diary")
    for url in (
        f"sqlite:///{empty}/tracker.db",
        f"sqlite:///{tmp_path}/notes",
        "nonsense",
        "postgresql://x@127.0.0.1:1/x",
    ):
        assert asked("bash", BASH, path, url, "tracker", "status", "") == []
    usual = {"TRACKER_DATABASE_URL": "", "HOME": str(empty), "XDG_DATA_HOME": str(empty / "data")}
    assert asked("bash", BASH, path, "", "tracker", "status", "", **usual) == []
    assert list(empty.iterdir()) == []


def offered(*typed: str) -> list[str]:
    """Return what is offered for the last word."""
    bash = BashComplete(cli, {}, "tracker", "_TRACKER_COMPLETE")
    return [
        found.value if found.type == "plain" else f"<{found.type}>"
        for found in bash.get_completions([*typed[:-1]], typed[-1])
    ]


@pytest.fixture
def known(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """Return a command line that completes from a database with a feed and two subscriptions, one removed."""
    tracker("status")  # the views are made
    tracker("feed", "add", "--query", "harbour ferry")
    for identity in ("desk", "night-desk"):
        tracker("subscription", "add", "--email", f"{identity}@example.org", "--id", identity)
    tracker("subscription", "remove", "night-desk")
    monkeypatch.setenv("TRACKER_DATABASE_URL", tracker.url)
    return tracker


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tim", ["timeline"]),
        ("story wi", ["withdraw"]),
        ("status --as", ["--as-of"]),
        ("status ", [bridge.STORY]),
        ("status harb", [bridge.STORY]),
        ("status x", []),
        ("log --story ", [bridge.STORY]),
        ("story withdraw harbour-bridge N", ["N-7c1"]),
        ("story withdraw nothing ", []),
        ("mute claim harbour-bridge S04", ["S04"]),
        ("subscription add --story harbour-bridge --claim S03", ["S03"]),
        ("subscription add --claim S03", ["S03"]),
        ("subscription add --kind re", ["removed", "restored", "revised"]),
        ("subscription remove ", ["desk"]),
        ("mute story harbour-bridge --subscription ", ["desk"]),
        ("alert list --state d", ["delivered", "dead"]),
        ("story open ", ["<file>"]),
        ("--config ", ["<file>"]),
        ("export ", ["<file>"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("why ", []),
    ],
)  # fmt: skip
def test_what_is_offered(typed: str, expected: list[str]) -> None:
    """Commands, options, kinds, files and ids are offered where each is taken; only words that a shell leaves alone."""
    assert sorted(offered(*typed.split(" "))) == sorted(expected)


def test_no_id_is_offered_that_a_shell_would_run(known: Tracker, tmp_path: Path) -> None:
    """An id that is more to a shell than a word is not offered."""
    claims = "".join(
        f'[[claim]]\nid = "{one}"\ntext = "The ferry is late."\n' for one in ("C1", "$(reboot)", "a;b", "*")
    )
    (tmp_path / "odd.toml").write_text(f'schema = 1\n[story]\nid = "odd"\ntitle = "Odd"\n{claims}')
    known("story", "open", str(tmp_path / "odd.toml"))
    assert offered("story", "withdraw", "odd", "") == ["C1"]


def test_feeds_are_offered_by_id(known: Tracker) -> None:
    """A feed is offered by its id while it is followed."""
    (identity,) = offered("feed", "remove", "")
    assert identity.startswith("f-")
    known("feed", "remove", identity)
    assert offered("feed", "check", "") == []


def test_options_before_the_command_are_heard(tracker: Tracker, tmp_path: Path) -> None:
    """The database that a config file or an option names is the one that is looked at."""
    tracker("status")
    config = tmp_path / "tracker.toml"
    config.write_text(f'[database]\nurl = "{tracker.url}"\n')
    assert offered("--config", str(config), "status", "") == [bridge.STORY]
    assert offered("--database-url", tracker.url, "status", "") == [bridge.STORY]


def test_looking_changes_nothing(
    sqlite_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To complete, no file is made beside the database, which stays as it is."""
    stored(sqlite_url, bridge.events()).engine.dispose()
    Tracker(sqlite_url, capsys)("status")
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert offered("status", "") == [bridge.STORY]
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_on_postgresql(postgresql_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same names are read on PostgreSQL."""
    tracker = Tracker(postgresql_url, capsys)
    stored(postgresql_url, bridge.events()).engine.dispose()
    tracker("status")
    tracker("subscription", "add", "--email", "ada@example.org", "--id", "desk")
    tracker("feed", "add", "--query", "harbour ferry")
    names = Names(postgresql_url)
    assert [found for found, _ in names.stories()] == [bridge.STORY]
    assert ("S02", bridge.KNEW.text) in names.claims(bridge.STORY)
    assert names.subscriptions() == [("desk", "ada@example.org")]
    assert [title for _, title in names.feeds()] == ["Google News: harbour ferry"]


def test_an_unknown_shell(capsys: pytest.CaptureFixture[str]) -> None:
    """A shell for which there is no script is refused as usage."""
    assert run(["completion", "csh"]) == 2
    assert "'csh' is not one of 'bash', 'zsh', 'fish'" in capsys.readouterr().err


def test_little_is_imported_to_complete(tracker: Tracker) -> None:
    """Neither the database library nor the judge is imported: a person waits at the prompt."""
    around = {**os.environ, "TRACKER_DATABASE_URL": tracker.url}
    heavy = "sqlalchemy", "alembic", "numpy", "onnxruntime", "structlog", "starlette", "tracker.domain.events"
    code = (
        "import sys; from click.shell_completion import BashComplete; from tracker.entrypoints.cli.main import cli;"
        "BashComplete(cli, {}, 'tracker', 'X').get_completions(['story', 'withdraw', 'harbour-bridge'], '');"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
