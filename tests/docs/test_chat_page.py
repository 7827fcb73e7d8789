"""The page on chat services does what it says: its addresses are understood, its commands work, its words hold."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.shell_page import FENCED
from tests.made.alerts import NOON, opening
from tests.made.chat_services import Rerouted, all_well
from tests.made.receiver import Receiver, receiver
from tracker.adapters.notify.chat import ChatNotifier
from tracker.bootstrap import App
from tracker.config import load
from tracker.domain.events import story_stream
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.entrypoints.cli.main import run
from tracker.ports.notify import Message

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "chat.md").read_text(encoding="utf-8")
ADDRESSES = dict(re.findall(r"^\| ([A-Z]\w[^|]*?|ntfy) \| `([^`]+)`", PAGE, re.MULTILINE))
ASKED = {
    "Slack": "https://hooks.slack.com/services/",
    "Slack, as a bot": "https://slack.com/api/chat.postMessage",
    "Telegram": "https://api.telegram.org/bot123456789:",
    "ntfy": "https://ntfy.sh/",
    "Matrix": "https://matrix.example.org/_matrix/client/v3/join/%21abcdefghij%3Aexample.org",
    "Mattermost": "https://chat.example.org/hooks/",
    "Discord": "https://discord.com/api/webhooks/123456789012345678/",
}


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        all_well(running)
        yield running


@pytest.mark.parametrize("name", ASKED)
def test_an_address_of_the_page_reaches_its_service(there: Receiver, name: str) -> None:
    """Each address in the table is one of its service, and a message to it is delivered there."""
    http = Rerouted(there)
    channel = ChatNotifier(http, clock=lambda: NOON, secret=lambda _: ADDRESSES[name])
    message = Message("d-1", "bridge", "The bridge", "Closed", "", {})
    attempt = channel.send(SubscriptionAdded("s", "chat", "env:CHAT", None), message)
    http.close()
    assert (attempt.outcome, attempt.detail) == ("delivered", "answered 200")
    assert any(asked.startswith(ASKED[name]) for asked in http.asked)


def test_every_service_of_the_table_is_tried() -> None:
    """The table holds no service that the test above leaves out."""
    assert ADDRESSES.keys() == ASKED.keys()


def test_the_commands_of_the_page_work(
    there: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command adds its subscription or sends the test message; nothing that is printed holds an address."""
    monkeypatch.chdir(tmp_path)
    for name in ("slack", "telegram", "ntfy", "matrix"):
        (tmp_path / f"{name}.address").write_text(f"json://127.0.0.1:{there.port}/key-of-{name}\n")
    config = tmp_path / "tracker.toml"
    config.write_text('[database]\nurl = "sqlite:///tracker.db"\n[worker]\nallow_private = ["loopback"]\n')
    app = App(load(config, {}, {}))
    app.log.append(story_stream("bridge"), 0, opening())
    app.close()
    commands = [line for _, block in FENCED.findall(PAGE) for line in block.splitlines() if line.startswith("tracker ")]
    assert len(commands) == 5
    for command in commands:
        assert run(["--config", str(config), *shlex.split(command)[1:]]) == 0, command
    assert [hook.path for hook in there.hooks] == ["/key-of-slack"]
    assert "key-of" not in "".join(capsys.readouterr())
