"""The order in which the items of a document came about."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from tracker.adapters.feeds.item import Item

_START = datetime.min.replace(tzinfo=UTC)


def oldest_first(items: Sequence[Item]) -> list[Item]:
    """Return the items by date, oldest first.

    An item without a date stays beside its neighbour. Feeds put the newest on top, unless their dates say otherwise.
    """
    upward = list(items) if _ascends(items) else list(reversed(items))
    keyed: list[tuple[datetime, int, Item]] = []
    last = _START
    for place, item in enumerate(upward):
        last = item.published or last
        keyed.append((last, place, item))
    return [item for _, _, item in sorted(keyed, key=lambda row: row[:2])]


def _ascends(items: Sequence[Item]) -> bool:
    dates = [item.published for item in items if item.published]
    steps = [(early < late) - (early > late) for early, late in pairwise(dates)]
    return sum(steps) > 0
