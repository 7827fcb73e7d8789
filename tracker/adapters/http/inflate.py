"""Undoing the compressions that are asked for, as the bytes come: whole, and within a size."""

import io
import zlib
from collections.abc import Iterable, Iterator

from tracker.errors import FetchError

_GZIP = frozenset(("gzip", "x-gzip"))
_ASKED = _GZIP | {"deflate"}
_UNASKED = frozenset(("br", "zstd", "compress", "x-compress", "dcb", "dcz"))
_GZIP_START = b"\x1f"
_ZLIB_METHOD, _LOW_BITS = 8, 0x0F
_MAX_LAYERS = 3
_MAX_MEMBERS = 256
_PIECE = 262_144


def inflate(wire: Iterable[bytes], codings: str, limit: int) -> bytes:
    """Return the body behind a Content-Encoding header; a coding that nobody knows (an odd server's) means none.

    Raises FetchError: the body is longer than `limit` bytes, cut short, not compressed as it says, or in a way that was
    not asked for.
    """
    for coding in reversed(_layers(codings)):
        wire = _undo(wire, coding)
    body = io.BytesIO()
    try:
        for piece in wire:
            body.write(piece)
            if body.tell() > limit:
                raise too_long(limit)
    except zlib.error:
        raise _broken("the answer is not compressed as it says") from None
    return body.getvalue()


def too_long(limit: int) -> FetchError:
    """Return the error for a body of more than `limit` bytes."""
    return _broken(f"the answer is longer than {limit} bytes")


def _layers(codings: str) -> list[str]:
    names = (coding.strip().lower() for coding in codings.split(","))
    layers = [name for name in names if name in _ASKED | _UNASKED]
    if len(layers) > _MAX_LAYERS:
        raise _broken("the answer is compressed too often")
    return layers


def _undo(wire: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield what the members unfold to, one after the other; what follows the last is padding and does not count."""
    member, members = None, 0
    for piece in wire:
        rest = piece
        while rest:
            if member is None:
                if members and not (coding in _GZIP and rest.startswith(_GZIP_START)):
                    return
                member, members = _member(coding, rest, members), members + 1
            yield member.decompress(rest, _PIECE)
            rest = member.unused_data if member.eof else member.unconsumed_tail
            member = None if member.eof else member
    if member is not None:
        yield from _last(member)


def _member(coding: str, start: bytes, members: int) -> "zlib._Decompress":
    if coding in _UNASKED:
        raise _broken(f"the answer is compressed as {coding}, which was not asked for")
    if members == _MAX_MEMBERS:
        raise _broken("the answer is compressed in too many pieces")
    if coding in _GZIP:
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # "deflate" is sent in two meanings, told apart by the first byte.
    return zlib.decompressobj(zlib.MAX_WBITS if start[0] & _LOW_BITS == _ZLIB_METHOD else -zlib.MAX_WBITS)


def _last(member: "zlib._Decompress") -> Iterator[bytes]:
    """Yield what the member still holds. Raises FetchError if that is not its end."""
    while not member.eof:
        held = member.decompress(b"", _PIECE)
        if not held and not member.eof:
            raise _broken("the answer was cut short")
        yield held


def _broken(line: str) -> FetchError:
    return FetchError(line, trouble="broken")
