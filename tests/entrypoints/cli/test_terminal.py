"""Colour and progress are for terminals; streams that are closed stay quiet; Ctrl-C is one word."""

import os
import pty
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.made import bridge
from tests.made.command_line import Tracker
from tracker.entrypoints.cli.terminal import colour

ASKED = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE")


def command(tracker: Tracker, *arguments: str) -> list[str]:
    """Return a command line of a process of its own."""
    return [sys.executable, "-m", "tracker", "--database-url", tracker.url, *arguments]


def surroundings(**variables: str) -> dict[str, str]:
    """Return variables in which nothing is said of colour but what is given here."""
    kept = {name: value for name, value in os.environ.items() if name not in ASKED}
    return {**kept, "TERM": "xterm", "COLUMNS": "100", **variables}


def on_a_terminal(line: list[str], variables: dict[str, str]) -> str:
    """Run a command whose output is a terminal; return what that shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(line, env=variables, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the terminal is gone with the process
            while piece := os.read(ours, 65_536):
                shown += piece
    os.close(ours)
    assert process.returncode == 0
    return shown.decode()


@pytest.mark.parametrize(
    ("variables", "terminal", "piped"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True, True),
        ({"CLICOLOR_FORCE": "0"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
    ],
)
def test_who_wants_colour(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, terminal: bool, piped: bool
) -> None:
    """A terminal that can is coloured, a pipe is not; NO_COLOR is heard before FORCE_COLOR and CLICOLOR_FORCE."""
    for name in ASKED:
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "w"), os.fdopen(theirs, "w") as screen, Path(os.devnull).open("w", encoding="utf-8") as pipe:
        assert (colour(screen), colour(pipe)) == (terminal, piped)


def test_what_is_written_is_coloured(tracker: Tracker) -> None:
    """A command colours what it writes to a terminal, nothing in a pipe, and a pipe where it is told to."""
    line = command(tracker, "timeline", bridge.STORY)
    assert "\x1b[" in on_a_terminal(line, surroundings())
    for variables, coloured in ({}, False), ({"FORCE_COLOR": "1"}, True):
        done = subprocess.run(line, env=surroundings(**variables), capture_output=True, text=True, check=True)
        assert (("\x1b[" in done.stdout), done.stderr) == (coloured, "")


def test_a_report_is_as_wide_as_the_terminal(tracker: Tracker) -> None:
    """On a narrow terminal no line is longer than that."""
    narrow = on_a_terminal(command(tracker, "status"), surroundings(COLUMNS="60", NO_COLOR="1"))
    prose = [line for line in narrow.splitlines() if len(line.split()) > 2]
    assert 50 < max(map(len, prose)) <= 60


@pytest.mark.parametrize(("arguments", "lines"), [(("timeline", bridge.STORY), 0), (("log", "--follow"), 1)])
def test_a_pipe_that_is_closed_is_quiet(tracker: Tracker, arguments: tuple[str, ...], lines: int) -> None:
    """Whoever reads only the first line, or none at all, sees no complaint, and the command ends."""
    with subprocess.Popen(command(tracker, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(lines):
            process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("arguments", ["status", "timeline harbour-bridge"])
def test_streams_that_are_closed_from_the_start(tracker: Tracker, arguments: str) -> None:
    """Without standard input, output or error a command ends well, and the database takes none of their places."""
    line = " ".join(command(tracker, arguments))
    done = subprocess.run(
        f"{line} <&- >&- ; echo $? ; {line} 2>&- >/dev/null; echo $?",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("0\n0\n", "")


def test_ctrl_c_is_one_word(tracker: Tracker) -> None:
    """Interrupted at a question, a command says "stopped" and ends with 130."""
    ours, theirs = pty.openpty()
    line = command(tracker, "init", "none.toml")
    with subprocess.Popen(line, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert select.select([process.stderr], [], [], 60)[0]
        while process.poll() is None:  # between the question and the wait for an answer an interrupt is not heard
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
        told = process.stderr.read()
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 130
    assert told.endswith(": stopped\n")
    assert told.count("\n") == 1
