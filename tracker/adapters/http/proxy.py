"""Proxies: where one stands, and what it is told."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from urllib3.util import make_headers

from tracker.adapters.http.address import web_address
from tracker.errors import FetchError
from tracker.ports.http import AddressRefused


@dataclass(frozen=True, slots=True)
class Proxy:
    """`address` is scheme, host and port; `headers` go to the proxy alone."""

    address: str
    headers: dict[str, str]


def read_proxy(address: str) -> Proxy:
    """Return the proxy at an address such as `http://user:password@proxy.example:3128`.

    Raises FetchError, without the address since it may hold a password, when there can be no proxy.
    """
    try:
        where = web_address(address)
        parts = urlsplit(address.strip())
        account = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        headers = make_headers(proxy_basic_auth=account) if account != ":" else {}
    except (AddressRefused, ValueError):
        raise FetchError("the proxy is no http or https address", trouble="unasked") from None
    return Proxy(urlsplit(where)._replace(path="", query="").geturl(), dict(headers))
