"""RSS 2.0 of the ordinary kind."""

import re
from typing import Any

from tracker.adapters.feeds.item import (
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Channel,
    Item,
    primary_language,
)
from tracker.adapters.feeds.ordinary_elements import ATOM, MEDIA, RareError, Setting, entries_of, gather, text
from tracker.adapters.feeds.plain_text import plain
from tracker.adapters.feeds.ttl import ttl

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SY = "{http://purl.org/rss/1.0/modules/syndication/}"
_TTL = ("ttl", f"{_SY}updatePeriod", f"{_SY}updateFrequency")
_FEED = dict.fromkeys(("title", "language", *_TTL), ())
_FEED_ASIDE = frozenset((
    "link", "description", "lastBuildDate", "pubDate", "generator", "docs", "category", "copyright", "managingEditor",
    "webMaster", "image", f"{ATOM}link",
))  # fmt: skip
_ITEM = dict.fromkeys(("title", "link", "description", "pubDate", _CONTENT), ()) | {
    "guid": ("isPermaLink",),
    "source": ("url",),
}
_ITEM_ASIDE = frozenset((
    "author", "category", "comments", "enclosure", f"{_DC}creator", f"{_DC}subject", f"{MEDIA}content",
    f"{MEDIA}credit", f"{MEDIA}thumbnail", "{http://purl.org/rss/1.0/modules/slash/}comments",
    "{http://wellformedweb.org/CommentAPI/}commentRss",
))  # fmt: skip
_ADDRESS = re.compile(r"https?://[^/\s]")
_REFERENCE = re.compile(r"&(\w+);", re.ASCII)


def read_rss(root: Any, setting: Setting) -> Channel:
    """Return what the document holds. Raises RareError."""
    if len(root) != 1 or root[0].tag != "channel" or root[0].attrib:
        raise RareError
    found = gather(root[0], _FEED, _FEED_ASIDE, entries="item")
    language = text(found, "language") if "language" in found else setting.language
    return Channel(
        title=plain(_bare(text(found, "title")), limit=NAME_LIMIT) or None,
        language=primary_language(language, setting.header),
        items=tuple(_item(item, setting) for item in entries_of(root[0], "item")),
        ttl=ttl(*(text(found, name) for name in _TTL)),
    )


def _item(element: Any, setting: Setting) -> Item:
    found = gather(element, _ITEM, _ITEM_ASIDE)
    content, described = text(found, _CONTENT), "description" in found
    summary = text(found, "description") if described else content
    return setting.item(
        guid=text(found, "guid"),
        link=_link(found),
        title=plain(_bare(text(found, "title")), limit=TITLE_LIMIT),
        # What stands for a description that is not there says nothing of its markup.
        summary=plain(summary, limit=SUMMARY_LIMIT, markup=True if described else None),
        content=plain(content, limit=TEXT_LIMIT, markup=True, lines=True),
        dates=(text(found, "pubDate"),),
        publisher=plain(text(found, "source"), limit=NAME_LIMIT),
        speaks=not found.keys().isdisjoint(("title", "description", _CONTENT)),
    )


def _link(found: dict[str, Any]) -> str:
    """Return the address of the item, or its guid where that is one; empty if it has neither. Raises RareError."""
    if "link" not in found:
        guid = text(found, "guid")
        return guid if "/" in guid and found["guid"].get("isPermaLink", "true") == "true" else ""
    link = text(found, "link")
    if not _ADDRESS.match(link):
        raise RareError
    # A parameter of an address is no reference to a character, though one may have made it look so.
    return _REFERENCE.sub(r"&\1", link.replace("&amp;", "&")) if "&" in link else link


def _bare(words: str) -> str:
    """Return a text that needs not be guessed to be markup. Raises RareError for another."""
    if "<" in words:
        raise RareError
    return words
