"""The web server: of the worker, in a thread of its own and never in the way of the worker's end; and of the page."""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from time import monotonic
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from tracker.config import address
from tracker.errors import ConfigError, TrackerError

_LAST_ANSWERS = 1
"""Seconds that answers under way have when the server stops."""
_CALLERS = 1000
"""Connections at a time; more are told that there is no room. Many, so that callers who hang leave some to others."""
_BACKLOG = 128
_PATIENCE = 10.0
"""Seconds in which a request has to come, up to the end of its headers."""
_TICKS = 5
"""Looks of the server at its own state, ten a second, from one to the next at who is silent."""


def serve_until_stopped(site: Starlette, listening: socket.socket, *, behind_proxy: bool) -> None:
    """Serve the page in this thread until SIGTERM or SIGINT; then answers under way have a second.

    A second signal ends the process at once. `site.state.at_end` is called first when it stops: what would go on for
    ever ends there. `behind_proxy`: a proxy on this machine says from where somebody asks.
    """
    _PageServer(_config(site, behind_proxy=behind_proxy), site, listening).run(sockets=[listening])


def is_here(host: str) -> bool:
    """Tell whether only this machine reaches who listens at a host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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


def _config(site: ASGIApp, *, behind_proxy: bool = False) -> uvicorn.Config:
    return uvicorn.Config(
        site,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        limit_concurrency=_CALLERS,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )


class _Server(uvicorn.Server):
    """Hangs up on who has called and says nothing, and when it ends on whoever is left."""

    def __init__(self, config: uvicorn.Config, patience: float = _PATIENCE) -> None:
        super().__init__(config)
        self._patience = patience
        self._silent: dict[Any, tuple[Any, float]] = {}

    async def on_tick(self, counter: int) -> bool:
        """Do what is to be done now and then; tell whether to stop."""
        if counter % _TICKS == 0:
            self._hang_up()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, answers under way first."""
        await super().shutdown(sockets)
        for connection in self.server_state.connections:
            connection.transport.abort()
        await asyncio.sleep(0)

    def _hang_up(self) -> None:
        """Close connections on which no whole request has come for long: since they were made, or the last answer."""
        now, before = monotonic(), self._silent
        waiting: list[Any] = [one for one in self.server_state.connections if _waits(one)]
        known = {one: before.get(one, (one.cycle, now)) for one in waiting}
        self._silent = {one: told if told[0] is one.cycle else (one.cycle, now) for one, told in known.items()}
        for one, (_, since) in self._silent.items():
            if now - since > self._patience:
                one.transport.close()


def _waits(connection: Any) -> bool:
    """Tell whether a connection has no request under way."""
    return connection.cycle is None or connection.cycle.response_complete


class _PageServer(_Server):
    """Says where it listens once it answers, and ends at a signal."""

    def __init__(self, config: uvicorn.Config, site: Starlette, listening: socket.socket) -> None:
        super().__init__(config)
        self._site = site
        self._place = listening.getsockname()[:2]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        host, port = self._place
        print(f"http://{f'[{host}]' if ':' in host else host}:{port}/", file=sys.stderr, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. Who still waits for the database by then is not waited for: what it was about to write is undone."""
        for end in self._site.state.at_end:
            end()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # that some are cut off now is no fault
        await super().shutdown(sockets)
        if self.server_state.tasks:
            os._exit(0)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals while it runs: one that ends it is no failure."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at the first signal, at once at the second."""
        del frame
        if self.should_exit:
            os._exit(128 + sig)
        self.should_exit = True


class WebServer:
    """Serves a site from `start` to `stop`, at a socket that listens already."""

    def __init__(self, site: ASGIApp, listening: socket.socket, patience: float = _PATIENCE) -> None:
        self._server = _Server(_config(site), patience)
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
