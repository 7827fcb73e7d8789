"""What the bytes are, before a parser is let loose on them."""

import codecs
import re

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_COMMENT = re.compile(rb"<!--.*?-->\s*", re.DOTALL)
_ROOTS = frozenset(("rss", "feed", "rdf"))
_HEAD = 4_096
_BLANK = 0x20


def is_json(body: bytes) -> bool:
    """Tell whether the document begins as a JSON object or array."""
    return _start(body)[:1] in (b"{", b"[")


def is_empty(body: bytes) -> bool:
    """Tell whether the document holds nothing but blanks."""
    return not _start(body)


def is_empty_feed(body: bytes) -> bool:
    """Tell whether a document in which a parser found nothing is a feed all the same: a channel of CDF, RSS 0.90."""
    root = _root(body).lower()
    return root == "channel" or (root == "rdf:rdf" and b"/rdf/simple/0.9/" in _start(body))


def describe(body: bytes) -> str:
    """Return what a document is that turned out to be no feed."""
    if is_json(body):
        return "a JSON document, not a feed"
    if looks_like_html(body):
        return "an HTML page, not a feed"
    if name := _root(body):
        is_feed = name.lower().rpartition(":")[2] in _ROOTS
        return (
            f"a <{name}> document in which no feed can be read" if is_feed else f"an XML document <{name}>, not a feed"
        )
    return "plain text, not a feed" if looks_like_text(body) else "binary data, not a feed"


def looks_like_html(body: bytes) -> bool:
    """Tell whether the document begins as a web page does."""
    return _HTML.search(_start(body)) is not None


def looks_like_text(body: bytes) -> bool:
    """Tell whether the beginning holds no control characters but those of text, in whatever encoding."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True  # half of its bytes would look like control characters
    if body.startswith(b"%PDF-"):
        return False
    return not any(byte < _BLANK and byte not in b"\t\n\r\f\v\x1b" for byte in _start(body))


def _root(body: bytes) -> str:
    start = _COMMENT.sub(b"", _start(body))
    root = _ROOT.search(start) if start.startswith(b"<") else None
    return root[1].decode("ascii", "replace")[:40] if root else ""


def _start(body: bytes) -> bytes:
    head = body[:_HEAD]
    for bom in _BOMS:
        head = head.removeprefix(bom)
    start = head.replace(b"\0", b"").lstrip()
    return start if start or len(body) <= _HEAD else body.replace(b"\0", b"").lstrip()[:_HEAD]
