"""A SIGHUP while the command line is still being read in."""

import signal
import subprocess
import sys

import pytest

SENT_EARLY = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Hangup(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "click":
            os.kill(os.getpid(), signal.SIGHUP)

sys.meta_path.insert(0, Hangup())
from tracker.__main__ import main
main()
"""
"""The first that the command line imports is click."""


def called(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", SENT_EARLY, *arguments], capture_output=True, text=True, check=False)


def test_a_hangup_while_the_command_line_is_read_in_ends_no_worker() -> None:
    """The worker lives on and comes to its settings, of which there are none here."""
    ended = called("--config", "/nonexistent.toml", "run")
    assert (ended.returncode, ended.stderr) == (2, "tracker: config /nonexistent.toml: No such file or directory\n")


@pytest.mark.parametrize("command", [("config", "show"), ("serve",), ("poll",)])
def test_a_hangup_ends_every_other_command(command: tuple[str, ...]) -> None:
    """A command that nobody sees any more ends by the signal, as it does when it comes later."""
    assert called("--config", "/nonexistent.toml", *command).returncode == -signal.SIGHUP
