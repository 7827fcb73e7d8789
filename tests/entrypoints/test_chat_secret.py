"""The address of a chat service, which is a key from end to end, from the command line to the service and back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.made.alerts import STORY, entry, opening, updated
from tests.made.receiver import Receiver
from tracker.application.route import route
from tracker.application.shelf import Shelf
from tracker.application.subscribe import subscriptions
from tracker.bootstrap import App
from tracker.config import load
from tracker.domain.events import NewEvent, story_stream
from tracker.entrypoints.cli.main import run

KEY = "topsecretkey-0123456789"


@pytest.fixture
def config(tmp_path: Path, there: Receiver, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config file, a database that holds one story, and the address of a service in the environment."""
    monkeypatch.setenv("DESK", f"json://127.0.0.1:{there.port}/{KEY}")
    path = tmp_path / "tracker.toml"
    path.write_text(
        f'[database]\nurl = "sqlite:///{tmp_path / "tracker.db"}"\n[worker]\nallow_private = ["loopback"]\n'
    )
    with_app(path, lambda app: app.log.append(story_stream(STORY), 0, opening()))
    return path


def with_app(config: Path, act: Callable[[App], object]) -> None:
    app = App(load(config, {}, {}))
    try:
        act(app)
    finally:
        app.close()


def report(app: App) -> None:
    """Record a development with the notices that it owes."""
    story = Shelf(app.log).story(STORY)
    assert story is not None
    new = (NewEvent(f"n-{story.version}", updated(entry(f"e{story.version}")), "judge", f"e{story.version}"),)
    app.log.append(
        story_stream(STORY), story.version, new, route(story, new, subscriptions(app.log), app.clock(), silent=False)
    )


def test_the_address_of_a_chat_service_is_nowhere_but_on_the_way(
    config: Path, there: Receiver, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Delivered, refused and repeated by the service: outputs, logs, database and export hold the reference alone."""
    caplog.set_level(1)
    echo = f"who are you, /{KEY}?".encode()
    outputs: list[str] = []

    def tracker(*arguments: str) -> int:
        code = run(["--config", str(config), *arguments])
        outputs.extend(capfd.readouterr())
        return code

    assert tracker("subscription", "add", "--chat", "env:DESK", "--story", STORY, "--id", "desk") == 0
    there.says(200, body=echo, path=f"/{KEY}")
    assert tracker("subscription", "test", "desk") == 0
    there.says(404, body=echo, path=f"/{KEY}")
    assert tracker("subscription", "test", "desk") == 1
    for status in (200, 500, 404):
        with_app(config, report)
        there.says(status, body=echo, path=f"/{KEY}")
        tracker("poll")
    assert len(there.hooks) == 5
    assert tracker("alert", "list", "--json") == 0
    for row in json.loads(outputs[-2])["deliveries"]:
        assert tracker("alert", "show", row["id"]) == 0
    for looked in ("subscription list", "log", "config show", "alert list", "alert route 4", "verify"):
        tracker(*looked.split())
    export = tmp_path / "export.jsonl"
    assert tracker("export", str(export)) == 0
    everything = "\n".join(outputs)
    assert "env:DESK" in everything
    assert "who are you" in everything
    assert KEY not in everything
    assert KEY not in caplog.text
    written = [path for path in tmp_path.iterdir() if path.is_file()]
    assert export in written
    assert not [path.name for path in written if KEY.encode() in path.read_bytes()]
