"""`tracker compare`: a sentence against a claim, and files of them."""

import json
from pathlib import Path

import pytest

from tracker.entrypoints.cli.main import run

CLAIM = "Forty jobs will go at the Leeds mill."
OTHER = "Thirty jobs will go at the Leeds mill."
FIELDS = {"relation", "p", "field", "old", "new", "reason"}


def lines(*documents: object) -> str:
    """Return documents as lines of JSON."""
    return "".join(f"{json.dumps(one)}\n" for one in documents)


def test_a_differing_value_denies_and_both_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """The document says denies, names the field and gives the claim's value and the sentence's."""
    assert run(["compare", CLAIM, OTHER, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"schema_version", *FIELDS}
    assert (said["relation"], said["field"], said["old"], said["new"]) == (
        "denies", "quantity", "Forty jobs", "Thirty jobs",
    )  # fmt: skip
    assert sum(said["p"].values()) == pytest.approx(1, abs=1e-3)


def test_it_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json the relation comes first, then the values compared and the chances of all three."""
    assert run(["compare", CLAIM, OTHER]) == 0
    said = capsys.readouterr().out
    assert said.startswith("denies (")
    assert "quantity\n  claim     Forty jobs\n  sentence  Thirty jobs" in said
    assert "Chances: corroborates 0." in said


def test_a_file_is_answered_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers come in the order of their pairs; a bad line is told by its number, left out, and ends in 4."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    pair = {"id": "a", "claim": CLAIM, "sentence": OTHER}
    bad = '{"id": 1}\n["x"]\nno\n\n{"id": 1, "claim": " ", "sentence": "x"}\n'
    late = {**pair, "published": "yesterday"}
    source.write_text(lines(pair) + bad + lines({**pair, "id": 7, "published": "2031-03-02T10:00:00Z"}, late))
    assert run(["compare", "--pairs", str(source), "--out", str(target)]) == 4
    first, second = map(json.loads, target.read_text().splitlines())
    assert (first["id"], second["id"], set(first)) == ("a", 7, {"id", *FIELDS})
    assert {**first, "id": 7} == second
    told = capsys.readouterr().err.splitlines()
    assert [line.partition("line ")[2].partition(":")[0] for line in told] == ["2", "3", "4", "6", "8"]


def test_an_answer_does_not_hang_on_its_neighbours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pair alone and the same pair among others have the same answer."""
    source = tmp_path / "in.jsonl"
    source.write_text(lines(*({"id": n, "claim": CLAIM, "sentence": OTHER + " So it was said." * n} for n in range(5))))
    assert run(["compare", "--pairs", str(source), "--out", "-"]) == 0
    together = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert run(["compare", CLAIM, OTHER, "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert {name: together[0][name] for name in FIELDS} == {name: alone[name] for name in FIELDS}


@pytest.mark.parametrize(
    "arguments",
    [(), (CLAIM,), (CLAIM, " "), ("--pairs", "x"), ("--out", "x"), (CLAIM, OTHER, "--pairs", "x", "--out", "y"),
     ("--pairs", "not-there", "--out", "-"), (CLAIM, OTHER, "--published", "soon")],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_mistake(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Too little, too much or a file that is not there is one line and the code 2."""
    assert run(["compare", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_stands_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the answers cannot be put in place, what stood there is left and nothing lies beside it."""
    source, target = tmp_path / "in.jsonl", tmp_path / "taken"
    source.write_text(lines({"id": 1, "claim": CLAIM, "sentence": OTHER}))
    target.mkdir()
    assert run(["compare", "--pairs", str(source), "--out", str(target)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "taken"]
