"""Undoing the compressions that are asked for: whole, and within a size."""

import zlib

from tracker.errors import FetchError

_ZLIB, _RAW, _GZIP = zlib.MAX_WBITS, -zlib.MAX_WBITS, 16 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"
_WINDOWS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (_ZLIB, _RAW)}  # "deflate" is sent in two meanings
_UNASKED = frozenset(("br", "zstd", "compress", "x-compress", "dcb", "dcz"))
_MAX_LAYERS = 3
_MAX_MEMBERS = 256


def inflate(wire: bytes, codings: str, limit: int) -> bytes:
    """Return the body behind a Content-Encoding header; a coding that nobody knows (an odd server's) means none.

    Raises FetchError: the body is longer than `limit` bytes, cut short, not compressed as it says, or in a way that was
    not asked for.
    """
    layers = [coding for coding in _names(codings) if coding in _WINDOWS or coding in _UNASKED]
    if len(layers) > _MAX_LAYERS:
        raise FetchError("the answer is compressed too often")
    for coding in reversed(layers if wire else ()):
        if coding in _UNASKED:
            raise FetchError(f"the answer is compressed as {coding}, which was not asked for")
        wire = _undo(wire, coding, limit)
    return wire


def too_long(limit: int) -> FetchError:
    """Return the error for a body of more than `limit` bytes."""
    return FetchError(f"the answer is longer than {limit} bytes")


def _names(codings: str) -> list[str]:
    return [coding.strip().lower() for coding in codings.split(",")]


def _undo(wire: bytes, coding: str, limit: int) -> bytes:
    for window in _WINDOWS[coding]:
        try:
            return _members(wire, window, limit)
        except zlib.error:
            continue
    raise FetchError("the answer is not compressed as it says")


def _members(wire: bytes, window: int, limit: int) -> bytes:
    """Return what the members unfold to, one after the other; what follows the last is padding and does not count."""
    body = bytearray()
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(window)
        body += member.decompress(wire, limit + 1 - len(body))
        if len(body) > limit:
            raise too_long(limit)
        if not member.eof:
            raise FetchError("the answer was cut short")
        wire = member.unused_data
        if window != _GZIP or not wire.startswith(_GZIP_START):
            return bytes(body)
    raise FetchError("the answer is compressed in too many pieces")
