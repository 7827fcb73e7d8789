"""The web server of the worker: in a thread of its own, and never in the way of the worker's end."""

import asyncio
import contextlib
import errno
import socket
import sys
import threading

import uvicorn
from starlette.types import ASGIApp

from tracker.config import address
from tracker.errors import ConfigError, TrackerError

_LAST_ANSWERS = 1
"""Seconds that answers under way have when the server stops."""
_CALLERS = 1000
"""Connections at a time; more are told that there is no room. Many, so that callers who hang leave some to others."""
_BACKLOG = 128


def serve_until_stopped(site: ASGIApp, listen: str) -> None:
    """Serve a site at `HOST:PORT` in this thread, until SIGTERM or SIGINT; then answers under way have a second.

    Raises as `open_socket` does.
    """
    listening = open_socket(listen, "serve.listen")
    host, port = listening.getsockname()[:2]
    print(f"http://{f'[{host}]' if ':' in host else host}:{port}/", file=sys.stderr, flush=True)
    server = _Server(_config(site))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has ended
        server.run(sockets=[listening])


def open_socket(listen: str, setting: str = "web.listen") -> socket.socket:
    """Return a socket that listens at `HOST:PORT`.

    Raises ConfigError where that cannot be had, TrackerError where it is in use: that may pass.
    """
    host, port = address(listen, setting)
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigError(f"{setting} {listen}: {error.strerror}") from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        kind_of_error = TrackerError if error.errno == errno.EADDRINUSE else ConfigError
        raise kind_of_error(f"{setting} {listen}: {error.strerror}") from error
    return opened


def _config(site: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        site,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CALLERS,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )


class _Server(uvicorn.Server):
    """Hangs up on whoever is left when it ends, too."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, answers under way first."""
        await super().shutdown(sockets)
        for connection in self.server_state.connections:
            connection.transport.abort()
        await asyncio.sleep(0)


class WebServer:
    """Serves a site from `start` to `stop`, at a socket that listens already."""

    def __init__(self, site: ASGIApp, listening: socket.socket) -> None:
        self._server = _Server(_config(site))
        self._socket = listening
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests; those under way have a second or two to end."""
        self._server.should_exit = True
        self._thread.join(2 * _LAST_ANSWERS)

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
