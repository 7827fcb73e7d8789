"""`tracker evaluate` and `tracker calibrate`."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.made.command_line import Tracker
from tests.made.stored import Stored
from tracker.application.evaluate import GOALS, evaluate, said_in, verdicts
from tracker.application.evaluate_case import EVERY_LANGUAGE, Case, case_of
from tracker.application.evaluate_sheet import document, sheet
from tracker.bootstrap import App
from tracker.bootstrap.rehearsal import rehearsal
from tracker.config import Database, Settings
from tracker.entrypoints.cli.main import run
from tracker.errors import UsageError
from tracker.judging.calibrating import NEEDED
from tracker.rendering.documents.evaluation import Evaluation
from tracker.rendering.evaluation import sheet_text

CASES = Path(__file__).parents[2] / "data" / "cases"
QUAKE = CASES / "quake"


@pytest.fixture(scope="module")
def app() -> App:
    """Return a tracker whose models are loaded once."""
    return App(Settings(database=Database(url="sqlite://")))


def case(app: App, language: str = EVERY_LANGUAGE) -> Case:
    items, gold = ((QUAKE / name).read_text(encoding="utf-8").splitlines() for name in ("items.jsonl", "gold.jsonl"))
    return case_of("quake", app.read_seed(str(QUAKE / "seed.toml")), items, gold, language)


def test_a_case_is_judged_as_replay_judges_it(app: App, tmp_path: Path) -> None:
    """The verdicts that are scored are those that `tracker replay` writes, field by field."""
    out = tmp_path / "verdicts.jsonl"
    assert run(["replay", str(QUAKE / "seed.toml"), str(QUAKE / "items.jsonl"), "--verdicts", str(out)]) == 0
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [*verdicts(case(app), app.judge, rehearsal)] == written
    assert len(written) == 9
    assert any(one["alert"] for one in written)


def test_a_new_claim_is_no_link() -> None:
    """What is scored of a verdict are its findings on tracked claims."""
    finding = {"claim": "C1", "relation": "updates"}
    new = {"claim": None, "relation": "new"}
    said = said_in({"relevant": True, "alert": False, "findings": [new, finding]})
    assert said.links == {"C1": "updates"}


def test_the_table_holds_judge_rules_and_ablations(app: App) -> None:
    """Figures with intervals around them, simpler rules that repeat more, the judge without parts that is worse."""
    done = evaluate([case(app, "en")], app.judge, app.encoder, rehearsal)
    told: dict[str, Any] = json.loads(json.dumps(document(done, "en")))
    msgspec.convert(told, Evaluation, strict=True)
    (one,) = told["cases"]
    assert (one["case"], one["items"]) == ("quake", 8)
    assert told["goals"] == GOALS._asdict()
    assert {"keyword alert", "every relevant entry", "cosine from 0.50"} == set(told["baselines"])
    assert {"no pair model", "no comparators"} <= set(told["ablations"])
    assert told["ablations"]["no comparators"]["relation"] < told["mean"]["relation"]
    assert told["baselines"]["every relevant entry"]["duplicates"] > told["mean"]["duplicates"]
    for name in GOALS._fields:
        low, high = told["mean"]["interval"][name]
        assert low <= told["mean"][name] <= high
    table = sheet_text(sheet(done, "en"))
    assert "quake (8) " in table
    assert re.search(r"keyword alert +\d\.\d{3} +- +- +\d", table)
    assert {len(row.split()) for row in table.splitlines() if row.startswith("updates")} == {3}


def test_where_judge_and_readers_part_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Each item that either takes to belong is printed with both sides; a folder that is unfinished is left out: 4."""
    assert run(["evaluate", str(CASES), "--lang", "all", "--errors", "quake"]) == 4
    out, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert "unfinished/items.jsonl: No such file or directory; left out" in err
    assert "  right  2031-03-03  Tarvania earthquake death toll rises to 180" in out
    assert "held: yes, news must, toll-180; Q1 updates\n" in out
    assert "told; Q1 updates 1.00 quantity: At least 120 people -> At least 180 people" in out
    assert "Rovers" not in out
    assert run(["evaluate", str(CASES), "--errors", "quak"]) == 3
    assert "no case quak; did you mean quake?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("items.jsonl", '{"id": "q1"}', "quake/items.jsonl, line 1: not an item"),
        ("gold.jsonl", '{"id": "q1", "scored": true, "lang": "en"}', "quake/gold.jsonl, line 1: not a reading"),
        ("gold.jsonl", "[]", "quake/gold.jsonl, line 1: not a reading"),
        ("seed.toml", "schema = 1", "seed"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_in_a_line(
    tmp_path: Path, file: str, line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file is named, with its line; where no folder can be used the exit code is 2."""
    shutil.copytree(QUAKE, tmp_path / "quake")
    (tmp_path / "quake" / file).write_text(line, encoding="utf-8")
    assert run(["evaluate", str(tmp_path)]) == 2
    first, last = capsys.readouterr().err.splitlines()
    assert said in first
    assert first.endswith("; left out")
    assert "no case in it that can be used" in last


def test_gold_and_items_belong_together(app: App) -> None:
    """A reading of an item that is not there, an unknown word, and a language that nothing is in are refused."""
    seed = app.read_seed(str(QUAKE / "seed.toml"))
    items = (QUAKE / "items.jsonl").read_text(encoding="utf-8").splitlines()
    row = {"id": "q1", "scored": True, "lang": "en", "event": None, "relevant": "yes", "links": [], "news": "no"}
    for other, said in (
        ({"id": "x"}, "names x, which items.jsonl does not hold"),
        ({"relevant": "perhaps"}, "line 2: not a reading"),
        ({"links": [{"claim": "Q1", "must": True, "relations": []}]}, "a link without a relation"),
        ({"scored": False}, "no item is scored in the language en"),
    ):
        with pytest.raises(UsageError, match=said):
            case_of("quake", seed, items, ["", json.dumps(row | other)], "en")


def test_reviews_are_shown_and_too_few_of_them_teach_nothing(tracker: Tracker, database: Stored) -> None:
    """The table counts findings and reviews; with too few the reason is said, and applying ends with 3."""
    waiting = json.loads(tracker("review", "list", "--json"))["findings"]
    before = reviewed(tracker)
    tracker("review", "confirm", str(waiting[0]["position"]))
    head = database.log.head()
    table = tracker("calibrate")
    assert "The judge is as it was made." in table
    assert f"nothing is learnt, {NEEDED} reviews are needed" in table
    assert "when it strikes somebody as wrong" in table
    assert reviewed(tracker) == before + 1
    assert json.loads(tracker("calibrate", "--json"))["calibration"] is None
    assert "teach nothing yet" in tracker("calibrate", "--apply", code=3)
    for two in (("--apply", "--reset"), ("--reset", "--apply"), ("--dry-run", "--apply")):
        assert tracker("calibrate", *two, code=2) == "tracker: give one of --dry-run, --apply and --reset\n"
    assert tracker("calibrate", "--reset") == "the judge is as it was made already\n"
    assert database.log.head() == head


def reviewed(tracker: Tracker) -> int:
    return sum(band["reviewed"] for band in json.loads(tracker("calibrate", "--dry-run", "--json"))["bands"])
