"""A supervisor behind NOTIFY_SOCKET, as systemd is one: notes what it is told, in order."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic


@dataclass
class Supervised:
    """What was told, each message with when, in seconds; `address` is what NOTIFY_SOCKET is to be."""

    address: str
    told: list[tuple[float, str]] = field(default_factory=list)

    def messages(self) -> list[str]:
        """Return what was told, without how things stand and the signs of life."""
        return [words for _, words in self.told if not words.startswith(("STATUS=", "WATCHDOG="))]

    def beats(self, since: float = 0.0) -> int:
        """Return how many signs of life came since a moment."""
        return sum(1 for at, words in self.told if words == "WATCHDOG=1" and at >= since)

    def status(self) -> str:
        """Return how things stand by the last that was told of it."""
        return next((words for _, words in reversed(self.told) if words.startswith("STATUS=")), "")


@contextmanager
def supervising(address: str | Path) -> Iterator[Supervised]:
    """Listen for the time of the block at a path, or at a name that begins with @, which is no file."""
    heard = Supervised(str(address))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(f"\0{heard.address[1:]}" if heard.address.startswith("@") else heard.address)

        def listen() -> None:
            with suppress(OSError):
                while words := line.recv(4096).decode():
                    heard.told.append((monotonic(), words))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield heard
        line.shutdown(socket.SHUT_RDWR)
        thread.join()
