"""A real server on the loopback interface whose every answer is written byte by byte by the test."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tracker.adapters.http.client import GuardedClient

Answering = Callable[[socket.socket, bytes], None]


class RawServer:
    """Answers each path with the function given for it; `seen` holds the heads of the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Answering] = {}
        self.seen: list[bytes] = []
        self.connections = 0
        self.released = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                while head := read_head(self.request):
                    outer.seen.append(head)
                    path = head.split()[1].decode()
                    outer.answers[path](self.request, head)
                    if b"connection: close" in outer.last_sent.lower():
                        return

        self.last_sent = b""
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def says(self, path: str, answer: bytes) -> str:
        """Answer `path` with these bytes; the connection stays open unless they say otherwise."""

        def send(sock: socket.socket, _head: bytes) -> None:
            self.last_sent = answer
            sock.sendall(answer)

        self.answers[path] = send
        return self.url(path)

    def does(self, path: str, answering: Answering) -> str:
        self.answers[path] = answering
        return self.url(path)

    def reply(
        self, path: str, body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None
    ) -> str:
        """Answer `path` with a well-formed head and this body; `length` lies about the body's length."""
        said = len(body) if length is None else length
        head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {said}", *headers))
        return self.says(path, head.encode() + b"\r\n\r\n" + body)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def read_head(sock: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            piece = sock.recv(65536)
        except OSError:
            return b""
        if not piece:
            return b""
        data += piece
    return data


@pytest.fixture
def server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def make_client() -> Iterator[Callable[..., GuardedClient]]:
    """Make clients that may talk to the loopback interface unless told otherwise."""
    made: list[GuardedClient] = []

    def make(**options: Any) -> GuardedClient:
        settings: dict[str, Any] = {
            "user_agent": "tracker-test/1",
            "allow": frozenset({"loopback"}),
            "timeout": 5.0,
        } | options
        made.append(GuardedClient(**settings))
        return made[-1]

    yield make
    for client in made:
        client.close()
