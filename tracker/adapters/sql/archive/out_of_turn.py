"""How entries leave a feed: at its old end as time goes by, or out of turn, because somebody took them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

HABIT = 4
"""Times at which a feed dropped entries out of turn, from which it says nothing by it."""
_AT_MOST = 4  # one time in so many


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a feed shows it: `number` tells when it came where there is no date, `last_seen` until when."""

    entry: str
    number: int
    published: datetime | None
    last_seen: datetime

    def older(self, other: "Shown") -> bool:
        """Tell whether this one came about before another: by their dates, else, or on one date, by their places."""
        if self.published and other.published and self.published != other.published:
            return self.published < other.published
        return self.number < other.number


def out_of_turn(gone: Sequence[Shown], stay: Sequence[Shown], arrivals: int) -> list[Shown]:
    """Return those of the entries that a document shows no more which did not leave at its old end.

    None where more than half have gone at once: that document is broken, or the feed has become another. A single
    older entry that stays may be pinned to the feed: it counts only where fewer came than went.
    """
    if len(gone) > len(stay):
        return []
    least = 1 if arrivals < len(gone) else 2
    oldest = _oldest(stay)
    return [one for one in gone if sum(other.older(one) for other in oldest) >= least]


def _oldest(shown: Sequence[Shown]) -> list[Shown]:
    """Return those among which two are older than another entry, if two of all are: the first by date and by place."""
    dated = sorted((one for one in shown if one.published), key=lambda one: (one.published, one.number))
    undated = sorted((one for one in shown if not one.published), key=lambda one: one.number)
    placed = sorted(shown, key=lambda one: one.number)
    return list({one.entry: one for one in (*dated[:2], *undated[:2], *placed[:2])}.values())


def is_habit(shown: Sequence[Shown]) -> bool:
    """Tell whether a feed drops entries out of turn as a habit, given what it showed of late.

    What went at one time counts once. Portals do it, which show what matters most, and lists of what is read most.
    """
    newest = max(one.last_seen for one in shown)
    times: dict[datetime, bool] = {}
    for one in shown:
        if one.last_seen < newest:
            outlived = sum(other.last_seen > one.last_seen and other.older(one) for other in shown)
            times[one.last_seen] = times.get(one.last_seen, False) or outlived > 1
    early = sum(times.values())
    return early >= HABIT and early * _AT_MOST > len(times)
