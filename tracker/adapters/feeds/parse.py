"""Bytes to entries."""

from dataclasses import replace
from datetime import datetime

from tracker.adapters.feeds.identity import entry_ids, without_repeats
from tracker.adapters.feeds.item import Channel, Item
from tracker.adapters.feeds.jsonfeed import read_json
from tracker.adapters.feeds.limits import MORE_ENTRIES, first_entries, refuse_monsters
from tracker.adapters.feeds.links import canonical
from tracker.adapters.feeds.order import oldest_first
from tracker.adapters.feeds.rss import read_xml
from tracker.adapters.feeds.sniff import is_empty, is_json
from tracker.domain.entry import Entry
from tracker.errors import NotAFeed
from tracker.ports.feeds import Criterion, Document, Fetched


class FeedParser:
    """The Parser of the program: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, by content, not by name."""

    def parse(
        self, fetched: Fetched, *, feed: str, name: str | None, seen: datetime, criterion: Criterion | None = None
    ) -> Document:
        """See Parser.parse. Of more than 5,000 entries the first are kept, which the complaint then says."""
        channel = _read(fetched, seen)
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


def _read(fetched: Fetched, seen: datetime) -> Channel:
    if is_empty(fetched.body):
        raise NotAFeed("empty answer")
    json = is_json(fetched.body)
    body = fetched.body if json else first_entries(fetched.body)
    refuse_monsters(body)
    try:
        channel = read_json(fetched, seen) if json else read_xml(replace(fetched, body=body), seen)
    except NotAFeed:
        raise
    except Exception as error:  # no document of a stranger may stop the others, whatever it provokes in a library
        raise NotAFeed(f"a document that cannot be read ({type(error).__name__})") from error
    return channel if len(body) == len(fetched.body) else replace(channel, complaint=MORE_ENTRIES)


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
