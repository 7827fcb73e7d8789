"""How long a server asks to be left alone, also when it means harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.waits import fresh_for, retry_after

NOW = "Sun, 01 Mar 2026 12:00:00 GMT"
SOON = "Sun, 01 Mar 2026 12:30:00 GMT"
WORDS = st.sampled_from(
    [
        "max-age",
        "=",
        ",",
        '"',
        "no-store",
        "no-cache",
        " ",
        "-",
        "9" * 30,
        "60",
        "1.5",
        "s-maxage",
        NOW,
        SOON,
        "\0",
        "٣",
    ]
)
SAID = st.text() | st.lists(WORDS, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("99999999999999", 86_400.0),
        ("9" * 5000, 86_400.0),
        (SOON, 1800.0),
        ("Sun, 01 Mar 2099 12:30:00 GMT", 86_400.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None),
        ("Sun, 01 Mar 2026 12:30:00 -0000", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_bounded(said: str, seconds: float | None) -> None:
    """Seconds and dates are understood, a day is the most, and nonsense counts as nothing."""
    assert retry_after({"retry-after": said, "date": NOW}) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600.0),
        ({"cache-control": 'Max-Age = "600"'}, 600.0),
        ({"cache-control": "max-age=600", "age": "500"}, 100.0),
        ({"cache-control": "max-age=600", "age": "700"}, 0.0),
        ({"cache-control": "max-age=600", "age": "old"}, 600.0),
        ({"cache-control": "max-age=600, max-age=9"}, 600.0),
        ({"cache-control": "max-age=600, no-store"}, 0.0),
        ({"cache-control": "no-cache"}, 0.0),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=99999999999999"}, 86_400.0),
        ({"cache-control": "max-age=" + "9" * 5000}, 86_400.0),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=1.5"}, None),
        ({"cache-control": "max-age=٣"}, None),
        ({"cache-control": 'max-age="'}, None),
        ({"cache-control": '"""'}, None),
        ({"cache-control": "max-age=60", "expires": SOON, "date": NOW}, 60.0),
        ({"expires": SOON, "date": NOW}, 1800.0),
        ({"expires": "Sun, 01 Mar 9999 12:30:00 GMT", "date": NOW}, 86_400.0),
        ({"expires": NOW, "date": SOON}, 0.0),
        ({"expires": SOON}, None),
        ({"expires": "0", "date": NOW}, None),
        ({}, None),
    ],
)
def test_freshness_is_bounded(headers: dict[str, str], seconds: float | None) -> None:
    """max-age goes before Expires, Age is taken off, a day is the most, and nonsense counts as nothing."""
    assert fresh_for(headers) == seconds


def test_a_date_without_the_server_clock_says_nothing() -> None:
    """A date can only be measured from the server's own `Date`."""
    assert retry_after({"retry-after": SOON}) is None


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("cache-control", "expires", "date", "age", "retry-after"), SAID))
)
def test_no_header_can_do_harm(headers: dict[str, str]) -> None:
    """Whatever the headers hold, nothing is raised, and both waits lie between nothing and a day."""
    for wait in (fresh_for(headers), retry_after(headers)):
        assert wait is None or 0 <= wait <= 86_400
