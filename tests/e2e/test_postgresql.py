"""A PostgreSQL server as the command line meets it; workers on one: `test_fleet`."""

from pathlib import Path

from tests.e2e.world import Tracker


def test_a_server_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    """No server at the address: exit code 1, one line, and no password in it."""
    url = f"postgresql://me:hush@localhost/tracker?host={tmp_path}"
    done = Tracker(url, tmp_path).run("story", "list", check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "hush" not in done.stderr
