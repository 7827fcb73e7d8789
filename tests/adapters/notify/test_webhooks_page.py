"""The page for receivers: its check of signatures and its document are those of the program."""

import base64
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from tests.made.alerts import CLAIMS, NOON, STORY, TEST_SECRET, TITLE, by_webhook, recorded, updated
from tests.made.mailbox import free_port
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.notify.signature import signed_headers
from tracker.adapters.notify.webhook import WebhookNotifier
from tracker.bootstrap import utc_now
from tracker.domain.endpoint import DISABLED_AFTER, FAILING_AFTER
from tracker.domain.events import Recorded
from tracker.domain.feed_events import (
    FeedFailing,
)
from tracker.domain.retry import TABLE
from tracker.domain.source import Source
from tracker.ports.notify import Message
from tracker.rendering.alert import compose
from tracker.rendering.alert_source import compose_source

OTHER_SECRET = "whsec_" + base64.b64encode(b"another key, of thirty-two bytes").decode()
PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def verified() -> Any:
    space: dict[str, Any] = {}
    (code,) = examples("python")
    exec(code, space)
    return space["verified"]


def test_the_check_on_the_page_accepts_what_is_sent_and_nothing_else(verified: Any) -> None:
    """The page's code accepts a signed body and refuses a changed one, an old one and another key's."""
    body = b'{"type":"development.updated"}'
    headers = {**signed_headers(TEST_SECRET, identity="d-1", at=utc_now(), body=body)}
    assert verified(TEST_SECRET, headers, body)
    assert not verified(TEST_SECRET, headers, body + b" ")
    assert not verified("whsec_" + "A" * 44, headers, body)
    old = {**signed_headers(TEST_SECRET, identity="d-1", at=utc_now() - timedelta(minutes=6), body=body)}
    assert not verified(TEST_SECRET, old, body)


@pytest.fixture(params=["python", "js"])
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Running"]:
    """Run a receiver of the page as it says."""
    program = {"python": sys.executable, "js": shutil.which("node") or ""}[request.param]
    if not program:
        pytest.skip("Node is not installed")
    (code,) = examples(request.param)
    script = tmp_path / {"python": "receiver.py", "js": "receiver.mjs"}[request.param]
    script.write_text(code)
    running = Running([program, str(script)], tmp_path)
    running.start()
    yield running
    running.stop()


class Running:
    """A receiver in a process of its own, and what it printed."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.port = free_port()
        self._command = [*command, str(self.port)]
        self._folder = folder

    @property
    def printed(self) -> list[str]:
        return (self._folder / "printed").read_text().splitlines()

    def start(self) -> None:
        secrets = {"HOOK_SECRET": f"{OTHER_SECRET} {TEST_SECRET}", "PATH": os.environ["PATH"]}
        with (self._folder / "printed").open("a") as out:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=secrets, stdout=out, stderr=subprocess.DEVNULL
            )
        until(self._answers)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        sleep(0.02)
    pytest.fail("it did not come to that")


def test_a_receiver_of_the_page_takes_each_message_once(receiver: Running) -> None:
    """What tracker sends is answered 204 and handled once, however often it comes; what is forged or old is refused."""
    http = GuardedClient(user_agent="tracker-test/1", allow=frozenset({"loopback"}))
    url = f"http://127.0.0.1:{receiver.port}/hook"

    def code(identity: str, key: str = TEST_SECRET, age: int = 0, title: str = "Київ") -> int | None:
        channel = WebhookNotifier(http, clock=lambda: utc_now() - timedelta(seconds=age), secret=lambda _: key)
        payload = {"type": "subscription.test", "data": {"title": title}}
        return channel.send(by_webhook(url), Message(identity, "bridge", "", "", "", payload)).code

    assert [code("d-1"), code("d-1"), code("d-2", OTHER_SECRET), code("d-1")] == [204] * 4
    forged = "whsec_" + base64.b64encode(b"a key that nobody was told of").decode()
    assert [code("d-3", forged), code("d-4", age=400), code("d-5", title="x" * 19_900)] == [401, 401, 204]
    until(lambda: len(receiver.printed) == 3)
    assert [line.partition(" ")[0] for line in receiver.printed] == ["subscription.test"] * 3
    http.close()


@pytest.mark.parametrize("receiver", ["python"], indirect=True)
def test_a_receiver_that_is_started_again_knows_what_it_had(receiver: Running, tmp_path: Path) -> None:
    """The one in Python keeps what came: after its end it drops the double, and does what it had not come to."""
    by_hand(receiver)
    until(lambda: len(receiver.printed) == 1)
    receiver.stop()
    with sqlite3.connect(tmp_path / "hooks.db") as database:
        database.execute('INSERT INTO hook (id, body) VALUES (\'d-2\', \'{"type": "late", "data": {}}\')')
    database.close()
    receiver.start()
    until(lambda: len(receiver.printed) == 2)
    by_hand(receiver)
    assert [line.partition(" ")[0] for line in receiver.printed] == ["subscription.test", "late"]


def test_a_request_by_hand_is_taken_once_and_then_no_more(receiver: Running) -> None:
    """The commands of the page sign a request: it is taken, its double too, and one of another time is refused."""
    assert by_hand(receiver) == ["204", "204", "401"]
    until(lambda: len(receiver.printed) == 1)
    assert receiver.printed == ["subscription.test {}"]


def by_hand(receiver: Running) -> list[str]:
    """Run the page's commands and return the statuses that they print."""
    (commands,) = examples("sh")
    script = commands.replace("8080", str(receiver.port))
    done = subprocess.run(
        ["bash", "-c", script],
        env={"HOOK_SECRET": TEST_SECRET, "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().split()


def test_the_page_says_what_the_program_does() -> None:
    """The table of tries, the hours until an address is disabled and the count of failures are the program's own."""
    waits = ["0 s", "5 s", "5 min", "30 min", "2 h", "5 h", "10 h", "14 h", "20 h", "24 h"]
    units = {"s": 1, "min": 60, "h": 3600}
    assert [wait.total_seconds() for wait in TABLE] == [int(n) * units[u] for n, u in map(str.split, waits)]
    assert f"| after | {' | '.join(waits)} |" in PAGE
    assert f"for {DISABLED_AFTER.total_seconds() / 3600:.0f} hours" in PAGE
    assert FAILING_AFTER == 4
    assert "When four tries in a row have failed" in PAGE


def test_the_document_on_the_page_has_the_shape_of_what_is_sent() -> None:
    """Every object of the page's document has the very keys that a real one has."""
    letter = compose(
        recorded(updated(), seen=NOON),
        story=STORY,
        story_title=TITLE,
        claims=CLAIMS,
        subscription=by_webhook("https://x.example/"),
    )
    document, *_ = examples("json")
    assert shape(json.loads(document)) == shape(letter.payload)


def test_the_document_on_a_source_is_the_one_that_is_sent() -> None:
    """The page's document on a failing source is the program's own, hash and ids apart, and each type is listed."""
    feed, url = "f-5374e32e0c1b", "https://news.example/feed"
    failing = FeedFailing(feed, 3, "HTTP 403 Forbidden", "wall", NOON - timedelta(hours=2))
    event = Recorded(57, f"feed-{feed}", 2, "id", failing, "worker", None, None, NOON, "6b1f…")
    wish = by_webhook("https://x.example/", "s-0f31a2b4c5d6")
    letter = compose_source(Source(url=url, name="The Paper"), event, wish)
    (document,) = (one for one in examples("json") if "source.failing" in one)
    assert json.loads(document) == letter.payload
    for kind in ("failing", "gone", "silent", "moved", "recovered"):
        assert f"| `source.{kind}` |" in PAGE


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)
