"""`tracker status --format` with the forms that are exports."""

import json

import pytest

from tests.made import bridge, tunnel
from tests.made.command_line import Tracker
from tests.made.stored import stored
from tests.made.streams import Recorder
from tracker.rendering.formats import FORMS

EXPORTS = [name for name, form in FORMS.items() if not form.report]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_printed_whole_and_alone(tracker: Tracker, name: str) -> None:
    """Each export of the only story is the one that is named; it is the same twice, and of a moment that passed."""
    text = tracker("status", "--format", name)
    assert text == tracker("status", bridge.STORY, "--format", name)
    assert "A judge will lead an inquiry" in text or name == "ics"
    assert "A judge will lead an inquiry" not in tracker("status", "--format", name, "--as-of", "2031-03-03")


def test_lines_of_events_are_those_of_the_log(tracker: Tracker) -> None:
    """`--format jsonl` prints what `tracker log` prints of the story, and a last line that says as of when that is."""
    *events, end = tracker("status", "--format", "jsonl").splitlines()
    assert events == tracker("log", "--story", bridge.STORY, "--format", "jsonl").splitlines()
    said, newest = json.loads(end), json.loads(events[-1])
    assert said.pop("type") == "as_of"
    assert (said["position"], said["head"], said["as_of"]) == (
        newest["position"], newest["hash"], newest["recorded_at"],
    )  # fmt: skip


def test_an_export_is_of_one_story_and_no_report(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of several stories one must be named; what only a report can tell is refused, in one line."""
    log = Recorder()
    for recorded in (*bridge.events(), *tunnel.events()):
        log.record(recorded.stream, recorded.event, at=recorded.recorded_at)
    stored(sqlite_url, log.events).engine.dispose()
    tracker = Tracker(sqlite_url, capsys)
    assert "name one of harbour-bridge, tunnel" in tracker("status", "--format", "csv", code=2)
    assert "--format ics is an export" in tracker("status", "tunnel", "--format", "ics", "--since", "last", code=2)
    assert "--format csv is an export" in tracker("status", "tunnel", "--format", "csv", "--exit-code", code=2)
