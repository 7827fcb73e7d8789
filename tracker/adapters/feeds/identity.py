"""The key under which an item is known over all its versions, and over all the feeds that carry it."""

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from tracker.adapters.feeds.item import Item
from tracker.adapters.feeds.links import absolute, canonical
from tracker.domain.ids import content_id
from tracker.ports.feeds import Criterion

_WORLDWIDE = re.compile(r"(?:https?://|tag:|urn:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
# Some outlets count the edits of an article in its guid: #0, #1, ...
_EDIT_COUNTER = re.compile(r"#\d{1,2}$")


def without_repeats(items: Sequence[Item]) -> list[Item]:
    """Return the items without those that a later one repeats: same guid, link and title."""
    latest = {(item.guid, item.link, item.title): item for item in items if item.guid or item.link}
    return [item for item in items if latest.get((item.guid, item.link, item.title), item) is item]


def entry_ids(items: Sequence[Item], feed: str, criterion: Criterion | None = None) -> tuple[list[str], Criterion]:
    """Return an id for each item, in order, and what they are told apart by.

    The first that the item has and no other item of the document shares: its guid, its link without tracking, its link
    as it stands; failing all, a digest of its words and date. A guid that is no URI means nothing outside of its feed.
    """
    ladders = [_ladder(item, feed) for item in items]
    shared = Counter(key for ladder in ladders for key in set(ladder))
    ids = [_first(ladder, shared) or _digest(item, feed) for item, ladder in zip(items, ladders, strict=True)]
    return ids, criterion or "id"


def _first(ladder: Sequence[tuple[str, ...]], shared: Counter[tuple[str, ...]]) -> str | None:
    for key in ladder:
        if shared[key] == 1:
            return content_id("e", key)
    return None


def _ladder(item: Item, feed: str) -> list[tuple[str, ...]]:
    rungs = [_guid_key(item.guid, feed)] if item.guid else []
    if item.link:
        rungs += [(canonical(item.link),), (item.link,)]
    return rungs


def _guid_key(guid: str, feed: str) -> tuple[str, ...]:
    address = absolute(guid, "") if guid[:4].lower() == "http" else None
    if address is not None:
        bare = _EDIT_COUNTER.sub("", address)
        fragment = urlsplit(bare).fragment
        return (canonical(bare) + (f"#{fragment}" if fragment else ""),)
    return (guid,) if _WORLDWIDE.match(guid) else (feed, guid)


def _digest(item: Item, feed: str) -> str:
    moment = item.published.isoformat() if item.published else ""
    return content_id("e", (feed, item.title, moment, item.summary or item.content))
