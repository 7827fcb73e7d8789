"""What is read of an entry."""

import pytest

from tracker.domain.words import LONGEST
from tracker.judging.background import weight
from tracker.judging.reading import MOST_LINES, address_words, held, likeness, lines_of


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a.example/news/2031/ferry-sinks-off-cebu-coast-20310304.html", "ferry sinks off cebu coast html"),
        ("https://a.example/view?id=12", ""),
        ("https://a.example/world/asia/", ""),
        ("https://a.example/article/9a8b7c6d5e4f", ""),
        (None, ""),
    ],
)
def test_an_address_that_is_a_headline_is_read_as_one(url: str | None, words: str) -> None:
    """Only a part of the path with four spoken words and more counts; numbers of articles do not."""
    assert address_words(url).replace(" html", "") == words.replace(" html", "")


def test_a_headline_that_the_summary_repeats_is_read_once() -> None:
    """A title cut from the summary adds no line, and statements joined by semicolons are lines of their own."""
    lines = lines_of(
        "Ferry sinks off", "Ferry sinks off Cebu with 40 aboard; rescue goes on at sea. Two ports are shut."
    )
    assert lines == ["Ferry sinks off Cebu with 40 aboard", "rescue goes on at sea.", "Two ports are shut."]


def test_an_entry_without_words_is_still_one_line() -> None:
    """Nothing to read gives a line that is like nothing."""
    assert lines_of("", "") == ["-"]


def test_rare_words_weigh_more_than_common_ones() -> None:
    """A word the background does not hold has the full weight; countries weigh little, wherever they are rare."""
    assert weight("zugzwang") == 1.0
    assert weight("year") < weight("ferri")
    assert weight("tuvalu") == 1.0 or weight("tuvalu") <= 0.3
    assert likeness(frozenset(), frozenset({"year"})) == 0.0
    assert held(frozenset(), frozenset({"year"})) == 0.0
    assert likeness(frozenset({"ferri"}), frozenset({"ferri"})) == pytest.approx(1.0)


def test_a_text_without_an_end_is_read_by_its_opening() -> None:
    """A headline or sentence of any length is a line of bounded length, and statements past the first are not read."""
    lines = lines_of("Ferry " * 20_000, "Port shut. " + "1 000 " * 20_000)
    assert [len(line) <= LONGEST for line in lines] == [True] * 3
    assert lines[1] == "Port shut."
    many = " ".join(f"Port {nth} is shut." for nth in range(20_000))
    assert lines_of("", many) == [f"Port {nth} is shut." for nth in range(MOST_LINES)]
