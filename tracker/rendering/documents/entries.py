"""The entries of a story, and the versions of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypedDict

from msgspec import Meta

from tracker.domain.entry import Entry
from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Position, RelationWord, Time, Version


@dataclass(frozen=True, slots=True)
class Linked:
    """What an entry did to a claim, by the event at a position."""

    claim: str
    relation: str
    position: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry that belongs to a story. `position`: of the first event on it.

    `news`: it changed what is known, as things stand: what is doubted or was rejected does not count.
    """

    id: str
    version: str
    title: str
    url: str | None
    source: str
    publisher: str | None
    published: datetime | None
    seen: datetime
    position: int
    news: bool
    links: tuple[Linked, ...]


class Link(TypedDict):
    """What an entry did to a claim, by the event at `position`."""

    claim: str
    relation: RelationWord
    position: Position


class EntryRow(TypedDict):
    """An entry of a story. `version` digests its words; `news`: it changed what is known."""

    id: str
    version: str
    title: str
    url: str | None
    source: str
    publisher: str | None
    published: Time | None
    seen: Time
    position: Position
    news: bool
    links: list[Link]


class Entries(TypedDict):
    """The entries of a story, in the order in which they came."""

    schema_version: Version
    story: str
    entries: list[EntryRow]


class EntryVersion(TypedDict):
    """An entry as it read at a time, in plain text. `suspect`: its publisher names a date that cannot be."""

    version: str
    title: str
    summary: str
    text: str
    url: str | None
    publisher: str | None
    language: str | None
    published: Time | None
    suspect: bool
    seen: Time


class EntryVersions(TypedDict):
    """An entry of a story with its versions, oldest first. Of one that was erased no version is left."""

    schema_version: Version
    story: str
    entry: EntryRow
    earlier: Annotated[Count, Meta(description="How many versions there are before those.")]
    versions: list[EntryVersion]


def entries(story: str, listed: Iterable[Listed]) -> Entries:
    """Return the entries of a story."""
    return {"schema_version": SCHEMA_VERSION, "story": story, "entries": [_row(one) for one in listed]}


def entry_versions(story: str, entry: Listed, versions: Iterable[Entry], earlier: int) -> EntryVersions:
    """Return an entry with its versions."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": story,
        "entry": _row(entry),
        "earlier": earlier,
        "versions": [_version(one) for one in versions],
    }


def _row(entry: Listed) -> EntryRow:
    return {
        "id": entry.id,
        "version": entry.version,
        "title": entry.title,
        "url": entry.url,
        "source": entry.source,
        "publisher": entry.publisher,
        "published": stamp_or_none(entry.published),
        "seen": stamp(entry.seen),
        "position": entry.position,
        "news": entry.news,
        "links": [{"claim": one.claim, "relation": one.relation, "position": one.position} for one in entry.links],
    }


def _version(entry: Entry) -> EntryVersion:
    return {
        "version": entry.version,
        "title": entry.title,
        "summary": entry.summary,
        "text": entry.text,
        "url": entry.url,
        "publisher": entry.publisher,
        "language": entry.language,
        "published": stamp_or_none(entry.published),
        "suspect": entry.date_suspect,
        "seen": stamp(entry.seen),
    }
