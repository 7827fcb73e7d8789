"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.dates import EARLIEST, first_possible, published

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
        ("März 5, 2026", "2026-03-05T00:00:00"),
        ("26 fevrier 2018", "2018-02-26T00:00:00"),
        ("Donnerstag, 05. März 2026 - 10:00 Uhr", "2026-03-05T10:00:00"),
        ("Mi, 30 Dez 2025 10:00:00 +0100", "2025-12-30T09:00:00"),
        ("05.03.26 10.30 Uhr", "2026-03-05T10:30:00"),
        ("jeudi 5 mars 2026 à 10h30", "2026-03-05T10:30:00"),
        ("1er janvier 2026", "2026-01-01T00:00:00"),
        ("5 de marzo de 2026 a las 10:00", "2026-03-05T10:00:00"),
        ("sáb., 05 sept. 2026 10:00:00 +0200", "2026-09-05T08:00:00"),
        ("segunda-feira, 2 de março de 2026 às 10:00", "2026-03-02T10:00:00"),
        ("1º de janeiro de 2026", "2026-01-01T00:00:00"),
        ("Qui, 05 Fev 2026 10:00:00 -0300", "2026-02-05T13:00:00"),
        ("giovedì 5 marzo 2026, ore 10:00", "2026-03-05T10:00:00"),
        ("do 5 mrt 2026 om 10:00", "2026-03-05T10:00:00"),
        ("tors, 5 mars 2026 kl. 10.30", "2026-03-05T10:30:00"),
        ("5 marca 2026", "2026-03-05T00:00:00"),
        ("Чт, 05 мар 2026 10:00:00 +0300", "2026-03-05T07:00:00"),
        ("2026年3月5日 10:00", "2026-03-05T10:00:00"),
        ("2004년 7월 5일", "2004-07-05T00:00:00"),
        ("05/Mar/2026:10:00:00 +0100", "2026-03-05T09:00:00"),
        ("2026-03-05T10:00:00 +01:00", "2026-03-05T09:00:00"),
        ("2026-03-05T10:00:00+01", "2026-03-05T09:00:00"),
        ("2026-03-05T10:00:00+01:00[Europe/Berlin]", "2026-03-05T09:00:00"),
        ("2026-03-05 10:00:00 +0100 CET", "2026-03-05T09:00:00"),
        ("2026-03-05T10:00:00+00:00Z", "2026-03-05T10:00:00"),
        ("2026-03-05T10:00:00\u221205:00", "2026-03-05T15:00:00"),
        ("20260305 10:00", "2026-03-05T10:00:00"),
        ("Thu, 05 Mar 2026 10:00:00 UTC+1", "2026-03-05T09:00:00"),
        ("Thu, 05 Mar 2026 10:00:00 GMT GMT", "2026-03-05T10:00:00"),
        ("Thu, 05 Mar 2026 10:00:00 +1400", "2026-03-04T20:00:00"),
        ("Thu, 05 Mar 2026 10:00:00 -1200", "2026-03-05T22:00:00"),
        ("Thu, 05 Mar 98 10:00:00 GMT", "1998-03-05T10:00:00"),
        ("Thu, 05 Mar 2026 12:30 am", "2026-03-05T00:30:00"),
        ("1520932969.5", "2018-03-13T09:22:49.500000"),
    ],
)  # fmt: skip
def test_the_shapes_that_feeds_use_are_read(raw: str, moment: str) -> None:
    """Each shape gives the one moment that a person reads in it, in UTC."""
    assert published(raw, SEEN) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "", "soon", "2024-13-45", "2026-02-30", "0000-00-00T00:00:00Z", "2026-03-05 10:00:00 +9999",
        "Thu, 31 Feb 2026 10:00:00 GMT", "Thu, 05 Mar 2026 25:00:00 GMT", "Thu, 05 Mar 2026 10:61:00 GMT",
        "Mon, 01 Jan 1900 00:00:00 GMT", "1994-12-31", "Sat, 01 Jan 2150 00:00:00 GMT", "2026-11-24T12:00:00Z",
        "4/5/2026", "9" * 5000, "2026", "2026-03", "2026-064", "2026-W10-4", "today", "10:00, 5 March 2026",
        "Thu, 05 Mar 69 10:00:00 GMT", "Thu, 05 Mar 2026 10:00:00 +1500", "Thu, 05 Mar 2026 10:00:00 -1201",
        "Thu, 05 Mar 2026 10:00:00 +0060", "99999999999", "-1", "0", "32.01.2026", "5 Brumaire 2026", "2026-06-31",
    ],
)  # fmt: skip
def test_impossible_dates_are_none(raw: str) -> None:
    """No date, half a date, a day or zone that does not exist, before feeds or after tomorrow, two readings: None."""
    assert published(raw, SEEN) is None


def test_a_date_in_vain_is_suspect() -> None:
    """The first claim that can be counts; where something was claimed and nothing can be, that is said."""
    good = datetime(2026, 3, 5, tzinfo=UTC)
    assert first_possible(["", "2026-13-45", "2026-03-05"], SEEN) == (good, False)
    assert first_possible([" ", "2150-01-01"], SEEN) == (None, True)
    assert first_possible(["", " \n"], SEEN) == first_possible([], SEEN) == (None, False)


@given(st.datetimes(datetime(1995, 1, 2), datetime(2026, 11, 22)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_what_is_written_in_a_standard_is_read_back(shown: datetime, minutes: int) -> None:
    """RFC 822 and RFC 3339 with any offset of the earth come back to the second."""
    moment = shown.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=minutes)
    sign, ahead = ("-" if minutes < 0 else "+"), abs(minutes)
    mail = shown.strftime("%a, %d %b %Y %H:%M:%S ") + f"{sign}{ahead // 60:02}{ahead % 60:02}"
    iso = shown.strftime("%Y-%m-%dT%H:%M:%S") + f"{sign}{ahead // 60:02}:{ahead % 60:02}"
    expected = moment if moment >= EARLIEST else None
    assert published(mail, SEEN) == published(iso, SEEN) == expected


@given(st.text() | st.from_regex(r"[0-9 :./TZ+-]{1,40}") | st.from_regex(r"\w{3}, \d+ \w+ \d+ \d+:\d+ \w+"))
def test_no_text_can_do_harm(raw: str) -> None:
    """Whatever the text, the answer is None or a moment in UTC between 1995 and tomorrow."""
    moment = published(raw, SEEN)
    assert moment is None or (moment.tzinfo is UTC and EARLIEST <= moment <= SEEN + timedelta(days=1))
