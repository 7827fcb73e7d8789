"""The feed fetcher over the guarded client and a real loopback server."""

import base64
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from tracker import config
from tracker.adapters.feeds.fetch import HttpFetcher
from tracker.adapters.http.client import GuardedClient
from tracker.errors import FetchError
from tracker.ports.feeds import FeedOptions

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
    yield HttpFetcher(client, config.secret)
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


class Told:
    """A server that answers with what it was told, and remembers what it was asked."""

    def __init__(self, status: str = "200 OK", headers: tuple[str, ...] = (), body: bytes = FEED) -> None:
        self.asked = b""
        self._head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers))
        self._body = body
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/feed"

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        with sock:
            while b"\r\n\r\n" not in self.asked:
                self.asked += sock.recv(65536)
            sock.sendall(self._head.encode("latin-1") + b"\r\n\r\n" + self._body)


def failed(fetcher: HttpFetcher, url: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, options=FeedOptions(**options))
    return caught.value


def test_a_source_is_asked_in_its_own_way(fetcher: HttpFetcher, tmp_path: Path, monkeypatch: Any) -> None:
    """User agent, headers, login and cookie of a source are sent, secrets as what stands behind their references."""
    (tmp_path / "cookie").write_text("session=c00kie\n")
    monkeypatch.setenv("LOGIN", "ann:pä:ss")
    monkeypatch.setenv("TOKEN", "t0ken")
    options = FeedOptions(
        user_agent="Mozilla/5.0",
        headers=(("X-Key", "env:TOKEN"), ("Accept-Language", "de"), ("ACCEPT", "text/xml")),
        login="env:LOGIN",
        cookie=f"file:{tmp_path / 'cookie'}",
    )
    with Told() as server:
        fetcher.fetch(server.url, options=options)
    lines = server.asked.decode().split("\r\n")
    assert {
        "user-agent: Mozilla/5.0",
        "x-key: t0ken",
        "accept-language: de",
        "accept: text/xml",
        "authorization: Basic " + base64.b64encode("ann:pä:ss".encode()).decode(),
        "cookie: session=c00kie",
    } <= set(lines)
    assert sum(line.startswith(("accept:", "user-agent:")) for line in lines) == 2


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"login": "env:NOBODY"}, "secret env:NOBODY: the variable NOBODY is not set"),
        ({"cookie": "file:/no/such/file"}, "secret file:/no/such/file: No such file or directory"),
        ({"proxy": "env:NOBODY"}, "secret env:NOBODY: the variable NOBODY is not set"),
        ({"headers": (("X-Key", "env:NOBODY"),)}, "secret env:NOBODY: the variable NOBODY is not set"),
        ({"login": "ann:hunter2"}, "a secret is given as env:NAME or file:PATH, never as a value"),
        ({"cookie": "hunter2"}, "a secret is given as env:NAME or file:PATH, never as a value"),
        ({"login": "env:HUNTER"}, "the login env:HUNTER is not user:password"),
        ({"cookie": "env:BROKEN"}, "the header cookie holds characters that cannot be sent"),
        ({"headers": (("X-Key", "hunter2\r\nHost: b"),)}, "the header x-key holds characters that cannot be sent"),
        ({"headers": (("X-Key", "hunter2 €"),)}, "the header x-key holds characters that cannot be sent"),
        ({"headers": (("X Key", "hunter2"),)}, "no header can have the name 'x key'"),
        ({"headers": (("X:\n", "hunter2"),)}, "no header can have the name 'x:\\n'"),
        ({"headers": (("", "hunter2"),)}, "no header can have the name ''"),
        ({"headers": (("Content-Length", "9"),)}, "the header content-length cannot be set for a source"),
        ({"headers": (("Host", "hunter2"),)}, "the header host cannot be set for a source"),
        ({"user_agent": "hunter2\0"}, "the header user-agent holds characters that cannot be sent"),
        ({"proxy": "socks5://ann:hunter2@127.0.0.1:1"}, "the proxy is no http or https address"),
        ({"proxy": "hunter2"}, "the proxy is no http or https address"),
    ],
)
def test_what_cannot_be_sent_is_one_clear_line(
    base: str, fetcher: HttpFetcher, monkeypatch: Any, options: dict[str, Any], line: str
) -> None:
    """A missing secret or an unusable option fails this source alone, with its name and never with its value."""
    monkeypatch.setenv("HUNTER", "hunter2")
    monkeypatch.setenv("BROKEN", "hunter2\x1b")
    error = failed(fetcher, f"{base}/", **options)
    assert (str(error), error.trouble) == (line, "unasked")
    assert "hunter2" not in str(error)


def test_a_secret_is_read_at_each_fetch(fetcher: HttpFetcher, tmp_path: Path) -> None:
    """A password that was changed behind its reference counts from the next fetch on."""
    behind = tmp_path / "cookie"
    for value in ("first", "second"):
        behind.write_text(value)
        with Told() as server:
            fetcher.fetch(server.url, options=FeedOptions(cookie=f"file:{behind}"))
        assert f"cookie: {value}\r\n".encode() in server.asked


CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"
PAGE = b"<!DOCTYPE html><html><head><title>News</title></head><body>Cloudflare was down</body></html>"


@pytest.mark.parametrize(
    ("answer", "trouble", "line"),
    [
        (("403 F", ("cf-mitigated: challenge",), b""), "wall", "HTTP 403 Forbidden, a bot wall (Cloudflare)"),
        (("403 F", ("Server: cloudflare",), PAGE), "wall", "HTTP 403 Forbidden, a bot wall (Cloudflare)"),
        (("403 F", ("Server: AkamaiGHost",), b""), "wall", "HTTP 403 Forbidden, a bot wall (Akamai)"),
        (("403 F", ("X-DataDome: protected",), b""), "wall", "HTTP 403 Forbidden, a bot wall (DataDome)"),
        (("403 F", ("X-Iinfo: 1-2-3",), b""), "wall", "HTTP 403 Forbidden, a bot wall (Imperva)"),
        (("403 F", ("Server: Sucuri/Cloudproxy",), b""), "wall", "HTTP 403 Forbidden, a bot wall (Sucuri)"),
        (("403 F", ("Server: nginx",), b"<html>px-captcha"), "wall", "HTTP 403 Forbidden, a bot wall (PerimeterX)"),
        (("403 F", ("Server: nginx",), PAGE), "refused", "HTTP 403 Forbidden"),
        (("503 S", (), CHALLENGE), "wall", "HTTP 503 Service Unavailable, a bot wall (Cloudflare)"),
        (("503 S", ("Server: cloudflare",), PAGE), "refused", "HTTP 503 Service Unavailable"),
        (("503 S", ("Server: cloudflare", "Retry-After: 9"), b""), "rate limited", "HTTP 503 Service Unavailable"),
        (("503 S", ("x-sucuri-id: 1", "Retry-After: 9"), b""), "rate limited", "HTTP 503 Service Unavailable"),
        (("503 S", ("Retry-After: never",), b""), "refused", "HTTP 503 Service Unavailable"),
        (("429 T", (), b""), "rate limited", "HTTP 429 Too Many Requests"),
        (
            ("429 T", ("cf-mitigated: x", "Retry-After: 9"), b""),
            "wall",
            "HTTP 429 Too Many Requests, a bot wall (Cloudflare)",
        ),
        (("429 T", ("x-vercel-mitigated: challenge",), b""), "wall", "HTTP 429 Too Many Requests, a bot wall (Vercel)"),
        (("202 A", ("x-amzn-waf-action: challenge",), b""), "wall", "HTTP 202 Accepted, a bot wall (AWS WAF)"),
        (("200 OK", ("Content-Type: text/html",), CHALLENGE), "wall", "HTTP 200 OK, a bot wall (Cloudflare)"),
        (("410 G", ("Server: cloudflare",), b""), "gone", "HTTP 410 Gone"),
        (("404 N", ("Server: cloudflare",), PAGE), "refused", "HTTP 404 Not Found"),
    ],
)
def test_a_bad_answer_is_told_by_its_kind(
    fetcher: HttpFetcher, answer: tuple[str, tuple[str, ...], bytes], trouble: str, line: str
) -> None:
    """Walls are named, those who ask for less are told from those who refuse, and from what is gone for good."""
    with Told(*answer) as server:
        error = failed(fetcher, server.url)
    assert (str(error), error.trouble, error.status) == (line, trouble, int(answer[0][:3]))


@pytest.mark.parametrize(
    "body", [PAGE, FEED.replace(b"t</title>", b"<![CDATA[<html><title>Just a moment...</title>]]></title>")]
)
def test_a_page_that_speaks_of_walls_is_none(fetcher: HttpFetcher, body: bytes) -> None:
    """An ordinary page is left to the parser, and so is a feed that quotes a challenge, served as a page or not."""
    with Told("200 OK", ("Content-Type: text/html", "Server: cloudflare"), body) as server:
        assert fetcher.fetch(server.url).body == body


@pytest.mark.parametrize("value", ["\x7f", "a\tb", "é" * 9000, '"€"', "a\r\nX-Evil: 1", "\0"])
def test_validators_that_are_no_header_are_not_sent(fetcher: HttpFetcher, value: str) -> None:
    """What was stored and cannot be a header's value is left out; the feed is asked for without it."""
    with Told() as server:
        assert fetcher.fetch(server.url, etag=value, last_modified=value).status == 200
    assert b"if-" not in server.asked
    assert b"Evil" not in server.asked


@pytest.mark.parametrize("value", ["\x01", "a\x00b", "x" * 8193, "\x7f"])
def test_validators_that_are_no_header_are_not_handed_on(fetcher: HttpFetcher, value: str) -> None:
    """A server's ETag or Last-Modified with control characters or too long goes no further; others do."""
    with Told("200 OK", (f"ETag: {value}", f"Last-Modified: {value}", "X-Other: 1")) as server:
        headers = fetcher.fetch(server.url).headers
    assert "etag" not in headers
    assert "last-modified" not in headers
    assert headers["x-other"] == "1"


@pytest.mark.parametrize("value", ['W/"é\xff"', "not quoted, at all", '"', "0"])
def test_validators_come_back_byte_by_byte(fetcher: HttpFetcher, value: str) -> None:
    """However odd an ETag is, it is sent back as it came."""
    with Told("200 OK", (f"ETag: {value}",)) as server:
        etag = fetcher.fetch(server.url).headers["etag"]
    with Told("304 Not Modified") as server:
        assert fetcher.fetch(server.url, etag=etag).status == 304
    assert f"if-none-match: {value}\r\n".encode("latin-1") in server.asked


def test_not_modified_must_have_been_asked_for(fetcher: HttpFetcher) -> None:
    """A 304 to a request without conditions is an error, not an empty feed."""
    with Told("304 Not Modified", body=b"") as server:
        assert str(failed(fetcher, server.url)) == "HTTP 304 Not Modified"


def test_freshness_comes_with_the_answer(fetcher: HttpFetcher) -> None:
    """How long the answer stays is read from its headers, on a 200 and on a 304."""
    with Told("200 OK", ("Cache-Control: max-age=99999999999999",)) as server:
        assert fetcher.fetch(server.url).fresh_for == 86_400.0
    with Told("304 Not Modified", ("Cache-Control: max-age=60",), b"") as server:
        assert fetcher.fetch(server.url, etag='"1"').fresh_for == 60.0
