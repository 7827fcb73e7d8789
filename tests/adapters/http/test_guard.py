"""Which addresses count as public."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.http.guard import Guard, is_loopback, is_public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "not an address", "",
    ],
)  # fmt: skip
def test_special_addresses_are_not_public(address: str) -> None:
    """Private, local, reserved, documentation, translation, tunnel and multicast ranges are all refused."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "193.99.144.80", "::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001::8a"]
)
def test_ordinary_addresses_are_public(address: str) -> None:
    """Addresses of well-known public hosts pass."""
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_a_mapped_address_is_judged_as_what_it_maps(number: int) -> None:
    """Writing an IPv4 address as an IPv6-mapped one changes nothing."""
    plain = ipaddress.IPv4Address(number)
    assert is_public(f"::ffff:{plain}") == is_public(str(plain))
    assert is_loopback(f"::ffff:{plain}") == is_loopback(str(plain))


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Our ranges only ever take away from those that the standard library holds for global."""
    assert address.is_global or not is_public(str(address))


def test_allowing_names_a_host_and_a_port() -> None:
    """A pair opens one port by name or by address, in any case, with brackets for IPv6."""
    guard = Guard(frozenset({"intra.example:8080", "[fd12::1]:80", "10.0.0.1:81"}))
    assert guard.permits("INTRA.example", 8080, "10.9.9.9")
    assert not guard.permits("intra.example", 8081, "10.9.9.9")
    assert guard.permits("[fd12::1]", 80, "fd12::1")
    assert guard.permits("some.name", 81, "10.0.0.1")
    assert not guard.permits("some.name", 80, "10.0.0.1")


def test_loopback_opens_this_machine_and_nothing_else() -> None:
    """The word "loopback" lets every loopback address through, no other private one."""
    guard = Guard(frozenset({"loopback"}))
    assert all(guard.permits("x", 1, address) for address in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"))
    assert not any(guard.permits("x", 1, address) for address in ("10.0.0.1", "0.0.0.0", "::", "fe80::1", "junk"))
