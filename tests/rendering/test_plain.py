"""Words of others, made harmless."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.streams import words
from tracker.rendering.page import Page
from tracker.rendering.plain import clean, day, elsewhere, line, minute, moment, quoted, source_name, span, web_address


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m alert", "red alert"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;https://e.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("\x1b", ""),
        ("a\r\nb\tc\x00d", "a b c d"),
        ("left\u202eright", "leftright"),
        ("in\u00adstruc\u00adtors", "instructors"),
        ("line\u2028break", "line break"),
        ("\ud800", ""),
        ("می\u200cشود", "می\u200cشود"),
        (None, ""),
    ],
)
def test_a_line_holds_only_what_prints(raw: str | None, shown: str) -> None:
    """Escape sequences go as a whole, other control characters leave a blank, and joiners of words stay."""
    assert line(raw) == shown


@given(words | st.text(), st.none() | st.integers(2, 200))
def test_a_line_is_one_line(text: str, limit: int | None) -> None:
    """A line has no break, control or mark of direction, fits its limit, and folding it again changes nothing."""
    folded = line(text, limit)
    assert "".join(folded.splitlines()) == folded
    assert limit is None or len(folded) <= limit
    assert folded == line(text) or folded.endswith("…")
    assert line(folded, limit) == folded
    assert not set(folded) & set("\x1b\x9b\u202e\u2066\ud800")


def test_a_long_line_is_cut_at_a_word() -> None:
    """What does not fit ends with a whole word and an ellipsis, or in the middle of a word that is too long itself."""
    assert line("Paris will send three hundred instructors", 24) == "Paris will send three…"
    assert line("x" * 30, 10) == "xxxxxxxxx…"


@given(st.text())
def test_cleaning_keeps_the_length(text: str) -> None:
    """Cleaning replaces characters one by one, so that columns stay where they are."""
    assert len(clean(text)) == len(text)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a?b=c&d=e", "https://example.org/a?b=c&d=e"),
        ("http://example.org/a b(c)>\"'", "http://example.org/a%20b%28c%29%3E%22%27"),
        ("https://[::1]:80/a[b]?c=%5D%zz#d#e", "https://[::1]:80/a%5Bb%5D?c=%5D%25zz#d%23e"),
        ("https://example.org/é\ud800", "https://example.org/%C3%A9%3F"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, address: str | None) -> None:
    """An address of the web is encoded where it could break out of a link; any other is none."""
    assert web_address(url) == address


def test_times_are_shown_in_utc() -> None:
    """A time of any zone is shown in UTC, to the minute."""
    at = datetime(2024, 6, 2, 1, 30, 59, tzinfo=timezone(timedelta(hours=3)))
    assert (minute(at), moment(at)) == ("2024-06-01 22:30", "2024-06-01 22:30 UTC")
    assert span(at, at) == "2024-06-01"
    assert span(at, datetime(2024, 6, 3, tzinfo=UTC)) == "2024-06-01 to 2024-06-03"


def test_sentences_and_sources() -> None:
    """A sentence that quotes somebody gets no second pair of quotes, and the seed is called so."""
    assert quoted("It rains.") == "“It rains.”"
    assert quoted("“It rains,” she said.") == "“It rains,” she said."
    assert (source_name("seed"), source_name("AFP\x1b[0m")) == ("the seed", "AFP")


@given(st.text(max_size=60), st.text(max_size=30), st.integers(-5, 90), st.sampled_from(["new", None]))
def test_a_page_keeps_to_its_width(text: str, lead: str, width: int, style: str | None) -> None:
    """No line of text is wider than the page, whose least width is 30, unless its lead alone is."""
    page = Page(width, colour=False)
    page.put(text, lead=lead, style=style)
    widest = max(width, 30, len(lead))
    assert all(len(row) <= widest for row in page.text().split("\n"))


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (UTC, ""),
        (ZoneInfo("Europe/London"), " (22:25 BST)"),
        (ZoneInfo("Europe/Berlin"), " (23:25 CEST)"),
        (ZoneInfo("Asia/Kolkata"), " (2024-06-10 02:55 IST)"),
        (timezone(timedelta(hours=-3)), " (18:25 UTC-0300)"),
        (ZoneInfo("Africa/Abidjan"), ""),
    ],
)
def test_a_clock_elsewhere_is_shown_where_it_differs(zone: tzinfo, shown: str) -> None:
    """Behind a time in UTC stands what the reader's clock shows, with its day where that is another."""
    assert elsewhere(datetime(2024, 6, 9, 21, 25, tzinfo=UTC), zone) == shown


def test_a_day_has_its_name() -> None:
    """A day is told with that of the week, as UTC counts."""
    assert day(datetime(2024, 6, 5, 1, 0, tzinfo=timezone(timedelta(hours=2)))) == "Tue 2024-06-04"
