"""Connections that are kept: what they may serve, and what never goes over one."""

import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.hostile.server import Server, drips, reply, resets, says, serving, stays
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.http.connect import guarded_pools
from tracker.adapters.http.guard import LOOPBACK, Guard
from tracker.adapters.http.watch import Watch
from tracker.errors import FetchError
from tracker.ports.http import AddressRefused

Make = Callable[..., GuardedClient]
NOTHING = reply(b"", status="204 No Content", length=False)


@pytest.fixture
def there() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("answer", [NOTHING, reply(b"thanks"), reply(b"")], ids=["204", "200 with words", "200"])
def test_posts_to_one_receiver_share_a_connection(there: Server, make_client: Make, answer: bytes) -> None:
    """Request after request goes over one connection, whether the answers have words in them or not."""
    url, client = there.does("/hook", stays(answer)), make_client()
    for _ in range(3):
        client.post(url, b"{}")
    assert (len(there.requests), there.connections) == (3, 1)


def test_a_kept_connection_serves_its_own_host_alone(there: Server, make_client: Make) -> None:
    """Another name for the very address that is connected to is looked up and checked, and here refused."""
    url = there.does("/hook", stays(NOTHING))
    client = make_client(allow=frozenset({f"127.0.0.1:{there.port}"}))
    assert client.post(url, b"{}").status == 204
    other = make_client(allow=frozenset({f"localhost:{there.port}"}))
    assert other.post(url.replace("127.0.0.1", "localhost"), b"{}").status == 204
    with pytest.raises(AddressRefused):
        other.post(url, b"{}")
    with pytest.raises(AddressRefused):
        client.post(url.replace("127.0.0.1", "127.0.0.2"), b"{}")
    assert there.connections == 2


def test_settings_that_allow_less_keep_no_connection(there: Server, make_client: Make) -> None:
    """Who is no longer allowed is not reached over a connection from when they were: other settings, other client."""
    url = there.does("/hook", stays(NOTHING))
    assert make_client().post(url, b"{}").status == 204
    with pytest.raises(AddressRefused):
        make_client(allow=frozenset()).post(url, b"{}")
    assert len(there.requests) == 1


def test_what_the_other_side_closed_is_not_used_again(there: Server, make_client: Make) -> None:
    """After an answer and a goodbye, the next request opens a connection and arrives once."""
    left = threading.Event()

    def leaves(sock: socket.socket, over: threading.Event) -> None:
        says(reply(b"bye"))(sock, over)
        left.set()

    url, client = there.does("/hook", leaves), make_client()
    for _ in range(3):
        assert client.post(url, b"{}").body == b"bye"
        left.wait()
        left.clear()
    assert (len(there.requests), there.connections) == (3, 3)


def test_what_may_have_arrived_is_not_sent_twice(there: Server, make_client: Make) -> None:
    """A receiver that takes a request over a kept connection and hangs up without a word has got it once."""
    client = make_client()
    client.post(there.does("/good", stays(NOTHING)), b"{}")
    with pytest.raises(FetchError, match="the server closed the connection"):
        client.post(there.does("/bad", resets()), b"{}")
    assert (len(there.requests), there.connections) == (2, 1)


def test_what_was_not_sent_goes_over_a_new_connection(there: Server) -> None:
    """A request of which no byte could leave over a kept connection is sent, once, over a new one."""
    there.does("/hook", resets(NOTHING))
    watch = Watch()
    pool = guarded_pools(Guard(frozenset({LOOPBACK})), watch).of(there.base)
    with watch.exchange(5):
        connection: Any = pool._new_conn()
        for _ in range(2):
            connection.request("POST", "/hook", body=b"{}")
            assert connection.getresponse().status == 204
            select.select([connection.sock], [], [], 5)  # until the other side has hung up
        connection.close()
    watch.close()
    assert (len(there.requests), there.connections) == (2, 2)


def test_a_new_connection_that_breaks_is_no_reason_for_another(make_client: Make) -> None:
    """A receiver that breaks every connection as it is made is asked once."""
    tried = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def breaks() -> None:
            nonlocal tried
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                tried += 1
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()

        thread = threading.Thread(target=breaks)
        thread.start()
        with pytest.raises(FetchError):
            make_client().post(f"http://127.0.0.1:{listener.getsockname()[1]}/", bytes(100))
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    assert tried == 1


def test_an_answer_that_nobody_asked_for_is_not_the_next_one(there: Server, make_client: Make) -> None:
    """Two answers to one request: the second is not taken for that to the next request."""
    client = make_client()
    client.post(there.does("/first", stays(reply(b"first") + reply(b"forged"))), b"{}")
    assert client.post(there.does("/next", stays(reply(b"next"))), b"{}").body == b"next"


def test_a_connection_with_half_an_answer_on_it_is_given_up(there: Server, make_client: Make) -> None:
    """What is left of a long answer is not read, and the next request goes over a new connection."""
    client = make_client()
    assert len(client.post(there.does("/long", stays(reply(bytes(300_000)))), b"{}").body) == 20_000
    assert client.post(there.does("/next", stays(reply(b"next"))), b"{}").body == b"next"
    assert there.connections == 2


def test_the_status_is_the_answer_however_the_body_ends(there: Server, make_client: Make) -> None:
    """A status that came in time counts, with what came of a body that breaks off, drips on, or is not what it says."""
    bodies = {
        b"half": resets(reply(b"half", "Content-Length: 99", length=False)),
        b"": stays(reply(b"plain", "Content-Encoding: gzip")),
        b"short": says(reply(b"short", "Content-Length: 99", length=False)),
    }
    for body, behaviour in bodies.items():
        answer = make_client().ask("PUT", there.does("/odd", behaviour), b"{}")
        assert (answer.status, answer.body) == (200, body)
    dripping = there.does("/drip", drips(reply(b"x", "Content-Length: 9999", length=False), b"x"))
    answer = make_client().ask("POST", dripping, b"{}", timeout=0.4)
    assert answer.status == 200
    assert set(answer.body) == set(b"x")


def test_any_method_is_asked_once_and_follows_nothing(there: Server, make_client: Make) -> None:
    """A GET that is answered by a redirect ends there, with the redirect as its answer."""
    moved = there.does("/old", says(reply(b"gone on", "Location: /new", status="302 Found")))
    answer = make_client().ask("GET", moved)
    assert (answer.status, answer.body, len(there.requests)) == (302, b"gone on", 1)
