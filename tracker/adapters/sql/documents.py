"""Entries as the archive holds them."""

import msgspec

from tracker.domain.address import article
from tracker.domain.entry import Entry
from tracker.domain.ids import content_id
from tracker.domain.words import plain

_decoder = msgspec.json.Decoder(Entry)


def decode_entry(data: str) -> Entry:
    """Return an entry as it was kept."""
    return _decoder.decode(data)


def place_of(entry: Entry) -> str | None:
    """Return a digest of the canonical address and the title, None for an entry that lacks either.

    Both are needed: live tickers and portals give many items one address, and many items bear one title.
    """
    title = plain(entry.title)
    return content_id("p", (article(entry.url), title)) if entry.url and title else None
