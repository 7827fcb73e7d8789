"""A tracker that was moved, restored, or has lost an entry's words goes on as if nothing had happened."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import SECRET, SEED, STORY, Publisher, publishing, recorded_items
from tests.made.command_line import Tracker
from tracker.entrypoints.cli.main import run

ITEMS = recorded_items()[:15]
Open = Callable[[str], Tracker]


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    """Run a publisher on loopback."""
    with publishing() as running:
        yield running


@pytest.fixture(scope="module")
def told(publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of a tracker that has told of news, and owes one alert."""
    home = tmp_path_factory.mktemp("told")
    text, _, _ = SEED.read_text(encoding="utf-8").partition("[[feed]]")
    (home / "seed.toml").write_text(text, encoding="utf-8")
    shutil.copy(SEED.with_suffix(".txt"), home)

    def call(*arguments: str) -> None:
        assert run(["--database-url", f"sqlite:///{home / 'one.db'}", *arguments]) == 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_WORKER_ALLOW_PRIVATE", "loopback")
        patch.setenv("TRACKER_HOOK_SECRET", SECRET)
        call("story", "open", str(home / "seed.toml"), "--id", STORY)
        call("feed", "add", f"{publisher.url}/feed", "--story", STORY)
        call("subscription", "add", "--webhook", f"{publisher.url}/hook", "--secret", "env:TRACKER_HOOK_SECRET")
        call("poll")
        publisher.publish(ITEMS)
        call("poll")
        call("alert", "retry", publisher.hooks[0]["id"])
    return home / "one.db"


@pytest.fixture
def tracker_at(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return what opens the command line on a database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_WORKER_ALLOW_PRIVATE", "loopback")
    monkeypatch.setenv("TRACKER_HOOK_SECRET", SECRET)
    return lambda url: Tracker(url, capsys)


@pytest.fixture
def followed(tracker_at: Open, told: Path, tmp_path: Path) -> Tracker:
    """Return the command line on a copy of that database."""
    shutil.copy(told, tmp_path)
    return tracker_at(f"sqlite:///{tmp_path / 'one.db'}")


def events(tracker: Tracker, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in tracker("log", "--format", "jsonl", *arguments).splitlines()]


def test_a_tracker_that_moved_goes_on_where_it_was(
    followed: Tracker, tracker_at: Open, publisher: Publisher, empty_postgresql_url: str, tmp_path: Path
) -> None:
    """From SQLite to PostgreSQL and back: the same log and file; what was owed is sent once, nothing is read twice."""
    followed("export", "one.jsonl")
    before, status = len(publisher.hooks), followed("status", STORY, "--format", "json")
    server = tracker_at(empty_postgresql_url)
    server("import", "one.jsonl")
    assert server("status", STORY, "--format", "json") == status
    assert events(server) == events(followed)
    server("export", "two.jsonl")
    assert (tmp_path / "two.jsonl").read_bytes() == (tmp_path / "one.jsonl").read_bytes()

    head = server("verify").split()[-6].rstrip(":")
    back = tracker_at(f"sqlite:///{tmp_path / 'back.db'}")
    back("import", "two.jsonl")
    back("verify", "--head", head)
    for _ in range(2):
        back("poll")
    assert events(back) == events(followed), "the feed still serves what is known"
    assert [hook["id"] for hook in publisher.hooks[before:]] == [publisher.hooks[0]["id"]], "owed once, sent once"


def test_an_erased_entry_is_gone_and_stays_away(followed: Tracker, tmp_path: Path) -> None:
    """No file of the tracker holds the headline any more, though its publisher serves it still and is polled again."""
    entries = json.loads(followed("story", "entries", STORY, "--json"))["entries"]
    entry = next(one for one in entries if one["news"])
    assert entry["id"] in followed("story", "entries", STORY)
    words = entry["title"].encode()
    assert holding(tmp_path, words)
    before = json.loads(followed("status", STORY, "--format", "json"))

    assert "it is not taken in again" in followed("erase", entry["id"], "--reason", "a court's order")
    assert not holding(tmp_path, words)
    assert "erased" in followed("verify")
    followed("poll")
    assert not holding(tmp_path, words)
    after = json.loads(followed("status", STORY, "--format", "json"))
    assert [claim["id"] for claim in after["claims"]][: len(before["claims"])] == [c["id"] for c in before["claims"]]
    for command in (("status", STORY), ("timeline", STORY), ("alert", "list"), ("log",), ("rebuild",)):
        followed(*command)
    followed("export", "erased.jsonl")
    assert words not in (tmp_path / "erased.jsonl").read_bytes()


def holding(folder: Path, words: bytes) -> list[str]:
    """Return the files of the database that hold the words."""
    return [file.name for file in folder.glob("one.db*") if words in file.read_bytes()]


def test_what_was_there_stays_when_an_export_fails(followed: Tracker, tracker_at: Open, tmp_path: Path) -> None:
    """An export takes the place of an older one only when it is whole; nothing half-written is left behind."""
    followed("export", "one.jsonl")
    whole = (tmp_path / "one.jsonl").read_bytes()
    assert followed("export", "-").encode() == whole
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("there")
    assert "taken: " in followed("export", "taken", code=2)
    assert "nowhere/one.jsonl: No such file or directory" in followed("export", "nowhere/one.jsonl", code=2)
    assert sorted(one.name for one in tmp_path.glob("*jsonl*")) == ["one.jsonl"]
    assert not list(tmp_path.glob(".*"))
    (tmp_path / "cut.jsonl").write_bytes(whole[:-10])
    lines = whole.splitlines()
    said = f"cut.jsonl: line {len(lines)}: the file is cut off here"
    assert said in tracker_at(f"sqlite:///{tmp_path / 'new.db'}")("import", "cut.jsonl", code=2)
    assert "is not empty" in followed("import", "one.jsonl", code=1)
