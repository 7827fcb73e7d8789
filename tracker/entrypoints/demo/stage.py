"""The demo's loopback world: a web server for feeds and the webhook, and a mail server."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tracker.domain.entry import Entry
from tracker.entrypoints.demo.publish import OUTLETS, Outlet, outlet_of
from tracker.ports.clock import Clock

LOOPBACK = "127.0.0.1"
HOOK = "/hook"


@dataclass(slots=True)
class Stage:
    """What stands on the stage: the items that will be published, and what arrived."""

    clock: Clock
    items: Sequence[Entry]
    mails: list[EmailMessage] = field(default_factory=list)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    web: str = ""
    smtp_port: int = 0

    def published(self, outlet: Outlet) -> tuple[Entry, ...]:
        """Return the items of an outlet that are out by now, oldest first."""
        mine = (entry for entry in self.items if outlet_of(entry) is outlet)
        return tuple(entry for entry in mine if entry.seen <= self.clock())


@contextmanager
def raised(stage: Stage) -> Iterator[Stage]:
    """Start the servers for the time of the block; their addresses are in `stage.web` and `stage.smtp_port`."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _handler(stage))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    stage.web = f"http://{LOOPBACK}:{server.server_port}"
    stage.smtp_port = _free_port()
    mail = Controller(_Mailbox(stage), hostname=LOOPBACK, port=stage.smtp_port)
    thread.start()
    mail.start()
    try:
        yield stage
    finally:
        mail.stop()
        server.shutdown()
        server.server_close()
        thread.join()


def _free_port() -> int:
    # The mail controller greets itself on the port that it was given, so that it cannot be left to choose one.
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


class _Mailbox:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its API
        del server, session
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else bytes(content or b"")
        self._stage.mails.append(BytesParser(_class=EmailMessage, policy=default).parsebytes(raw))
        return "250 OK"


def _handler(stage: Stage) -> type[BaseHTTPRequestHandler]:
    outlets = {outlet.path: outlet for outlet in OUTLETS}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            outlet = outlets.get(self.path)
            if outlet is None:
                self._answer(404, b"", "text/plain")
                return
            body = outlet.write(stage.published(outlet))
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self._answer(304, b"", outlet.media_type, etag)
                return
            self._answer(200, body, outlet.media_type, etag)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            stage.hooks.append({"headers": dict(self.headers), "body": json.loads(body)})
            self._answer(204, b"", "text/plain")

        def _answer(self, status: int, body: bytes, media_type: str, etag: str | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its API
            """Say nothing: the demo's own words are enough."""

    return Handler
