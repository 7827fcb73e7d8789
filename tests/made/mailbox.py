"""Mail servers on loopback: one that keeps its mail, and one that follows a script byte by byte."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Mailbox:
    """What arrived, and what the server says: to the recipient, and then to the text, one answer a mail."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    password: bytes = b"sesame"
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    conversations: int = 0

    def parsed(self) -> list[EmailMessage]:
        """Return the mails as a mail program reads them."""
        return [message_from_bytes(raw, policy=default) for raw in self.mails]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Say what the script says, or take the recipient."""
        del server, session, options
        answer = self.rcpt.pop(0) if self.rcpt else "250 ok"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail unless the script says otherwise."""
        del server
        answer = self.data.pop(0) if self.data else "250 taken"
        if answer.startswith("2"):
            self.mails.append(envelope.original_content)
            self.recipients.append(envelope.rcpt_tos)
            self.encrypted.append(session.ssl is not None)
        return answer

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: Any, login: Any) -> AuthResult:
        """Let alice in."""
        del server, session, envelope, mechanism
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == self.password, handled=False)


class _Counting(Controller):
    """Counts the conversations, and breaks them off when it stops: its library leaves them open."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._held: list[Any] = []

    def factory(self) -> Any:
        """Return what holds one conversation."""
        self.handler.conversations += 1
        self._held.append(super().factory())  # type: ignore[no-untyped-call]
        return self._held[-1]

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's signature
        """End every conversation, and then the server."""
        for held in self._held:
            if held.transport is not None:
                self.loop.call_soon_threadsafe(held.transport.abort)
        super().stop(no_assert)


@contextmanager
def mailbox(**options: Any) -> Iterator[Mailbox]:
    """Run a real SMTP server for the time of the block; `options` are those of aiosmtpd's Controller and SMTP."""
    box = Mailbox(free_port())
    controller = _Counting(
        box, hostname="127.0.0.1", port=box.port, authenticator=box.authenticate, ready_timeout=30, **options
    )
    controller.start()
    box.conversations = 0  # the controller tries itself out
    try:
        yield box
    finally:
        controller.stop()


Reply = bytes | Callable[[socket.socket], None]
"""What a scripted server sends, or does, when a command comes."""

Script = Mapping[str, Reply | list[Reply]]
"""What it says to each command; a list is used up, reply by reply."""


@contextmanager
def scripted_mail_server(replies: Script) -> Iterator[tuple[int, list[str]]]:
    """Run a server that answers each command (its first word; "" the greeting, "." the text) by script.

    A command that is not in the script gets 250, or 354 for DATA. Yields the port and the commands as they come.
    """
    seen: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if not self.answer("", b"220 hello"):
                return
            in_text = False
            while line := self.rfile.readline():
                text = line.decode().rstrip("\r\n")
                if in_text and text != ".":
                    continue
                command = text.split(" ")[0].upper()
                seen.append(command)
                in_text = command == "DATA"
                if not self.answer(command, b"354 go on" if in_text else b"250 ok"):
                    return

        def answer(self, command: str, usual: bytes) -> bool:
            reply = _next(replies, command, usual)
            if callable(reply):
                reply(self.request)
                return False
            self.wfile.write(reply + b"\r\n")
            return True

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1], seen
        finally:
            server.shutdown()
            thread.join()


def _next(replies: Script, command: str, usual: Reply) -> Reply:
    reply = replies.get(command, usual)
    if isinstance(reply, list):
        return reply.pop(0) if reply else usual
    return reply


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port
