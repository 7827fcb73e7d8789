"""Which addresses may be connected to: public ones, and those that were allowed by name."""

import ipaddress
from dataclasses import dataclass

LOOPBACK = "loopback"
"""In an allow list: every address of this machine's loopback interface, on any port."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_UNICAST = ipaddress.ip_network("2000::/3")
# `is_global` differs between Python releases and lets multicast, 6to4, NAT64 and site-local pass, hence our own lists.
_REFUSED_V4 = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Inside 2000::/3: protocol assignments with Teredo, documentation, and 6to4, which reaches any IPv4 address.
_REFUSED_V6 = tuple(ipaddress.ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


def is_public(address: str) -> bool:
    """Tell whether an IP address (a zone is ignored) lies in the public internet; what is no address does not."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(parsed)


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in net for net in _REFUSED_V4)
    if address.ipv4_mapped is not None:
        return _is_public(address.ipv4_mapped)
    return address in _UNICAST and address.is_global and not any(address in net for net in _REFUSED_V6)


def is_loopback(address: str) -> bool:
    """Tell whether an IP address belongs to the loopback interface, also when written as an IPv6-mapped one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback


@dataclass(frozen=True, slots=True)
class Guard:
    """The rule of one client. `allow` holds "host:port" pairs that may be private ("[::1]:80" for IPv6), or LOOPBACK.

    The host of a pair is either the name in the URL or the address it resolves to.
    """

    allow: frozenset[str] = frozenset()

    def permits(self, host: str, port: int, address: str) -> bool:
        """Tell whether `address`, which `host` resolved to, may be connected to on `port`."""
        if is_public(address):
            return True
        if LOOPBACK in self.allow and is_loopback(address):
            return True
        return any(_pair(name, port) in self.allow for name in (host, address))


def _pair(host: str, port: int) -> str:
    bare = host.strip("[]").lower()
    return f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"
