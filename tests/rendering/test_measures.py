"""Figures and dates as points of a scale."""

from datetime import date

import pytest

from tracker.domain.claims import Claim
from tracker.domain.nouns import plural_of
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.when import When, whens
from tracker.rendering.measures import Days, Figures

FIGURES, DAYS = Figures(), Days()


def figure(words: str) -> Quantity:
    """Return the quantity of some words."""
    found = FIGURES.read(words)
    assert found is not None
    return found


def day(words: str) -> When:
    """Return the date of some words."""
    found = DAYS.read(words)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "unit", "ends"),
    [
        ("62 people", "3 people", (62, 62)),
        ("at least 40 people", "3 people", (40, None)),
        ("up to 40 people", "3 people", (None, 40)),
        ("5 km", "200 metres", (5000, 5000)),
        ("5 km", "3 hours", None),
    ],
)
def test_figures_stand_in_one_unit(words: str, unit: str, ends: tuple[float, float] | None) -> None:
    """A figure lies where it was said, open where it was left open, in the unit of the first one; or nowhere."""
    assert FIGURES.ends(figure(words), figure(unit)) == ends


def test_figures_are_told_apart() -> None:
    """A figure is the same whatever its words, and akin to what counts the same thing."""
    assert FIGURES.same(figure("62 people"), figure("sixty-two people"))
    assert not FIGURES.same(figure("62 people"), figure("63 people"))
    assert FIGURES.akin(figure("62 people"), figure("70 people"))
    assert not FIGURES.akin(figure("62 people"), figure("70 km"))
    assert FIGURES.read("nobody") is None
    assert FIGURES.ends(Quantity(None, None), Quantity(1, 1)) is None


def test_figures_in_words() -> None:
    """A figure is told as it was said, one without words by its ends; the question names what is counted."""
    assert FIGURES.words(figure("some 62 people")) == "some 62 people"
    assert FIGURES.words(Quantity(3, 5, noun="person")) == "3 to 5 person"
    assert FIGURES.words(Quantity(3, 3, unit="km")) == "3 km"
    assert FIGURES.name(figure("62 people")) == "How many people"
    assert [plural_of(noun) for noun in ("worker", "child", "injured", "bus", "country", "fireman", "box")] == [
        "workers", "children", "injured", "buses", "countries", "firemen", "boxes",
    ]  # fmt: skip
    assert FIGURES.name(figure("5 km")) == "How much (km)"
    assert FIGURES.name(Quantity(1, 1)) == "How many"
    assert FIGURES.approximate(figure("some 62 people"))
    assert FIGURES.scale(figure("62 people")).whole
    assert not FIGURES.scale(figure("5 km")).whole


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("on 14 June 2031", date(2031, 6, 14), date(2031, 6, 14)),
        ("in June 2031", date(2031, 6, 1), date(2031, 6, 30)),
        ("by 14 June 2031", None, date(2031, 6, 14)),
        ("not before 14 June 2031", date(2031, 6, 14), None),
    ],
)
def test_dates_stand_on_days(words: str, low: date | None, high: date | None) -> None:
    """A date lies on its days, open where it binds on one side only."""
    ends = (low and low.toordinal(), high and high.toordinal())
    assert DAYS.ends(day(words), day("14 June 2031")) == ends


def test_dates_in_words() -> None:
    """A date is told with how it binds, and stands at the scale with its year; any may follow any."""
    late = day("not before 14 June 2031")
    assert DAYS.words(late) == "not before 14 June 2031"
    assert DAYS.name(late) == "Which day"
    assert DAYS.scale(late).written(date(2031, 6, 4).toordinal() + 0.2) == "4 Jun 2031"
    assert DAYS.approximate(day("about 14 June 2031"))
    assert DAYS.same(late, day("not before 14 June 2031"))
    assert not DAYS.same(late, day("by 14 June 2031"))
    assert DAYS.akin(late, day("3 July 2031"))
    assert DAYS.read("later") is None


def test_the_values_of_a_claim() -> None:
    """Each measure knows its values of a claim."""
    text = "62 people will be buried on 14 June 2031."
    claim = Claim("S1", text, quantities=quantities(text), dates=whens(text, None))
    assert FIGURES.of(claim) == claim.quantities
    assert DAYS.of(claim) == claim.dates
