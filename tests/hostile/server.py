"""A web server that writes its answers byte by byte, breaks off, drips and pours: what no library would let it do."""

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Behaviour = Callable[[socket.socket, threading.Event], None]
"""What is done on a connection once the request was read; the event is set when the test is over."""

TLS = Path(__file__).parents[1] / "data" / "tls"
FEED = (
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>A paper</title>'
    b"<item><guid>urn:1</guid><title>One dead in Harbour Street</title><link>http://news.example/1</link></item>"
    b"<item><guid>urn:2</guid><title>Two held after blaze</title><link>http://news.example/2</link></item>"
    b"</channel></rss>"
)


class Server:
    """Behaves on each path as it was told; `requests` holds what it was asked over so many `connections`.

    `certificate` names the file that it has for TLS, `greeting` is what it does instead of listening at all.
    """

    def __init__(
        self, address: str = "127.0.0.1", *, certificate: str | None = None, greeting: Behaviour | None = None
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._greeting = greeting
        self._paths: dict[str, Behaviour] = {}
        self._over = threading.Event()
        self._context = _context(certificate) if certificate else None
        self._listener = socket.create_server((address, 0), backlog=128)
        self.address, self.port = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def base(self) -> str:
        """The address without a path."""
        return f"{'https' if self._context else 'http'}://{self.address}:{self.port}"

    def does(self, path: str, behaviour: Behaviour) -> str:
        """Behave so on a path, and return its address."""
        self._paths[path] = behaviour
        return self.base + path

    def close(self) -> None:
        """End whatever is dripping or waiting."""
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            if self._greeting:
                self._greeting(sock, self._over)
                return
            stream = self._context.wrap_socket(sock, server_side=True) if self._context else sock
            with stream:
                while head := read_request(stream):
                    self.requests.append(head)
                    self._paths[head.split()[1].decode()](stream, self._over)


@contextlib.contextmanager
def serving(
    address: str = "127.0.0.1", *, certificate: str | None = None, greeting: Behaviour | None = None
) -> Iterator[Server]:
    """Run a server for the time of the block; see Server."""
    server = Server(address, certificate=certificate, greeting=greeting)
    try:
        yield server
    finally:
        server.close()


def read_head(sock: socket.socket) -> bytes:
    """Return a request up to its blank line, nothing when the other side has left."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = sock.recv(65_536)
        if not piece:
            return b""
        head += piece
    return head


def read_request(sock: socket.socket) -> bytes:
    """Return a request with its body; nothing when the other side has left."""
    request = read_head(sock)
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)\r\n", request)
    whole = request.find(b"\r\n\r\n") + 4 + int(length[1]) if length else 0
    while len(request) < whole:
        request += sock.recv(65_536)
    return request


def reply(body: bytes = FEED, *headers: str | bytes, status: str = "200 OK", length: bool = True) -> bytes:
    """Return a well-formed answer; without `length` it ends where the connection does."""
    said = [f"HTTP/1.1 {status}".encode(), *(head.encode() if isinstance(head, str) else head for head in headers)]
    if length:
        said.append(f"Content-Length: {len(body)}".encode())
    return b"\r\n".join(said) + b"\r\n\r\n" + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", status: str = "200 OK") -> bytes:
    """Return an answer in chunks as they are given, sizes and all."""
    return f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + b"".join(chunks) + end


def chunk(body: bytes) -> bytes:
    """Return a chunk with its true size."""
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def says(answer: bytes) -> Behaviour:
    """Send these bytes and hang up."""

    def behave(sock: socket.socket, _over: threading.Event) -> None:
        sock.sendall(answer)
        sock.shutdown(socket.SHUT_WR)

    return behave


def stays(answer: bytes) -> Behaviour:
    """Send these bytes, and be ready for the next request on the same connection."""

    def behave(sock: socket.socket, _over: threading.Event) -> None:
        sock.sendall(answer)

    return behave


def redirects(target: str | bytes, status: str = "302 Found") -> Behaviour:
    """Send the client elsewhere."""
    return says(reply(b"", b"Location: " + (target.encode() if isinstance(target, str) else target), status=status))


def drips(start: bytes, drop: bytes) -> Behaviour:
    """Send a beginning, then one drop after the other, for ever."""

    def behave(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(start)
        while not over.wait(0.03):
            sock.sendall(drop)

    return behave


def pours(start: bytes, piece: bytes) -> Behaviour:
    """Send a beginning, then the same piece as fast as it is taken, for ever."""

    def behave(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(start)
        while not over.is_set():
            sock.sendall(piece)

    return behave


def resets(start: bytes = b"") -> Behaviour:
    """Send a beginning, then break the connection."""

    def behave(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(start)
        over.wait(0.05)  # what was sent is read first, or the reset would overtake it
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    return behave


def _context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / f"{certificate}.pem")
    return context
