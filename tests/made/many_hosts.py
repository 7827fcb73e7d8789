"""A web server that is many hosts: every loopback address. It notes who was asked, when, and under which conditions."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: from when to when it was being answered (seconds of a steady clock), and its headers in lower case."""

    host: str
    path: str
    begun: float
    ended: float
    headers: Mapping[str, str]


@dataclass
class ManyHosts:
    """`answers` by path, `asked` in the order of the ends; each answer takes `hold` seconds."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    hold: float = 0.0

    def url(self, host: int, path: str = "/") -> str:
        """Return an address at the host of a number."""
        return f"http://127.0.0.{host}:{self.port}{path}"

    def by_host(self) -> Mapping[str, Sequence[Asked]]:
        """Return the requests of each host in the order in which they began."""
        found: dict[str, list[Asked]] = defaultdict(list)
        for one in sorted(self.asked, key=lambda one: one.begun):
            found[one.host].append(one)
        return found


@contextmanager
def many_hosts(hold: float = 0.0) -> Iterator[ManyHosts]:
    """Run the server for the time of the block; what has no answer of its own is an empty feed."""
    world = ManyHosts(hold=hold)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            begun = time.monotonic()
            status, headers, body = world.answers.get(self.path, (200, {}, rss(())))
            tag = headers.get("ETag")
            if status == 200 and tag and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            time.sleep(world.hold)
            conditions = {name.lower(): value for name, value in self.headers.items()}
            host = self.headers["Host"].partition(":")[0]
            world.asked.append(Asked(host, self.path, begun, time.monotonic(), conditions))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    world.port = server.server_port
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(dates: Sequence[datetime], channel: str = "") -> bytes:
    """Return a feed with an entry of each date; `channel` is put beside them."""
    items = "".join(
        f"<item><guid>urn:{date.timestamp():.0f}</guid><title>Of {date}</title>"
        f"<pubDate>{format_datetime(date)}</pubDate></item>"
        for date in dates
    )
    return f'<rss version="2.0"><channel><title>A paper</title>{channel}{items}</channel></rss>'.encode()


def each(gap: timedelta, count: int, until: datetime) -> Sequence[datetime]:
    """Return so many dates, the last at `until`."""
    return [until - gap * nth for nth in range(count)]
