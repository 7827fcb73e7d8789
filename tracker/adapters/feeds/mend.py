"""What is mended in a document before a parser sees it: its letters, and references to letters that cannot be."""

import codecs
import re
import sys

_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENCODING = re.compile(rb"\s*<\?xml\s[^<>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Of these all bytes are ASCII, too.
_SHIFTED = re.compile(r"iso2022|hz|utf-7")
_OURS = frozenset(("utf-8", "ascii", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))
# What is left of a byte that is not UTF-8 (see the error handler surrogateescape), as the letter that it was meant for.
_MEANT = {0xDC00 + code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0x100)}

_PAIR = re.compile(rb"&#(?:x(d[89ab][0-9a-f]{2})|(5[56]\d{3}));&#(?:x(d[c-f][0-9a-f]{2})|(5[67]\d{3}));", re.IGNORECASE)
_ODD = re.compile(
    rb"&#(?:x0*([01]?[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef]|[0-9a-f]{6,})|0*([12]?\d|3[01]|5[567]\d{3}|6553[45]|\d{7,}))(?:;|(?![\da-f]))",
    re.IGNORECASE,
)
_BLANKS = frozenset((0x9, 0xA, 0xD))


def as_utf8(body: bytes, content_type: str) -> tuple[bytes | None, str | None]:
    """Return a document in UTF-8 with a complaint, if any; no document if it is in letters that it has to name.

    What can be read as UTF-8 is UTF-8, whatever header and prolog say. Otherwise, if they say UTF-8, nothing or what
    cannot be, single bytes that are not UTF-8 are taken for Windows-1252: one of them does not spoil all the rest.
    """
    if body.startswith(_WIDE) or b"\0" in body[:2]:  # half of a wide first letter; a NUL further on is only dirt
        return None, None
    named = _named(body, content_type)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        if not named <= _OURS:
            return None, None
        text = body.decode("utf-8-sig", "surrogateescape").translate(_MEANT)
        return text.encode("utf-8", "replace"), "letters that are not UTF-8, taken for Windows-1252"
    shifted = text.isascii() and any(map(_SHIFTED.match, named))
    return (None if shifted else body.removeprefix(codecs.BOM_UTF8)), None


def without_odd_references(body: bytes) -> bytes:
    """Return a document without references to what is no letter, halves put together where both are there.

    feedparser gives up all of a document for one that is beyond the last letter.
    """
    return _ODD.sub(_possible, _PAIR.sub(_whole, body)) if b"&#" in body else body


def _named(body: bytes, content_type: str) -> set[str]:
    """Return the encodings that are named, as Python calls them; one that nobody knows is none."""
    header, prolog = _CHARSET.search(content_type), _ENCODING.match(body.removeprefix(codecs.BOM_UTF8))
    names = [header[1]] if header else []
    names += [prolog[1].decode("ascii")] if prolog else []
    return {known for known in map(_known, names) if known}


def _known(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _whole(pair: re.Match[bytes]) -> bytes:
    high, low = _number(pair[1], pair[2]), _number(pair[3], pair[4])
    is_pair = 0xD800 <= high < 0xDC00 <= low < 0xE000  # noqa: PLR2004 - the two kinds of halves
    return b"&#%d;" % (0x10000 + (high - 0xD800 << 10) + low - 0xDC00) if is_pair else pair[0]


def _possible(reference: re.Match[bytes]) -> bytes:
    code = _number(reference[1], reference[2])
    if code > sys.maxunicode:
        return b"&#xFFFD;"
    is_letter = code in _BLANKS or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF  # noqa: PLR2004
    return reference[0] if is_letter else b""


def _number(hexadecimal: bytes | None, decimal: bytes | None) -> int:
    digits = (hexadecimal or decimal or b"0").lstrip(b"0")[:10] or b"0"
    return int(digits, 16 if hexadecimal else 10)
