"""The client against a real server that behaves, and one that does not."""

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tracker.adapters.http.client import GuardedClient
from tracker.errors import FetchError, HostBusy
from tracker.ports.http import AddressRefused

Make = Callable[..., GuardedClient]
CERTIFICATE = Path(__file__).parents[2] / "data" / "tls" / "self-signed-localhost.pem"


def refused(client: GuardedClient, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value


def test_a_body_comes_with_status_and_lower_case_headers(server: Any, make_client: Make) -> None:
    """A plain answer arrives whole, and the connection serves the next request too."""
    url = server.reply("/feed", b"words", 'ETag: W/"1"', "X-Both: a")
    client = make_client()
    answer = client.get(url)
    assert (answer.status, answer.body, answer.headers["etag"], answer.url) == (200, b"words", 'W/"1"', url)
    client.get(url)
    assert server.connections == 1
    assert b"user-agent: tracker-test/1" in server.seen[0].lower()


@pytest.mark.parametrize(
    ("coding", "squeeze"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("x-gzip", gzip.compress)]
)
def test_compressed_bodies_are_decompressed(
    server: Any, make_client: Make, coding: str, squeeze: Callable[[bytes], bytes]
) -> None:
    """Gzip and deflate are asked for and undone."""
    url = server.reply("/z", squeeze(b"feed " * 99), f"Content-Encoding: {coding}")
    assert make_client().get(url).body == b"feed " * 99
    assert b"accept-encoding: gzip, deflate" in server.seen[0].lower()


def test_a_chunked_body_is_joined(server: Any, make_client: Make) -> None:
    """The chunked transfer coding leaves no trace in the body."""
    url = server.says("/c", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert make_client().get(url).body == b"abcde"


def test_a_redirect_is_followed_and_secrets_stay_behind(server: Any, make_client: Make) -> None:
    """Nothing that may be secret is carried to another origin, a header of one's own too; where it led is reported."""
    server.reply("/new", b"here")
    other = f"http://localhost:{server.port}/new"
    url = server.reply("/old", b"", f"Location: {other}", status="301 Moved Permanently")
    answer = make_client().get(
        url, headers=dict.fromkeys(("Authorization", "Cookie", "X-Key"), "c2VjcmV0") | {"Accept": "a/b"}
    )
    assert (answer.body, answer.url, answer.hops) == (b"here", other, (301,))
    assert server.seen[0].count(b"c2VjcmV0") == 3
    assert b"c2VjcmV0" not in server.seen[1]
    assert b"accept: a/b" in server.seen[1].lower()


def test_secrets_follow_a_redirect_within_the_origin(server: Any, make_client: Make) -> None:
    """A redirect to a path of the same origin keeps the credentials, and a relative target is resolved."""
    server.reply("/b/new", b"here")
    url = server.reply("/b/old", b"", "Location: new", status="302 Found")
    assert make_client().get(url, headers={"Authorization": "Basic c2VjcmV0"}).body == b"here"
    assert b"c2VjcmV0" in server.seen[1]


def test_another_host_is_visited_only_where_it_may_be(server: Any, make_client: Make) -> None:
    """Who hands in a rule is asked at each hop to another host, before anything is sent there, and not within one."""
    server.reply("/there", b"in")
    server.reply("/r", b"", f"Location: http://LOCALHOST:{server.port}/s", status="302 Found")
    server.reply("/s", b"", "Location: /there", status="302 Found")
    client, hosts = make_client(), list[str]()

    def visit(host: str) -> bool:
        hosts.append(host)
        return len(hosts) < 2

    url = f"http://127.0.0.1:{server.port}/r"
    assert client.get(url, visit=visit).body == b"in"
    assert hosts == ["localhost"]
    before = len(server.seen)
    with pytest.raises(HostBusy) as caught:
        client.get(url, visit=visit)
    assert caught.value.host == "localhost"
    assert len(server.seen) == before + 1


def test_a_redirect_loop_ends(server: Any, make_client: Make) -> None:
    """The sixth redirect is not followed."""
    url = server.reply("/loop", b"", "Location: /loop", status="302 Found")
    assert str(refused(make_client(), url)) == "more than 5 redirects"
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:1", "http://a:b/", "http://["]
)
def test_a_redirect_leads_to_the_web_only(server: Any, make_client: Make, target: str) -> None:
    """A redirect to a file or another scheme, or to no address at all, is refused."""
    url = server.reply("/r", b"", f"Location: {target}", status="302 Found")
    error = refused(make_client(), url)
    assert isinstance(error, AddressRefused)
    assert error.trouble == "broken"


def test_a_redirect_without_a_target_is_an_error(server: Any, make_client: Make) -> None:
    """302 with no Location names the fault."""
    url = server.reply("/r", status="302 Found")
    assert str(refused(make_client(), url)) == "HTTP 302 without an address to go to"


def test_a_redirect_into_a_private_network_is_refused(server: Any, make_client: Make) -> None:
    """Each hop is checked anew: an allowed server cannot send us to another local port."""
    with socket.create_server(("127.0.0.1", 0)) as secret:
        port = secret.getsockname()[1]
        url = server.reply("/r", b"", f"Location: http://127.0.0.1:{port}/", status="302 Found")
        client = make_client(allow=frozenset({f"127.0.0.1:{server.port}"}))
        error = refused(client, url)
        assert isinstance(error, AddressRefused)
        assert str(error).startswith(f"127.0.0.1:{port} is not a public address (127.0.0.1); worker.allow_private")
        secret.settimeout(0)
        with pytest.raises(BlockingIOError):
            secret.accept()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "0.0.0.0", "127.1", "[::]"],
)
def test_this_machine_is_out_of_reach(server: Any, make_client: Make, host: str) -> None:
    """No spelling of the loopback address gets through to a server that listens there."""
    error = refused(make_client(allow=frozenset()), f"http://{host}:{server.port}/")
    assert isinstance(error, AddressRefused)
    assert error.trouble == "unasked"
    assert server.connections == 0


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fec0::1]"])
def test_private_networks_are_out_of_reach(make_client: Make, host: str) -> None:
    """Private, link-local and address-translating networks are refused even if loopback is allowed."""
    assert isinstance(refused(make_client(), f"http://{host}/"), AddressRefused)


def test_a_name_on_the_allow_list_is_reached(server: Any, make_client: Make) -> None:
    """A pair of host and port may be private, by the name in the address; another port of it may not."""
    server.reply("/", b"in")
    client = make_client(allow=frozenset({f"localhost:{server.port}"}))
    assert client.get(f"http://LOCALHOST:{server.port}/").body == b"in"
    assert isinstance(refused(client, f"http://localhost:{server.port + 1}/"), AddressRefused)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "/etc/passwd", "", "http:///x", "http://[::1", "gopher://a/"])
def test_only_web_addresses_are_requested(make_client: Make, url: str) -> None:
    """Other schemes, paths and broken addresses are refused before anything is opened."""
    assert isinstance(refused(make_client(), url), AddressRefused)


def test_an_address_outside_ascii_is_escaped(server: Any, make_client: Make) -> None:
    """Letters and blanks in a path are percent-encoded, what is encoded already is left alone."""
    server.reply("/%C3%A9%20/%41?q=%C3%BC", b"in")
    assert make_client().get(server.url("/é /%41?q=ü#top")).body == b"in"


def test_a_redirect_in_other_letters_is_followed(server: Any, make_client: Make) -> None:
    """A Location written in UTF-8 leads where it means to."""
    server.reply("/%C3%A9", b"in")
    url = server.says("/r", "HTTP/1.1 302 Found\r\nLocation: /é\r\nContent-Length: 0\r\n\r\n".encode())
    assert make_client().get(url).body == b"in"


def test_a_decompression_bomb_stops_at_the_limit(server: Any, make_client: Make) -> None:
    """Thirty kilobytes that unfold to thirty megabytes are given up at the limit."""
    bomb = gzip.compress(bytes(30_000_000))
    url = server.reply("/bomb", bomb, "Content-Encoding: gzip")
    assert len(bomb) < 100_000
    assert str(refused(make_client(max_bytes=1_000_000), url)) == "the answer is longer than 1000000 bytes"


def test_an_endless_body_stops_at_the_limit(server: Any, make_client: Make) -> None:
    """A body without an end is given up at the limit."""

    def pour(sock: socket.socket, _head: bytes) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while not server.released.is_set():
                sock.sendall(b"x" * 65536)
        except OSError:
            sock.close()

    url = server.does("/endless", pour)
    assert str(refused(make_client(max_bytes=1_000_000), url)) == "the answer is longer than 1000000 bytes"


def drip(server: Any, start: bytes, drop: bytes) -> Callable[[socket.socket, bytes], None]:
    """Send `start`, then a drop every 50 ms until the client has had enough."""

    def answer(sock: socket.socket, _head: bytes) -> None:
        try:
            sock.sendall(start)
            while not server.released.wait(0.05):
                sock.sendall(drop)
        except OSError:
            sock.close()

    return answer


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], b"\0"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"", b""),
    ],
    ids=["body", "counted body", "chunk size", "gzip", "header", "nothing at all"],
)
def test_a_slow_drip_is_stopped(server: Any, make_client: Make, start: bytes, drop: bytes) -> None:
    """A server that sends a byte now and then cannot hold the request beyond its time, wherever it drips."""
    url = server.does("/drip", drip(server, start, drop))
    line = str(refused(make_client(timeout=0.6), url))
    assert line in ("no complete answer within 0.6 s", "the answer is not compressed as it says")


def test_the_time_covers_all_redirects(server: Any, make_client: Make) -> None:
    """Slow redirects share one deadline."""

    def slowly(sock: socket.socket, _head: bytes) -> None:
        server.released.wait(0.3)
        sock.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /slow\r\n\r\n")

    url = server.does("/slow", slowly)
    assert str(refused(make_client(timeout=0.8), url)) == "no complete answer within 0.8 s"


def test_an_answer_that_ends_early_is_an_error(server: Any, make_client: Make) -> None:
    """Fewer bytes than the Content-Length, or a torn chunk, is not taken for a feed."""
    counted = server.reply("/short", b"half", "Connection: close", length=99)
    torn = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"
    client = make_client()
    assert str(refused(client, counted)) == "the answer was cut short"
    assert str(refused(client, server.says("/torn", torn))) == "the answer was cut short"


def test_a_false_compression_is_an_error(server: Any, make_client: Make) -> None:
    """A body that is not gzip though the header says so gives one line."""
    url = server.reply("/z", b"<rss/>", "Content-Encoding: gzip")
    assert str(refused(make_client(), url)) == "the answer is not compressed as it says"


@pytest.mark.parametrize(
    "head",
    [b"X-Long: " + b"x" * 70_000 + b"\r\n", b"X-Many: 1\r\n" * 200],
    ids=["long", "many"],
)
def test_huge_headers_are_an_error(server: Any, make_client: Make, head: bytes) -> None:
    """A header line of 70 kB, or two hundred lines, end the exchange."""
    url = server.says("/h", b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + b"\r\n")
    assert str(refused(make_client(), url)) == "the headers of the answer are too long"


def test_noise_instead_of_http_is_an_error(server: Any, make_client: Make) -> None:
    """Bytes that are no HTTP answer are named so."""
    url = server.says("/n", b"220 mail.example.org ESMTP, connection: close\r\n")
    assert str(refused(make_client(), url)) == "the answer is not HTTP"


def test_a_closed_connection_is_an_error(server: Any, make_client: Make) -> None:
    """A server that hangs up before it answers is named."""

    def hang_up(sock: socket.socket, _head: bytes) -> None:
        sock.shutdown(socket.SHUT_RDWR)

    assert str(refused(make_client(), server.does("/", hang_up))) == "the server closed the connection"


def test_a_refused_connection_is_an_error(make_client: Make) -> None:
    """A port where nobody listens gives the host, the port and the reason."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = str(refused(make_client(), f"http://127.0.0.1:{port}/"))
    assert line == f"cannot connect to 127.0.0.1:{port}: connection refused"


def test_an_unknown_host_is_an_error(make_client: Make) -> None:
    """A name that does not resolve is named; `.invalid` never does."""
    line = str(refused(make_client(), "http://no-such-host.invalid/"))
    assert line.startswith("cannot find the host no-such-host.invalid: ")


def test_a_server_without_tls_is_an_error(server: Any, make_client: Make) -> None:
    """Https to a port that speaks plain HTTP fails as TLS."""
    server.says("/", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    with socket.create_server(("127.0.0.1", 0)) as plain:
        thread = threading.Thread(target=answer_plainly, args=(plain,))
        thread.start()
        line = str(refused(make_client(), f"https://127.0.0.1:{plain.getsockname()[1]}/"))
        thread.join()
    assert line.startswith("TLS failed: ")


def answer_plainly(listener: socket.socket) -> None:
    sock, _ = listener.accept()
    with sock:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def test_a_self_made_certificate_is_not_accepted(make_client: Make) -> None:
    """A certificate that no authority signed ends the exchange before anything is asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=shake_hands, args=(listener, context))
        thread.start()
        line = str(refused(make_client(), f"https://127.0.0.1:{listener.getsockname()[1]}/"))
        thread.join()
    assert line.startswith("TLS failed: certificate not accepted, self")


def shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    sock, _ = listener.accept()
    with sock:
        try:
            context.wrap_socket(sock, server_side=True).close()
        except (ssl.SSLError, OSError):
            return


def test_a_silent_handshake_is_stopped(make_client: Make) -> None:
    """A server that accepts and never answers the TLS greeting is left when the time is up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        line = str(refused(make_client(timeout=0.4), f"https://127.0.0.1:{silent.getsockname()[1]}/"))
    assert line == "no complete answer within 0.4 s"


def test_close_leaves_nobody_waiting(server: Any, make_client: Make) -> None:
    """A request that waits as the client is closed ends at once, though its time is not up."""
    waiting = threading.Event()

    def stall(sock: socket.socket, _head: bytes) -> None:
        waiting.set()
        server.released.wait()
        sock.close()

    client = make_client(timeout=300)
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(refused, client, server.does("/slow", stall))
        waiting.wait()
        client.close()
        assert str(ended.result()) == "stopping"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n\r\nfirst"], ids=["before the head", "in the body"])
def test_abort_ends_running_and_later_requests(server: Any, make_client: Make, start: bytes) -> None:
    """abort() frees a thread that waits for a slow server at once, and nothing starts afterwards."""
    waiting = threading.Event()

    def stall(sock: socket.socket, _head: bytes) -> None:
        sock.sendall(start)
        waiting.set()
        server.released.wait()
        sock.close()

    url = server.does("/slow", stall)
    client = make_client(timeout=300)
    errors: list[Exception] = []
    thread = threading.Thread(target=lambda: errors.append(refused(client, url)))
    thread.start()
    waiting.wait()
    client.abort()
    thread.join()
    assert [str(error) for error in errors] == ["stopping"]
    assert str(refused(client, url)) == "stopping"


def test_a_post_carries_its_body_and_follows_nothing(server: Any, make_client: Make) -> None:
    """A POST sends body and headers and returns a redirect as the answer that it is."""
    got: list[bytes] = []

    def take(sock: socket.socket, head: bytes) -> None:
        body = head.partition(b"\r\n\r\n")[2]
        got.append(body or sock.recv(65536))
        sock.sendall(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")

    url = server.does("/hook", take)
    answer = make_client().post(url, b'{"a":1}', headers={"Content-Type": "application/json"})
    assert (answer.status, got, len(server.seen)) == (307, [b'{"a":1}'], 1)
    assert b"content-type: application/json" in server.seen[0].lower()


def test_the_answer_to_a_post_is_cut(server: Any, make_client: Make) -> None:
    """At most 20 kB of what a webhook says back are read, and an error status is returned, not raised."""
    url = server.reply("/hook", b"x" * 300_000, status="500 Internal Server Error")
    answer = make_client().post(url, b"{}")
    assert (answer.status, len(answer.body)) == (500, 20_000)


def test_a_post_obeys_the_guard(server: Any, make_client: Make) -> None:
    """A webhook cannot be aimed at this machine unless it was allowed."""
    with pytest.raises(AddressRefused):
        make_client(allow=frozenset()).post(server.url("/hook"), b"{}")
    assert server.connections == 0


def test_the_client_can_be_used_again_after_close(server: Any, make_client: Make) -> None:
    """close() gives connections back and stops the watching thread; a later request opens new ones."""
    url = server.reply("/", b"in")
    client = make_client()
    client.get(url)
    client.close()
    assert client.get(url).body == b"in"
