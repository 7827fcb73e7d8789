"""The feed fetcher over the guarded client and a real loopback server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.fetch import HttpFetcher, retry_after
from tracker.adapters.http.client import GuardedClient
from tracker.errors import FetchError
from tracker.ports.http import Answer

FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
NOW = "Sun, 01 Mar 2026 12:00:00 GMT"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = int(self.path.strip("/") or 200)
        if self.headers["if-none-match"] == '"v1"' or self.headers["if-modified-since"] == NOW:
            status = 304
        self.send_response(status)
        self.send_header("ETag", '"v1"')
        self.send_header("Last-Modified", NOW)
        self.send_header("Retry-After", "120")
        body = b"" if status == 304 else FEED
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    client = GuardedClient(user_agent="tracker-test/1", allow=frozenset({"loopback"}), timeout=5)
    yield HttpFetcher(client)
    client.close()


def test_a_feed_comes_with_its_validators(base: str, fetcher: HttpFetcher) -> None:
    """A 200 brings the body, the headers and the address it came from."""
    fetched = fetcher.fetch(f"{base}/")
    assert (fetched.status, fetched.body, fetched.url) == (200, FEED, f"{base}/")
    assert (fetched.headers["etag"], fetched.headers["last-modified"]) == ('"v1"', NOW)


@pytest.mark.parametrize(
    "validators", [{"etag": '"v1"'}, {"last_modified": NOW}, {"etag": '"v0"', "last_modified": NOW}]
)
def test_what_has_not_changed_is_not_sent_again(base: str, fetcher: HttpFetcher, validators: dict[str, Any]) -> None:
    """Either validator, sent back as it came, yields a 304 without a body."""
    fetched = fetcher.fetch(f"{base}/", **validators)
    assert (fetched.status, fetched.body) == (304, b"")


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (204, "HTTP 204 No Content"),
        (401, "HTTP 401 Unauthorized"),
        (403, "HTTP 403 Forbidden"),
        (404, "HTTP 404 Not Found"),
        (410, "HTTP 410 Gone"),
        (429, "HTTP 429 Too Many Requests"),
        (500, "HTTP 500 Internal Server Error"),
        (503, "HTTP 503 Service Unavailable"),
        (599, "HTTP 599"),
    ],
)
def test_other_statuses_are_errors(base: str, fetcher: HttpFetcher, status: int, line: str) -> None:
    """Every other status raises with the status, the wait that was asked for and a line that says it."""
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(f"{base}/{status}")
    assert (str(caught.value), caught.value.status, caught.value.retry_after) == (line, status, 120.0)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("99999999999999", 86_400.0),
        ("9" * 5000, 86_400.0),
        ("Sun, 01 Mar 2026 12:30:00 GMT", 1800.0),
        ("Sun, 01 Mar 2099 12:30:00 GMT", 86_400.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_bounded(said: str, seconds: float | None) -> None:
    """Seconds and dates are understood, a day is the most, and nonsense counts as nothing."""
    answer = Answer(url="http://a.example/", status=429, headers={"retry-after": said, "date": NOW})
    assert retry_after(answer) == seconds


def test_a_retry_date_without_the_server_clock_says_nothing() -> None:
    """A date can only be measured from the server's own `Date`."""
    headers = {"retry-after": "Sun, 01 Mar 2026 12:30:00 GMT"}
    assert retry_after(Answer(url="http://a.example/", status=429, headers=headers)) is None


@given(st.text(), st.text())
def test_no_retry_after_can_do_harm(said: str, date: str) -> None:
    """Whatever the two headers hold, the wait lies between nothing and a day."""
    wait = retry_after(Answer(url="http://a.example/", status=503, headers={"retry-after": said, "date": date}))
    assert wait is None or 0 <= wait <= 86_400
