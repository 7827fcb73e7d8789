"""Webhooks against a real HTTP server, signatures against an independent implementation."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.made.alerts import NOON, TEST_SECRET, by_webhook
from tests.made.mailbox import free_port
from tests.made.receiver import Hook, Receiver
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.notify.signature import keys, signed_headers
from tracker.adapters.notify.webhook import WebhookNotifier
from tracker.bootstrap import utc_now
from tracker.errors import ConfigError
from tracker.ports.http import HttpClient
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

OLD_SECRET = "whsec_" + base64.b64encode(b"the key of last year, 32 bytes..").decode()
PAYLOAD = {"type": "development.updated", "timestamp": "2024-06-01T12:00:00Z", "data": {"title": "Київ → 300"}}
MESSAGE = Message("d-1", "instructors", "subject", "text", "<p>html</p>", PAYLOAD)
SECRETS = {
    "env:HOOK": TEST_SECRET,
    "env:OLD": OLD_SECRET,
    "env:BOTH": f"{TEST_SECRET} {OLD_SECRET}",
    "env:SHORT": "too short",
}


def secret(reference: str) -> str:
    if reference in SECRETS:
        return SECRETS[reference]
    raise ConfigError(f"secret {reference}: the variable is not set")


@pytest.fixture
def make_client() -> Iterator[Callable[..., HttpClient]]:
    made: list[GuardedClient] = []

    def make(**options: Any) -> HttpClient:
        made.append(GuardedClient(user_agent="tracker-test/1", **{"allow": frozenset(["loopback"]), **options}))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def send(make_client: Callable[..., HttpClient]) -> Callable[..., Attempt]:
    client = make_client()

    def once(url: str, reference: str = "env:HOOK", timeout: float = 10.0, message: Message = MESSAGE) -> Attempt:
        channel = WebhookNotifier(client, clock=utc_now, secret=secret, timeout=timeout)
        return channel.send(by_webhook(url, secret=reference), message)

    return once


Send = Callable[..., Attempt]


def test_a_webhook_arrives_and_its_signature_holds(there: Receiver, send: Send) -> None:
    """The independent verifier accepts id, time and body as they came, and the body is the document."""
    attempt = send(there.url())
    assert (attempt.outcome, attempt.detail, attempt.code) == ("delivered", "answered 204", 204)
    (hook,) = there.hooks
    assert Webhook(TEST_SECRET).verify(hook.body, {**hook.headers}) == PAYLOAD
    assert json.loads(hook.body) == PAYLOAD
    assert (hook.headers["webhook-id"], hook.headers["content-type"]) == ("d-1", "application/json; charset=utf-8")


def test_a_forged_webhook_is_found_out(there: Receiver, send: Send) -> None:
    """The verifier refuses another body, another id, another time and another key."""
    send(there.url())
    (hook,) = there.hooks
    later = str(int(hook.headers["webhook-timestamp"]) + 1)
    forged = [
        (TEST_SECRET, hook.body + b" ", hook.headers),
        (TEST_SECRET, hook.body, {**hook.headers, "webhook-id": "d-2"}),
        (TEST_SECRET, hook.body, {**hook.headers, "webhook-timestamp": later}),
        (OLD_SECRET, hook.body, hook.headers),
    ]
    for key, body, headers in forged:
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body, {**headers})


def test_while_keys_change_both_are_good(there: Receiver, send: Send) -> None:
    """A secret of two keys signs twice; a receiver that knows either one accepts."""
    send(there.url(), "env:BOTH")
    (hook,) = there.hooks
    assert len(hook.headers["webhook-signature"].split()) == 2
    for key in (TEST_SECRET, OLD_SECRET):
        assert Webhook(key).verify(hook.body, {**hook.headers}) == PAYLOAD


def test_a_receiver_changes_keys_without_losing_a_request(there: Receiver, send: Send) -> None:
    """In each step of a change of keys, old alone, old and new, new alone, some key of the receiver's accepts."""
    old, new = OLD_SECRET, TEST_SECRET
    for reference, good in (("env:OLD", {old}), ("env:BOTH", {old, new}), ("env:HOOK", {new})):
        send(there.url(), reference)
        assert {key for key in (old, new) if accepted(key, there.hooks[-1])} == good


def accepted(key: str, hook: Hook) -> bool:
    try:
        Webhook(key).verify(hook.body, {**hook.headers})
    except WebhookVerificationError:
        return False
    return True


def test_a_request_that_is_played_again_later_is_refused(
    make_client: Callable[..., HttpClient], there: Receiver
) -> None:
    """The time that is signed is that of the try: six minutes later the verifier takes the very bytes no more."""
    early = WebhookNotifier(make_client(), clock=lambda: utc_now() - timedelta(minutes=6), secret=secret)
    assert early.send(by_webhook(there.url()), MESSAGE).outcome == "delivered"
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(TEST_SECRET).verify(there.hooks[0].body, {**there.hooks[0].headers})


@pytest.mark.parametrize("title", ["Київ → 300", "日本語 \U0001f4f0", "\u2028\0\x7f", "half a character: \ud83d"])
def test_any_letters_are_signed_as_they_are_sent(there: Receiver, send: Send, title: str) -> None:
    """Bodies outside of ASCII verify byte by byte and are read back; half a character is told as a question mark."""
    assert send(there.url(), message=replace(MESSAGE, payload={"title": title})).outcome == "delivered"
    (hook,) = there.hooks
    assert Webhook(TEST_SECRET).verify(hook.body, {**hook.headers}) == {"title": title.replace("\ud83d", "?")}
    assert hook.headers["content-length"] == str(len(hook.body))


def test_a_body_stays_under_20_kb(there: Receiver, send: Send) -> None:
    """A document of 19,999 bytes is sent; one of 20,000 never is, and the owner reads why."""
    frame = len(b'{"title":""}')
    longest = replace(MESSAGE, payload={"title": "é" * ((19_999 - frame) // 2) + "e" * ((19_999 - frame) % 2)})
    assert send(there.url(), message=longest).outcome == "delivered"
    assert len(there.hooks[0].body) == 19_999
    refused = send(there.url(), message=replace(MESSAGE, payload={"title": "e" * (20_000 - frame)}))
    assert (refused.outcome, refused.code) == ("permanent", None)
    assert refused.detail == "not sent: of 20000 bytes, and a webhook stays under 20000"
    assert len(there.hooks) == 1


def test_a_try_tells_no_key(there: Receiver, send: Send) -> None:
    """What a try keeps names the host, and neither login, path, query nor secret, even if the receiver repeats them."""
    path = "/T0123456/abcdefghijkl?token=mnopqrstuvwx"
    url = there.url(path).replace("//", "//me:password-of-mine@")
    there.says(
        404, body=f"{url} {TEST_SECRET} /T0123456/abcdefghijkl mnopqrstuvwx password-of-mine".encode(), path=path
    )
    answered, moved = send(url), send(url.replace("http", "ftp", 1))
    other = send(there.url("/another"))
    for attempt in (answered, moved):
        told = f"{attempt.detail} {attempt.answer} {attempt.target}"
        for private in ("T0123456", "abcdefghijkl", "mnopqrstuvwx", "password-of-mine", TEST_SECRET):
            assert private not in told
    assert answered.answer is not None
    assert answered.target is not None
    assert answered.target.startswith(f"127.0.0.1:{there.port} w-")
    assert answered.target != other.target


def test_proxies_of_the_environment_are_not_asked(there: Receiver, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook goes straight to its host, whatever HTTP_PROXY says."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert send(there.url()).outcome == "delivered"


def test_a_retry_keeps_the_id_and_is_signed_anew(there: Receiver, send: Send) -> None:
    """After 500 the second try has the same id and verifies at its own time."""
    there.says(500, body=b"out of order\n\x1b[2J")
    first, second = send(there.url()), send(there.url())
    assert (first.outcome, first.code, first.detail) == ("transient", 500, "answered 500 out of order [2J")
    assert second.outcome == "delivered"
    assert [hook.headers["webhook-id"] for hook in there.hooks] == ["d-1", "d-1"]
    assert Webhook(TEST_SECRET).verify(there.hooks[1].body, {**there.hooks[1].headers})


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "delivered"), (202, "delivered"), (204, "delivered"), (302, "transient"), (304, "transient"),
        (400, "transient"), (404, "transient"), (410, "permanent"), (429, "transient"), (503, "transient"),
    ],
)  # fmt: skip
def test_2xx_alone_is_success(there: Receiver, send: Send, status: int, outcome: str) -> None:
    """Every status outside 2xx is a failure; 410 alone is the end."""
    there.says(status, {"location": there.url("/elsewhere")} if status == 302 else {})
    attempt = send(there.url())
    assert (attempt.outcome, attempt.code) == (outcome, status)
    assert [hook.path for hook in there.hooks] == ["/hook"]


def test_the_wait_that_a_receiver_asks_for_is_passed_on(
    make_client: Callable[..., HttpClient], there: Receiver
) -> None:
    """Retry-After is read in seconds and as a date; nonsense in it is no wish."""
    asked = {
        "120": NOON + timedelta(minutes=2),
        format_datetime(NOON + timedelta(hours=1), usegmt=True): NOON + timedelta(hours=1),
        "Sat, 01 Jun 2024 13:00:00 -0000": NOON + timedelta(hours=1),
        "soon": None,
        "9" * 40: None,
        "-5": None,
    }
    channel = WebhookNotifier(make_client(), clock=lambda: NOON, secret=secret, timeout=10)
    for header, moment in asked.items():
        there.says(429, {"retry-after": header})
        assert channel.send(by_webhook(there.url()), MESSAGE).retry_at == moment


def test_a_receiver_that_hangs_breaks_off_or_is_not_there_is_transient(there: Receiver, send: Send) -> None:
    """Silence until the timeout, a reset and a refused connection have no code and are tried again later."""
    there.hang.add("/hang")
    there.answers["/reset"] = [None]
    silent = send(there.url("/hang"), timeout=0.3)
    broken = send(there.url("/reset"))
    absent = send(f"http://127.0.0.1:{free_port()}/key-in-the-path?token=abc")
    assert [(one.outcome, one.code) for one in (silent, broken, absent)] == [("transient", None)] * 3
    assert "key-in-the-path" not in absent.detail
    assert "abc" not in absent.detail


def test_a_private_address_is_permanent(make_client: Callable[..., HttpClient], there: Receiver) -> None:
    """An address that the guard refuses is never asked, and is not tried again."""
    channel = WebhookNotifier(make_client(allow=frozenset()), clock=utc_now, secret=secret, timeout=10)
    for url in (there.url(), "ftp://example.org/x", "http://[::1"):
        assert channel.send(by_webhook(url), MESSAGE).outcome == "permanent"
    assert there.hooks == []


@pytest.mark.parametrize("reference", ["env:GONE", "env:SHORT", ""])
def test_without_a_good_secret_nothing_is_sent(there: Receiver, send: Send, reference: str) -> None:
    """An unset or weak secret fails the try, to be mended, and never sends an unsigned request."""
    attempt = send(there.url(), reference)
    assert attempt.outcome == "transient"
    assert "too short" not in attempt.detail
    assert there.hooks == []


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "  ",
        "short",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_###",
        "whsk_" + "A" * 44,
        f"{TEST_SECRET} short",
        "x" * 5000,
    ],
)
def test_weak_and_strange_secrets_are_refused(bad: str) -> None:
    """Less than 24 bytes, what is no base64, and asymmetric keys are refused in words that tell nothing of them."""
    with pytest.raises(ConfigError) as caught:
        keys(bad)
    assert not bad.strip() or bad not in str(caught.value)


def test_a_secret_may_be_any_long_text() -> None:
    """A text of 24 bytes and more is itself the key, as the verifier takes it in bytes."""
    text, body = "correct-horse-battery-staple", b"{}"
    assert keys(text) == (text.encode(),)
    headers = signed_headers(text, identity="d-1", at=utc_now(), body=body)
    assert Webhook(text.encode()).verify(body, {**headers}) == {}


def test_the_time_is_that_of_the_clock_in_any_zone() -> None:
    """An aware time of another zone is signed as the same second."""
    east = datetime(2024, 6, 1, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    one, other = (signed_headers(TEST_SECRET, identity="d", at=at, body=b"") for at in (NOON, east))
    assert one == other
    assert one["webhook-timestamp"] == "1717243200"


def test_a_subscription_without_secret_sends_nothing(make_client: Callable[..., HttpClient], there: Receiver) -> None:
    """A webhook that lost its reference is not sent unsigned."""
    channel = WebhookNotifier(make_client(), clock=utc_now, secret=secret, timeout=10)
    attempt = channel.send(replace(by_webhook(there.url()), secret=None), MESSAGE)
    assert (attempt.outcome, there.hooks) == ("transient", [])
