"""GET and POST over guarded connections, within a deadline and a size."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from tracker.adapters.http.address import join, origin, web_address
from tracker.adapters.http.connect import guarded_pools, proxied_pool, refuse_private_literal
from tracker.adapters.http.explain import explain
from tracker.adapters.http.guard import Guard
from tracker.adapters.http.headers import sendable, without_secrets
from tracker.adapters.http.inflate import inflate, too_long
from tracker.adapters.http.pools import Pools
from tracker.adapters.http.proxy import read_proxy
from tracker.adapters.http.watch import Exchange, Watch
from tracker.errors import FetchError, HostBusy
from tracker.ports.http import AddressRefused, Answer

MAX_HOPS = 5
REPLY_BYTES = 20_000
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PIECE = 65_536
# No limit of the socket's own, which costs calls: the exchange is cut when its time is up.
_AS_IT_COMES: Any = {
    "redirect": False,
    "preload_content": False,
    "timeout": urllib3.Timeout(connect=None, read=None),
}


class GuardedClient:
    """The HttpClient of the program.

    `allow` names the "host:port" pairs that may be private (see Guard), `timeout` is in seconds for a whole exchange,
    `max_bytes` bounds a body both as it comes over the wire and decompressed.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow: frozenset[str] = frozenset(),
        timeout: float = 30.0,
        max_bytes: int = 10 * 1024 * 1024,
    ) -> None:
        self._headers = {"user-agent": user_agent, "accept-encoding": "gzip, deflate"}
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._watch = Watch()
        self._guard = Guard(frozenset(pair.lower() for pair in allow))
        self._pools = guarded_pools(self._guard, self._watch)
        self._proxied: dict[str, urllib3.PoolManager] = {}

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        proxy: str | None = None,
        visit: Callable[[str], bool] | None = None,
    ) -> Answer:
        """See HttpClient.get."""
        sent, at = self._headers | sendable(headers), web_address(url)
        with self._watch.exchange(timeout or self._timeout) as exchange:
            answer = self._once("GET", at, sent, exchange, proxy=proxy)
            try:
                return self._followed(answer, sent, exchange, proxy, visit)
            except AddressRefused as error:
                error.trouble = "broken"  # the address was good; where its server leads is none of our settings
                raise

    def _followed(
        self,
        answer: Answer,
        sent: dict[str, str],
        exchange: Exchange,
        proxy: str | None,
        visit: Callable[[str], bool] | None,
    ) -> Answer:
        hops: list[int] = []
        while (target := _target(answer)) is not None:
            if len(hops) == MAX_HOPS:
                raise FetchError(f"more than {MAX_HOPS} redirects", status=answer.status)
            hops.append(answer.status)
            before, after = origin(answer.url), origin(target)
            if visit and after[1] != before[1] and not visit(after[1]):
                raise HostBusy(after[1])
            if after != before:
                sent = without_secrets(sent)
            answer = self._once("GET", target, sent, exchange, proxy=proxy)
        return replace(answer, hops=tuple(hops))

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, timeout: float | None = None
    ) -> Answer:
        """See HttpClient.post."""
        return self.ask("POST", url, body, headers=headers, timeout=timeout)

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """See HttpClient.ask."""
        sent = self._headers | sendable(headers)
        with self._watch.exchange(timeout or self._timeout) as exchange:
            return self._once(method, web_address(url), sent, exchange, body=body, brief=True)

    def abort(self) -> None:
        """See HttpClient.abort."""
        self._watch.abort()

    def close(self) -> None:
        """See HttpClient.close."""
        self._pools.clear()
        for proxied in self._proxied.values():
            proxied.clear()
        self._watch.close()

    def _once(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        exchange: Exchange,
        *,
        body: bytes | None = None,
        proxy: str | None = None,
        brief: bool = False,
    ) -> Answer:
        pools = self._pools_for(url, proxy)
        try:
            response = pools.urlopen(method, url, body=body, headers=headers, **_AS_IT_COMES)
            try:
                exchange.check()  # a head that was cut off looks like a whole one
                content = _glimpse(response) if brief else self._content(response, exchange)
            finally:
                # A connection whose answer was read to the end is back in the pool by now; another one is not worth it.
                response.close()
        except (HTTPError, OSError, ValueError) as error:
            exchange.check()
            raise explain(error) from error
        if not brief:
            exchange.check()
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(url=url, status=response.status, headers=names, body=content)

    def _pools_for(self, url: str, proxy: str | None) -> Pools | urllib3.PoolManager:
        if proxy is None:
            return self._pools
        _, host, port = origin(url)
        refuse_private_literal(self._guard, host, port)
        if proxy not in self._proxied:
            self._proxied[proxy] = proxied_pool(read_proxy(proxy), self._watch)
        return self._proxied[proxy]

    def _content(self, response: urllib3.BaseHTTPResponse, exchange: Exchange) -> bytes:
        if response.status in _REDIRECTS or response.status < HTTPStatus.OK:
            return b""
        if response.status >= HTTPStatus.BAD_REQUEST:
            return _glimpse(response)
        wire = _wire(response, self._max_bytes, exchange)
        return inflate(wire, response.headers.get("content-encoding", ""), self._max_bytes)


def _glimpse(response: urllib3.BaseHTTPResponse) -> bytes:
    """Return what came of the first 20 kB of a body: the status says what matters, also where the body is broken."""
    if response.length_remaining == 0:
        response.release_conn()
        return b""
    came = bytearray()
    with suppress(HTTPError, OSError, ValueError):
        while len(came) < REPLY_BYTES and (piece := response.read1(REPLY_BYTES - len(came))):
            came += piece
    return bytes(came)


def _wire(response: urllib3.BaseHTTPResponse, limit: int, exchange: Exchange) -> Iterator[bytes]:
    """Yield the body as it comes over the wire. Raises FetchError when it is longer than `limit` bytes."""
    length = 0
    while piece := response.read(_PIECE, decode_content=False):
        exchange.check()
        length += len(piece)
        if length > limit:
            raise too_long(limit)
        yield piece


def _target(answer: Answer) -> str | None:
    if answer.status not in _REDIRECTS:
        return None
    if "location" not in answer.headers:
        raise FetchError(f"HTTP {answer.status} without an address to go to", status=answer.status)
    return web_address(join(answer.url, answer.headers["location"]))
