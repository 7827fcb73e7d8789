"""For how long a feed asks to be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.ttl import LONGEST, ttl


@pytest.mark.parametrize(
    ("minutes", "period", "frequency", "seconds"),
    [
        ("60", "", "", 3600),
        (" 90\n", "", "", 5400),
        ("0", "", "", 0),
        ("1440", "", "", 86_400),
        ("10080", "", "", 86_400),
        ("", "hourly", "", 3600),
        ("", " Hourly ", "2", 1800),
        ("", "daily", "4", 21_600),
        ("", "daily", "0.5", 86_400),
        ("", "weekly", "1", 86_400),
        ("", "yearly", "365000", 86.4),
        ("15", "hourly", "1", 3600),
        ("120", "hourly", "1", 7200),
        ("", "", "6", None),
        ("", "fortnightly", "1", None),
        ("", "hourly", "0", None),
        ("", "hourly", "-1", None),
        ("-5", "", "", None),
        ("1e9", "", "", None),
        ("99999999999999999999", "", "", None),
        ("an hour", "", "", None),
        ("١٥", "", "", None),
        ("nan", "daily", "inf", None),
        ("", "", "", None),
    ],
)
def test_what_a_feed_asks_for(minutes: str, period: str, frequency: str, seconds: float | None) -> None:
    """Minutes, or updates a period, give seconds of at most a day, the longer of the two; nonsense gives None."""
    found = ttl(minutes, period, frequency)
    assert found == (seconds if seconds is None else pytest.approx(seconds))


@given(st.text(max_size=12), st.sampled_from(["hourly", "daily", "x", ""]), st.text("0123456789.-e", max_size=12))
def test_no_claim_can_do_harm(minutes: str, period: str, frequency: str) -> None:
    """Whatever a document says, it is None or between nothing and a day."""
    found = ttl(minutes, period, frequency)
    assert found is None or 0 <= found <= LONGEST
