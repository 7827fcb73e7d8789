"""When somebody is told, by the clock on their wall: quiet hours and the periods of digests, right across DST."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.schedule import has_zone, hold, period, quiet_until
from tracker.domain.subscription_events import Timing

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe",
    "Africa/Casablanca", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Antarctica/Troll",
)  # fmt: skip
"""Shifts by an hour, by half of one and by two, at midnight, in Ramadan, and across the date line."""

hours = st.builds(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}", st.integers(0, 24 * 60 - 1))
moments = st.datetimes(datetime(2008, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it is given
quiet_hours = st.tuples(hours, hours)
timings = st.builds(
    Timing,
    every=st.sampled_from(("hourly", "daily", "weekly")),
    at=hours,
    day=st.integers(0, 6),
    zone=st.sampled_from(ZONES),
    quiet=st.none() | quiet_hours,
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(timings, moments)
def test_periods_tile_time(timing: Timing, moment: datetime) -> None:
    """Each moment is in one period, and the next begins where it ends."""
    start, end = period(timing, moment)
    assert start <= moment < end
    assert period(timing, start) == period(timing, end - timedelta(microseconds=1)) == (start, end)
    assert period(timing, end)[0] == end
    assert period(timing, start - timedelta(microseconds=1))[1] == start


@given(timings, moments)
def test_periods_end_at_the_hour_on_the_wall(timing: Timing, moment: datetime) -> None:
    """They end the first time that the clocks show the hour, or past it where they skip it; or with quiet hours."""
    _, end = period(timing, moment)
    shown, before = local(end, timing.zone), local(end - MINUTE, timing.zone)
    wanted = time.fromisoformat(timing.at) if timing.every != "hourly" else time(shown.hour)
    if timing.quiet and quiet_until(timing, (), end - MINUTE) == end:
        return
    days = (shown.date(), shown.date() - DAY)
    hits = [at for at in (datetime.combine(day, wanted) for day in days) if before < at <= shown]
    assert hits, "the clocks show the hour at the end, or have just skipped it"
    assert timing.every != "weekly" or hits[0].weekday() == timing.day
    assert shown == hits[0] or shown - before > MINUTE
    assert all(local(end - shift, timing.zone) != shown for shift in (HOUR / 2, HOUR, 2 * HOUR))


@given(timings, moments)
def test_no_digest_is_made_in_quiet_hours(timing: Timing, moment: datetime) -> None:
    """The end of a period is never quiet, so that its digest goes at once."""
    assert quiet_until(timing, (), period(timing, moment)[1]) is None


@given(quiet_hours, st.sampled_from(ZONES), moments, st.floats(0, 0.99))
def test_quiet_until_their_end(quiet: tuple[str, str], zone: str, moment: datetime, part: float) -> None:
    """What has to wait is told at the first moment that is not quiet, and not before."""
    timing = Timing(zone=zone, quiet=quiet)
    end = quiet_until(timing, ("new",), moment)
    if end is not None:
        assert end > moment
        assert quiet_until(timing, ("new",), end) is None
        assert quiet_until(timing, ("new",), moment + part * (end - moment)) == end


@given(quiet_hours, st.sampled_from(("UTC", "Asia/Kolkata")), moments)
def test_quiet_is_what_the_wall_says(quiet: tuple[str, str], zone: str, moment: datetime) -> None:
    """Where clocks are never changed it is quiet from the one hour until the other, also past midnight."""
    start, end = map(time.fromisoformat, quiet)
    now = local(moment, zone).time()
    asleep = start <= now < end if start <= end else now >= start or now < end
    assert (quiet_until(Timing(zone=zone, quiet=quiet), ("new",), moment) is not None) == asleep


@pytest.mark.parametrize(
    ("timing", "ends"),
    [
        # Berlin's clocks went from 02:00 to 03:00 on 31 March 2024 and from 03:00 to 02:00 on 27 October.
        (
            {"every": "daily", "at": "02:30", "zone": "Europe/Berlin"},
            ["2024-03-30T01:30", "2024-03-31T01:00", "2024-04-01T00:30"],
        ),
        (
            {"every": "daily", "at": "02:30", "zone": "Europe/Berlin"},
            ["2024-10-26T00:30", "2024-10-27T00:30", "2024-10-28T01:30"],
        ),
        (
            {"every": "daily", "at": "08:00", "zone": "Europe/Berlin"},
            ["2024-10-26T06:00", "2024-10-27T07:00", "2024-10-28T07:00"],
        ),
        (
            {"every": "weekly", "day": 6, "at": "08:00", "zone": "Europe/Berlin"},
            ["2024-03-24T07:00", "2024-03-31T06:00", "2024-04-07T06:00"],
        ),
        (
            {"every": "hourly", "zone": "Europe/Berlin"},
            ["2024-03-30T23:00", "2024-03-31T00:00", "2024-03-31T01:00", "2024-03-31T02:00"],
        ),
        # The second 02:00 of the night is no end: that one period lasts two hours.
        (
            {"every": "hourly", "zone": "Europe/Berlin"},
            ["2024-10-26T23:00", "2024-10-27T00:00", "2024-10-27T02:00", "2024-10-27T03:00"],
        ),
        ({"every": "hourly", "zone": "Asia/Kolkata"}, ["2024-06-01T09:30", "2024-06-01T10:30"]),
        # Apia had no 30 December 2011: what was for that day comes as it is over.
        (
            {"every": "daily", "at": "08:00", "zone": "Pacific/Apia"},
            ["2011-12-29T18:00", "2011-12-30T10:00", "2011-12-30T18:00"],
        ),
        # The hours of the night are one period, and an early digest comes when they end.
        (
            {"every": "hourly", "quiet": ("22:00", "07:00")},
            ["2024-06-01T20:00", "2024-06-01T21:00", "2024-06-02T07:00", "2024-06-02T08:00"],
        ),
        ({"every": "daily", "at": "06:00", "quiet": ("22:00", "07:00")}, ["2024-06-01T07:00", "2024-06-02T07:00"]),
        ({"every": "daily", "at": "08:00", "quiet": ("22:00", "07:00")}, ["2024-06-01T08:00", "2024-06-02T08:00"]),
    ],
)
def test_periods_by_the_calendar(timing: dict[str, Any], ends: list[str]) -> None:
    """Digests come at the hours that a calendar and a table of clock changes give."""
    for start, end in pairwise(map(utc, ends)):
        assert period(Timing(**timing), start) == (start, end)


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "end"),
    [
        ("Europe/Berlin", ("22:00", "07:00"), "2024-03-30T21:00", "2024-03-31T05:00"),
        ("Europe/Berlin", ("22:00", "07:00"), "2024-10-26T20:00", "2024-10-27T06:00"),
        ("Europe/Berlin", ("22:00", "07:00"), "2024-10-27T06:00", None),
        ("Europe/Berlin", ("22:00", "07:00"), "2024-10-26T19:59", None),
        # Quiet hours that the clocks skip do not take place.
        ("Europe/Berlin", ("02:00", "03:00"), "2024-03-31T01:00", None),
        ("Europe/Berlin", ("02:15", "02:45"), "2024-03-31T01:00", None),
        # Their end is the first 02:30 of the two, although 02:15 comes again.
        ("Europe/Berlin", ("02:00", "02:30"), "2024-10-27T00:15", "2024-10-27T00:30"),
        ("Europe/Berlin", ("02:00", "02:30"), "2024-10-27T01:15", None),
        ("UTC", ("12:00", "13:00"), "2024-06-01T12:30", "2024-06-01T13:00"),
        ("UTC", ("12:00", "12:00"), "2024-06-01T12:00", None),
        ("Pacific/Apia", ("22:00", "07:00"), "2011-12-30T09:00", "2011-12-30T17:00"),
    ],
)
def test_quiet_hours_by_the_calendar(zone: str, quiet: tuple[str, str], now: str, end: str | None) -> None:
    """Quiet hours end at the hour on the wall, in the nights in which clocks are changed as well."""
    assert quiet_until(Timing(zone=zone, quiet=quiet), ("new",), utc(now)) == (utc(end) if end else None)


def test_what_is_urgent_is_told_in_quiet_hours() -> None:
    """One urgent kind takes a message through the night; a digest, which knows no urgency, waits."""
    timing, night = Timing(quiet=("22:00", "07:00"), urgent=("denied",)), utc("2024-06-01T23:00")
    assert quiet_until(timing, ("updated", "denied"), night) is None
    assert quiet_until(timing, ("updated",), night) == utc("2024-06-02T07:00")
    assert quiet_until(timing, (), night) == utc("2024-06-02T07:00")
    assert hold(timing, "denied", night) is None


NOON, NIGHT = utc("2024-06-01T12:00"), utc("2024-06-01T23:00")
QUIET, GROUPED = {"quiet": ("22:00", "07:00")}, {"group_wait": 30.0, "group_interval": 300.0}


@pytest.mark.parametrize(
    ("timing", "kind", "now", "held"),
    [
        ({}, "new", NIGHT, None),
        (QUIET, "new", NOON, None),
        (QUIET, "new", NIGHT, ("quiet", utc("2024-06-02T07:00"))),
        (QUIET, "correction", NIGHT, ("quiet", utc("2024-06-02T07:00"))),
        (QUIET, "endpoint", NIGHT, ("quiet", utc("2024-06-02T07:00"))),
        (GROUPED, "new", NOON, ("group", NOON + timedelta(seconds=30))),
        ({"group_interval": 300.0}, "new", NOON, ("group", NOON)),
        (GROUPED, "source", NOON, None),
        (GROUPED, "endpoint", NOON, None),
        (QUIET | GROUPED, "new", NIGHT, ("quiet", utc("2024-06-02T07:00"))),
        (QUIET | {"every": "daily", "at": "23:30"}, "new", NOON, ("digest", utc("2024-06-02T07:00"))),
        ({"every": "daily", "urgent": ("new",)}, "new", NOON, ("digest", utc("2024-06-02T08:00"))),
        ({"every": "daily"}, "source", NOON, ("digest", utc("2024-06-02T08:00"))),
        ({"every": "daily"}, "endpoint", NOON, None),
    ],
)
def test_hold(timing: dict[str, Any], kind: str, now: datetime, held: object) -> None:
    """A digest holds all but trouble with the ways, quiet hours what is not urgent, groups what is of a story."""
    assert hold(Timing(**timing), kind, now) == held


@pytest.mark.parametrize("name", ["Mars/Olympus", "Europe", "../etc/passwd", "", "a\0b"])
def test_a_zone_that_this_machine_does_not_know_is_utc(name: str) -> None:
    """Somebody is told at another hour rather than never."""
    assert not has_zone(name)
    assert quiet_until(Timing(zone=name, quiet=("22:00", "07:00")), (), NIGHT) == utc("2024-06-02T07:00")
    assert period(Timing(every="daily", zone=name), NOON)[1] == utc("2024-06-02T08:00")
