"""How often a source is asked: as often as it brings something new, not more often than is welcome, never never.

Numbers are seconds; moments are handed in. What the world says, dates and headers, may be wrong by any amount: no value
of it makes an interval that is not within the bounds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from tracker.domain.ids import content_id
from tracker.errors import Trouble

DAY = 86_400.0
WEEK = 7 * DAY
WALL = 4 * 3600.0
"""For how long a source behind a wall is left alone at the least: who knocks more often is kept out longer."""

_OURS = 3600.0
"""After so long we see whether what kept us from asking at all was mended: nobody is bothered by that."""
_YEAR = 365 * DAY
_AT_ONCE = 900.0
"""Entries published within so many seconds are one burst, and say nothing of the gap to the next."""
_STEP = 4.0
"""By which factor one observation may differ from the gap so far; the gap then moves by the square root of it."""
_STILL = 4.0
"""By how much the silence so far is longer than the gap that is taken from it: after a night without news the first of
the morning is late by an eighth of the night at the most."""
_BLIND = 4.0
"""By how much longer a source is left alone that sends its whole document each time, since it names no validators, and
does not say for how long that holds: an hour where the least is a quarter of one. Publishers want even conditional
requests once an hour; once a day, which they want of unconditional ones, is too late for news."""
_JITTER = 0.1
_UNCONDITIONAL = 100
"""One poll of so many asks for the whole document, whatever we hold: some servers say "not modified" for ever."""
_ENOUGH = 10
"""Entries that a source must have brought before its silence means anything."""
_SILENCE = 7.0
_SHORTEST_SILENCE = 3 * DAY
"""A weekend, when many newsrooms rest, is no silence."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds of all intervals: no source is asked more often than each `least`, each is at least each `most`."""

    least: float
    most: float

    def interval(self, gap: float | None, idle: float, asked: float, *, blind: bool) -> float:
        """Return how long to wait after a good poll.

        `gap` is the usual time between entries, `idle` that since the last one, `asked` for how long the server wants
        to be left alone (0: it does not say), `blind`: it names neither validators nor such a time.
        """
        usual = max(gap or 0.0, idle / _STILL) / 2
        least = self.least * _BLIND if blind else self.least
        return min(max(usual, least, asked), self.most)

    def pause(self, trouble: Trouble, failures: int, interval: float | None, asked: float | None = None) -> float:
        """Return how long to wait after the so manieth failure in a row: doubling from the least, never for ever.

        Most faults are short, so that also a source which is asked once a day is tried again soon, and three failures
        come within hours. One that is merely not reached is tried sooner still at first: it may be our own network, or
        a restart. Who asks for less is asked no sooner than after a good poll.
        """
        if trouble == "gone":
            return WEEK
        first = {"unreachable": self.least / 4, "rate limited": max(interval or 0.0, self.least)}.get(
            trouble, self.least
        )
        seconds = first * 2.0 ** min(failures - 1, 32)
        if trouble == "wall":
            seconds = max(seconds, WALL)
        if trouble == "unasked":
            seconds = min(seconds, max(_OURS, self.least))
        return min(max(seconds, asked or 0.0), self.most)


def spread(seconds: float, most: float, feed: str, moment: datetime) -> timedelta:
    """Return a wait made longer by up to a tenth, differently for each source and each time, and at most `most`.

    What was polled together, or failed together, is not polled together again.
    """
    return timedelta(seconds=min(seconds, most / (1 + _JITTER)) * (1 + _JITTER * _share("pace", feed, moment)))


def unconditional(feed: str, moment: datetime | None) -> bool:
    """Tell whether the poll after the one at `moment` is one of the few that ask for the whole document."""
    return moment is not None and int(_share("whole", feed, moment) * _UNCONDITIONAL) == 0


def first_gap(published: Iterable[datetime], now: datetime) -> float | None:
    """Return the time between bursts of entries as their dates tell it; None where they tell nothing.

    Half of the dates may be wrong before the median is.
    """
    moments = sorted({int(one.timestamp() // _AT_ONCE) for one in published if one <= now})
    gaps = [(later - earlier) * _AT_ONCE for earlier, later in pairwise(moments)]
    return min(median(gaps), _YEAR) if gaps else None


def next_gap(gap: float | None, fresh: int, since: float) -> float:
    """Return the gap after a poll that brought `fresh` entries, `since` seconds after the last ones came.

    It moves half of the way (in powers), and never by more than a factor of two: a burst is one observation.
    """
    seen = min(max(since / fresh, 1.0), _YEAR)
    if gap is None:
        return seen
    known = max(gap, 1.0)
    return float((known * min(max(seen, known / _STEP), known * _STEP)) ** 0.5)


def is_silence(gap: float | None, idle: float, brought: int) -> bool:
    """Tell whether a source that used to bring something each `gap` has been idle for much too long."""
    return gap is not None and brought >= _ENOUGH and idle > max(_SILENCE * gap, _SHORTEST_SILENCE)


def within_a_day(seconds: float | None) -> float:
    """Return a time that a server asks for as one that can be granted: nothing for what makes no sense."""
    return min(seconds, DAY) if seconds is not None and seconds > 0 else 0.0


def _share(what: str, feed: str, moment: datetime) -> float:
    """Return a number in [0, 1) that is the same for the same source and moment."""
    return int(content_id(what, (feed, moment.isoformat()))[-8:], 16) / 2**32
