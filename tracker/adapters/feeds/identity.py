"""The key under which an item is known over all its versions, and over all the feeds that carry it.

What the items of a feed are told apart by is a ladder: id, link, link and date, these and the title, the content. A
feed stands on the highest rung that tells nearly all of its items apart. It goes down when a document shows that its
rung fails, and never up again by itself: ids must not swing. A single item whose key is blank or another one's as well
takes the next rung that is its own, and the feed stays where it is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import get_args
from urllib.parse import urlsplit

from tracker.adapters.feeds.item import Item
from tracker.adapters.feeds.links import absolute
from tracker.domain.address import canonical
from tracker.domain.ids import content_id
from tracker.ports.feeds import Criterion

LADDER: tuple[Criterion, ...] = get_args(Criterion)

_WORLDWIDE = re.compile(r"(?:https?://|tag:|urn:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
# Some outlets count the edits of an article in its guid: #0, #1, ...
_EDIT_COUNTER = re.compile(r"#\d{1,2}$")
_TELLING = 4
"""Items from which a document tells whether its feed's rung holds."""
_NEARLY_ALL = 0.95

_Key = tuple[str, ...]
_Rungs = dict[Criterion, tuple[_Key, ...]]


def without_repeats(items: Sequence[Item]) -> list[Item]:
    """Return the items without those that a later one repeats: same guid, link and title."""
    latest = {(item.guid, item.link, item.title): item for item in items if item.guid or item.link}
    return [item for item in items if latest.get((item.guid, item.link, item.title), item) is item]


def entry_ids(items: Sequence[Item], feed: str, criterion: Criterion | None = None) -> tuple[list[str], Criterion]:
    """Return an id for each item, in order, and what the feed's items are told apart by from now on.

    `criterion` is what they were told apart by so far. A guid that is no URI means nothing outside of its feed. Items
    that have the same id have the same words, date, guid and link.
    """
    rungs = [_rungs(item, feed) for item in items]
    criterion = _standing(rungs, criterion or LADDER[0])
    steps = LADDER[LADDER.index(criterion) :]
    ladders = [list(chain.from_iterable(of[step] for step in steps)) for of in rungs]
    shared = Counter(key for ladder in ladders for key in set(ladder))
    contents = [_content(item, feed) for item in items]
    alike = Counter(contents)
    for ladder, content, item in zip(ladders, contents, items, strict=True):
        ladder.append(content if alike[content] == 1 else (*content, *_all_of(item)))
    return [content_id("e", _first(ladder, shared)) for ladder in ladders], criterion


def _first(ladder: Sequence[_Key], shared: Counter[_Key]) -> _Key:
    """Return the first key that is one item's alone, else the last."""
    return next((key for key in ladder if shared[key] == 1), ladder[-1])


def _standing(rungs: Sequence[_Rungs], criterion: Criterion) -> Criterion:
    """Return the rung on which a feed stands after a document; one of too few items says nothing."""
    steps = LADDER[LADDER.index(criterion) : -1] if len(rungs) >= _TELLING else (criterion,)
    return next((step for step in steps if len(rungs) < _TELLING or _holds(rungs, step)), LADDER[-1])


def _holds(rungs: Sequence[_Rungs], step: Criterion) -> bool:
    """Tell whether a rung tells items apart: nearly all keys are of one item, and not nearly all items have none.

    What has no key on a rung does no harm there, since it takes the next one.
    """
    keyed = [of[step][-1] for of in rungs if of[step]]
    doubled = len(keyed) - len(set(keyed))
    return len(keyed) > len(rungs) * (1 - _NEARLY_ALL) and doubled <= max(1, len(keyed) * (1 - _NEARLY_ALL))


def _rungs(item: Item, feed: str) -> _Rungs:
    """Return the keys that an item has on each rung, those first that it shares with other feeds."""
    link = canonical(item.link) if item.link else ""
    date = item.published.isoformat() if item.published else ""
    place = link or feed
    return {
        "id": (_guid_key(item.guid, feed),) if item.guid else (),
        "link": ((link,), (item.link,)) if item.link else (),
        "link and date": ((link, date),) if link and date else (),
        "link, date and title": ((place, date, item.title),) if date and item.title else (),
        "content": (),
    }


def _guid_key(guid: str, feed: str) -> _Key:
    address = absolute(guid, "") if guid[:4].lower() == "http" else None
    if address is not None:
        bare = _EDIT_COUNTER.sub("", address)
        fragment = urlsplit(bare).fragment
        return (canonical(bare) + (f"#{fragment}" if fragment else ""),)
    return (guid,) if _WORLDWIDE.match(guid) else (feed, guid)


def _content(item: Item, feed: str) -> _Key:
    moment = item.published.isoformat() if item.published else ""
    return (feed, item.title, moment, item.summary or item.content)


def _all_of(item: Item) -> Iterable[str]:
    return item.content, item.guid, item.link or ""
