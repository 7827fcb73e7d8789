"""The how-to page on groups, digests and quiet hours does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.mailbox import mailbox
from tests.made.stored import stored

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "digests-and-quiet-hours.md"


def test_the_page_on_digests_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command prints what the page shows; what waited arrives: the group, the digest nobody wants now."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    with mailbox() as box:
        mail = {"TRACKER_MAIL_HOST": "127.0.0.1", "TRACKER_MAIL_PORT": str(box.port), "TRACKER_MAIL_TLS": "none"}
        runs_as_written(PAGE, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "120", **mail}, {})
        assert sorted(str(one["To"]) for one in box.parsed()) == ["desk@example.org", "editor@example.org"]
