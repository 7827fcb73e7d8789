"""A site on loopback with pages and feeds, that remembers what it was asked."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = "application/rss+xml"


@dataclass
class Page:
    """An answer. A page with an ETag answers 304 to whoever has it already."""

    body: str | bytes = ""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()


@dataclass
class Site:
    """Pages by path; `asked` are the requests that came, in order, each as path and headers."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    url: str = ""
    elsewhere: str = ""

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def rss(title: str, entries: int = 3) -> Page:
    """Return a feed with an entry a day."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{title}-{n}</guid><title>Entry {n} of {title}</title>"
        f"<pubDate>{n:02} Mar 2024 18:00:00 GMT</pubDate></item>"
        for n in range(1, entries + 1)
    )
    return Page(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>", RSS)


@contextmanager
def serving() -> Iterator[Site]:
    """Run a site for the time of the block; it has a second name, which is another host to whoever asks."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = site.pages.get(self.path, Page("not here", status=404))
            held = page.headers.get("ETag")
            known = held is not None and self.headers["If-None-Match"] == held
            content = b"" if known else page.content
            self.send_response(304 if known else page.status)
            for name, value in {"Content-Type": page.kind, **page.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    site.elsewhere = f"http://localhost:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
