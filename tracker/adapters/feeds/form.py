"""What a feed is written in: its format and version, and its letters. Told from its beginning, nothing is parsed."""

import codecs
import re
from email.message import Message

from tracker.adapters.feeds.sniff import is_json
from tracker.ports.feeds import Fetched

_HEAD = 4_096
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)([^>]*)")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_VERSION = re.compile(rb"\bversion\s*=\s*[\"']\s*([\w.]{1,12})")
_JSON_VERSION = re.compile(rb"jsonfeed\.org/version/([\d.]{1,8})")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_RDF = ((b"purl.org/rss/1.0", "RSS 1.0"), (b"purl.org/net/rss1.1", "RSS 1.1"), (b"/rdf/simple/0.9", "RSS 0.90"))


def form(body: bytes) -> str:
    """Return the format of a document that is a feed: "RSS 2.0", "Atom 1.0", "JSON Feed 1.1"; at least "XML"."""
    if is_json(body):
        version = _JSON_VERSION.search(body)
        return f"JSON Feed {version[1].decode()}" if version else "JSON Feed"
    head = _COMMENT.sub(b"", body[:_HEAD].replace(b"\0", b""))
    root = _ROOT.search(head)
    name, attributes = (root[1].lower(), root[2]) if root else (b"", b"")
    if name == b"rdf":
        return next((said for mark, said in _RDF if mark in attributes), "RSS in RDF")
    if name == b"feed":
        return "Atom 1.0" if b"www.w3.org/2005/Atom" in attributes else _versioned("Atom", attributes)
    return _versioned("RSS", attributes) if name == b"rss" else "XML"


def letters(answer: Fetched) -> str | None:
    """Return the encoding that a document bears or names, None when neither it nor its header says one."""
    marked = next((name for mark, name in _MARKS if answer.body.startswith(mark)), None)
    header = Message()
    header["content-type"] = answer.headers.get("content-type", "")
    declared = _DECLARED.search(answer.body[:_HEAD])
    named = header.get_content_charset() or (declared[1].decode("ascii", "replace").lower() if declared else None)
    return marked or named


def _versioned(name: str, attributes: bytes) -> str:
    version = _VERSION.search(attributes)
    return f"{name} {version[1].decode('ascii', 'replace')}" if version else name
