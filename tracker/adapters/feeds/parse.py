"""Bytes to entries."""

from datetime import datetime

from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.identity import entry_ids, without_repeats
from tracker.adapters.feeds.item import Channel, Item
from tracker.adapters.feeds.order import oldest_first
from tracker.adapters.feeds.ordinary import read_ordinary
from tracker.adapters.feeds.read import read
from tracker.domain.address import canonical
from tracker.domain.entry import Entry
from tracker.errors import Died, NotAFeed, TookTooLong
from tracker.ports.feeds import Criterion, Document, Fetched

SECONDS = 20.0
"""The most for one document: ten megabytes that are not made for it take two."""
_LEAST_SECONDS = 5.0
"""The most for a small one: others wait for their turn meanwhile. A hundred times as long as it takes, since the
process may have to be started for it on a busy machine."""
_PER_BYTE = 2.0 / (1 << 20)
MEMORY = 512 << 20
"""Bytes of address space for it all: a third is the interpreter's, as much a document of ten megabytes takes."""


class FeedParser:
    """The Parser of the program: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, by content, not by name.

    What is not ordinary is read in the process that is lent as `apart`, or in this one without it. Every such document,
    however small: 800 KB of namespaces keep feedparser busy for half a minute.
    """

    def __init__(self, apart: Apart | None = None) -> None:
        self._apart = apart

    def parse(
        self, fetched: Fetched, *, feed: str, name: str | None, seen: datetime, criterion: Criterion | None = None
    ) -> Document:
        """See Parser.parse. Of more than 5,000 entries the first are kept, which the complaint then says."""
        channel = read_ordinary(fetched, seen) or self._read(fetched, seen)
        items = without_repeats(oldest_first(channel.items))
        ids, criterion = entry_ids(items, feed, criterion)
        publisher = name or channel.title
        entries = {
            id_: _entry(id_, item, feed=feed, publisher=publisher, language=channel.language, seen=seen)
            for id_, item in zip(ids, items, strict=True)
        }
        return Document(
            title=channel.title,
            language=channel.language,
            entries=tuple(entries.values()),
            complaint=channel.complaint,
            criterion=criterion,
            ttl=channel.ttl,
        )

    def _read(self, fetched: Fetched, seen: datetime) -> Channel:
        if self._apart is None:
            return read(fetched, seen)
        try:
            return self._apart.call_for(_LEAST_SECONDS + _PER_BYTE * len(fetched.body), read, fetched, seen)
        except (TookTooLong, Died) as error:
            raise NotAFeed(f"a document that cannot be read: {error}") from error


def _entry(id_: str, item: Item, *, feed: str, publisher: str | None, language: str | None, seen: datetime) -> Entry:
    return Entry(
        id=id_,
        title=item.title,
        summary=item.summary,
        seen=seen,
        url=canonical(item.link) if item.link else None,
        publisher=item.publisher or publisher,
        published=item.published,
        language=item.language or language,
        text=item.content if len(item.content) > len(item.summary) else "",
        feed=feed,
        date_suspect=item.date_suspect,
    )
