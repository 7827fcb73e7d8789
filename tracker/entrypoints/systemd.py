"""What the worker tells systemd, or whoever else stands behind NOTIFY_SOCKET; without one nothing is told.

The protocol is a datagram of NAME=VALUE lines: sd_notify(3).
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic_ns

_PATIENCE = 1.0
"""Seconds for which a supervisor is waited for that does not read."""
_LONGEST = 500
"""Characters of a status line."""


class Supervisor:
    """Who started the worker. `beat`: seconds between two signs of life that it asks for, None where it asks for none.

    systemd restarts a worker that is silent for WATCHDOG_USEC; a sign each third of it survives one that is late.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self.beat = _beat(environ) if self._address else None

    @property
    def there(self) -> bool:
        """Whether anybody listens."""
        return bool(self._address)

    def ready(self) -> None:
        """Say that the start, or a reload, is over."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """Say that the settings are read anew; `ready` ends it."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._tell("STOPPING=1")

    def alive(self) -> None:
        """Give a sign of life."""
        self._tell("WATCHDOG=1")

    def status(self, words: str) -> None:
        """Say in one line how things stand."""
        self._tell(f"STATUS={' '.join(words.split())[:_LONGEST]}")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        # Nobody may be held up, or stopped, by a supervisor that does not read or is gone.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.settimeout(_PATIENCE)
            line.sendto("\n".join(lines).encode(), self._address)


def _address(named: str) -> str:
    """Return a Unix socket's address; one that begins with @ has no file (a NUL stands in its place)."""
    if named.startswith("@"):
        return f"\0{named[1:]}"
    return named if named.startswith("/") else ""


def _beat(environ: Mapping[str, str]) -> float | None:
    microseconds, process = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not microseconds.isdigit() or not int(microseconds) or process not in ("", str(os.getpid())):
        return None
    return int(microseconds) / 1e6 / 3
