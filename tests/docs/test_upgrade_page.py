"""The how-to page on upgrades does what it says, on a database that an older version wrote."""

from pathlib import Path

from tests.adapters.sql.migrators import old_rows, write_old_log
from tests.docs.shell_page import runs_as_written
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.migrate import revision

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "upgrade.md"


def test_the_page_on_upgrades_runs_as_it_is_written(tmp_path: Path) -> None:
    """A copy, the check, the step and the proof; going back leaves the older database as it was."""
    engine = open_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    write_old_log(engine, old_rows())
    engine.dispose()
    done = runs_as_written(PAGE, tmp_path, {}, {})
    assert f"verified {len(old_rows())} events" in done[4].output
    assert revision(engine) == "0001"
    engine.dispose()
