"""What chat and push services answer, on a server of this machine that stands in for all their hosts."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.made.receiver import Receiver
from tracker.adapters.http.client import GuardedClient
from tracker.ports.http import Answer

SLACK_KEY = "T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx"
BOT_KEY = "123456789:abcdefg_hijklmnopqrstuvwxyz12345678"
WELL = {
    "ok": True,  # Slack, Telegram
    "result": {},
    "user_id": "@tracker:matrix.example",
    "room_id": "!news:matrix.example",
    "event_id": "$1",
    "access_token": "t",
}


class Rerouted(GuardedClient):
    """A client that asks the server instead of every host; `asked` holds the addresses that were meant."""

    def __init__(self, there: Receiver) -> None:
        super().__init__(user_agent="tracker-test/1", allow=frozenset({"loopback"}))
        self.asked: list[str] = []
        self._there = there

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        self.asked.append(url)
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return super().ask(method, self._there.url(path), body, headers=headers, timeout=timeout)


def all_well(there: Receiver) -> None:
    """Let the server answer as each of the services does when all is well."""
    there.otherwise = (200, {"content-type": "application/json"}, json.dumps(WELL).encode())
    there.says(404, path="/.well-known/matrix/client")
    there.says(200, body=b"ok", path=f"/services/{SLACK_KEY}")
