"""`tracker subscription test` against real servers: what it says is what happened."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.made.alerts import TEST_SECRET
from tests.made.mailbox import Mailbox, free_port
from tests.made.receiver import Receiver
from tracker.application.endpoints import record_turns
from tracker.bootstrap import App
from tracker.config import load
from tracker.domain.endpoint import Endpoint, endpoint_id
from tracker.domain.subscription_events import EndpointDisabled, EndpointRecovered, endpoint_stream
from tracker.entrypoints.cli.main import run

ADDRESS = "reader@example.org"
Tracker = Callable[..., tuple[int, str, str]]


@pytest.fixture
def config(tmp_path: Path, box: Mailbox) -> Path:
    path = tmp_path / "tracker.toml"
    path.write_text(
        f'[database]\nurl = "sqlite:///{tmp_path / "tracker.db"}"\n[worker]\nallow_private = ["loopback"]\n'
        f'[mail]\nhost = "127.0.0.1"\nport = {box.port}\ntls = "none"\nunsubscribe = "desk@example.org"\n'
    )
    return path


@pytest.fixture
def tracker(config: Path, capsys: pytest.CaptureFixture[str]) -> Tracker:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["--config", str(config), "subscription", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_of_a_mail_server_that_fails_it_names_address_and_setting(tracker: Tracker, config: Path, box: Mailbox) -> None:
    """One that is away, or offers no TLS, is one line that says which server it is and how it was spoken to."""
    tracker("add", "--email", ADDRESS, "--id", "desk")
    away, text = free_port(), config.read_text()
    for port, tls, why in (
        (away, "none", "Connection refused"), (box.port, "starttls", "STARTTLS extension not supported by server.")
    ):  # fmt: skip
        config.write_text(text.replace(f"port = {box.port}", f"port = {port}").replace('"none"', f'"{tls}"'))
        code, out, err = tracker("test", "desk")
        assert (code, out) == (1, "")
        assert err == f"tracker: not delivered to {ADDRESS}: 127.0.0.1:{port} (mail.tls = {tls}): {why}\n"


@pytest.mark.parametrize(("host", "told"), [("10.0.0.5", 1), ("127.0.0.1", 0), ("example.org", 0)])
def test_a_webhook_in_a_private_network_is_added_with_a_warning(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, host: str, told: int
) -> None:
    """What the worker would refuse is said when it is added; what the settings allow is not."""
    monkeypatch.setenv("HOOK", TEST_SECRET)
    code, _, err = tracker("add", "--webhook", f"http://{host}/x", "--secret", "env:HOOK")
    assert (code, err.count("worker.allow_private")) == (0, told)


def test_of_a_mail_it_says_what_the_server_answered(tracker: Tracker, box: Mailbox) -> None:
    """Taken by a server is said to be no more than that; the mail bears the way out that is configured."""
    tracker("add", "--email", ADDRESS, "--id", "desk")
    box.data = ["250 2.0.0 queued as 4F2A"]
    code, out, err = tracker("test", "desk")
    assert (code, out) == (0, f"taken by 127.0.0.1 for {ADDRESS}: 250 2.0.0 queued as 4F2A\n")
    assert err == "Taken is not read: see whether it is in the mailbox, or among the spam.\n"
    (mail,) = box.parsed()
    assert mail["To"] == ADDRESS
    assert mail["List-Unsubscribe"] == "<mailto:desk@example.org?subject=unsubscribe%20desk>"


def test_as_json_it_says_the_same(tracker: Tracker, box: Mailbox) -> None:
    """Outcome, code and the server's words, whether it was taken (exit 0) or not (exit 1)."""
    tracker("add", "--email", ADDRESS, "--id", "desk")
    about = {"schema_version": 1, "subscription": "desk", "channel": "email", "target": ADDRESS}
    box.rcpt = ["250 ok", "550 5.1.1 no such user"]
    code, out, err = tracker("test", "desk", "--json")
    taken = {"outcome": "delivered", "code": 250, "detail": "taken by 127.0.0.1", "answer": "taken"}
    assert (code, json.loads(out), err) == (0, about | taken, "")
    code, out, err = tracker("test", "desk", "--json")
    refused = {"outcome": "permanent", "code": 550, "detail": "550 5.1.1 no such user", "answer": "5.1.1 no such user"}
    assert (code, json.loads(out), err) == (1, about | refused, "")


def test_a_webhook_that_answers_404_is_not_delivered(tracker: Tracker, there: Receiver, tmp_path: Path) -> None:
    """Only 2xx is said to be delivered; anything else is exit 1 with what was answered."""
    (tmp_path / "key").write_text(TEST_SECRET)
    tracker("add", "--webhook", there.url(), "--secret", f"file:{tmp_path / 'key'}", "--id", "hook")
    there.says(404, body=b"not here")
    code, out, err = tracker("test", "hook")
    assert (code, out, err) == (1, "", f"tracker: not delivered to {there.url()}: answered 404 not here\n")
    assert tracker("test", "hook") == (0, f"delivered to {there.url()}: answered 204\n", "")
    assert [json.loads(hook.body)["type"] for hook in there.hooks] == ["subscription.test"] * 2


def test_a_chat_service_says_what_it_answered(
    tracker: Tracker, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat service is asked for real, too, and its address, a secret, is not shown."""
    monkeypatch.setenv("DESK_CHAT", f"json://127.0.0.1:{there.port}/topsecret")
    tracker("add", "--chat", "env:DESK_CHAT", "--id", "chat")
    there.says(500, body=b"broken", path="/topsecret")
    code, out, err = tracker("test", "chat")
    assert (code, out, "answered 500 broken" in err) == (1, "", True)
    code, out, err = tracker("test", "chat")
    assert (code, out.startswith("delivered to env:DESK_CHAT: answered 204"), err) == (0, True, "")
    assert "topsecret" not in out
    assert len(there.hooks) == 2


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (("--chat", "env:UNSET_CHAT"), "env:UNSET_CHAT: the variable UNSET_CHAT is not set"),
        (("--webhook", "https://hook.example/", "--secret", "env:UNSET_HOOK"), "env:UNSET_HOOK"),
    ],
)
def test_what_is_not_configured_is_a_fault_of_the_configuration(
    tracker: Tracker, wish: tuple[str, ...], words: str
) -> None:
    """A secret that is not there is exit 2 with its name; nothing is sent."""
    tracker("add", *wish, "--id", "x")
    code, out, err = tracker("test", "x")
    assert (code, out, words in err, err.count("\n")) == (2, "", True, 1)


def test_a_mail_server_that_is_not_set_up_or_not_there(
    tracker: Tracker, config: Path, box: Mailbox, tmp_path: Path
) -> None:
    """No server in the settings is exit 2, as is a password that is not there; one that does not answer is exit 1."""
    tracker("add", "--email", ADDRESS)
    whole = config.read_text()
    config.write_text(whole.replace('tls = "none"', 'tls = "none"\nusername = "alice"\npassword = "env:UNSET_MAIL"'))
    code, _, err = tracker("test", ADDRESS)
    assert (code, "env:UNSET_MAIL" in err) == (2, True)
    config.write_text(whole.replace(str(box.port), str(free_port())))
    code, _, err = tracker("test", ADDRESS)
    assert (code, f"not delivered to {ADDRESS}" in err) == (1, True)
    config.write_text(f'[database]\nurl = "sqlite:///{tmp_path / "tracker.db"}"\n')
    assert tracker("test", ADDRESS)[0] == 2
    assert box.mails == []


def test_who_is_unknown_is_not_found(tracker: Tracker) -> None:
    """An id that nobody has is exit 3, and an address with two subscriptions has to be named by id."""
    assert tracker("test", "nobody")[0] == 3
    tracker("add", "--email", ADDRESS, "--id", "one")
    tracker("add", "--email", ADDRESS, "--id", "two")
    code, _, err = tracker("test", ADDRESS)
    assert (code, "name one of one, two" in err) == (2, True)


def test_a_way_that_works_again_is_used_again(tracker: Tracker, config: Path, there: Receiver, tmp_path: Path) -> None:
    """An endpoint that was disabled takes the test message, and from then on counts as active; the log says so."""
    (tmp_path / "key").write_text(TEST_SECRET)
    tracker("add", "--webhook", there.url(), "--secret", f"file:{tmp_path / 'key'}", "--id", "hook")
    app = App(load(config, {}, {}))
    endpoint = disabled(app, there.url())
    there.says(500)
    assert tracker("test", "hook")[0] == 1
    assert events(app, endpoint) == [EndpointDisabled]
    assert tracker("test", "hook")[0] == 0
    assert events(app, endpoint) == [EndpointDisabled, EndpointRecovered]
    app.close()


def disabled(app: App, url: str) -> str:
    """Record that a webhook said that it is gone; return the name of the endpoint's stream."""
    now = app.clock()
    app.outbox.heard("webhook", url, now)
    endpoint = Endpoint(endpoint_id("webhook", url), "webhook", url, failures=1, since=now)
    record_turns(app.outbox, app.log, app.clock, [endpoint], gone={endpoint.id})
    return endpoint_stream(endpoint.id)


def events(app: App, stream: str) -> list[type]:
    return [type(recorded.event) for recorded in app.log.read(stream=stream)]
