"""`tracker status`, `timeline`, `why` and `diff` on a database file that holds the story of the bridge."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.stored import stored
from tests.made.streams import Recorder
from tracker.domain.events import StoryClosed, StoryOpened

EVENTS = bridge.events()


@pytest.fixture
def two_stories(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Tracker:
    """Return the command line on a database that holds three stories, one of them closed."""
    log = Recorder()
    for recorded in EVENTS:
        log.record(recorded.stream, recorded.event, at=recorded.recorded_at, actor=recorded.actor)
    at = EVENTS[-1].recorded_at + timedelta(minutes=1)
    log.record("story-strike", StoryOpened("strike", "Dockers on strike", "en", None, None, None), at=at)
    log.record("story-fair", StoryOpened("fair", "The fair", "en", None, None, None), at=at)
    log.record("story-fair", StoryClosed("fair"), at=at)
    stored(sqlite_url, log.events).engine.dispose()
    return Tracker(sqlite_url, capsys)


def test_status_of_the_only_story_needs_no_name(tracker: Tracker) -> None:
    """Without a name the only story is reported, in plain text where there is no terminal, from a fresh database."""
    text = tracker("status")
    assert text == tracker("status", bridge.STORY)
    assert text.startswith("Old harbour bridge closed\n")
    assert "quantity: 11 people → 14 people" in text
    assert "\x1b" not in text


def test_status_of_several_stories_is_a_line_each(two_stories: Tracker) -> None:
    """Without a name several stories are listed in short, closed ones left out; JSON holds them all in full."""
    paragraphs, _, head = two_stories("status").partition("\n\n")
    assert [row.split()[0] for row in paragraphs.splitlines() if row[:1] != " "] == [bridge.STORY, "strike"]
    assert head.startswith("HEAD OF THE LOG  (position 21)")
    document = json.loads(two_stories("status", "--format", "json"))
    assert [story["story"]["id"] for story in document["stories"]] == [bridge.STORY, "strike"]
    assert "name one of harbour-bridge, strike" in two_stories("status", "--format", "html", code=2)


def test_status_without_a_story_says_how_to_begin(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On an empty database status exits with 3 and names the next step."""
    assert "tracker story open SEED" in Tracker(sqlite_url, capsys)("status", code=3)


def test_an_unknown_story_is_refused_with_the_nearest(tracker: Tracker) -> None:
    """A misspelt story exits with 3, in one line that names the nearest id, in every command that takes a story."""
    for command in (["status"], ["timeline"], ["log", "--story"]):
        complaint = tracker(*command, "harbor-bridge", code=3)
        assert "did you mean harbour-bridge?" in complaint
        assert complaint.count("\n") == 1
    assert "did you mean" in tracker("diff", "harbor-bridge", "2031-03-03", "2031-03-04", code=3)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_every_format_can_be_asked_for(tracker: Tracker, form: str) -> None:
    """Each format is printed whole and alone."""
    assert bridge.HURT_NOW.text in tracker("status", "--format", form)


def test_a_look_back_shows_what_was_known_then(tracker: Tracker) -> None:
    """As of a day means the end of that day; as of a moment, naive ones in UTC, means that moment."""

    def current(moment: str) -> str:
        document = json.loads(tracker("status", "--as-of", moment, "--format", "json"))
        return str(next(claim["current"] for claim in document["claims"] if claim["id"] == "S01"))

    assert current("2031-03-03") == bridge.HURT_NOW.text
    assert current("2031-03-03T12:00") == bridge.HURT.text
    assert current("2031-03-03T18:00+02:00") == bridge.HURT.text
    assert current("2031-03-03 17:00Z") == bridge.HURT_NOW.text


def test_a_look_back_past_the_opening_is_refused(tracker: Tracker) -> None:
    """Before its opening a story has no status: exit code 3, with the time of its opening."""
    assert "was opened at 2031-03-03 08:00 UTC" in tracker("status", "--as-of", "2031-03-02", code=3)


@pytest.mark.parametrize("moment", ["yesterday", "2031-13-01", "", "0001-01-01T00:00+14:00"])
@pytest.mark.parametrize("option", ["--as-of", "--valid-at", "--since"])
def test_a_bad_time_is_refused(tracker: Tracker, option: str, moment: str) -> None:
    """What is no time exits with 2 and says how times are written."""
    assert "is no time; write 2024-06-02" in tracker("status", option, moment, code=2)


def test_a_look_at_what_had_been_said(tracker: Tracker) -> None:
    """Valid at a moment means what was published by it; the report says so, and JSON names both times."""
    both = ("--as-of", "2031-03-05", "--valid-at", "2031-03-03T12:00")
    document = json.loads(tracker("status", *both, "--format", "json"))
    assert (document["as_of"], document["valid_at"]) == ("2031-03-05T23:59:59.999999Z", "2031-03-03T12:00:00Z")
    text = tracker("status", *both)
    assert "as of 2031-03-05 23:59 UTC, what had been said by 2031-03-03 12:00 UTC; position 16" in text
    assert bridge.HURT.text in text
    assert "11 people → 14 people" not in text
    assert "11 people → 14 people" in tracker("timeline", bridge.STORY, "--as-of", "2031-03-05")
    assert "11 people → 14 people" not in tracker("timeline", bridge.STORY, *both)
    since = tracker("status", "--valid-at", "2031-03-04", "--since", "2031-03-03T12:00")
    assert "NEW SINCE 2031-03-03 12:00 UTC  (4)" in since
    assert "begins with what was said by" in tracker("status", "--valid-at", "2031-03-02", code=3)


def test_a_difference_between_two_pictures_of_one_moment(tracker: Tracker) -> None:
    """With a valid time the difference is of what was believed about that moment: nothing said later is in it."""
    days = ("2031-03-03T09:00", "2031-03-06")
    assert bridge.HURT_NOW.text in tracker("diff", bridge.STORY, *days)
    assert bridge.HURT_NOW.text not in tracker("diff", bridge.STORY, *days, "--valid-at", "2031-03-03T12:00")


def test_every_report_names_the_head_of_the_log(tracker: Tracker) -> None:
    """The head in a report is the hash of the newest event of the story at its position, and the log still holds it."""
    document = json.loads(tracker("status", "--format", "json"))
    record = json.loads(tracker("log", "--format", "jsonl", "--after", str(document["position"] - 1)).splitlines()[0])
    assert document["head"] == record["hash"]
    for command in (["status"], ["timeline"]):
        assert document["head"] in tracker(*command, bridge.STORY)
    assert record["hash"] in tracker("diff", bridge.STORY, "2031-03-03", "2031-03-09")


def test_since_a_time_shows_what_is_new(tracker: Tracker) -> None:
    """Since a time, the report names it and counts what came after it; the exit code tells where it was asked for."""
    assert "NEW SINCE 2031-03-06 00:00 UTC  (2)" in tracker("status", "--since", "2031-03-06", "--exit-code", code=10)
    assert "Nothing new; the latest development is of" in tracker("status", "--since", "2031-03-07", "--exit-code")
    assert "NEW" in tracker("status", "--since", "2031-03-06")


def test_since_last_shows_everything_once(tracker: Tracker) -> None:
    """The first look shows all developments, the second none; a look back or another command moves no mark."""
    tracker("timeline", bridge.STORY)
    tracker("status", "--since", "last", "--as-of", "2031-03-07")
    first = json.loads(tracker("status", "--since", "last", "--format", "json", "--exit-code", code=10))
    second = json.loads(tracker("status", "--since", "last", "--format", "json", "--exit-code"))
    assert first["counts"]["new"] == first["counts"]["developments"] > 0
    assert second["counts"]["new"] == 0
    assert second["since"] == first["as_of"]
    tracker("rebuild")
    assert json.loads(tracker("status", "--since", "last", "--format", "json"))["counts"]["new"] == 0


def test_timeline_lists_events_oldest_first(tracker: Tracker) -> None:
    """The timeline tells the story in order, repeats folded into one line."""
    text = tracker("timeline", bridge.STORY)
    assert text.index("2 entries repeat") < text.index("11 people → 14 people") < text.index("lead an inquiry")


def test_why_explains_a_finding(tracker: Tracker) -> None:
    """The explanation names the event's type, its reason, and the claim before and after."""
    text = tracker("why", "11")
    for words in ("#11  claim.updated", "14 is more than the 11 known before", bridge.HURT.text, bridge.HURT_NOW.text):
        assert words in text


@pytest.mark.parametrize(("position", "code"), [("99", 3), ("0", 2), ("x", 2)])
def test_why_refuses_a_position_that_is_not_there(tracker: Tracker, position: str, code: int) -> None:
    """A position past the log exits with 3, what is no position with 2."""
    assert tracker("why", position, code=code)


def test_diff_shows_the_claims_that_differ(tracker: Tracker) -> None:
    """Between two days the claims are shown as they were and as they are."""
    text = tracker("diff", bridge.STORY, "2031-03-03", "2031-03-04")
    assert "(not tracked)" in text
    assert "denied by Harbour Post" in text
    assert "S01" not in text
    assert "No claim differs" in tracker("diff", bridge.STORY, "2031-03-04", "2031-03-04")
    assert "FROM is later than TO" in tracker("diff", bridge.STORY, "2031-03-05", "2031-03-04", code=2)


def through_a_terminal(tracker: Tracker, **extra: str) -> str:
    """Return what `tracker status` writes to a terminal."""
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "100", **extra}
    environ.pop("NO_COLOR", None) if "NO_COLOR" not in extra else None
    script = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    command = [sys.executable, "-m", "tracker", "--database-url", tracker.url, "status"]
    done = subprocess.run(
        [sys.executable, "-c", script, *command],
        env=environ,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return done.stdout.decode()


def test_colour_is_for_terminals_that_want_it(tracker: Tracker) -> None:
    """On a terminal the report is coloured, unless NO_COLOR is set or the terminal is dumb."""
    assert "\x1b[1mOld harbour bridge closed" in through_a_terminal(tracker)
    assert "\x1b" not in through_a_terminal(tracker, NO_COLOR="1")
    assert "\x1b" not in through_a_terminal(tracker, TERM="dumb")


def test_a_terminal_also_shows_the_time_of_its_own_clock(tracker: Tracker) -> None:
    """The report says when it is of by UTC, and to a reader elsewhere by the reader's clock as well; a file, by UTC."""
    assert "as of 2031-03-06 11:00 UTC (16:30 IST); position 19" in through_a_terminal(tracker, TZ="Asia/Kolkata")
    assert "as of 2031-03-06 11:00 UTC; position 19" in through_a_terminal(tracker, TZ="UTC")
    assert "as of 2031-03-06 11:00 UTC; position 19" in tracker("status")


def test_since_you_last_looked_is_said_once_there_was_a_look(tracker: Tracker) -> None:
    """The first `--since last` tells what is new since the opening, the next one what is since that look."""
    first, second = tracker("status", "--since", "last"), tracker("status", "--since", "last")
    assert "NEW SINCE 2031-03-03 08:00 UTC" in first
    assert "1 claim new, 1 updated, 1 confirmed, 1 newly contested, 1 resolved; 3 corrections" in first
    assert "SINCE YOU LAST LOOKED, 2031-03-06 11:00 UTC" in second
    assert "Nothing new; the latest development is of 2031-03-06 11:00 UTC." in second


def test_a_closed_pipe_is_quiet(tracker: Tracker) -> None:
    """When the reader goes away the command ends without a word."""
    command = [sys.executable, "-m", "tracker", "--database-url", tracker.url, "log", "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
    assert complaint == b""
