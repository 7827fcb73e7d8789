"""The developments of a story as an Atom feed (RFC 4287), in pages (RFC 5005): an entry each, the newest first.

An entry never changes: feed readers take no notice of one that does. What becomes of a development later is an entry
of its own, as it is a development of its own.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tracker.domain.actors import shown
from tracker.projections.rows import stamp
from tracker.rendering import phrases
from tracker.rendering.export_marks import address, as_of, link, tag
from tracker.rendering.plain import line, quoted, source_name, web_address
from tracker.rendering.view import Change, StatusView

_TITLE = 200


def feed(view: StatusView, *, site: str | None, query: Mapping[str, str], older: int | None) -> str:
    """Return the feed of the developments that a view lists.

    `site` is where readers reach the page, None where nobody said. `query` is what the document was asked for with;
    `older`: the position before which more may be found, None where there is nothing older.
    """
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _text(root, "id", tag(view))
    _text(root, "title", view.title)
    _text(root, "subtitle", as_of(view))
    _text(root, "updated", stamp(view.as_of))
    _link(root, "self", address(site, view, "export.atom", **query))
    if site:
        _link(root, "alternate", address(site, view))
    if older is not None:
        _link(root, "next", address(site, view, "export.atom", **{**query, "before": str(older)}))
    for told in reversed(view.developments):
        root.append(_entry(view, told, site))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _entry(view: StatusView, told: Change, site: str | None) -> Element:
    entry = Element("entry")
    _text(entry, "id", tag(view, told.position))
    _text(entry, "title", line(f"{phrases.kind(told)}: {phrases.change(told)}", _TITLE))
    _text(entry, "updated", stamp(told.seen))
    if told.published:
        _text(entry, "published", stamp(told.published))
    _text(SubElement(entry, "author"), "name", _author(told))
    SubElement(entry, "category", {"term": line(told.kind)})
    _link(entry, "alternate", link(site, view, told.url, "development", told.position))
    _link(entry, "via", web_address(told.url))
    SubElement(entry, "content").text = "\n\n".join(_words(told))
    return entry


def _author(told: Change) -> str:
    """Return whose words an entry is made of: a review is by who made it, whatever the finding was that it is about."""
    return source_name(told.source) if told.source and told.kind != "review" else shown(told.actor)


def _words(told: Change) -> Iterator[str]:
    claim = f"Claim {line(told.claim)}: " if told.claim else ""
    yield f"{claim}{phrases.change(told)}"
    if told.sentence:
        yield quoted(told.sentence)
    yield f"{phrases.whence(told)}; why: {line(told.reason)}; position {told.position}"


def _text(parent: Element, name: str, text: str) -> None:
    """Add an element of one line of words: what XML forbids is not in it."""
    SubElement(parent, name).text = line(text)


def _link(parent: Element, rel: str, href: str | None) -> None:
    if href:
        SubElement(parent, "link", {"rel": rel, "href": href})
