"""Idle connections kept by origin, with as little between a request and its connection as there can be."""

import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from urllib3 import BaseHTTPResponse
from urllib3.connection import port_by_scheme
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util import parse_url

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class Pools:
    """Pools of connections, one for each of the `hosts` origins that were asked last; safe to use from many threads.

    The library's own manager does the same, and reads the address anew for each request.
    """

    def __init__(self, kinds: Mapping[str, type[HTTPConnectionPool]], *, hosts: int, per_host: int) -> None:
        """Take the kind of pool for each scheme; `per_host` bounds the idle connections of one."""
        self._kinds = kinds
        self._hosts = hosts
        self._per_host = per_host
        self._pools: dict[Origin, HTTPConnectionPool] = {}
        self._lock = threading.Lock()

    def urlopen(self, method: str, url: str, **options: Any) -> BaseHTTPResponse:
        """Ask an address that is ready to be requested; options as `HTTPConnectionPool.urlopen` takes them."""
        return self.of(url).urlopen(method, _read(url)[1], **options, assert_same_host=False)

    def of(self, url: str) -> HTTPConnectionPool:
        """Return the pool for an address; one pushed out closes its connections when nobody uses it any more."""
        origin, _ = _read(url)
        scheme, host, port = origin
        with self._lock:
            pool = self._pools.pop(origin, None)
            pool = pool or self._kinds[scheme](host, port, maxsize=self._per_host, retries=False)
            self._pools[origin] = pool  # the dictionary's order is that of use
            if len(self._pools) > self._hosts:
                del self._pools[next(iter(self._pools))]
        return pool

    def clear(self) -> None:
        """Close all idle connections."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()


@lru_cache(maxsize=1024)
def _read(url: str) -> tuple[Origin, str]:
    """Return where to ask, and for what."""
    parts = parse_url(url)
    scheme = parts.scheme or "http"
    return (scheme, parts.host or "", parts.port or port_by_scheme[scheme]), parts.request_uri
