"""The how-to page on the page does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.mailbox import free_port
from tests.made.stored import stored

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "page.md"


def test_the_page_on_the_page_runs_as_it_is_written(tmp_path: Path) -> None:
    """The page is served, one is printed, and with a token it is started again for who may write."""
    url, port = f"sqlite:///{tmp_path / 'tracker.db'}", free_port()
    stored(url, bridge.events()).engine.dispose()
    variables = {"TRACKER_DATABASE_URL": url, "TRACKER_SERVE_LISTEN": f"127.0.0.1:{port}"}
    done = runs_as_written(PAGE, tmp_path, variables, {"127.0.0.1:8378": f"127.0.0.1:{port}"})
    assert [one.output.count('{"ready":true') for one in done] == [1, 0, 1]
    assert "Old harbour bridge closed" in (tmp_path / "bridge.html").read_text(encoding="utf-8")
    assert (tmp_path / "page-token").stat().st_mode & 0o777 == 0o600
