"""`tracker log`, `verify` and `rebuild` on a database file that holds the story of the bridge."""

import json
import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.stored import Stored
from tracker.domain.events import Event, NewEvent, StoryClosed
from tracker.domain.feed_events import (
    FeedAdded,
    FeedGone,
    FeedMoved,
    FeedRecovered,
)
from tracker.entrypoints.cli.main import INTERRUPTED, run

EVENTS = bridge.events()


def test_log_prints_every_event(tracker: Tracker) -> None:
    """The log is a line an event: position, time, type, stream, and what it says."""
    rows = tracker("log").splitlines()
    assert len(rows) == len(EVENTS)
    assert rows[10].split()[:5] == ["11", "2031-03-03", "17:00", "claim.updated", "story-harbour-bridge"]


def test_log_can_be_narrowed(tracker: Tracker) -> None:
    """The log can be read for one story, and from a position on."""
    rows = tracker("log", "--story", bridge.STORY, "--after", "17").splitlines()
    assert [row.split()[0] for row in rows] == ["18", "19"]


def test_log_as_json_lines_holds_the_whole_record(tracker: Tracker) -> None:
    """Each line is one JSON object with everything that the log holds of an event."""
    rows = [json.loads(row) for row in tracker("log", "--format", "jsonl").splitlines()]
    assert [row["position"] for row in rows] == [recorded.position for recorded in EVENTS]
    assert set(rows[10]) == {
        "position", "stream", "version", "id", "type", "schema", "recorded_at", "published_at", "causation", "actor",
        "data", "hash",
    }  # fmt: skip
    assert rows[10]["data"]["finding"]["new"] == "14 people"
    assert rows[10]["recorded_at"] == "2031-03-03T17:00:00Z"


def test_what_happened_to_a_source_is_told_in_words_and_with_its_name(tracker: Tracker, database: Stored) -> None:
    """In its line of the log and in its explanation, by the address that it had then."""
    told: list[Event] = [
        FeedAdded("f-1", "https://a.example/feed", "Paper", None),
        FeedGone("f-1"),
        FeedMoved("f-1", "https://a.example/feed", "https://b.example/feed"),
        FeedRecovered("f-1"),
    ]
    database.log.append("feed-f-1", 0, [NewEvent(f"e-{nth}", event, "worker") for nth, event in enumerate(told)])
    assert [" ".join(row.split()[3:]) for row in tracker("log", "--after", str(len(EVENTS))).splitlines()][1:] == [
        "feed.gone feed-f-1 gone for good, as it says itself",
        "feed.moved feed-f-1 https://a.example/feed → https://b.example/feed",
        "feed.recovered feed-f-1 answers again",
    ]
    gone, moved, back = (" ".join(tracker("why", str(len(EVENTS) + nth)).split()) for nth in (2, 3, 4))
    assert "source Paper, https://a.example/feed what gone for good" in gone
    assert "source Paper, https://a.example/feed what https://a.example/feed → https://b.example/feed" in moved
    assert "source Paper, https://b.example/feed what answers again" in back


def following(url: str) -> "subprocess.Popen[str]":
    """Start to follow the log from its last event on."""
    command = [sys.executable, "-m", "tracker", "--database-url", url, "log", "--after", "19", "--follow"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_log_follows_what_is_recorded(database: Stored, sqlite_url: str) -> None:
    """With --follow an event recorded later is printed, and an interrupt ends it without a word."""
    with following(sqlite_url) as process:
        assert process.stdout is not None
        assert process.stdout.readline().split()[0] == "20"
        version = max(recorded.version for recorded in EVENTS if recorded.stream == bridge.STREAM)
        database.log.append(bridge.STREAM, version, (NewEvent("closed", StoryClosed(bridge.STORY), "person"),))
        assert process.stdout.readline().split()[0] == "21"
        process.send_signal(signal.SIGINT)
        assert process.communicate() == ("", "")
    assert process.returncode == INTERRUPTED


def test_following_ends_with_its_reader(database: Stored, sqlite_url: str) -> None:
    """When the reader of the pipe goes away, following ends by itself, without an event and without a word."""
    assert database.log.head() == len(EVENTS)
    with following(sqlite_url) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().split()[0] == "20"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_verify_proves_an_honest_log(tracker: Tracker) -> None:
    """A log that nobody touched verifies."""
    assert tracker("verify").startswith(f"verified {len(EVENTS)} events in 3 streams")


def test_verify_finds_a_changed_event(database: Stored, tracker: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """A number changed behind the log's back is found: the fault on stdout, one line on stderr, exit code 1."""
    with database.engine.begin() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE event SET data = replace(data, '14 people', '40 people') WHERE position = 11"))
    assert run(["--database-url", tracker.url, "verify"]) == 1
    captured = capsys.readouterr()
    assert "11" in captured.out
    assert "does not verify" in captured.err
    assert captured.err.count("\n") == 1


def test_rebuild_changes_nothing_that_a_reader_sees(tracker: Tracker) -> None:
    """After a rebuild every report is, byte for byte, what it was."""
    commands = (["status"], ["timeline", bridge.STORY], ["why", "11"], ["status", "--format", "json"])
    before = [tracker(*command) for command in commands]
    assert "made 6 views anew from 20 events" in tracker("rebuild")
    assert [tracker(*command) for command in commands] == before
