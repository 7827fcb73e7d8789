"""The how-to page on reviews and corrections does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import run, steps, told
from tests.made import bridge
from tests.made.stored import stored
from tracker.bootstrap import App
from tracker.config import Database, Settings

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "review-and-correct.md"


def test_the_page_on_reviews_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command prints what the page shows; the doubt is told once it is confirmed, and taken back once."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    text = PAGE.read_text(encoding="utf-8")
    done = run(text, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "120"}, {})
    for one in done:
        assert one.code == 0, f"$ {one.step.command}\nexit {one.code}\n{one.output}"
        assert told(one), f"$ {one.step.command}\nshown:\n{one.step.shown}\nprinted:\n{one.output}"
    assert len(done) == len(list(steps(text)))
    app = App(Settings(database=Database(url=url)))
    notices = app.outbox.owed([recorded.id for recorded in app.log.read()])
    assert [(one.position, one.kind) for one in notices] == [(22, "updated"), (23, "correction")]
    app.close()
