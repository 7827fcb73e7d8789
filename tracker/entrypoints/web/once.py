"""One request answered without a server."""

import asyncio
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Message


def get(site: ASGIApp, address: str) -> tuple[int, bytes]:
    """Return status and body of the answer to GET `address`, a path with or without a query.

    A stream that does not end is never answered.
    """
    return asyncio.run(_get(site, address))


async def _get(site: ASGIApp, address: str) -> tuple[int, bytes]:
    path, _, query = address.partition("?")
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(path), "raw_path": quote(path, safe="/%").encode(), "root_path": "",
        "query_string": quote(query, safe="=&%+").encode(),
        "headers": [(b"host", b"localhost")], "client": None, "server": ("localhost", 80),
    }  # fmt: skip
    await site(scope, receive, send)
    status = next(message["status"] for message in sent if message["type"] == "http.response.start")
    return status, b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
