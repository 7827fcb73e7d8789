"""What the bytes are, before a parser is let loose on them."""

import codecs
import re
from itertools import accumulate

from tracker.errors import NotAFeed

MAX_DEPTH = 2_000
"""Nesting of elements; feeds have five levels, markup that was not escaped some more."""

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TAG = re.compile(rb"<(/?)[^\s<>!?/][^<>]*?(/?)>")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_HEAD = 4_096
_BLANK = 0x20


def is_json(body: bytes) -> bool:
    """Tell whether the document begins as a JSON object or array."""
    return _start(body)[:1] in (b"{", b"[")


def refuse_hopeless(body: bytes) -> None:
    """Raise NotAFeed for what no parser need look at: nothing at all, and what is nested to hurt."""
    if not _start(body):
        raise NotAFeed("empty answer")
    if _depth(body) > MAX_DEPTH:
        raise NotAFeed(f"a document nested more than {MAX_DEPTH} levels deep")


def describe(body: bytes) -> str:
    """Return what a document is that turned out to be no feed."""
    start = _start(body)
    if is_json(body):
        return "a JSON document, not a feed"
    if looks_like_html(body):
        return "an HTML page, not a feed"
    root = _ROOT.search(start) if start.startswith(b"<") else None
    if root:
        return f"an XML document <{root[1].decode('ascii', 'replace')[:40]}>, not a feed"
    return "plain text, not a feed" if looks_like_text(body) else "binary data, not a feed"


def looks_like_html(body: bytes) -> bool:
    """Tell whether the document begins as a web page does."""
    return _HTML.search(_start(body)) is not None


def looks_like_text(body: bytes) -> bool:
    """Tell whether the beginning holds no control characters but those of text, in whatever encoding."""
    if body.startswith(b"%PDF-"):
        return False
    return not any(byte < _BLANK and byte not in b"\t\n\r\f\v\x1b" for byte in _start(body))


def _start(body: bytes) -> bytes:
    head = body[:_HEAD]
    for bom in _BOMS:
        head = head.removeprefix(bom)
    start = head.replace(b"\0", b"").lstrip()
    return start if start or len(body) <= _HEAD else body.replace(b"\0", b"").lstrip()[:_HEAD]


def _depth(body: bytes) -> int:
    """Return the deepest nesting by a mere count of tags: linear in time, whatever the document is."""
    steps = (0 if close and slash else -1 if slash else 0 if close else 1 for slash, close in _tags(body))
    return max(accumulate(steps), default=0)


def _tags(body: bytes) -> list[tuple[bytes, bytes]]:
    plain = body.replace(b"\0", b"")  # as in UTF-16
    first, *rest = plain.split(b"<![CDATA[")
    outside = b"".join([first, *(piece.partition(b"]]>")[2] for piece in rest)])
    return _TAG.findall(outside)
