"""The command line, run in this process."""

import pytest

from tracker.entrypoints.cli.main import run


class Tracker:
    """The command line on one database."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run a command, check its exit code, and return what it printed; what it complained of when it failed."""
        assert run(["--database-url", self.url, *arguments]) == code
        captured = self._capsys.readouterr()
        return captured.out if code in {0, 10} else captured.err
