"""A loopback world for the daemon: a publisher whose feed grows, and receivers that remember what came."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "western-instructors.toml"
STORY = "followed"
SECRET = "whsec_" + "dGhpcnR5LXR3by1ieXRlcy1vZi10ZXN0LXNlY3JldCE="


@dataclass
class Publisher:
    """A web server with one RSS feed at /feed, a feed that never ends at /slow, and a webhook receiver at /hook.

    `elsewhere` is the same server under the name of another host, which is asked beside the first.
    """

    url: str = ""
    elsewhere: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    slow_asked: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    @property
    def polls(self) -> int:
        """Return how often any of its feeds was asked."""
        return len(self.asked)

    def rss(self) -> bytes:
        """Return the feed as it is now, newest first."""
        root = ET.Element("rss", version="2.0")
        channel = ET.SubElement(root, "channel")
        ET.SubElement(channel, "title").text = "A paper"
        for item in reversed(self.items):
            node = ET.SubElement(channel, "item")
            for name in ("title", "link", "description", "pubDate"):
                ET.SubElement(node, name).text = item[name]
            ET.SubElement(node, "guid", isPermaLink="false").text = item["guid"]
            ET.SubElement(node, "source", url="http://localhost/").text = item["publisher"]
        document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return document

    def publish(self, recorded: Sequence[dict[str, Any]]) -> None:
        """Add recorded items to the feed."""
        self.items += [as_rss(item) for item in recorded]


def as_rss(item: dict[str, Any]) -> dict[str, Any]:
    """Return a recorded item under the names of RSS."""
    return {
        "guid": f"urn:recorded:{item['id']}",
        "title": item["title"],
        "link": item["url"],
        "description": item["summary"],
        "pubDate": format_datetime(datetime.fromisoformat(item["published"])),
        "publisher": item["publisher"],
    }


def recorded_items() -> list[dict[str, Any]]:
    """Return the recorded items of the demo story, oldest first."""
    path = ROOT / "seeds" / "western-instructors.items.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@contextmanager
def publishing() -> Iterator[Publisher]:
    """Run a publisher on loopback for the time of the block."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/slow":
                publisher.slow_asked.set()
                self.send_response(200)
                self.end_headers()
                while not publisher.ended.wait(0.2):
                    self.wfile.write(b" ")
                return
            publisher.asked.append(self.path)
            status, body = publisher.answers.get(self.path) or (200, publisher.rss())
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            publisher.hooks.append({"id": self.headers["webhook-id"], "headers": dict(self.headers), "body": body})
            self.send_response(204)
            self.end_headers()

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                """The daemon was killed while it read: that is what the test does."""

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    publisher.url = f"http://127.0.0.1:{server.server_port}"
    publisher.elsewhere = f"http://localhost:{server.server_port}"
    try:
        yield publisher
    finally:
        publisher.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Tracker:
    """The command line as a process, on a database of its own."""

    database: str
    home: Path

    def environment(self) -> dict[str, str]:
        """Return the variables of a quick worker that may talk to loopback."""
        return {
            **os.environ,
            "TRACKER_DATABASE_URL": self.database,
            "TRACKER_WORKER_ALLOW_PRIVATE": "loopback",
            "TRACKER_WORKER_TICK": "0.2",
            "TRACKER_WORKER_LOST_AFTER": "3",
            "TRACKER_WORKER_FEED_INTERVAL": "0.1",
            "TRACKER_WORKER_LONGEST_INTERVAL": "0.1",
            "TRACKER_WORKER_HOST_GAP": "0",
            "TRACKER_HOOK_SECRET": SECRET,
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
        }

    def command(self, *arguments: str) -> list[str]:
        """Return the process arguments of a command."""
        return [sys.executable, "-m", "tracker", *arguments]

    def run(self, *arguments: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment() | variables,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
        )
        if check and done.returncode:
            raise AssertionError(f"tracker {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment() | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
        )

    def log(self, *arguments: str) -> list[dict[str, Any]]:
        """Return the event log."""
        text = self.run("log", "--format", "jsonl", *arguments).stdout
        return [json.loads(line) for line in text.splitlines()]

    def add(self, publisher: Publisher, url: str) -> None:
        """Follow a feed of the publisher for the story; that it is looked at counts as no poll."""
        self.run("feed", "add", url, "--story", STORY, TRACKER_WORKER_FETCH_TIMEOUT="1")
        publisher.asked.clear()
        publisher.slow_asked.clear()

    def follow(self, publisher: Publisher, *urls: str) -> None:
        """Open the demo story without its real feeds, follow the publisher's and have its webhook told."""
        text, _, _ = SEED.read_text(encoding="utf-8").partition("[[feed]]")
        (self.home / "seed.toml").write_text(text, encoding="utf-8")
        shutil.copy(SEED.with_suffix(".txt"), self.home)
        self.run("story", "open", "seed.toml", "--id", STORY)
        for url in urls or (f"{publisher.url}/feed",):
            self.add(publisher, url)
        hook = ("--webhook", f"{publisher.url}/hook", "--secret", "env:TRACKER_HOOK_SECRET")
        self.run("subscription", "add", *hook, "--story", STORY)
