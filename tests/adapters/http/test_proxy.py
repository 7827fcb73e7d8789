"""Through a proxy: the same rules hold, and the proxy learns what is meant for it and nothing else."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.adapters.http.client import GuardedClient
from tracker.errors import FetchError
from tracker.ports.http import AddressRefused

Make = Callable[..., GuardedClient]
TLS = Path(__file__).parents[2] / "data" / "tls"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfeed"
PASSED = b"HTTP/1.1 200 Connection established\r\n\r\n"
LOGIN = b"proxy-authorization: Basic " + base64.b64encode(b"ann:p@ss")


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the throw-away authority of the tests trusted, as a system's own would be."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "local.pem")
    return context


def tunnel(inner: list[bytes], answer: bytes = OK) -> Callable[[socket.socket, bytes], None]:
    """Open the tunnel and be what stands at its far end: a server with a certificate."""

    def open_(sock: socket.socket, _head: bytes) -> None:
        sock.sendall(PASSED)
        with contextlib.suppress(OSError), certified().wrap_socket(sock, server_side=True) as far:
            inner.append(far.recv(65536))
            far.sendall(answer)

    return open_


def refused(client: GuardedClient, url: str, proxy: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(url, proxy=proxy, **options)
    assert str(caught.value).isprintable()
    return caught.value


def test_plain_http_is_asked_for_at_the_proxy(server: Any, make_client: Make) -> None:
    """The proxy is asked for the whole address; it stands where it may, and only it looks the name up."""
    server.says("http://news.example/feed?a=1", OK)
    client = make_client(allow=frozenset())
    answer = client.get("http://news.example/feed?a=1", proxy=server.url(""))
    assert (answer.status, answer.body, answer.url) == (200, b"feed", "http://news.example/feed?a=1")
    assert b"host: news.example\r\n" in server.seen[0].lower()
    assert b"proxy-authorization" not in server.seen[0].lower()


def test_https_goes_through_a_tunnel(server: Any, make_client: Make) -> None:
    """The proxy sees the host and its own password alone; headers and answer are the server's, checked by its name."""
    inner: list[bytes] = []
    server.does("feeds.example:443", tunnel(inner))
    proxy = f"http://ann:p%40ss@127.0.0.1:{server.port}"
    answer = make_client(allow=frozenset()).get(
        "https://feeds.example/feed", headers={"authorization": "Basic eA=="}, proxy=proxy
    )
    assert answer.body == b"feed"
    assert server.seen[0].startswith(b"CONNECT feeds.example:443 HTTP/1.")
    assert LOGIN.lower() in server.seen[0].lower()
    assert b"eA==" not in server.seen[0]
    assert b"authorization: Basic eA==" in inner[0]
    assert b"proxy-authorization" not in inner[0].lower()


def test_a_tunnel_leads_to_whom_it_should(server: Any, make_client: Make) -> None:
    """The certificate at the far end is checked against the name that was asked for."""
    inner: list[bytes] = []
    server.does("other.example:443", tunnel(inner))
    line = str(refused(make_client(), "https://other.example/", server.url("")))
    assert line.startswith("TLS failed: certificate not accepted, Hostname mismatch")
    assert inner == []


@contextlib.contextmanager
def secure_proxy(answer: Callable[[ssl.SSLSocket, bytes], None]) -> Iterator[str]:
    """Run a proxy that is itself spoken to over TLS, for one connection."""

    def serve() -> None:
        sock, _ = listener.accept()
        with certified().wrap_socket(sock, server_side=True) as secure:
            answer(secure, secure.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_a_proxy_may_be_spoken_to_over_tls(make_client: Make) -> None:
    """An https address of a proxy keeps what is said to it from others."""
    with secure_proxy(lambda sock, _head: sock.sendall(OK)) as proxy:
        assert make_client().get("http://news.example/", proxy=proxy).body == b"feed"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://feeds.localhost./",
    ],
)
def test_a_proxy_is_no_way_around_the_guard(server: Any, make_client: Make, url: str) -> None:
    """What is private in digits, or this machine by name, is not asked for through a proxy either."""
    assert isinstance(refused(make_client(allow=frozenset()), url, server.url("")), AddressRefused)
    assert server.connections == 0


def test_redirects_obey_the_same_rules_through_a_proxy(server: Any, make_client: Make) -> None:
    """Each hop is checked and goes through the proxy; secrets stay behind, the proxy's own are sent each time."""
    server.says("http://a.example/", b"HTTP/1.1 301 M\r\nContent-Length: 0\r\nLocation: http://b.example/\r\n\r\n")
    server.says("http://b.example/", b"HTTP/1.1 302 F\r\nContent-Length: 0\r\nLocation: http://10.0.0.1/\r\n\r\n")
    proxy = f"http://ann:p%40ss@127.0.0.1:{server.port}"
    error = refused(make_client(), "http://a.example/", proxy, headers={"cookie": "c00kie", "x-key": "k3y"})
    assert isinstance(error, AddressRefused)
    first, second = server.seen
    assert all(LOGIN.lower() in head.lower() for head in server.seen)
    assert b"c00kie" in first
    assert b"k3y" in first
    assert b"c00kie" not in second
    assert b"k3y" not in second


def test_a_password_that_the_proxy_refuses_is_named(server: Any, make_client: Make) -> None:
    """407 is an answer to plain HTTP, and a clear line for a tunnel; neither says the password."""
    said = b"HTTP/1.1 407 Proxy \x1b[31mAuthentication\r\nContent-Length: 0\r\n\r\n"
    server.says("http://news.example/", said)
    server.says("news.example:443", said)
    client, proxy = make_client(), f"http://ann:hunter2@127.0.0.1:{server.port}"
    assert client.get("http://news.example/", proxy=proxy).status == 407
    line = str(refused(client, "https://news.example/", proxy))
    assert line == "the proxy failed: the exchange failed: Tunnel connection failed: 407 Proxy [31mAuthentication"


def test_a_proxy_that_is_not_there_is_named(make_client: Make) -> None:
    """The line names the host and port of the proxy and not its password."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = str(refused(make_client(), "https://news.example/", f"http://ann:hunter2@127.0.0.1:{port}"))
    assert line == f"cannot connect to 127.0.0.1:{port}: connection refused"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 O", PASSED], ids=["silent", "dripping", "far end silent"])
def test_a_slow_proxy_is_left_in_time(server: Any, make_client: Make, start: bytes) -> None:
    """A tunnel that does not open, or at whose end nobody speaks, ends with the time of the exchange."""

    def stall(sock: socket.socket, _head: bytes) -> None:
        sock.sendall(start)
        with contextlib.suppress(OSError):
            while not server.released.wait(0.05):
                sock.sendall(b"K")

    server.does("news.example:443", stall)
    line = str(refused(make_client(timeout=0.5), "https://news.example/", server.url("")))
    assert line in ("no complete answer within 0.5 s", "TLS failed: wrong version number")


def test_an_endless_answer_through_a_proxy_stops_at_the_limit(server: Any, make_client: Make) -> None:
    """The size of a body is bounded through a tunnel as well."""
    inner: list[bytes] = []
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"
    server.does("feeds.example:443", tunnel(inner, head + bytes(200_000)))
    error = refused(make_client(max_bytes=100_000), "https://feeds.example/", server.url(""))
    assert str(error) == "the answer is longer than 100000 bytes"


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1", "ftp://ann:hunter2@a/", "127.0.0.1:3128", "", "http://[", "http://"]
)
def test_a_proxy_is_named_by_a_web_address(make_client: Make, proxy: str) -> None:
    """Anything else is refused with a line that repeats nothing of it."""
    assert str(refused(make_client(), "http://news.example/", proxy)) == "the proxy is no http or https address"
