"""Dates as feeds write them."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.dates import EARLIEST, published

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Thu, 05 Mar 2026 10:00:00 GMT", "2026-03-05T10:00:00"),
        ("Thu, 05 Mar 2026 10:00:00 +0100", "2026-03-05T09:00:00"),
        ("Thu,05 Mar 26 10:00 EST", "2026-03-05T15:00:00"),
        ("Thu, 5 Mar 2026 10:00:00 GMT+0100 (CET)", "2026-03-05T09:00:00"),
        ("5 March 2026", "2026-03-05T00:00:00"),
        ("Thu, 05-Mar-2026 10:00:00 GMT", "2026-03-05T10:00:00"),
        ("2026-03-05T10:00:00.123456789Z", "2026-03-05T10:00:00"),
        ("2026-03-05T10:00:00+0100", "2026-03-05T09:00:00"),
        ("2026-03-05 10:00", "2026-03-05T10:00:00"),
        ("2026-03-05", "2026-03-05T00:00:00"),
        ("20260305T100000Z", "2026-03-05T10:00:00"),
        ("2026.03.05 10:00", "2026-03-05T10:00:00"),
        ("2026/03/05", "2026-03-05T00:00:00"),
        ("1520932969", "2018-03-13T09:22:49"),
        ("1520932969123", "2018-03-13T09:22:49"),
        ("Fri, 23 Mar 2018 10:00 PM EDT", "2018-03-24T02:00:00"),
        ("Fri, 23 Mar 2018 12:05 AM", "2018-03-23T00:05:00"),
        ("Fri, 23 Mar 2018 12:05 p.m.", "2018-03-23T12:05:00"),
        ("Thursday, March 5, 2026 - 10:00am", "2026-03-05T10:00:00"),
        ("Thu Mar  5 10:00:00 2026", "2026-03-05T10:00:00"),
        ("Thu Mar  5 10:00:00 EST 2026", "2026-03-05T15:00:00"),
        ("Do, 5. März 2026 10:00:00 MEZ", "2026-03-05T09:00:00"),
        ("05.03.2026, 10:00 Uhr", "2026-03-05T10:00:00"),
        ("5.3.2026", "2026-03-05T00:00:00"),
        ("le 5 février 2026 à 10h30", "2026-02-05T10:30:00"),
        ("Dim, 25 août 2024 20:31:00 +0200", "2024-08-25T18:31:00"),
        ("Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01T03:19:00"),
        ("Thu, 05 Mar 2026 10:00:00 Nowhere/Land", "2026-03-05T10:00:00"),
        ("Thu, 05 Mar 2026 10:00:00 XYZ", "2026-03-05T10:00:00"),
        ("Thu, 05 Mar 2026 24:00:00 GMT", "2026-03-06T00:00:00"),
        ("Thu, 05 Mar 2026 10:00:60 GMT", "2026-03-05T10:00:59"),
        ("25/03/2026", "2026-03-25T00:00:00"),
        ("03/25/2026 5:00 PM", "2026-03-25T17:00:00"),
    ],
)  # fmt: skip
def test_the_shapes_that_feeds_use_are_read(raw: str, moment: str) -> None:
    """Each shape gives the one moment that a person reads in it, in UTC."""
    assert published(raw, None, SEEN) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "", "soon", "2024-13-45", "2026-02-30", "0000-00-00T00:00:00Z", "2026-03-05 10:00:00 +9999",
        "Thu, 31 Feb 2026 10:00:00 GMT", "Thu, 05 Mar 2026 25:00:00 GMT", "Thu, 05 Mar 2026 10:61:00 GMT",
        "Mon, 01 Jan 1900 00:00:00 GMT", "1994-12-31", "Sat, 01 Jan 2150 00:00:00 GMT", "2026-11-24T12:00:00Z",
        "4/5/2026", "9" * 5000,
    ],
)  # fmt: skip
def test_impossible_dates_are_none(raw: str) -> None:
    """No date, a day or zone that does not exist, before feeds or after tomorrow, a day that might be a month: None."""
    wrong = time.strptime("2025-06-01", "%Y-%m-%d")
    assert published(raw, wrong if raw[:2].isdigit() and "/" not in raw else None, SEEN) is None


def test_a_shape_of_another_tongue_is_left_to_the_library() -> None:
    """A text that has no shape known here takes the other reading, if that is possible."""
    parsed = time.strptime("2004-07-05", "%Y-%m-%d")
    assert published("2004년 7월 5일", parsed, SEEN) == datetime(2004, 7, 5, tzinfo=UTC)
    assert published("2004년 7월 5일", time.struct_time((-1, 11, 30, 0, 0, 0, 0, 0, 0)), SEEN) is None


@given(st.datetimes(datetime(1995, 1, 2), datetime(2026, 11, 22)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_what_is_written_in_a_standard_is_read_back(shown: datetime, minutes: int) -> None:
    """RFC 822 and RFC 3339 with any offset of the earth come back to the second."""
    moment = shown.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=minutes)
    sign, ahead = ("-" if minutes < 0 else "+"), abs(minutes)
    mail = shown.strftime("%a, %d %b %Y %H:%M:%S ") + f"{sign}{ahead // 60:02}{ahead % 60:02}"
    iso = shown.strftime("%Y-%m-%dT%H:%M:%S") + f"{sign}{ahead // 60:02}:{ahead % 60:02}"
    expected = moment if moment >= EARLIEST else None
    assert published(mail, None, SEEN) == published(iso, None, SEEN) == expected


@given(st.text() | st.from_regex(r"[0-9 :./TZ+-]{1,40}") | st.from_regex(r"\w{3}, \d+ \w+ \d+ \d+:\d+ \w+"))
def test_no_text_can_do_harm(raw: str) -> None:
    """Whatever the text, the answer is None or a moment in UTC between 1995 and tomorrow."""
    moment = published(raw, None, SEEN)
    assert moment is None or (moment.tzinfo is UTC and EARLIEST <= moment <= SEEN + timedelta(days=1))
