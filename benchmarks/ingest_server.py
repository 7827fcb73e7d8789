"""A server of made-up feeds, each on an address of its own in 127.0.0.0/8; a process of its own, told on its input.

    python -m benchmarks.ingest_server COUNT

Writes {"port": ..., "bytes": ...} (of a feed, on average) when it is ready. Each line of its input is a JSON object:
{"edition": "first", "validators": "same" | "rotating" | "none", "delay": seconds}. It answers with how many answers it
gave since the last line, by status.
"""

import asyncio
import gzip
import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass

from benchmarks.ingest_feeds import EDITIONS, Publisher, address

_MODIFIED = "Mon, 06 Oct 2025 06:00:00 GMT"


@dataclass(frozen=True)
class Orders:
    """What is served, under which validators, and after how many seconds."""

    edition: str = EDITIONS[0]
    validators: str = "same"
    delay: float = 0.0


class Shelf:
    """The feeds, packed, and what was asked of them."""

    def __init__(self, count: int) -> None:
        publisher = Publisher()
        found = [publisher.feed(outlet) for outlet in range(count)]
        self.bytes = sum(len(one[EDITIONS[0]]) for one in found) // count
        self.orders = Orders()
        self.answered: Counter[int] = Counter()
        self._packed = [{name: gzip.compress(body, 6) for name, body in one.items()} for one in found]
        self._tags = [{name: hashlib.md5(body).hexdigest() for name, body in one.items()} for one in found]

    def answer(self, request: bytes) -> bytes:
        """Return the whole answer to a request."""
        line, *headers = request.decode("latin-1").split("\r\n")
        outlet = int(line.split(" ")[1].strip("/"))
        tag = self._tag(outlet)
        asked = [header.partition(":")[2].strip() for header in headers if header.lower().startswith("if-none-match:")]
        if self.orders.validators != "none" and asked == [tag]:
            self.answered[304] += 1
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nLast-Modified: {_MODIFIED}\r\n\r\n".encode()
        self.answered[200] += 1
        body = self._packed[outlet][self.orders.edition]
        validators = "" if self.orders.validators == "none" else f"ETag: {tag}\r\nLast-Modified: {_MODIFIED}\r\n"
        kind = "atom" if outlet % 3 == 2 else "rss"
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/{kind}+xml; charset=utf-8\r\n{validators}"
            f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _tag(self, outlet: int) -> str:
        turn = f"-{self.answered.total()}" if self.orders.validators == "rotating" else ""
        return f'"{self._tags[outlet][self.orders.edition]}{turn}"'


class Conversation(asyncio.Protocol):
    """One connection, kept open as long as the other side likes."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer whatever is asked in full."""
        *requests, self._heard = (self._heard + data).split(b"\r\n\r\n")
        for request in requests:
            answer = self._shelf.answer(request)
            if self._shelf.orders.delay:
                asyncio.get_running_loop().call_later(self._shelf.orders.delay, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve(count: int) -> None:
    """Serve until the input ends."""
    shelf = Shelf(count)
    loop = asyncio.get_running_loop()
    first = await loop.create_server(lambda: Conversation(shelf), address(0), 0, backlog=64)
    port = first.sockets[0].getsockname()[1]
    for outlet in range(1, count):
        await loop.create_server(lambda: Conversation(shelf), address(outlet), port, backlog=64)
    print(json.dumps({"port": port, "bytes": shelf.bytes}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        shelf.orders = Orders(**json.loads(line))
        print(json.dumps(shelf.answered), flush=True)
        shelf.answered.clear()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
