"""Why somebody gets a message, and by whose clock its times are told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.made.alerts import by_mail
from tracker.domain.subscription_events import Filter, Timing
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_why import footer
from tracker.rendering.view import Head

SUMMER, WINTER = datetime(2024, 6, 1, 22, 30, tzinfo=UTC), datetime(2024, 12, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ("UTC", "2024-06-01 22:30 UTC", "2024-12-01 12:00 UTC"),
        ("Nowhere/Such", "2024-06-01 22:30 UTC", "2024-12-01 12:00 UTC"),
        ("Europe/Berlin", "2024-06-02 00:30 CEST (2024-06-01 22:30 UTC)", "2024-12-01 13:00 CET (12:00 UTC)"),
        ("America/New_York", "2024-06-01 18:30 EDT (22:30 UTC)", "2024-12-01 07:00 EST (12:00 UTC)"),
        ("Asia/Kathmandu", "2024-06-02 04:15 UTC+0545 (2024-06-01 22:30 UTC)", "2024-12-01 17:45 UTC+0545 (12:00 UTC)"),
    ],
)
def test_times_are_told_by_the_readers_clock_and_by_utc(zone: str, summer: str, winter: str) -> None:
    """Summer time is heeded, another day is said, and a zone that this machine does not know is taken as UTC."""
    clock = Clockface(zone)
    assert (clock.moment(SUMMER), clock.moment(WINTER)) == (summer, winter)
    assert summer.startswith(clock.brief(SUMMER))


def test_an_hour_that_is_there_twice_is_told_apart() -> None:
    """In the night in which the clocks go back 02:30 comes twice, and each time is named."""
    clock = Clockface("Europe/Berlin")
    once, again = (datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert clock.moment(once) == "2024-10-27 02:30 CEST (00:30 UTC)"
    assert clock.moment(again) == "2024-10-27 02:30 CET (01:30 UTC)"
    assert (clock.day(once), clock.hour(again)) == ("27 October", "02:30")


@pytest.mark.parametrize(
    ("only", "timing", "said"),
    [
        (Filter(), Timing(), ""),
        (Filter(("denied", "new"), claims=("S01",)), Timing("hourly"), "; only denied, new; claim S01; hourly (UTC)"),
        (Filter(standing="corroborated"), Timing(quiet=("22:00", "07:00")), "; only what is corroborated; quiet 22:00"),
        (Filter(languages=("en",)), Timing("weekly", "09:30", 4), "; language en; weekly on Friday at 09:30 UTC"),
    ],
)
def test_the_foot_says_what_the_subscription_asks_for(only: Filter, timing: Timing, said: str) -> None:
    """What it follows, what it lets through and when it tells, in words; the default is said in few."""
    wish = replace(by_mail(), only=only, timing=timing)
    first, *_ = footer(wish, "instructors", [1], Head(1, "a"))
    assert first.startswith(f"You get this because subscription s-reader follows the story instructors{said}")
    assert first.endswith(".")


def test_many_positions_are_counted() -> None:
    """Of more than eight positions the rest is counted."""
    rows = footer(by_mail(), None, range(1, 12), Head(11, "a"))
    assert "Recorded in the log at position 1: tracker why 1 (also 2, 3, 4, 5, 6, 7, 8, 9 and 2 more)" in rows


def test_a_mute_is_of_the_reader_alone() -> None:
    """The command at the foot mutes the story for this subscription, and for nobody else."""
    rows = footer(by_mail(), "bridge", [1], Head(1, "a"))
    assert "To mute this story for three days: tracker mute story bridge --for 3d --subscription s-reader" in rows
