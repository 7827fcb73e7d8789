"""Recorded items as the documents that publishers serve: RSS, Atom and JSON Feed."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from tracker.domain.entry import Entry

ATOM = "http://www.w3.org/2005/Atom"
AL_JAZEERA = "Al Jazeera"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One of the demo's feeds: its path on the server, its media type, and how it is written."""

    path: str
    media_type: str
    write: Callable[[Sequence[Entry]], bytes]


def rss(entries: Sequence[Entry]) -> bytes:
    """Return an RSS 2.0 document, newest first."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (("title", "The wire"), ("link", "http://localhost/"), ("description", "Recorded items")):
        ET.SubElement(channel, name).text = text
    for entry in reversed(entries):
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "title").text = entry.title
        ET.SubElement(item, "link").text = entry.url
        ET.SubElement(item, "guid", isPermaLink="false").text = entry.id
        ET.SubElement(item, "description").text = entry.summary
        ET.SubElement(item, "pubDate").text = format_datetime(_published(entry))
        ET.SubElement(item, "source", url=entry.url or "").text = entry.publisher
    return _bytes(root)


def atom(entries: Sequence[Entry]) -> bytes:
    """Return an Atom document, newest first."""
    root = ET.Element(f"{{{ATOM}}}feed")
    ET.SubElement(root, f"{{{ATOM}}}title").text = "The papers"
    ET.SubElement(root, f"{{{ATOM}}}id").text = "urn:tracker:demo:papers"
    for entry in reversed(entries):
        item = ET.SubElement(root, f"{{{ATOM}}}entry")
        ET.SubElement(item, f"{{{ATOM}}}title").text = entry.title
        ET.SubElement(item, f"{{{ATOM}}}id").text = f"urn:tracker:demo:{entry.id}"
        ET.SubElement(item, f"{{{ATOM}}}link", href=entry.url or "")
        ET.SubElement(item, f"{{{ATOM}}}summary").text = entry.summary
        ET.SubElement(item, f"{{{ATOM}}}updated").text = _published(entry).isoformat()
        ET.SubElement(item, f"{{{ATOM}}}published").text = _published(entry).isoformat()
        source = ET.SubElement(item, f"{{{ATOM}}}source")
        ET.SubElement(source, f"{{{ATOM}}}title").text = entry.publisher
    return _bytes(root)


def json_feed(entries: Sequence[Entry]) -> bytes:
    """Return a JSON Feed 1.1 document, newest first: one outlet's own feed, since the format names no other source."""
    items = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_text": entry.summary,
            "date_published": _published(entry).isoformat(),
            "language": entry.language,
        }
        for entry in reversed(entries)
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": AL_JAZEERA, "items": items}
    return json.dumps(document, ensure_ascii=False).encode()


def _bytes(root: ET.Element) -> bytes:
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _published(entry: Entry) -> datetime:
    return entry.published or entry.seen


WIRE = Outlet("/wire.rss", "application/rss+xml", rss)
PAPERS = Outlet("/papers.atom", "application/atom+xml", atom)
BROADCASTER = Outlet("/al-jazeera.json", "application/feed+json", json_feed)
OUTLETS = (WIRE, PAPERS, BROADCASTER)


def outlet_of(entry: Entry) -> Outlet:
    """Return the outlet that carries an item: by publisher, so that each keeps to one feed."""
    if entry.publisher == AL_JAZEERA:
        return BROADCASTER
    digest = hashlib.sha256((entry.publisher or "").encode()).digest()
    return (WIRE, PAPERS)[digest[0] % 2]
