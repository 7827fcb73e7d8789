"""The how-to page on measuring the judge does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.stored import stored

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "measure-the-judge.md"


def test_the_page_on_measuring_runs_as_it_is_written(tmp_path: Path) -> None:
    """The case of the page is measured, the table of reviews is the one shown, and nothing is learnt of so few."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    made, measured, *_ = runs_as_written(PAGE, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "120"}, {})
    assert "lea (2) " in made.output
    assert "  right  2031-03-02  Council starts to build the bridge over the Lea" in made.output
    assert "28 reviews are needed" in measured.output
