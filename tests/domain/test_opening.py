"""Sentences without an end: their opening is read, and no more values of it than one compares with each other."""

from datetime import date

import pytest

from tracker.domain.quantity import MOST as MOST_QUANTITIES
from tracker.domain.quantity import quantities
from tracker.domain.when import MOST as MOST_DATES
from tracker.domain.when import whens
from tracker.domain.words import LONGEST, opening


def test_a_sentence_is_left_whole_and_an_endless_one_cut_between_words() -> None:
    """What is no longer than LONGEST stays; of more the whole words within it stay, so that no number is halved."""
    short = "a" * LONGEST
    assert opening(short) == short
    assert opening("1,200 " * LONGEST).split() == ["1,200"] * (LONGEST // 6)
    assert opening("ab " + "1" * LONGEST) == "ab "
    assert len(opening("1" * 3 * LONGEST)) == LONGEST


@pytest.mark.parametrize("size", [100, 100_000])
def test_no_more_values_are_read_than_are_compared(size: int) -> None:
    """However many figures or days a sentence names, its first MOST are read."""
    assert [one.low for one in quantities("7 cats, " * size)] == [7.0] * MOST_QUANTITIES
    said = whens("on 3 June 2031, " * size, date(2031, 5, 1))
    assert {one.start for one in said} == {date(2031, 6, 3)}
    assert len(said) == MOST_DATES
