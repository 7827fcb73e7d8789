"""Atom 1.0 of the ordinary kind."""

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

FEED = f"{ATOM}feed"
_ENTRY, _LINK, _TITLE, _SUMMARY, _CONTENT = (ATOM + name for name in ("entry", "link", "title", "summary", "content"))
_WORDS = dict.fromkeys((_TITLE, _SUMMARY, _CONTENT), ("type",))
_IN_FEED = {_TITLE: ("type",)}
_FEED_ASIDE = {
    ATOM + name
    for name in ("author", "category", "generator", "icon", "id", "link", "logo", "rights", "subtitle", "updated")
}
_DATES = (f"{ATOM}published", f"{ATOM}updated")
_IN_ENTRY = _WORDS | dict.fromkeys((f"{ATOM}id", *_DATES), ())
_ENTRY_ASIDE = frozenset((
    f"{ATOM}author", f"{ATOM}category", _LINK, f"{MEDIA}thumbnail", "{http://purl.org/syndication/thread/1.0}total"
))  # fmt: skip
_MARKUP = {"html": True, "text/html": True, "text": None, "text/plain": None, None: None}
"""Whether words are markup, by their type; None: look for tags."""
_LINK_ATTRIBUTES = frozenset(("href", "rel", "type", "hreflang", "title", "length"))
_PAGES = frozenset(("html", "text/html", "xhtml", "application/xhtml+xml"))
_ADDRESS = re.compile(r"https?://[^/\s]")


def read_atom(root: Any, setting: Setting) -> Channel:
    """Return what the document holds. Raises RareError."""
    found = gather(root, _IN_FEED, _FEED_ASIDE, entries=_ENTRY)
    return Channel(
        title=_words(found, _TITLE, NAME_LIMIT) or None,
        language=primary_language(setting.language, setting.header),
        items=tuple(_item(entry, setting) for entry in entries_of(root, _ENTRY)),
    )


def _item(element: Any, setting: Setting) -> Item:
    found = gather(element, _IN_ENTRY, _ENTRY_ASIDE)
    guid = text(found, f"{ATOM}id")
    return setting.item(
        guid=guid,
        link=_alternate(element) or (guid if "/" in guid else ""),
        title=_words(found, _TITLE, TITLE_LIMIT),
        # What stands for a summary that is not there says nothing of its markup.
        summary=_words(found, _SUMMARY, SUMMARY_LIMIT)
        if _SUMMARY in found
        else plain(text(found, _CONTENT), limit=SUMMARY_LIMIT),
        content=_words(found, _CONTENT, TEXT_LIMIT, lines=True),
        dates=[text(found, name) for name in _DATES],
        speaks=not found.keys().isdisjoint(_WORDS),
    )


def _words(found: dict[str, Any], name: str, limit: int, *, lines: bool = False) -> str:
    """Return the words of a text, which says itself whether it is markup. Raises RareError for another type."""
    if name not in found:
        return ""
    kind = found[name].get("type")
    if kind not in _MARKUP:
        raise RareError
    return plain(text(found, name), limit=limit, markup=_MARKUP[kind], lines=lines)


def _alternate(entry: Any) -> str:
    """Return the address of the last page that is the entry in another form, empty if there is none."""
    address = ""
    for link in entry.iterchildren(_LINK):
        href = link.get("href", "")
        if not _ADDRESS.match(href) or not _LINK_ATTRIBUTES.issuperset(link.keys()):
            raise RareError
        if link.get("rel", "alternate") == "alternate" and link.get("type", "html").lower() in _PAGES:
            address = href
    return address
