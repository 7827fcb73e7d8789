"""Replay: recorded items through the daemon's cycle, one verdict each."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.adapters.seeds import load_seed
from tracker.application.dry_run import dry_run
from tracker.application.replay import SimulatedClock, read_items, replay, start_of
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.errors import UsageError
from tracker.ports.seeds import Seed

SEED = """
schema = 1
[story]
id = "quake"
title = "Earthquake in Tarvania"
as_of = 2026-03-03T08:00:00Z
[[claim]]
id = "Q1"
text = "At least 120 people were killed in the earthquake in northern Tarvania."
[[claim]]
id = "Q2"
text = "The government of Tarvania plans to ask for international aid."
"""
ITEMS = [
    ("1", "09:00", "Daily A", "Tarvania earthquake death toll rises to 180", "At least 180 people were killed."),
    ("2", "09:30", "Daily B", "Rovers win the cup on penalties", "Rovers beat United on penalties."),
    ("3", "15:00", "Daily C", "Tarvania asks for aid", "The government of Tarvania has asked for international aid."),
    ("4", "16:00", "Daily C", "Tarvania asks for aid", "The government of Tarvania has asked for international aid."),
    ("5", "17:00", "Daily D", "Death toll in Tarvania earthquake 260", "260 people were killed in the earthquake."),
]


@pytest.fixture
def seed(tmp_path: Path) -> Seed:
    path = tmp_path / "seed.toml"
    path.write_text(SEED)
    return load_seed(path)


@pytest.fixture
def app(seed: Seed) -> Iterator[App]:
    made = App(Settings(database=Database(url="sqlite://")), SimulatedClock(start_of(seed)))
    yield made
    made.close()


def lines() -> list[str]:
    return [
        json.dumps(
            {"id": identity, "published": f"2026-03-03T{at}:00+00:00", "publisher": who, "title": title,
             "summary": summary, "url": f"https://{who[-1].lower()}.example/{title[:9]}", "lang": "en"}
        )
        for identity, at, who, title, summary in ITEMS
    ]  # fmt: skip


def test_each_item_gets_one_verdict_in_order(app: App, seed: Seed) -> None:
    """A toll that rises, a plan carried out and a higher toll alert; other news is left out; a copy says nothing."""
    clock = app.clock
    assert isinstance(clock, SimulatedClock)
    first, other, aid, again, higher = replay(app.newsroom(), seed, read_items(lines(), "items"), clock)
    assert [one["item"] for one in (first, other, aid, again, higher)] == ["1", "2", "3", "4", "5"]
    assert (first["alert"], first["findings"][0]["relation"], first["findings"][0]["field"]) == (
        True, "updates", "quantity",
    )  # fmt: skip
    assert (other["relevant"], other["findings"]) == (False, [])
    assert (aid["alert"], aid["findings"][0]["claim"], aid["findings"][0]["new"]) == (True, "Q2", "done")
    assert (again["duplicate_of"], again["alert"], again["relevant"]) == ("3", False, True)
    assert (higher["alert"], higher["findings"][0]["relation"]) == (True, "updates")
    assert all(finding["position"] for finding in first["findings"])
    assert clock() == datetime(2026, 3, 3, 17, tzinfo=UTC)
    assert app.views.checkpoint("ledger") == app.log.head()


@pytest.mark.parametrize(
    "line",
    ["no json", "[]", '{"id": "1"}', '{"id": "1", "title": "t", "published": "yesterday"}', '{"id": "1", "title": 3}'],
)
def test_what_is_no_item_is_named_by_its_line(line: str) -> None:
    """A line that is no item ends the reading with its number; blank lines are nothing."""
    with pytest.raises(UsageError, match="items, line 2"):
        list(read_items(["", line], "items"))


def test_a_clock_never_goes_back() -> None:
    """An item dated before the one in front of it is seen at the later time."""
    clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
    clock.advance(datetime(2026, 3, 2, tzinfo=UTC))
    assert clock() == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_dry_run_judges_and_writes_nothing(app: App, seed: Seed) -> None:
    """The verdict on a text is what an entry of these words would get, and the log stays as it is."""
    clock = app.clock
    assert isinstance(clock, SimulatedClock)
    room = app.newsroom()
    list(replay(room, seed, [], clock))
    story = room.shelf.story("quake")
    assert story is not None
    head = app.log.head()
    verdict = dry_run(
        app.judge, story, title="Tarvania asks for aid", text="Tarvania has asked for aid.", published=None, now=clock()
    )
    assert verdict.relevant
    assert app.log.head() == head
