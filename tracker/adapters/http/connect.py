"""Connections that resolve a name once, check what came out, and connect to the very address that was checked."""

import http.client
import logging
import queue
import socket
import sys
import threading
from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from tracker.adapters.http.guard import Guard
from tracker.adapters.http.pools import Pools
from tracker.adapters.http.proxy import Proxy
from tracker.adapters.http.watch import Exchange, Line, Watch
from tracker.errors import FetchError
from tracker.ports.http import AddressRefused

_CONNECT_SECONDS = 10.0
# Less than the five seconds after which the first of the common servers hang up: what is sent then may be lost.
_IDLE_SECONDS = 4.0
_POLL_SECONDS = 0.2

Target = tuple[socket.AddressFamily, Any]
"""An address family and the socket address to connect to."""


def guarded_pools(guard: Guard, watch: Watch, *, hosts: int = 32, per_host: int = 4) -> Pools:
    """Return pools whose connections obey the guard and belong to the watch's current exchange.

    `hosts` and `per_host` bound the idle connections kept, not those in use. Each has two descriptors.
    """
    return Pools(_kinds(guard=guard, watch=watch), hosts=hosts, per_host=per_host)


def proxied_pool(proxy: Proxy, watch: Watch, *, hosts: int = 8, per_host: int = 4) -> urllib3.PoolManager:
    """Return a pool manager whose connections lead to the proxy, wherever it stands; see `guarded_pools`."""
    manager = urllib3.ProxyManager(
        proxy.address, num_pools=hosts, maxsize=per_host, retries=False, proxy_headers=proxy.headers
    )
    manager.pool_classes_by_scheme = dict(_kinds(guard=None, watch=watch))
    return manager


def refuse_private_literal(guard: Guard, host: str, port: int) -> None:
    """Raise AddressRefused for an address in digits, or this machine's name, that the guard does not permit.

    Other names are left to the proxy: only it knows what they stand for where it is.
    """
    local = f".{host}".rstrip(".").endswith(".localhost")
    try:
        found = _lookup("127.0.0.1" if local else host, port, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return
    _permitted(guard, host, port, found)


def _kinds(**bound: Any) -> Mapping[str, type[HTTPConnectionPool]]:
    """Return the kind of pool for each scheme, its connections bound to a guard and a watch."""
    # What it warns of holds whole addresses, which may hold keys; what matters is raised.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return {
        "http": type("Pool", (_HttpPool,), {"ConnectionCls": type("Connection", (_HttpConnection,), bound)}),
        "https": type("TlsPool", (_HttpsPool,), {"ConnectionCls": type("TlsConnection", (_HttpsConnection,), bound)}),
    }


class _Response(http.client.HTTPResponse):
    """An answer in which the library's blind spots are mended.

    Interim answers but 100 are taken for the answer itself there. A chunk of the size -1 would mean "all that ever
    comes" to a read. An answer without a body is at its end with its head.
    """

    def begin(self) -> None:
        super().begin()
        if self.length == 0:
            self.close()

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        interim = HTTPStatus.SWITCHING_PROTOCOLS < status < HTTPStatus.OK
        return version, HTTPStatus.CONTINUE if interim else status, reason

    def _read_next_chunk_size(self) -> int:
        size: int = super()._read_next_chunk_size()  # type: ignore[misc]
        if size < 0:
            raise ValueError(size)
        return size


class _Guarded(HTTPConnection):
    """What both schemes share; `guard` (None: this leads to a proxy) and `watch` are set by `_kinds`."""

    guard: Guard | None
    watch: Watch
    response_class = _Response
    _used_at = 0.0
    _kept = False
    _gathered: bytearray | None = None
    _line: Line | None = None

    def _new_conn(self) -> socket.socket:
        host, port = self._dns_host, int(self.port)
        exchange = self.watch.current
        targets = _resolve(host, port, exchange)
        if self.guard is not None:
            targets = _permitted(self.guard, host, port, targets)
        sock, line = _connect_first(host, port, targets, exchange)
        self._let_go()
        self._line = line
        sys.audit("http.client.connect", self, host, port)
        return sock

    @property
    def is_connected(self) -> bool:
        # Routers forget idle connections silently: one that rested long would look alive and swallow the request.
        return super().is_connected and monotonic() - self._used_at < _IDLE_SECONDS

    def request(self, *args: Any, **options: Any) -> None:
        self._used_at = monotonic()
        self._kept = self.sock is not None
        if self._line is not None:
            self.watch.current.hold(self._line)
        # Head and body leave in one piece: who listens is woken once, and there is half as much to wait for.
        self._gathered = bytearray()
        try:
            super().request(*args, **options)
        finally:
            gathered, self._gathered = self._gathered, None
        self.send(gathered)

    def send(self, data: Any) -> None:
        if self._gathered is not None:
            self._gathered += data
            return
        kept, self._kept = self._kept, False
        try:
            super().send(data)
        except (BrokenPipeError, ConnectionResetError):
            if not kept:
                raise
            # The other side hung up between two requests, and nothing of this one has left: a new connection, checked
            # as every new one, may take it. What fails later may have arrived and is not sent twice.
            self.sock.close()
            self.sock = None
            super().send(data)

    def close(self) -> None:
        super().close()
        self._let_go()

    def _let_go(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.give_back()


class _HttpConnection(_Guarded):
    pass


class _HttpsConnection(_Guarded, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    pass


class _HttpsPool(HTTPSConnectionPool):
    pass


def _permitted(guard: Guard, host: str, port: int, found: list[Target]) -> list[Target]:
    targets = [target for target in found if guard.permits(host, port, target[1][0])]
    if not targets:
        bare = host.strip("[]")
        address = f"{host}:{port} is not a public address ({found[0][1][0]})"
        raise AddressRefused(
            f"{address}; worker.allow_private lists those that may be used",
            f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}",
        )
    return targets


def _resolve(host: str, port: int, exchange: Exchange) -> list[Target]:
    try:
        return _lookup(host, port, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        pass
    # A name server may be silent for half a minute and the call cannot be interrupted, so it runs beside.
    answers: queue.SimpleQueue[list[Target] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_answer, args=(host, port, answers), name="http-resolve", daemon=True).start()
    while True:
        try:
            answer = answers.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            exchange.check()
            continue
        if isinstance(answer, Exception) or not answer:
            reason = getattr(answer, "strerror", None) or "no address"
            raise FetchError(f"cannot find the host {host}: {reason}")
        return answer


def _answer(host: str, port: int, answers: "queue.SimpleQueue[list[Target] | Exception]") -> None:
    try:
        answers.put(_lookup(host, port, 0))
    except (OSError, UnicodeError) as error:
        answers.put(error)


def _lookup(host: str, port: int, flags: int) -> list[Target]:
    found = socket.getaddrinfo(host.strip("[]"), port, 0, socket.SOCK_STREAM, 0, flags)
    return [(family, address) for family, _, _, _, address in found]


def _connect_first(host: str, port: int, targets: list[Target], exchange: Exchange) -> tuple[socket.socket, Line]:
    """Return a connection to the first target that takes one; the reason of the last failure is what is reported."""
    reason = ""
    for family, address in targets:
        exchange.check()
        try:
            return _connect(family, address, exchange)
        except OSError as error:
            reason = _why(error)
    exchange.check()
    raise FetchError(f"cannot connect to {host}:{port}: {reason}")


def _connect(family: socket.AddressFamily, address: Any, exchange: Exchange) -> tuple[socket.socket, Line]:
    sock = socket.socket(family, socket.SOCK_STREAM)
    line = Line(sock)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        exchange.hold(line)
        sock.settimeout(min(_CONNECT_SECONDS, exchange.remaining))
        sock.connect(address)
    except BaseException:
        line.give_back()
        sock.close()
        raise
    return sock, line


def _why(error: OSError) -> str:
    return "no reply" if isinstance(error, TimeoutError) else (error.strerror or type(error).__name__).lower()
