"""Receivers of alerts with every fault, as processes of their own: what they took is noted in a file.

They refuse, hang, reset, answer 429, 500, 302 and 410, take a message and lose the answer, die in the middle and come
back. A receipt is a line `delivery digest receiver taken|turned-away`, written before the answer.
"""

import asyncio
import hashlib
import itertools
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller

PAUSE = 0.2
"""Seconds until a receiver that died is back."""

Act = Literal["take", "busy", "error", "moved", "gone", "reset", "lose the answer", "hang", "die"]
_STATUS: Mapping[Act, int] = {"take": 204, "busy": 429, "error": 500, "moved": 302, "gone": 410}
_CUT: frozenset[Act] = frozenset(("reset", "lose the answer"))
_TAKES: frozenset[Act] = frozenset(("take", "lose the answer"))


@dataclass(frozen=True, slots=True)
class Receiver:
    """One that is told. `acts` are what it does besides taking, with their shares; `after`: only from that message on.

    `mends`: whatever is sent to it arrives in the end.
    """

    name: str
    channel: Literal["webhook", "email"]
    acts: tuple[tuple[Act, float], ...] = ()
    after: int = 0
    mends: bool = True
    listens: bool = True

    def act(self, nth: int, chance: random.Random) -> Act:
        """Return what it does with its nth message."""
        point = chance.random()
        for act, share in self.acts if nth >= self.after else ():
            if point < share:
                return act
            point -= share
        return "take"


HEALTHY = tuple(Receiver(f"sound-{n}", "webhook") for n in range(4))
SICK = (
    Receiver("errors", "webhook", (("error", 0.3),)),
    Receiver("busy", "webhook", (("busy", 0.2),)),
    Receiver("resets", "webhook", (("reset", 0.1),)),
    Receiver("loses-answers", "webhook", (("lose the answer", 0.05),)),
    Receiver("hangs", "webhook", (("hang", 0.01),)),
    Receiver("dies", "webhook", (("die", 0.02),)),
    Receiver("moved", "webhook", (("moved", 1.0),), mends=False),
    Receiver("gone", "webhook", (("gone", 1.0),), after=100, mends=False),
    Receiver("nobody", "webhook", mends=False, listens=False),
)
READERS = (
    Receiver("reader-1", "email"),
    Receiver("reader-2", "email"),
    Receiver("grey", "email", (("busy", 0.2),)),
    Receiver("unsteady", "email", (("lose the answer", 0.01), ("reset", 0.02), ("hang", 0.002), ("die", 0.002))),
    Receiver("unknown", "email", (("gone", 1.0),), mends=False),
)
"""One mail server takes the mail for all of them."""


@dataclass(frozen=True, slots=True)
class World:
    """Where the receivers are, and the file in which they note what came."""

    ports: Mapping[str, int]
    mail: int
    receipts: Path

    def url(self, receiver: Receiver) -> str:
        """Return the address of a webhook."""
        return f"http://127.0.0.1:{self.ports[receiver.name]}/{receiver.name}"


@contextmanager
def world(folder: Path, hooks: Sequence[Receiver], readers: Sequence[Receiver], seed: int) -> Iterator[World]:
    """Run receivers for the time of the block; each comes back after it died."""
    ports = {one.name: _free_port() for one in hooks}
    made = World(ports, _free_port(), folder / "receipts")
    made.receipts.touch()
    kept = [_kept(partial(_serve_hook, made, one, seed)) for one in hooks if one.listens]
    kept.append(_kept(partial(_serve_mail, made, {one.name: one for one in readers}, seed)))
    for port in (*(ports[one.name] for one in hooks if one.listens), made.mail):
        _wait_for(port)
    try:
        yield made
    finally:
        for keeper in kept:
            os.killpg(keeper, signal.SIGKILL)
            os.waitpid(keeper, 0)


def _kept(serve: Callable[[], None]) -> int:
    """Fork a keeper that runs a server anew whenever it ends; return its process group."""
    keeper = os.fork()
    if keeper:
        return keeper
    os.setsid()
    while True:
        server = os.fork()
        if server == 0:
            try:
                serve()
            finally:
                os._exit(0)
        os.waitpid(server, 0)
        time.sleep(PAUSE)


def _note(world: World, delivery: str, body: bytes, receiver: Receiver, act: Act) -> None:
    taken = "taken" if act in _TAKES else "turned-away"
    line = f"{delivery} {hashlib.sha256(body).hexdigest()[:16]} {receiver.name} {taken}\n"
    descriptor = os.open(world.receipts, os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, line.encode())  # in one piece, whoever else writes
    os.close(descriptor)


class _Hook(BaseHTTPRequestHandler):
    """One webhook; what it does comes with the server."""

    protocol_version = "HTTP/1.1"
    server: "_Hooks"

    def do_POST(self) -> None:
        """Do with a message what the receiver does."""
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever spoke was killed in the middle of a word
        act = self.server.act()
        _note(self.server.world, self.headers["webhook-id"], body, self.server.receiver, act)
        if act == "hang":
            time.sleep(3600)
        if act == "die":
            os._exit(1)
        if act in _CUT:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(_STATUS[act])

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == _STATUS["busy"]:
            self.send_header("retry-after", "30")
        if status == _STATUS["moved"]:
            self.send_header("location", self.server.world.url(self.server.receiver))
        if status != _STATUS["take"]:
            self.send_header("content-length", "0")
        self.end_headers()

    def handle(self) -> None:
        """Serve a connection; whoever speaks may be killed before it is answered."""
        with suppress(OSError):
            super().handle()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Hooks(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world: World, receiver: Receiver, seed: int) -> None:
        super().__init__(("127.0.0.1", world.ports[receiver.name]), _Hook)
        self.world, self.receiver = world, receiver
        self._chance, self._came = random.Random(f"{seed} {receiver.name} {os.getpid()}"), itertools.count()

    def act(self) -> Act:
        """Return what becomes of the next message."""
        return self.receiver.act(next(self._came), self._chance)


def _serve_hook(world: World, receiver: Receiver, seed: int) -> None:
    with _Hooks(world, receiver, seed) as server:
        server.serve_forever()


class _Mail:
    """What aiosmtpd asks: whether a recipient is known, and what becomes of a mail."""

    def __init__(self, world: World, readers: Mapping[str, Receiver], seed: int) -> None:
        self._world, self._readers = world, readers
        self._chance = random.Random(f"{seed} mail {os.getpid()}")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Turn away whom nobody knows."""
        del server, session, options
        if self._reader(address).acts == (("gone", 1.0),):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Do with a mail what its reader does."""
        del session
        body: bytes = envelope.content
        reader = self._reader(envelope.rcpt_tos[0])
        act = reader.act(0, self._chance)
        mail = message_from_bytes(body, policy=default)
        text = mail.get_body(("plain",))
        words = text.get_content() if text else ""  # the mail itself bears the time of this try
        _note(self._world, str(mail["Message-ID"]).strip("<>").partition("@")[0], words.encode(), reader, act)
        if act == "die":
            os._exit(1)
        if act == "hang":
            await asyncio.sleep(3600)
        if act in _CUT:
            server.transport.abort()
        return "451 busy, come again" if act == "busy" else "250 taken"

    def _reader(self, address: str) -> Receiver:
        return self._readers[address.partition("@")[0]]


def _serve_mail(world: World, readers: Mapping[str, Receiver], seed: int) -> None:
    controller = Controller(_Mail(world, readers, seed), hostname="127.0.0.1", port=world.mail, ready_timeout=30)
    controller.start()
    signal.pause()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"no receiver answers at port {port}")
