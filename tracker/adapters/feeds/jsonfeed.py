"""JSON Feed 1.0 and 1.1, read leniently: what has the wrong type counts as absent."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.adapters.feeds.dates import first_possible
from tracker.adapters.feeds.item import (
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Channel,
    Item,
    primary_language,
)
from tracker.adapters.feeds.limits import MAX_ENTRIES, MORE_ENTRIES
from tracker.adapters.feeds.links import absolute
from tracker.adapters.feeds.mend import as_utf8
from tracker.adapters.feeds.plain_text import plain
from tracker.errors import NotAFeed
from tracker.ports.feeds import Fetched

_NOT_A_FEED = "a JSON document, not a feed"

_LONGEST_NUMBER = 100


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


_DECODER = json.JSONDecoder(parse_int=_integer)


def read_json(fetched: Fetched, seen: datetime) -> Channel:
    """Return what the document holds. Raises NotAFeed if it is broken, or JSON of another kind."""
    found, complaint = _load(fetched.body)
    items = found.get("items")
    if "jsonfeed.org/version/" not in _string(found.get("version")) and not isinstance(items, list):
        raise NotAFeed(_NOT_A_FEED)
    given = items if isinstance(items, list) else []
    good = [item for item in given[:MAX_ENTRIES] if isinstance(item, dict)]
    return Channel(
        title=plain(_string(found.get("title")), limit=NAME_LIMIT) or None,
        language=primary_language(found.get("language")),
        items=tuple(_item(item, fetched.url, seen) for item in good),
        complaint=complaint or _complaint(given),
    )


def _complaint(given: list[Any]) -> str | None:
    if len(given) > MAX_ENTRIES:
        return MORE_ENTRIES
    bad = sum(not isinstance(item, dict) for item in given)
    return f"{bad} items that are no objects" if bad else None


def _load(body: bytes) -> tuple[Mapping[str, Any], str | None]:
    """Return the object that a document begins with, and what was wrong with it."""
    mended, complaint = as_utf8(body, "")
    try:
        text = (body.decode(json.detect_encoding(body)) if mended is None else mended.decode()).strip()
        found, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())
        raise NotAFeed(f"broken JSON: {reason[:150]}") from None
    if not isinstance(found, dict):
        raise NotAFeed(_NOT_A_FEED)
    return found, complaint or ("something behind the JSON" if text[end:] else None)


def _item(item: Mapping[str, Any], base: str, seen: datetime) -> Item:
    html, text = _string(item.get("content_html")), _string(item.get("content_text"))
    content = plain(html or text, limit=TEXT_LIMIT, markup=True if html else None, lines=True)
    claims = (_string(item.get(name)) for name in ("date_published", "date_modified"))
    published, date_suspect = first_possible(claims, seen)
    return Item(
        guid=_identifier(item.get("id")),
        link=absolute(_string(item.get("url")), base) or absolute(_string(item.get("external_url")), base),
        title=plain(_string(item.get("title")), limit=TITLE_LIMIT),
        summary=plain(_string(item.get("summary")), limit=SUMMARY_LIMIT),
        content=content,
        published=published,
        publisher=None,
        language=primary_language(item.get("language")),
        date_suspect=date_suspect,
    )


def _identifier(value: object) -> str:
    """Return an id as text: the specification asks that numbers be taken, too."""
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, int | float) else _string(value).strip()


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
