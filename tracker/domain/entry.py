"""An entry: one item of a feed, normalised; the unit that is judged."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tracker.domain.ids import content_id


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed in plain text.

    `id` names the item over all its versions and all feeds that carry it; `version` digests its words, so a silent
    edit gives a new version of the same entry. `published` is what the publisher claims (None when it says nothing
    usable; `date_suspect` when it names a date that cannot be), `seen` is when we first read this version. All times
    are aware and in UTC. Texts hold no markup.
    """

    id: str
    title: str
    summary: str
    seen: datetime
    url: str | None = None
    publisher: str | None = None
    published: datetime | None = None
    language: str | None = None
    text: str = ""
    feed: str | None = None
    date_suspect: bool = False

    @property
    def version(self) -> str:
        """Digest of the words; equal words are an equal version."""
        return _version(self.title, self.summary, self.text)

    @property
    def moment(self) -> datetime:
        """When the entry speaks: the claimed time, or the time we saw it; never later than we saw it."""
        return min(self.published, self.seen) if self.published else self.seen


@lru_cache(maxsize=256)  # the entries of a document: each is asked for its version again and again
def _version(*words: str) -> str:
    return content_id("v", words)


@dataclass(frozen=True, slots=True)
class EntryRef:
    """What an event says of the entry it rests on, so that each event explains itself.

    `source` is who stands behind the words: the agency when the outlet relays one, else the outlet. `summary` is cut
    at 600 characters: enough for the judge to know a repeat without looking into the archive.
    """

    id: str
    version: str
    title: str
    summary: str
    url: str | None
    publisher: str | None
    source: str
    published: datetime | None
    language: str | None = None


def refer(entry: Entry, source: str) -> EntryRef:
    """Return the reference under which events name an entry."""
    return EntryRef(
        id=entry.id,
        version=entry.version,
        title=entry.title,
        summary=(entry.summary or entry.text)[:600],
        url=entry.url,
        publisher=entry.publisher,
        source=source,
        published=entry.published,
        language=entry.language,
    )


def whole(text: str) -> str:
    """Return text without halves of characters (lone surrogates), which JSON can carry and no database can keep."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
