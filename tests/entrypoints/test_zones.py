"""A time zone that this machine does not know is told where it is looked for: when the worker starts, and by doctor."""

import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.made.alerts import by_mail, opening
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.events import NewEvent, story_stream
from tracker.domain.subscription_events import ALERTS, Timing
from tracker.entrypoints.cli.main import run
from tracker.entrypoints.running import Running


def test_a_zone_that_is_not_known_stops_no_worker(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The worker starts, with one line on each subscription whose hours it takes as UTC; doctor names the zones."""
    app = App(Settings(database=Database(url=sqlite_url)))
    lost = replace(by_mail(), timing=Timing(every="daily", zone="Mars/Olympus"))
    app.log.append(story_stream("instructors"), 0, opening())
    app.log.append(ALERTS, 0, [NewEvent("lost", lost, "person"), NewEvent("well", by_mail("w@example.org"), "person")])
    with capture_logs() as logged:
        Running(app, lambda: False).begin()
    (line,) = (one["event"] for one in logged if one["log_level"] == "error")
    assert "s-reader" in line
    assert "Mars/Olympus" in line
    app.close()
    assert run(["--database-url", sqlite_url, "doctor", "--format", "json"]) == 1
    checks = {one["check"]: one for one in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["zones"]["level"] == "fault"
    assert "Mars/Olympus" in checks["zones"]["finding"]
    assert "tzdata" in checks["zones"]["remedy"]
