"""The table of a story's developments, read back by the reader of CSV."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given as drawn

from tests.made import tunnel
from tests.made.exports import brief, given, hostile
from tracker.projections.rows import stamp
from tracker.rendering.csv_rows import AS_OF, rows
from tracker.rendering.formats import Material
from tracker.rendering.json_report import status_json
from tracker.rendering.plain import line
from tracker.rendering.view import StatusView

VIEW = given(tunnel.events(), tunnel.STORY).view


def read(view: StatusView) -> list[dict[str, str]]:
    """Return the rows as the reader takes them."""
    return list(csv.DictReader(io.StringIO("".join(rows(view)), newline=""), strict=True))


def test_each_development_is_a_row_under_the_names_of_the_json_document() -> None:
    """The columns are the fields of a development in the JSON document, with the same values; None is empty."""
    document = json.loads(status_json(VIEW))["developments"]
    found = read(VIEW)
    assert len(found) == len(document)
    for row, told in zip(found, document, strict=True):
        assert row.keys() == {*told, *AS_OF}
        assert {name: row[name].removeprefix("'") for name in told} == {
            name: str(value) if value is not None else "" for name, value in told.items()
        }


def test_each_row_says_as_of_when_it_is() -> None:
    """Moment and position stand in every row: a row that was copied elsewhere still says what it rests on."""
    for row in read(VIEW):
        assert row["story"] == "tunnel"
        assert (row["as_of"], row["as_of_position"]) == (stamp(VIEW.as_of), "17")


def test_lines_are_those_of_the_standard() -> None:
    """Lines end in CR LF, the first one names the columns, and one line is made at a time."""
    made = rows(VIEW)
    assert next(made).startswith('"position","kind","claim"')
    assert all(row.endswith("\r\n") and row.count("\n") == 1 for row in made)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r\n=", "＝", "'", " ="])
def test_no_cell_is_a_formula(begins: str) -> None:
    """What a spreadsheet would run is marked as text, and stays in quotes, so that no country's separator frees it."""
    told = replace(VIEW.developments[0], source=f"{begins}cmd;=1")
    view = replace(VIEW, developments=(told,))
    assert read(view)[0]["source"] == f"'{begins.strip()}cmd;=1"
    assert f'"\'{begins.strip()}cmd;=1"' in "".join(rows(view))


@brief
@drawn(hostile())
def test_whatever_strangers_say_comes_back_out(told: Material) -> None:
    """Every cell, less the mark of a text, is the word that went in, and no row or column is added."""
    found = read(told.view)
    assert len(found) == len(told.view.developments)
    for row, one in zip(found, told.view.developments, strict=True):
        for name in ("claim", "headline", "old", "new", "source", "url", "reason"):
            cell = row[name]
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert cell.removeprefix("'") == line(getattr(one, name)).removeprefix("'" * (not cell.startswith("''")))
        assert None not in row
