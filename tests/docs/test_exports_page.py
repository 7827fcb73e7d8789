"""The how-to page on exports does what it says, command by command, and names every form."""

import re
from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import tunnel
from tests.made.stored import stored
from tracker.rendering.formats import FORMS

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "exports.md"


def test_the_page_on_exports_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command ends well and prints what the page shows: files, the past, and the same bytes twice."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, tunnel.events()).engine.dispose()
    runs_as_written(PAGE, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "100"}, {})


def test_the_page_names_every_form() -> None:
    """The table has each form under the name that the command line takes, and the one that the page has."""
    rows = re.findall(r"^\| (`[^|]*`) \| (`[^|]*`) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = [re.findall(r"`([^`]+)`", cell) for row in rows for cell in row]
    assert {name for cell in named[0::2] for name in cell} == FORMS.keys()
    assert {name for cell in named[1::2] for name in cell} == {f"export.{form.suffix}" for form in FORMS.values()}
