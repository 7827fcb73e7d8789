"""When somebody is told: quiet hours and the periods of digests, by the clock on their wall.

Hours are local ones, as a person means them. One that the clocks skip, as in spring, is the first moment after it; one
that they show twice, as in autumn, is the first of the two. Moments go in and come out in UTC.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from tracker.domain.subscription_events import Timing

Held = Literal["group", "quiet", "digest"]
"""Why a notice waits: for company, for the end of quiet hours, for its digest."""

ALONE = frozenset({"source", "endpoint"})
"""Kinds of notices that are about no story: they wait for no company."""
PROMPT = frozenset({"endpoint"})
"""Kinds that wait for no digest: that somebody cannot be reached is of no use a week later."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def hold(timing: Timing, kind: str, now: datetime) -> tuple[Held, datetime] | None:
    """Return why a notice of a kind has to wait, and until when at the least; None for one that is told at once."""
    if timing.every != "immediate" and kind not in PROMPT:
        return "digest", period(timing, now)[1]
    end = quiet_until(timing, (kind,), now)
    if end is not None:
        return "quiet", end
    if kind not in ALONE and (timing.group_wait or timing.group_interval):
        return "group", now + timedelta(seconds=timing.group_wait)
    return None


def quiet_until(timing: Timing, kinds: Collection[str], now: datetime) -> datetime | None:
    """Return until when a message on notices of these kinds has to wait for quiet hours; None where it may go now.

    One of the kinds being urgent is enough. A digest knows no urgency: its kinds are ().
    """
    if timing.quiet is None or not set(timing.urgent).isdisjoint(kinds):
        return None
    end = _awake(timing, now)
    return end if end > now else None


def period(timing: Timing, moment: datetime) -> tuple[datetime, datetime]:
    """Return the period to which a moment belongs, from and until (exclusive), for anything but "immediate".

    Periods follow each other without gap or overlap. One that would end in quiet hours ends with them.
    """
    ends = _ends(timing, _day(moment, _zone(timing.zone)))
    after = bisect_right(ends, moment)
    return ends[after - 1], ends[after]


def has_zone(name: str) -> bool:
    """Tell whether this machine knows a time zone."""
    return _known(name) is not None


def _zone(name: str) -> tzinfo:
    """Return a time zone; UTC for one that this machine does not know, since late is better than never."""
    return _known(name) or UTC


@lru_cache
def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, no name of one, or a folder of them
        return None


def _awake(timing: Timing, moment: datetime) -> datetime:
    """Return the first moment from this one on that is not in quiet hours."""
    while True:
        ends = [end for start, end in _quiet(timing, moment) if start <= moment < end]
        if not ends:
            return moment
        moment = max(ends)


def _quiet(timing: Timing, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the quiet hours that can hold a moment. From and until the same hour are none."""
    if timing.quiet is None:
        return
    first, last = (time.fromisoformat(one) for one in timing.quiet)
    if first == last:
        return
    zone = _zone(timing.zone)
    for day in _days(_day(moment, zone), range(-2, 1)):
        yield _at(day, first, zone), _at(day + _DAY if last < first else day, last, zone)


@lru_cache
def _ends(timing: Timing, today: date) -> tuple[datetime, ...]:
    """Return the ends of periods around a day: those of more than a period, and of a night, before and after it."""
    zone, reach = _zone(timing.zone), 9 if timing.every == "weekly" else 2
    hours = [time(hour) for hour in range(24)] if timing.every == "hourly" else [time.fromisoformat(timing.at)]
    days = (
        day for day in _days(today, range(-reach, reach + 1)) if timing.every != "weekly" or day.weekday() == timing.day
    )
    return tuple(sorted({_awake(timing, _at(day, hour, zone)) for day in days for hour in hours}))


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _days(today: date, offsets: Iterable[int]) -> Iterator[date]:
    return (today + offset * _DAY for offset in offsets)


@lru_cache(maxsize=4096)
def _at(day: date, hour: time, zone: tzinfo) -> datetime:
    """Return when the clocks of a zone show an hour first, or, where they skip it, the first that they show after."""
    local = datetime.combine(day, hour)
    while (shown := _shown(local, zone)) is None:
        local += _MINUTE
    return shown


def _shown(local: datetime, zone: tzinfo) -> datetime | None:
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local else None
