"""Dates read from sentences against the day of publication, and compared."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.tables import PUBLISHED, dates_differ, rows
from tracker.domain.when import Bound, When, same_day, spoken, whens
from tracker.domain.words import bag

days = st.dates(date(2020, 1, 1), date(2028, 12, 31))
bounds: st.SearchStrategy[Bound] = st.sampled_from(["on", "by", "not before", "about"])
made = st.builds(
    lambda start, length, bound, sure: When(start, start + timedelta(days=length), bound, resolved=sure),
    days,
    st.integers(0, 60),
    bounds,
    st.booleans(),
)
PIECES = bag(
    """
    June May 26 26th 31 30 February 2024 2025 Q3 early mid late last next this the week month year of by until no
    earlier than after Friday Monday tomorrow in two days ago years decades 999 second quarter half to - and , ' s
    at the earliest spring winter Christmas New Year's Eve 2024-02-30 31/12/2024 within hours end will was weekend
    coming past few on 1990s 2023-24
    """
)
pieces = st.sampled_from(sorted(PIECES))
phrases = st.lists(pieces, max_size=10).map(" ".join) | st.lists(pieces, max_size=5).map("".join) | st.text(max_size=40)


@pytest.mark.parametrize("table", ["dates.jsonl", "dates_blind.jsonl", "dates_blind2.jsonl", "dates_blind3.jsonl"])
def test_table(table: str) -> None:
    """The phrasings of each table are read with their days and bound, 97 of 100 or more."""
    table_rows = rows(table)
    missed = [miss for row in table_rows if (miss := dates_differ(row))]
    assert len(missed) <= 0.03 * len(table_rows), "\n".join(missed)


@given(phrases, st.none() | st.dates())
def test_never_fails(sentence: str, published: date | None) -> None:
    """Any text can be read on any day; what is found stands in it, in order, and starts no later than it ends."""
    found = whens(sentence, published)
    assert all(sentence[each.offset :].startswith(each.text) and each.text for each in found)
    assert all(one.offset <= other.offset for one, other in pairwise(found))
    assert all(each.start <= each.end for each in found)


def test_without_publication() -> None:
    """Without the day of publication only dates that name their year are read."""
    found = whens("On 14 June 2024, tomorrow, in June, next week, last June, by the end of 2025 or by year end", None)
    assert [each.text for each in found] == ["14 June 2024", "by the end of 2025"]


def test_guessed_year() -> None:
    """A year taken from publication is marked as guessed, one that is said is not."""
    guessed, said = whens("It moved from June 26 to July 2, 2025", PUBLISHED)
    assert (guessed.start, guessed.resolved) == (date(2025, 6, 26), True)
    assert said.start == date(2025, 7, 2)
    assert not whens("It moved to June 26", PUBLISHED)[0].resolved


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("on 14 June 2024", "on June 14, 2024", "same"),
        ("on 14 June 2024", "on 26 June 2024", "different"),
        ("in June 2024", "on 14 June 2024", "narrower"),
        ("on 14 June 2024", "in June 2024", "same"),
        ("on 14 June 2024", "no earlier than 26 June 2024", "different"),
        ("on 26 June 2024", "no earlier than 14 June 2024", "same"),
        ("no earlier than 26 June 2024", "no earlier than 2 July 2024", "different"),
        ("no earlier than 26 June 2024", "no earlier than 26 June 2024", "same"),
        ("no earlier than 26 June 2024", "on 2 July 2024", "narrower"),
        ("by June 2024", "by 15 June 2024", "narrower"),
        ("by 15 June 2024", "by June 2024", "same"),
        ("by 15 June 2024", "by 30 June 2024", "different"),
        ("by 15 June 2024", "on 10 June 2024", "narrower"),
        ("by 15 June 2024", "on 20 June 2024", "different"),
        ("by 15 June 2024", "not before 10 June 2024", "incomparable"),
        ("by 15 June 2024", "not before 20 June 2024", "different"),
        ("around 20 June 2024", "on 22 June 2024", "same"),
        ("around 20 June 2024", "on 29 June 2024", "different"),
        ("on 26 June", "on 26 June 2025", "incomparable"),
        ("by 26 June", "by 26 June 2025", "incomparable"),
        ("10-14 June 2024", "12-20 June 2024", "same"),
    ],
)
def test_same_day(old: str, new: str, expected: str) -> None:
    """Equal days, moved days, more precise days and open bounds are told apart."""
    assert same_day(whens(old, PUBLISHED)[0], whens(new, PUBLISHED)[0]) == expected


@given(made, made)
def test_both_ways(old: When, new: When) -> None:
    """Different and incomparable hold both ways round."""
    there, back = same_day(old, new), same_day(new, old)
    if "different" in {there, back} or "incomparable" in {there, back}:
        assert there == back


@given(made)
def test_same_as_itself(when: When) -> None:
    """A date says the same as itself."""
    assert same_day(when, when) == "same"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("It stays closed until 14 March 2031.", "until 14 March 2031"),
        ("It opens by 14 March 2031.", "by 14 March 2031"),
        ("It will not open until 14 March 2031.", "not before 14 March 2031"),
        ("He said so in February 2024.", "February 2024"),
        ("It was built in 2023.", "2023"),
        ("They meet from 9 to 16 June 2024.", "9 to 16 June 2024"),
        ("They meet on 9 June 2024.", "9 June 2024"),
    ],
)
def test_a_date_is_put_into_words(said: str, words: str) -> None:
    """A date is told as precisely as it was said, and what lasts until a day is not told to happen by it."""
    assert spoken(whens(said, PUBLISHED)[0]) == words


@given(made)
def test_a_date_in_its_own_words_is_told_the_same(when: When) -> None:
    """A date that takes its words for its wording is told in the same words again."""
    told = replace(when, text=spoken(when))
    assert spoken(told) == spoken(when)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 6, 28), date(2024, 7, 3), "28 June to 3 July 2024"),
        (date(2023, 12, 28), date(2024, 1, 3), "28 December 2023 to 3 January 2024"),
        (date(2024, 6, 1), date(2024, 7, 31), "1 June to 31 July 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "1 to 28 February 2024"),
    ],
)
def test_a_period_names_month_and_year_where_they_differ(first: date, last: date, words: str) -> None:
    """Of a period, what its two ends share is said once, and a month that is not whole is told by its days."""
    assert spoken(When(first, last)) == words


@pytest.mark.parametrize(
    "said", ["31 February", "the 30th of February 2031", "February 30", "June 31, 2031", "31 June"]
)
def test_a_day_that_the_calendar_lacks_is_no_month(said: str) -> None:
    """What names no day names no month, either; a count behind a month leaves it one."""
    assert not any(
        when.start.day == 1 and when.end.month == when.start.month for when in whens(f"It is on {said}.", PUBLISHED)
    )
    assert [when.text for when in whens("In June 31 ships sank.", PUBLISHED)] == ["June"]
