"""The world outside as a process of its own: feeds that are served, and a receiver that notes what it was told.

One request at a time, so that what a killed process had sent is noted before what comes after it.
"""

import hashlib
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tracker.domain.entry import Entry

_FORK = multiprocessing.get_context("fork")
Told = tuple[str, str]
"""A delivery's id, and a digest of the words that came with it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Where it is, and what it was told."""

    url: str
    _hooks: Path

    def told(self) -> list[Told]:
        """Return what came, in order."""
        lines = self._hooks.read_text().splitlines() if self._hooks.exists() else []
        return [(line.split()[0], line.split()[1]) for line in lines]

    def forget(self) -> None:
        """Begin anew."""
        self._hooks.unlink(missing_ok=True)


@contextmanager
def outside(folder: Path, feeds: Mapping[str, tuple[int, bytes]]) -> Iterator[Outside]:
    """Serve feeds (status and body by path) on loopback, and take webhooks at every path."""
    hooks = folder / "hooks"
    server = HTTPServer(("127.0.0.1", 0), partial(_Handler, feeds, hooks))
    process = _FORK.Process(target=server.serve_forever, daemon=True)
    process.start()
    server.socket.close()
    try:
        yield Outside(f"http://127.0.0.1:{server.server_port}", hooks)
    finally:
        process.terminate()
        process.join()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, feeds: Mapping[str, tuple[int, bytes]], hooks: Path, *connection: Any) -> None:
        self._feeds = feeds
        self._hooks = hooks
        super().__init__(*connection)

    def do_GET(self) -> None:
        self._answer(*self._feeds.get(self.path, (404, b"")))

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever spoke was killed in the middle of a word
        with self._hooks.open("a") as out:
            out.write(f"{self.headers['webhook-id']} {hashlib.sha256(body).hexdigest()}\n")
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if body:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            """Whoever asked was killed meanwhile."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def rss(entries: Sequence[Entry]) -> bytes:
    """Return a feed of entries."""
    items = "".join(
        f'<item><guid isPermaLink="false">{entry.id}</guid><title>{escape(entry.title)}</title>'
        f"<link>https://news.example/{entry.id}</link><description>{escape(entry.summary)}</description>"
        f"<pubDate>{(entry.published or entry.seen):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for entry in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>A paper</title>{items}</channel></rss>'.encode()
