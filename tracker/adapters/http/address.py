"""Web addresses as they are requested: http or https, with a host, in ASCII."""

from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from tracker.ports.http import AddressRefused

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8_192
_SAFE = "!#$%&'()*+,/:;=?@[]~"


@lru_cache(maxsize=1024)
def web_address(url: str) -> str:
    """Return the address ready to be requested: blanks and the fragment gone, host and path in ASCII.

    Raises:
        AddressRefused: it is no http or https address, names no host, or is longer than servers take.
    """
    if len(url) > _LONGEST:
        raise AddressRefused(f"an address of more than {_LONGEST} characters")
    parts = _split(url.strip())
    if parts.scheme not in _PORTS:
        raise AddressRefused(f"only http and https addresses are fetched, not {parts.scheme or 'this'}: {_short(url)}")
    if not parts.hostname:
        raise AddressRefused(f"no host in the address {_short(url)}")
    path = quote(parts.path or "/", safe=_SAFE)
    return parts._replace(netloc=_netloc(parts), path=path, query=quote(parts.query, safe=_SAFE), fragment="").geturl()


def join(base: str, location: str) -> str:
    """Return the address that a Location header at `base` means. Raises AddressRefused if it means none.

    Headers are read as Latin-1; servers that write letters outside of ASCII mean UTF-8.
    """
    try:
        meant = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        meant = location
    try:
        return urljoin(base, meant)
    except ValueError:
        raise AddressRefused(f"not a web address: {_short(meant)}") from None


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port: what credentials belong to."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise AddressRefused(f"not a web address: {_short(url)}") from None
    return parts


def _netloc(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    try:
        ascii_ = host.encode("ascii" if host.isascii() else "idna").decode()
    except UnicodeError:
        raise AddressRefused(f"no host has the name {_short(host)}") from None
    return ascii_ if parts.port is None else f"{ascii_}:{parts.port}"


def _short(url: str) -> str:
    return ascii(url[:120]).strip("'\"")
