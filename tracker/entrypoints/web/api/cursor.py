"""Where to go on in a list: opaque to whoever is handed it, and good for the list that it came from alone.

A cursor is no secret and opens nothing: its digest tells one that was cut, changed or taken to another list.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from tracker.errors import UsageError

_LENGTH = 9
"""Bytes of the digest."""


def cursor_after(key: str, scope: str) -> str:
    """Return the cursor that goes on after a key of a list; `scope` says which list, with its filters."""
    raw = key.encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(_digest(raw, scope) + raw).decode().rstrip("=")


def key_of(cursor: str, scope: str) -> str:
    """Return the key after which a cursor goes on. Raises UsageError for one that is not of this list."""
    try:
        held = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        raw = held[_LENGTH:]
        if (
            held[:_LENGTH] == _digest(raw, scope)
            and cursor_after(key := raw.decode("utf-8", "surrogatepass"), scope) == cursor
        ):
            return key
    except ValueError:
        pass
    raise UsageError("the cursor is not of this list; take it from `next`, and leave the other parameters as they were")


def _digest(raw: bytes, scope: str) -> bytes:
    return sha256(scope.encode("utf-8", "surrogatepass") + b"\n" + raw).digest()[:_LENGTH]
