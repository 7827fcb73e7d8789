"""The tutorial does what it says."""

import socket
from pathlib import Path

from tests.docs.shell_page import run, steps, told

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_the_tutorial_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every block of the tutorial, in order in one shell, ends well and prints the lines that the page shows."""
    text = PAGE.read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    done = run(text, tmp_path, {}, {"8765": port})
    for one in done:
        assert one.code == 0, f"$ {one.step.command}\nexit {one.code}\n{one.output}"
        assert told(one), f"$ {one.step.command}\nshown:\n{one.step.shown}\nprinted:\n{one.output}"
    assert len(done) == len(list(steps(text)))
