"""A web server on loopback that answers by script and remembers what came."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, Mapping[str, str], bytes] | None
"""Status, headers and body; None: the connection is dropped without a word."""


@dataclass(frozen=True)
class Hook:
    """One request as it came, header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"


@dataclass
class Receiver:
    """What came, and what is answered next, by path, and `otherwise`. `hang`: paths that never answer."""

    port: int = 0
    hooks: list[Hook] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    otherwise: Answer = (204, {}, b"")
    hang: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook") -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def says(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", path: str = "/hook"
    ) -> None:
        """Answer so, once, after what was said before."""
        self.answers.setdefault(path, []).append((status, headers or {}, body))


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a receiver for the time of the block."""
    running = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            running.hooks.append(Hook(self.path, headers, body, self.command))
            if self.path in running.hang:
                running.over.wait()
                return
            left = running.answers.get(self.path, [])
            answer = left.pop(0) if left else running.otherwise
            if answer is None:
                self.close_connection = True
                return
            status, more, said = answer
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - so the library wants it

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        running.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running.over.set()
            server.shutdown()
            thread.join()
