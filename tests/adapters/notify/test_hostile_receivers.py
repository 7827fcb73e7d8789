"""Receivers of webhooks that mean harm, or are merely broken: every try ends in time, and is told as it ended."""

import gzip
from collections.abc import Iterator

import pytest

from tests.hostile.answers import CLOSED, GZIP, LATE, LONG_HEADERS, NOT_HTTP
from tests.hostile.server import (
    Behaviour,
    Server,
    chunk,
    chunked,
    drips,
    pours,
    redirects,
    reply,
    resets,
    says,
    serving,
)
from tests.made.alerts import TEST_SECRET, by_webhook
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.notify.webhook import WebhookNotifier
from tracker.bootstrap import utc_now
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

MESSAGE = Message("d-1", "bridge", "subject", "text", "<p>html</p>", {"type": "development.updated"})
NO_CONTENT = reply(b"", status="204 No Content", length=False)
HINTS = b"HTTP/1.1 103 Early Hints\r\n\r\n"
LONG = b"x" * 5_000_000
BOMB = gzip.compress(b"x" * 30_000_000)
Ends = tuple[str, int | None, str, int]
"""Outcome, code, how the detail begins, and how many characters of the answer are kept."""


def delivered(kept: int, status: int = 200) -> Ends:
    return "delivered", status, f"answered {status}", kept


def unanswered(detail: str) -> Ends:
    return "transient", None, detail, 0


ENDS: dict[str, tuple[Behaviour, Ends]] = {
    "5 MB of thanks": (says(reply(LONG)), delivered(20_000)),
    "5 MB of complaints": (says(reply(LONG, status="500 No")), ("transient", 500, "answered 500 x", 20_000)),
    "thanks without end": (pours(chunked(end=b""), chunk(b"x" * 65_536)), delivered(20_000)),
    "a bomb of thanks": (says(reply(BOMB, GZIP)), delivered(20_000)),
    "a bomb of complaints": (says(reply(BOMB, GZIP, status="503 No")), ("transient", 503, "answered 503 x", 20_000)),
    "headers without end": (pours(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 999), unanswered(LONG_HEADERS)),
    "a header without end": (pours(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536), unanswered(LONG_HEADERS)),
    "silence": (drips(b"", b""), unanswered(LATE)),
    "a status that drips": (drips(b"HTTP/1.1 20", b"0"), unanswered(LATE)),
    "headers that drip": (drips(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n"), unanswered(LATE)),
    "thanks cut short": (says(reply(b"thank", "Content-Length: 99", length=False)), delivered(5)),
    "more thanks than said": (says(reply(b"thank you", "Content-Length: 5", length=False)), delivered(5)),
    "thanks, then a reset": (resets(reply(b"th", "Content-Length: 99", length=False)), delivered(2)),
    "a reset": (resets(), unanswered(CLOSED)),
    "a reset in the headers": (resets(b"HTTP/1.1 200 OK\r\nX"), unanswered(CLOSED)),
    "100, then 204": (says(b"HTTP/1.1 100 Continue\r\n\r\n" + NO_CONTENT), delivered(0, 204)),
    "103, then 204": (says(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + NO_CONTENT), delivered(0, 204)),
    "103, then 500": (says(HINTS + reply(b"", status="500 No")), ("transient", 500, "answered 500", 0)),
    "103 for ever": (pours(b"", HINTS * 99), unanswered(LATE)),
    "101": (says(reply(b"", status="101 Switching Protocols")), ("transient", 101, "answered 101", 0)),
    "another protocol": (says(b"220 mail.example ESMTP\r\n"), unanswered(NOT_HTTP)),
}


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    with serving() as running:
        yield running


def tried(there: Server, url: str) -> Attempt:
    """Send a webhook as a worker does that may talk to this server alone."""
    http = GuardedClient(user_agent="tracker-test/1", allow=frozenset({f"127.0.0.1:{there.port}"}))
    try:
        channel = WebhookNotifier(http, clock=utc_now, secret=lambda _: TEST_SECRET, timeout=0.4)
        return channel.send(by_webhook(url), MESSAGE)
    finally:
        http.close()


@pytest.mark.parametrize("name", ENDS)
def test_a_hostile_receiver_ends_as_it_should(there: Server, name: str) -> None:
    """A status that came in time is the outcome, whatever follows; without one the try is made again later."""
    behaviour, (outcome, code, detail, kept) = ENDS[name]
    attempt = tried(there, there.does("/hostile", behaviour))
    assert (attempt.outcome, attempt.code) == (outcome, code)
    assert attempt.detail.startswith(detail)
    assert attempt.detail.isprintable()
    assert len(attempt.answer or "") == kept


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(there: Server, status: str) -> None:
    """A receiver cannot send us to another server on this machine, nor to another path of its own."""
    with serving() as other:
        for target in (other.does("/", says(NO_CONTENT)), there.does("/else", says(NO_CONTENT))):
            before = len(there.requests)
            attempt = tried(there, there.does("/moved", redirects(target, status)))
            assert (attempt.outcome, attempt.code) == ("transient", int(status[:3]))
            assert (len(other.requests), len(there.requests)) == (0, before + 1)
