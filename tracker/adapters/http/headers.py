"""Header fields of requests: what can be sent, and what may follow a redirect to another origin."""

import re
from collections.abc import Mapping

from tracker.errors import FetchError

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_HARMLESS = frozenset(
    ("user-agent", "accept", "accept-encoding", "accept-language", "if-none-match", "if-modified-since")
)


def sendable(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return the fields with lower-case names.

    Raises FetchError, which names the field and never its value, for one that would break the request.
    """
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    for name, value in lower.items():
        if not _NAME.fullmatch(name):
            raise FetchError(f"no header can have the name {name[:80]!a}", trouble="unasked")
        if not _VALUE.fullmatch(value):
            raise FetchError(f"the header {name} holds characters that cannot be sent", trouble="unasked")
    return lower


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that any server may see: any other may hold a password, a session or a token."""
    return {name: value for name, value in headers.items() if name in _HARMLESS}
