"""The how-to page on reviews and corrections does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.stored import stored
from tracker.bootstrap import App
from tracker.config import Database, Settings

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "review-and-correct.md"


def test_the_page_on_reviews_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command prints what the page shows; the doubt is told once it is confirmed, and taken back once."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    runs_as_written(PAGE, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "120"}, {})
    app = App(Settings(database=Database(url=url)))
    notices = app.outbox.owed([recorded.id for recorded in app.log.read()])
    assert [(one.position, one.kind) for one in notices] == [(22, "updated"), (23, "correction")]
    app.close()
