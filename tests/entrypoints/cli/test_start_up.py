"""What is imported before a command does anything: most of what a short command takes is that."""

import subprocess
import sys

import pytest

from tests.made.command_line import Tracker

LIBRARIES = ("sqlalchemy", "alembic", "numpy", "onnxruntime", "structlog", "starlette", "jinja2", "urllib3", "asyncio")
PATTERNS = ("tracker.domain.amounts", "tracker.domain.dates", "tracker.domain.units")


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (("--help",), (*LIBRARIES, "msgspec", "sqlite3", "tracker.bootstrap", "tracker.domain", "tracker.application")),
        (("status",), (*LIBRARIES, *PATTERNS, "tomllib", "hashlib")),
        (("timeline", "harbour-bridge"), (*LIBRARIES, *PATTERNS, "tomllib", "hashlib")),
    ],
)
def test_what_is_spared(tracker: Tracker, arguments: tuple[str, ...], spared: tuple[str, ...]) -> None:
    """Help is only the command line; a report of a database that is level takes no database library and no judge."""
    tracker("status")
    code = (
        "import sys; from tracker.entrypoints.cli.main import run;"
        "assert run(sys.argv[1:]) == 0;"
        f"print([name for name in {spared} if name in sys.modules], file=sys.stderr)"
    )
    line = [sys.executable, "-c", code, "--database-url", tracker.url, *arguments]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
