"""The tutorial does what it says."""

import socket
from pathlib import Path

from tests.docs.shell_page import runs_as_written

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_the_tutorial_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every block of the tutorial, in order in one shell, ends well and prints the lines that the page shows."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    runs_as_written(PAGE, tmp_path, {}, {"8765": port})
