"""A publisher's site on the loopback interface: pages with validators, redirects, robots.txt."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Says:
    """What a path answers; with an `etag` also 304 to whoever has it already."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None


class Site:
    """Answers by path; `seen` are the requests, as (path, headers with lower-case names)."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.answers: dict[str, Says] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.busy = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._server = _Server((host, port), _handler(self))
        self.host, self.port = host, int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        """Return the address of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def says(
        self, path: str, body: bytes | str = b"", status: int = 200, etag: str | None = None, **headers: str
    ) -> str:
        """Answer a path from now on; return its address. `content_type="..."` is a header."""
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Says(status, raw, {"content-type": "text/html; charset=utf-8"} | named, etag)
        return self.url(path)

    def leads(self, path: str, to: str, status: int = 302) -> str:
        """Redirect a path from now on."""
        return self.says(path, status=status, location=to)

    def asked(self, path: str) -> list[dict[str, str]]:
        """Return the headers of each request for a path."""
        return [headers for at, headers in self.seen if at == path]

    def answer(self, path: str, headers: dict[str, str]) -> Says:
        """Note a request, and return what it gets."""
        with self._lock:
            self.seen.append((path, headers))
            self.busy += 1
            self.most_at_once = max(self.most_at_once, self.busy)
        said = self.answers.get(path) or self.answers.get(urlsplit(path).path) or Says(404)
        if said.etag and headers.get("if-none-match") == said.etag:
            said = Says(304, etag=said.etag)
        return said

    def done(self) -> None:
        """Note that a request has its answer."""
        with self._lock:
            self.busy -= 1

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Whoever asks may leave in the middle of an answer."""


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            said = site.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            site.done()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.etag:
                self.send_header("etag", said.etag)
            if said.status != 304:
                self.send_header("content-length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body if said.status != 304 else b"")

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler


PARAGRAPHS = (
    "The harbour bridge will be closed from Monday, the city council said on Friday, after cracks were found.",
    "Engineers expect the repairs to last six weeks and to cost four million euros, twice of what was planned.",
    "Residents had warned of the damage in March, but the council had called their report exaggerated.",
    "Ferries will run every ten minutes between both banks of the river until the bridge is open again.",
)


def article(*paragraphs: str, title: str = "Bridge closed", head: str = "") -> str:
    """Return the page of an article between the furniture of a site."""
    said = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><title>{title} | The Example</title>{head}</head><body>'
        '<nav><a href="/">Home</a><a href="/sport">Sport</a></nav>'
        f"<article><h1>{title}</h1>{said}</article><footer>All rights reserved.</footer></body></html>"
    )


def etag_of(body: str) -> str:
    """Return a validator of a body."""
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:12]}"'
