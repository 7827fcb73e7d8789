"""Receivers that take everything at once: a web server and a mail server, as processes of their own.

    python -m benchmarks.deliver_servers http|smtp

Each writes its port when it is ready and ends with its input.
"""

import asyncio
import re
import socket
import sys

from aiosmtpd.smtp import SMTP

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Http(asyncio.Protocol):
    """Answers each request once it is there, and keeps the connection."""

    def __init__(self) -> None:
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._came, 0, end)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._came) < whole:
                return
            self._came = self._came[whole:]
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(_ANSWER)


class _Mailbox:
    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 taken"


async def _serve(kind: str) -> None:
    loop = asyncio.get_running_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    make = _Http if kind == "http" else lambda: SMTP(_Mailbox(), hostname="localhost")
    server = await loop.create_server(make, sock=listening)
    print(listening.getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
