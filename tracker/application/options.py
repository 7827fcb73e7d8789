"""How a person says in what way a source is asked; what is secret only ever as a reference."""

import re
from collections.abc import Mapping
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from tracker.errors import UsageError
from tracker.ports.feeds import FeedOptions

_REFERENCE = re.compile(r"(?:env|file):.+", re.DOTALL)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What the client says itself, or the poll: another word would have the exchange misread.
_OWNED = frozenset((
    "accept-encoding", "connection", "content-length", "expect", "host", "if-modified-since", "if-none-match", "range",
    "te", "transfer-encoding", "upgrade",
))  # fmt: skip
_SECRET = {"authorization": "--login", "proxy-authorization": "--proxy", "cookie": "--cookie"}


class OptionsGiven(TypedDict, total=False):
    """The options of a source as somebody writes them; see FeedOptions."""

    user_agent: str | None
    headers: Mapping[str, str] | None
    login: str | None
    cookie: str | None
    proxy: str | None
    article: bool


def feed_options(**given: Unpack[OptionsGiven]) -> FeedOptions:
    """Return the options of a source. Raises UsageError, which never repeats what may be a secret."""
    agent, proxy = given.get("user_agent"), given.get("proxy")
    if agent is not None and (not agent.isascii() or not agent.isprintable() or not agent.strip()):
        raise UsageError("a user agent is printable ASCII")
    for name, value in (("login", given.get("login")), ("cookie", given.get("cookie"))):
        _refuse_values(name, value)
    if proxy is not None and not _is_reference(proxy):
        _check_proxy(proxy)
    headers = given.get("headers") or {}
    fields = tuple(sorted((name, _header(name, value)) for name, value in headers.items()))
    return FeedOptions(agent, fields, given.get("login"), given.get("cookie"), proxy, given.get("article", False))


def _is_reference(value: str) -> bool:
    return _REFERENCE.fullmatch(value) is not None


def _refuse_values(name: str, value: str | None) -> None:
    if value is not None and not _is_reference(value):
        raise UsageError(
            f"a {name} is given as env:NAME or file:PATH, never as a value: put it into a variable or a file first"
        )


def _check_proxy(proxy: str) -> None:
    try:
        parts = urlsplit(proxy)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if "@" in proxy:
        raise UsageError("the address of a proxy holds no password: put it into a variable and give env:NAME")
    if not good:
        raise UsageError(f"{ascii(proxy)[:200]} is no http or https address of a proxy, nor env:NAME or file:PATH")


def _header(name: str, value: str) -> str:
    lower = name.lower()
    if not _HEADER.fullmatch(name):
        raise UsageError(f"no header can have the name {ascii(name)[:80]}")
    if lower in _OWNED:
        raise UsageError(f"the header {name} is not a source's to set")
    if lower in _SECRET and not _is_reference(value):
        raise UsageError(f"the header {name} is a secret: use {_SECRET[lower]}, or give env:NAME or file:PATH")
    if not value.isprintable() or not value.isascii():
        raise UsageError(f"the value of the header {name} is printable ASCII")
    return value
