"""Charts of what was said over time: nothing is drawn beyond what was said."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rendering.chart import BOTTOM, FATES, LEFT, RIGHT, TOP, Chart, Fate, Point, Scale, chart, number

NOON = datetime(2031, 6, 1, 12, tzinfo=UTC)
COUNT = Scale(number, whole=True, from_nought=True)
values = st.floats(-1e12, 1e12) | st.integers(0, 500).map(float)


def point(hours: float, low: float | None, high: float | None, fate: Fate = "followed", words: str = "so") -> Point:
    """Return a point so many hours after noon."""
    return Point(NOON + timedelta(hours=hours), low, high, words, fate)


@st.composite
def points(draw: st.DrawFn) -> list[Point]:
    """Draw points in order of time, the first with a value."""
    hours = sorted(draw(st.lists(st.integers(0, 9999), min_size=1, max_size=9)))
    found = []
    for nth, hour in enumerate(hours):
        ends = sorted((draw(values), draw(values)))
        low, high = (end if draw(st.booleans()) or not nth else None for end in ends)
        fate = draw(st.sampled_from(list(FATES))) if nth else "first"
        found.append(point(hour, low, high, fate))
    return found


def places(path: str) -> list[float]:
    """Return the numbers of a path with absolute places only."""
    return [float(one) for one in re.findall(r"-?[\d.]+", path)]


@settings(max_examples=60)
@given(points(), st.builds(Scale, st.just(number), st.booleans(), st.booleans()), st.integers(0, 99))
def test_everything_is_drawn_within_the_plot(found: list[Point], scale: Scale, later: int) -> None:
    """Whatever is said, line, bars and arrows stay within the edges, and the scale encloses every value."""
    until = found[-1].at + timedelta(hours=later)
    drawn = chart("Toll", found, scale, until)
    heights = [tick.at for tick in drawn.up]
    assert heights[0] == BOTTOM
    assert heights == sorted(heights, reverse=True)
    assert 2 <= len(heights) <= 6
    for mark in drawn.marks:
        across, low, high = places(mark.bar) if mark.bar else (LEFT, BOTTOM, TOP)
        assert LEFT <= across <= RIGHT
        assert TOP - 0.1 <= high <= low <= BOTTOM + 0.1
    assert all(LEFT <= tick.at <= RIGHT for tick in drawn.across)


@settings(max_examples=40)
@given(points())
def test_all_that_was_said_is_there(found: list[Point]) -> None:
    """Every point has its mark, in order, and every fate that occurs its words."""
    drawn = chart("Toll", found, COUNT, found[-1].at)
    assert [mark.point for mark in drawn.marks] == found
    assert {fate for fate, _, _ in drawn.legend} == {one.fate for one in found}


def steps() -> Chart:
    """Return a toll that rises from 3 to 9, to at least 40, and to 62, with what was said beside it."""
    found = [
        point(0, 3, 3, "first", "3 people"), point(10, 9, 9, words="nine people"), point(20, 40, None),
        point(25, 50, 60, "doubted"), point(30, 62, 62, words="62 people"), point(35, None, None, "denied"),
        point(40, 70, 70, "said"), point(45, 90, 90, "rejected"),
    ]  # fmt: skip
    return chart("Toll", found, COUNT, NOON + timedelta(hours=100))


def test_the_line_goes_through_what_the_claim_says() -> None:
    """The line steps from value to value that the claim followed, and holds the last one; nothing else moves it."""
    by_words = {mark.point.words: mark for mark in steps().marks}
    heights = [float(re.findall(r" ([\d.]+) a", by_words[words].shape)[0]) for words in ("nine people", "62 people")]
    line = steps().line
    assert line.count("V") == 3
    assert [f"V{height}" in line for height in heights] == [True, True]
    assert line.endswith(f"H{float(RIGHT - 4)}")


def test_open_ends_are_arrows_and_ranges_are_bars() -> None:
    """What is open goes as an arrow to the edge, a range is a bar from end to end, an exact value is neither."""
    exact, _, at_least, between, *_ = steps().marks
    assert (exact.bar, exact.arrows) == ("", "")
    assert at_least.bar.endswith(f"V{TOP}")
    assert at_least.arrows.count("M") == 1
    assert between.bar
    assert not between.arrows
    found = [point(0, 5, 5, "first"), point(1, None, 9)]
    at_most = chart("Toll", found, COUNT, NOON).marks[1]
    assert at_most.bar.split()[1] == f"{BOTTOM}"
    assert at_most.arrows.count("M") == 1


def test_a_denial_without_a_value_stands_at_what_the_claim_says() -> None:
    """Who only denies is drawn where the claim stands at that moment."""
    marks = {mark.point.fate: mark for mark in steps().marks}
    held = re.findall(r"V([\d.]+) H[\d.]+$", steps().line)
    assert marks["denied"].shape.split("L")[1].split()[1] == f"{float(held[0]) - 4}"


def test_fates_are_told_by_shape_and_in_words() -> None:
    """No two fates of values on and beside the line share a shape, but for hollow and filled; all have words."""
    shapes = {fate: shape for fate, shape, _ in steps().legend}
    assert len({*shapes.values()}) == len(shapes) - 1
    assert shapes["followed"] == shapes["said"]
    assert [words for *_, words in steps().legend] == [FATES[fate] for fate in FATES if fate != "held"]
    assert steps().said("denied") == "denied by a source"


def test_the_description_says_what_is_drawn() -> None:
    """In words: from which value to which, when they were seen, and how many said otherwise."""
    assert steps().description == (
        "From “3 people”, seen 2031-06-01, to “62 people”, seen 2031-06-02. 4 more said otherwise or denied it."
    )
    alone = chart("Toll", [point(0, 3, 3, "first", "3 people"), point(1, 9, 9, "said")], COUNT, NOON)
    assert alone.description == "“3 people” since 2031-06-01. 1 more said otherwise or denied it."
    both = chart("Toll", [point(0, 3, 3, "first", "3"), point(30, 9, 9, words="9")], COUNT, NOON)
    assert both.description == "From “3”, seen 2031-06-01, to “9”, seen 2031-06-02."


def test_a_single_day_is_named_once() -> None:
    """A chart of one day says between which times, one of several names its first and its last."""
    day = chart("Toll", [point(0, 3, 3, "first"), point(1, 9, 9)], COUNT, NOON)
    assert [tick.words for tick in day.across] == ["2031-06-01 12:00", "2031-06-01 13:00"]
    assert [tick.words for tick in steps().across] == ["2031-06-01", "2031-06-05"]
    moment = chart("Toll", [point(0, 3, 3, "first"), point(0, 9, 9)], COUNT, NOON)
    assert moment.line.startswith(f"M{(LEFT + RIGHT) / 2}")


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (2.5, "2.5"), (4500, "4,500"), (-12, "-12"), (1_200_000, "1.2 m"), (3e9, "3 bn"), (2.5e12, "2,500 bn")],
)
def test_numbers_of_a_scale_are_short(value: float, words: str) -> None:
    """Large numbers are told in millions and billions."""
    assert number(value) == words
