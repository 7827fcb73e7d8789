"""Chat and push services, each as apprise speaks to it, against a real HTTP server that stands in for them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made.alerts import NOON
from tests.made.chat_services import BOT_KEY, SLACK_KEY, Rerouted, all_well
from tests.made.mailbox import free_port
from tests.made.receiver import Receiver
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.notify.chat import ChatNotifier
from tracker.config import secret
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.http import HttpClient
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

TEXT = "Update: France to send 300 instructors\n100 -> 300\nhttps://news.example/e1?a=1&b=2\n\nWhy you get this."
MESSAGE = Message("d-1", "instructors", "Western instructors: 300", TEXT, "<p>html</p>", {})
KEY = "topsecretkey-0123456789"

SERVICES = {
    "JSON": f"jsons://hooks.example/{KEY}",
    "Slack, its own address": f"https://hooks.slack.com/services/{SLACK_KEY}",
    "Slack, a bot": "slack://xoxb-1234567890-1234567890-abcdefgh/#news",
    "Telegram": f"tgram://{BOT_KEY}/-1001234567",
    "ntfy": "ntfys://tk_abcdefgh12345678@ntfy.example/desk-topic",
    "Matrix": "matrixs://:syt_abcdefgh12345678@matrix.example/!news:matrix.example",
    "Matrix, with a password": "matrixs://tracker:password-of-ours@matrix.example/#news:matrix.example",
    "Mattermost": "mmosts://chat.example/abcdefghijklmnopqrstuvwxyz",
    "Gotify": "gotifys://push.example/Abcdefghijklmno",
    "Discord": f"discord://123456789012345678/{KEY}",
}


@pytest.fixture
def web(there: Receiver) -> Iterator[Rerouted]:
    client = Rerouted(there)
    yield client
    client.close()


@pytest.fixture
def direct() -> Iterator[GuardedClient]:
    client = GuardedClient(user_agent="tracker-test/1", allow=frozenset({"loopback"}))
    yield client
    client.close()


def sent(http: HttpClient, address: str, message: Message = MESSAGE, timeout: float = 10.0) -> Attempt:
    channel = ChatNotifier(http, clock=lambda: NOON, secret=lambda _: address, timeout=timeout)
    return channel.send(to("env:CHAT"), message)


def to(reference: str) -> SubscriptionAdded:
    return SubscriptionAdded("s-chat", "chat", reference, None)


def said(there: Receiver) -> str:
    """Return the last thing that was posted, as text."""
    bodies = [json.loads(hook.body) for hook in there.hooks if b"France" in hook.body]
    return json.dumps(bodies[-1], ensure_ascii=False)


@pytest.mark.parametrize("name", SERVICES)
def test_an_alert_arrives_at_the_service(there: Receiver, web: Rerouted, name: str) -> None:
    """The service gets subject and text once, in plain words, and its content is the outcome."""
    all_well(there)
    attempt = sent(web, SERVICES[name])
    assert (attempt.outcome, attempt.code) == ("delivered", 200)
    (body,) = [hook.body.decode() for hook in there.hooks if b"France" in hook.body]
    words = json.dumps(json.loads(body), ensure_ascii=False)
    for part in ("Western instructors: 300", "Update: France to send 300 instructors", "Why you get this."):
        assert part in words
    assert "<p>" not in words
    assert attempt.target is not None
    assert attempt.target.endswith("(env:CHAT)")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "delivered"), (202, "delivered"), (204, "delivered"), (301, "transient"), (302, "transient"),
        (304, "transient"), (307, "transient"), (400, "permanent"), (401, "transient"), (403, "transient"),
        (404, "permanent"), (408, "transient"), (410, "permanent"), (413, "permanent"), (429, "transient"),
        (500, "transient"), (502, "transient"), (503, "transient"),
    ],
)  # fmt: skip
def test_the_status_decides(there: Receiver, web: Rerouted, status: int, outcome: str) -> None:
    """2xx alone is success, a redirect goes nowhere; what the owner or time mends is tried again, other 4xx are not."""
    there.says(status, {"location": "/elsewhere"}, b"words", path=f"/{KEY}")
    attempt = sent(web, SERVICES["JSON"])
    assert (attempt.outcome, attempt.code) == (outcome, status)
    assert [hook.path for hook in there.hooks] == [f"/{KEY}"]
    assert outcome == "delivered" or attempt.detail.startswith(f"answered {status}")


def test_settings_in_the_address_cannot_gloss_over_a_failure(there: Receiver, web: Rerouted) -> None:
    """Optional, retry, redirect and split are words of apprise that change nothing: one try, told as it was."""
    there.says(302, {"location": "/elsewhere"}, path=f"/{KEY}")
    there.says(500, path=f"/{KEY}")
    glossed = f"{SERVICES['JSON']}?optional=yes&retry=3&wait=20&redirect=yes&overflow=split&verify=no"
    long = replace(MESSAGE, text="news " * 20_000)
    assert [sent(web, glossed, long).code for _ in range(2)] == [302, 500]
    assert len(there.hooks) == 2


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("Slack, a bot", b'{"ok": false, "error": "channel_not_found"}'),
        ("Slack, its own address", b"no_service"),
    ],
)
def test_a_refusal_with_a_good_status_is_one(there: Receiver, web: Rerouted, name: str, answer: bytes) -> None:
    """Slack says 200 and no: it is tried again, and its reason is kept."""
    there.otherwise = (200, {}, answer)
    attempt = sent(web, SERVICES[name])
    assert (attempt.outcome, attempt.code) == ("transient", 200)
    assert answer.decode() in attempt.detail
    assert attempt.answer == answer.decode()


def test_a_service_that_asks_for_a_pause_is_asked_no_more(there: Receiver, web: Rerouted) -> None:
    """Nobody sleeps until a rate limit is over: the send ends with the wish, after one request."""
    path = f"/api/webhooks/123456789012345678/{KEY}"
    for _ in range(2):
        there.says(
            429, {"retry-after": "90", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"}, path=path
        )
    attempt = sent(web, SERVICES["Discord"])
    assert (attempt.outcome, attempt.code, attempt.retry_at) == ("transient", 429, NOON + timedelta(seconds=90))
    assert len(there.hooks) == 1


def test_what_does_not_answer_is_tried_again(there: Receiver, direct: GuardedClient) -> None:
    """Silence, a broken connection and a closed port have no code and end in time; a second request is not made."""
    there.hang.add(f"/{KEY}")
    there.answers["/other"] = [None]
    silent = sent(direct, f"json://127.0.0.1:{there.port}/{KEY}", timeout=0.3)
    broken = sent(direct, f"json://127.0.0.1:{there.port}/other")
    absent = sent(direct, f"json://127.0.0.1:{free_port()}/{KEY}")
    assert [(one.outcome, one.code) for one in (silent, broken, absent)] == [("transient", None)] * 3
    assert silent.detail == "no complete answer within 0.3 s"
    assert absent.detail.startswith("cannot connect to 127.0.0.1:")
    there.hang.add("/_matrix/client/v3/account/whoami")
    slow = sent(direct, f"matrix://:syt_abcdefgh12345678@127.0.0.1:{there.port}/!news:matrix.example", timeout=0.3)
    assert (slow.outcome, slow.code) == ("transient", None)
    assert len(there.hooks) <= 3  # the third may have been given up before it was read


def test_a_private_address_is_never_asked(there: Receiver) -> None:
    """A service in a private network is refused unless it is allowed by name, and for good."""
    client = GuardedClient(user_agent="tracker-test/1", allow=frozenset())
    for scheme in ("json", "ntfy", "gotify", "mmost"):
        attempt = sent(client, f"{scheme}://localhost:{there.port}/abcdefghijklmnopqrstuvwxyz")
        assert attempt.outcome == "permanent"
        assert "worker.allow_private" in attempt.detail
    client.close()
    assert there.hooks == []


def test_proxies_and_passwords_of_the_machine_are_left_alone(
    there: Receiver, direct: GuardedClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message goes straight to its host, whatever HTTP_PROXY says, without the login that .netrc has for it."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert sent(direct, f"json://127.0.0.1:{there.port}/{KEY}").outcome == "delivered"
    assert "authorization" not in there.hooks[0].headers


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"bogus://{KEY}", "no address of a chat service"),
        (KEY, "no address of a chat service"),
        (f"mailto://me:{KEY}@example.org", "not spoken to over HTTP"),
        ("rsyslog://logs.example.org", "not spoken to over HTTP"),
        (f"slack://xoxb-1234567890-1234567890-{KEY}/#one/#two", "2 recipients"),
        (f"jsons://hooks.example/{KEY}\njsons://hooks.example/other", "more than one word"),
    ],
)
def test_an_address_that_cannot_be_used_waits_to_be_mended(
    there: Receiver, web: Rerouted, address: str, told: str
) -> None:
    """What is no service, is spoken to otherwise or names several recipients is not asked, and its key not told."""
    attempt = sent(web, address)
    assert (attempt.outcome, there.hooks) == ("transient", [])
    assert told in attempt.detail
    assert KEY not in attempt.detail


@pytest.mark.parametrize("reference", ["env:NO_SUCH_VARIABLE", "file:/no/such/file", "value"])
def test_without_an_address_nothing_is_sent(there: Receiver, web: Rerouted, reference: str) -> None:
    """An unset secret fails the try, to be mended, and says which."""
    attempt = ChatNotifier(web, clock=lambda: NOON, secret=secret).send(to(reference), MESSAGE)
    assert (attempt.outcome, there.hooks, attempt.target) == ("transient", [], reference)


def test_without_apprise_the_extra_is_named() -> None:
    """Where apprise is not installed, the try says what to install."""
    script = """
import sys
sys.modules["apprise"] = None
from tests.adapters.notify.test_chat import MESSAGE, NOON, ChatNotifier, GuardedClient, to
client = GuardedClient(user_agent="t")
channel = ChatNotifier(client, clock=lambda: NOON, secret=lambda _: "json://hooks.example/")
attempt = channel.send(to("env:CHAT"), MESSAGE)
print(attempt.outcome, attempt.detail)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "transient chat services need: pip install 'story-tracker[chat]'\n", done.stderr


@pytest.mark.parametrize("name", ["JSON", "Telegram", "Mattermost", "Discord", "Matrix"])
def test_a_headline_calls_nobody(there: Receiver, web: Rerouted, name: str) -> None:
    """Names behind an @ and groups in a publisher's text are shown and ring no telephone; mail addresses stay whole."""
    all_well(there)
    calls = ("@everyone", "@here", "@channel", "@room", "<!channel>", "<@U123>", "<@&99>")
    text = f"France: {' '.join(calls)} desk@news.example"
    assert sent(web, SERVICES[name], replace(MESSAGE, subject="@all France", text=text)).outcome == "delivered"
    words = said(there)
    assert not [call for call in (*calls, "@all") if call in words]
    assert "desk@news.example" in words
    assert "\u200beveryone" in words


def test_a_text_holds_no_markup_where_markup_counts(there: Receiver, web: Rerouted) -> None:
    """Telegram gets a publisher's tags as words: no link hides behind another, and nothing between < and > is lost."""
    all_well(there)
    text = 'France <a href="http://evil.example">sends</a> <300> & 5 < 6'
    assert sent(web, SERVICES["Telegram"], replace(MESSAGE, text=text)).outcome == "delivered"
    shown = json.loads(there.hooks[0].body)["text"]
    assert "‹a href" in shown
    assert "‹300›" in shown
    assert "<a" not in shown


def test_a_long_text_is_one_message(there: Receiver, web: Rerouted) -> None:
    """What is longer than the service takes is cut with a sign of it, and sent once."""
    all_well(there)
    long = replace(MESSAGE, subject="t" * 900, text="France " + "x" * 40_000)
    assert sent(web, SERVICES["Telegram"], long).outcome == "delivered"
    assert sent(web, SERVICES["ntfy"], long).outcome == "delivered"
    telegram, ntfy = (json.loads(hook.body) for hook in there.hooks)
    assert len(telegram["text"]) <= 4096
    assert telegram["text"].endswith("x…")
    assert (len(ntfy["title"]), ntfy["title"][-1]) == (200, "…")
    assert len(ntfy["message"]) <= 7800


def test_a_goodbye_that_fails_is_no_failure(there: Receiver, web: Rerouted) -> None:
    """A session at a Matrix server is ended, and that this fails does not make a delivered message another one."""
    all_well(there)
    there.says(500, path="/_matrix/client/v3/logout")
    assert sent(web, SERVICES["Matrix, with a password"]).outcome == "delivered"
    assert web.asked[-1].endswith("/logout")


def test_a_try_tells_no_key(there: Receiver, web: Rerouted) -> None:
    """Whatever a service repeats, no part of its address that opens a door is in what is kept of the try."""
    for name, address in SERVICES.items():
        keys = re.findall(r"[\w-]{8,}(?!\.)", address.partition("://")[2].replace("services", ""))
        there.otherwise = (400, {}, f"no such thing: {address} {' and '.join(keys)}".encode())
        attempt = sent(web, address)
        kept = f"{attempt.detail} {attempt.answer} {attempt.target}"
        assert keys, name
        assert not [key for key in (address, *keys) if key in kept], name
        assert "no such thing" in kept, name


def test_sends_at_once_keep_their_outcomes_apart(there: Receiver, direct: GuardedClient) -> None:
    """Eight threads send over one channel to services that answer differently: each learns its own answer."""
    statuses = [200, 500, 404, 429, 204, 302, 503, 410]
    for status in statuses * 4:
        there.says(status, path=f"/{status}")

    def one(status: int) -> Any:
        return sent(direct, f"json://127.0.0.1:{there.port}/{status}").code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, statuses * 4)) == statuses * 4


def test_nothing_is_written_about_a_send(
    there: Receiver, web: Rerouted, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither apprise nor what it uses writes a line, to a log of any level or a stream: addresses would be in them."""
    caplog.set_level(1)
    there.says(404, path=f"/{KEY}")
    sent(web, SERVICES["JSON"])
    sent(web, f"bogus://{KEY}")
    assert capfd.readouterr() == ("", "")
    assert KEY not in caplog.text
