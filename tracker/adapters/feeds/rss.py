"""RSS and Atom in all their versions, read by feedparser."""

import io
from datetime import datetime
from typing import Any
from xml.sax import SAXException

from tracker.adapters.feeds.dates import first_possible
from tracker.adapters.feeds.forgiving import parse
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
from tracker.adapters.feeds.mend import as_utf8, without_odd_references
from tracker.adapters.feeds.plain_text import fold, plain
from tracker.adapters.feeds.sniff import describe, is_empty_feed
from tracker.adapters.feeds.ttl import ttl
from tracker.errors import NotAFeed
from tracker.ports.feeds import Fetched

_DATES = ("published", "created", "updated")
_HTML = frozenset(("text/html", "application/xhtml+xml"))
# No content-location: a relative guid would be made absolute by it, and change when the feed moves.
_HEADERS = ("content-type", "content-language")
_UTF8 = "application/xml; charset=utf-8"


def read_xml(fetched: Fetched, seen: datetime) -> Channel:
    """Return what the document holds. Raises NotAFeed if feedparser finds neither a version nor an item in it."""
    body, complaint = as_utf8(fetched.body, fetched.headers.get("content-type", ""))
    headers = {name: fetched.headers[name] for name in _HEADERS if name in fetched.headers}
    # A stream, never the bytes: feedparser opens bytes that spell a path as a local file.
    found: Any = parse(
        io.BytesIO(fetched.body if body is None else without_odd_references(body)),
        response_headers=headers if body is None else headers | {"content-type": _UTF8},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.get("version") and not found["entries"] and not is_empty_feed(fetched.body):
        raise NotAFeed(describe(fetched.body))
    feed = found["feed"]
    return Channel(
        title=_marked(feed, "title", NAME_LIMIT) or None,
        language=primary_language(_at(feed, "language"), found["headers"].get("content-language")),
        items=tuple(_item(entry, fetched.url, seen) for entry in found["entries"][:MAX_ENTRIES]),
        complaint=complaint or _complaint(found),
        ttl=ttl(*(_string(_at(feed, name)) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency"))),
    )


def _item(entry: Any, base: str, seen: datetime) -> Item:
    source = _at(entry, "source")
    # The texts: its own readings of them are not to be trusted.
    published, date_suspect = first_possible((_string(_at(entry, name)) for name in _DATES), seen)
    return Item(
        guid=_string(_at(entry, "id")).strip(),
        link=_link(entry, base),
        title=_marked(entry, "title", TITLE_LIMIT),
        summary=_marked(entry, "summary", SUMMARY_LIMIT),
        content=max((_content(part) for part in _parts(entry)), key=len, default=""),
        published=published,
        publisher=(_marked(source, "title", NAME_LIMIT) or None) if isinstance(source, dict) else None,
        language=primary_language(_at(entry, "language"), *_detail_languages(entry)),
        date_suspect=date_suspect,
    )


def _at(holder: Any, name: str) -> Any:
    # Not its own `get`, which answers one date for another, and takes its time.
    return dict.get(holder, name)


def _link(entry: Any, base: str) -> str | None:
    link = _string(_at(entry, "link")).strip()
    # A guid counts as a permalink unless it says otherwise, and many are mere numbers.
    if _at(entry, "guidislink") and link == _at(entry, "id") and "/" not in link:
        return None
    return absolute(link, base)


def _marked(holder: Any, name: str, limit: int) -> str:
    """Return the words of an element, for whose markup feedparser's `_detail` speaks."""
    detail = _at(holder, f"{name}_detail")
    kind = _at(detail, "type") if isinstance(detail, dict) else None
    return plain(_string(_at(holder, name)), limit=limit, markup=kind in _HTML or None)


def _content(part: Any) -> str:
    kind = _at(part, "type") or "text/plain"
    if kind not in _HTML and not kind.startswith("text/"):
        return ""
    return plain(_string(_at(part, "value")), limit=TEXT_LIMIT, markup=kind in _HTML or None, lines=True)


def _parts(entry: Any) -> list[Any]:
    content = _at(entry, "content")
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def _detail_languages(entry: Any) -> list[object]:
    details = [_at(entry, "title_detail"), _at(entry, "summary_detail"), *_parts(entry)]
    return [_at(detail, "language") for detail in details if isinstance(detail, dict)]


def _complaint(found: Any) -> str | None:
    error = found.get("bozo_exception") if found["bozo"] else None
    if error is None:
        return None
    words = fold(str(error))[:200]
    return f"not well-formed XML ({words})" if isinstance(error, SAXException) else words


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
