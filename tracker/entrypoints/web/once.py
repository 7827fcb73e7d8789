"""One request answered without a server."""

import asyncio
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Message

from tracker.errors import UsageError
from tracker.rendering.plain import line


def get(site: ASGIApp, address: str) -> tuple[int, bytes]:
    """Return status and body of the answer to GET `address`, a path with or without a query.

    Raises UsageError for what is no path, and for a stream, which has no end.
    """
    if not address.startswith("/"):
        raise UsageError(f"{line(address)} is no path: it begins with /, such as /story/ID")
    return asyncio.run(_get(site, address))


async def _get(site: ASGIApp, address: str) -> tuple[int, bytes]:
    path, _, query = address.partition("?")
    sent: list[Message] = []
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    enough = asyncio.Event()

    async def receive() -> Message:
        if not asked:
            await enough.wait()
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if _is_stream(message):
            enough.set()

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(path), "raw_path": quote(path, safe="/%").encode(), "root_path": "",
        "query_string": quote(query, safe="=&%+").encode(),
        "headers": [(b"host", b"localhost")], "client": None, "server": ("localhost", 80),
    }  # fmt: skip
    await site(scope, receive, send)
    if enough.is_set():
        raise UsageError(f"{line(address)} is a stream without an end: ask the server for it, with curl -N")
    status = next(message["status"] for message in sent if message["type"] == "http.response.start")
    return status, b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")


def _is_stream(message: Message) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/event-stream") for name, value in message.get("headers", ())
    )
