"""When pages are looked at again, and what is a torso."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.recheck import is_torso, recheck_in

MONTH = timedelta(days=30)
ages = st.timedeltas(timedelta(days=-1), 2 * MONTH)
failures = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(0), timedelta(minutes=15)),
        (timedelta(hours=3), timedelta(minutes=30)),
        (timedelta(days=1), timedelta(hours=2)),
        (timedelta(days=7), timedelta(days=1)),
        (MONTH - timedelta(seconds=1), timedelta(days=1)),
        (MONTH, None),
    ],
)
def test_the_older_the_seldomer(age: timedelta, pause: timedelta | None) -> None:
    """A young page is looked at each quarter of an hour, an old one each day, one of a month no more."""
    assert recheck_in(age) == pause


@given(ages, failures)
def test_every_page_is_looked_at_again_until_a_month_is_over(age: timedelta, count: int) -> None:
    """However often a page failed it is tried again within a day, and never more often than every quarter hour."""
    pause = recheck_in(age, count)
    assert (pause is None) == (age >= MONTH)
    assert pause is None or timedelta(minutes=15) <= pause <= timedelta(days=1)


@given(ages, st.timedeltas(timedelta(0), MONTH), failures, failures)
def test_age_and_failures_only_make_it_longer(age: timedelta, more: timedelta, count: int, others: int) -> None:
    """An older page, and one that failed more often, is looked at no sooner."""
    sooner, later = recheck_in(age, count), recheck_in(age + more, count + others)
    assert later is None or (sooner is not None and sooner <= later)


@given(st.text(max_size=300), st.integers(0, 1000))
def test_what_is_not_much_shorter_is_whole(text: str, before: int) -> None:
    """A text that has more than two fifths of its length is no torso, and nothing is one of nothing."""
    assert not is_torso(int(len(text) / 0.4) - 1 if text else -1, text)
    assert not is_torso(0, text + "x")
    assert is_torso(before + 1, "")


@pytest.mark.parametrize(
    "text",
    [
        "This article has been removed at the request of the author.",
        "Retraction: the figures in our report were wrong.",
        "The Example has withdrawn: this news story was retracted on Monday.",
        "Dieser Artikel wurde zurückgezogen.",
        "Cet article a été retiré par la rédaction.",
    ],
)
def test_what_was_taken_back_is_no_torso(text: str) -> None:
    """A short text that says that the article was taken back is news, whatever stood there before."""
    assert not is_torso(100_000, text)
    assert is_torso(100_000, "Subscribe to read this article. Trade is removed from the list.")
