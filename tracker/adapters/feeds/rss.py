"""RSS and Atom in all their versions, read by feedparser."""

import io
import re
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax import SAXException

import feedparser

from tracker.adapters.feeds.dates import published
from tracker.adapters.feeds.item import (
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Channel,
    Item,
    primary_language,
)
from tracker.adapters.feeds.limits import MAX_ENTRIES
from tracker.adapters.feeds.links import absolute
from tracker.adapters.feeds.plain_text import fold, plain
from tracker.adapters.feeds.sniff import describe
from tracker.errors import NotAFeed
from tracker.ports.feeds import Fetched

# feedparser gives up a whole document for one reference to a character that does not exist.
_CHARACTER = re.compile(rb"&#(?:x([0-9a-f]{6,})|([0-9]{7,}));", re.IGNORECASE)
_DATES = ("published", "created", "updated")
_HTML = frozenset(("text/html", "application/xhtml+xml"))


def read_xml(fetched: Fetched, seen: datetime) -> Channel:
    """Return what the document holds. Raises NotAFeed if feedparser finds neither a version nor an item in it."""
    # A stream, never the bytes: feedparser opens bytes that spell a path as a local file.
    found: Any = feedparser.parse(
        io.BytesIO(_CHARACTER.sub(_possible, fetched.body)),
        # No content-location: a relative guid would be made absolute by it, and change when the feed moves.
        response_headers={name: fetched.headers[name] for name in ("content-type",) if name in fetched.headers},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.get("version") and not found.entries:
        raise NotAFeed(describe(fetched.body))
    language = primary_language(found.feed.get("language"))
    return Channel(
        title=_marked(found.feed, "title", NAME_LIMIT) or None,
        language=language,
        items=tuple(_item(entry, fetched.url, seen) for entry in found.entries[:MAX_ENTRIES]),
        complaint=_complaint(found),
    )


def _item(entry: Any, base: str, seen: datetime) -> Item:
    source = entry.get("source")
    return Item(
        guid=_string(entry.get("id")).strip(),
        link=_link(entry, base),
        title=_marked(entry, "title", TITLE_LIMIT),
        summary=_marked(entry, "summary", SUMMARY_LIMIT),
        content=max((_content(part) for part in _parts(entry)), key=len, default=""),
        published=_published(entry, seen),
        publisher=(_marked(source, "title", NAME_LIMIT) or None) if isinstance(source, Mapping) else None,
        language=primary_language(entry.get("language"), *_detail_languages(entry)),
    )


def _possible(reference: re.Match[bytes]) -> bytes:
    digits = (reference[1] or reference[2]).lstrip(b"0") or b"0"
    exists = len(digits) <= len(str(sys.maxunicode)) and int(digits, 16 if reference[1] else 10) <= sys.maxunicode
    return reference[0] if exists else b"&#xFFFD;"


def _published(entry: Any, seen: datetime) -> datetime | None:
    for name in _DATES:
        # `get` of feedparser answers one date for another, with a warning; the plain dict does not.
        raw = dict.get(entry, name)
        if isinstance(raw, str) and raw.strip():
            parsed = dict.get(entry, f"{name}_parsed")
            moment = published(raw, parsed if isinstance(parsed, time.struct_time) else None, seen)
            if moment is not None:
                return moment
    return None


def _link(entry: Any, base: str) -> str | None:
    link = _string(entry.get("link")).strip()
    # A guid counts as a permalink unless it says otherwise, and many are mere numbers.
    if entry.get("guidislink") and link == entry.get("id") and "/" not in link:
        return None
    return absolute(link, base)


def _marked(holder: Any, name: str, limit: int) -> str:
    """Return the words of an element, for whose markup feedparser's `_detail` speaks."""
    detail = holder.get(f"{name}_detail")
    kind = detail.get("type") if isinstance(detail, Mapping) else None
    return plain(_string(holder.get(name)), limit=limit, markup=kind in _HTML or None)


def _content(part: Any) -> str:
    kind = part.get("type") or "text/plain"
    if kind not in _HTML and not kind.startswith("text/"):
        return ""
    return plain(_string(part.get("value")), limit=TEXT_LIMIT, markup=kind in _HTML or None, lines=True)


def _parts(entry: Any) -> list[Any]:
    content = entry.get("content")
    return [part for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []


def _detail_languages(entry: Any) -> list[object]:
    details = [entry.get("title_detail"), entry.get("summary_detail"), *_parts(entry)]
    return [detail.get("language") for detail in details if isinstance(detail, Mapping)]


def _complaint(found: Any) -> str | None:
    error = found.get("bozo_exception") if found.get("bozo") else None
    if error is None:
        return None
    words = fold(str(error))[:200]
    return f"not well-formed XML ({words})" if isinstance(error, SAXException) else words


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
