"""What of a claim can be drawn over time: its figures and its dates, as points of a scale."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from tracker.domain.claims import Claim
from tracker.domain.intervals import compare
from tracker.domain.nouns import plural_of
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.units import factor
from tracker.domain.when import When, spoken, whens
from tracker.rendering.chart import Scale, number

Ends = tuple[float | None, float | None]
"""Where a value lies on the scale; None: that side is open."""
_V = TypeVar("_V")


class Measure(Protocol[_V]):
    """Values of one kind. `field` is what findings call it."""

    field: str

    def of(self, claim: Claim) -> Sequence[_V]:
        """Return the values that a claim says."""

    def read(self, words: str) -> _V | None:
        """Return the value that a finding says in words."""

    def same(self, one: _V, other: _V) -> bool:
        """Tell whether two readings are one value."""

    def akin(self, one: _V, other: _V) -> bool:
        """Tell whether two values are of the same thing."""

    def ends(self, value: _V, unit: _V) -> Ends | None:
        """Return where a value lies on the scale of another, None where it cannot stand there."""

    def approximate(self, value: _V) -> bool:
        """Tell whether it was said as "about"."""

    def words(self, value: _V) -> str:
        """Return the value in words."""

    def name(self, value: _V) -> str:
        """Return what is asked of such a value: "How many people", "How much (USD)", "Which day"."""

    def scale(self, value: _V) -> Scale:
        """Return how such values stand at a scale."""


class Figures:
    """Quantities, on a scale from nought; whole numbers where something is counted."""

    field = "quantity"

    def of(self, claim: Claim) -> Sequence[Quantity]:
        """Return the quantities that a claim says."""
        return claim.quantities

    def read(self, words: str) -> Quantity | None:
        """Return the first quantity of some words."""
        return next(iter(quantities(words)), None)

    def same(self, one: Quantity, other: Quantity) -> bool:
        """Tell whether two readings are one quantity."""
        return (one.low, one.high, one.unit) == (other.low, other.high, other.unit)

    def akin(self, one: Quantity, other: Quantity) -> bool:
        """Tell whether two quantities count the same thing."""
        return compare(one, other) != "incomparable"

    def ends(self, value: Quantity, unit: Quantity) -> Ends | None:
        """Return where a quantity lies, in the unit of another."""
        times = factor(unit.unit, value.unit)
        if times is None or (value.low is None and value.high is None):
            return None
        return tuple(None if end is None else end * times for end in (value.low, value.high))  # type: ignore[return-value]

    def approximate(self, value: Quantity) -> bool:
        """Tell whether it was said as "about"."""
        return value.approximate

    def words(self, value: Quantity) -> str:
        """Return a quantity as it was said."""
        if value.text:
            return value.text
        ends = [number(end) for end in dict.fromkeys((value.low, value.high)) if end is not None]
        return " ".join(filter(None, (" to ".join(ends), value.unit, value.noun)))

    def name(self, value: Quantity) -> str:
        """Return the question, with what is counted, or in which unit."""
        if value.unit:
            return f"How much ({value.unit})"
        return f"How many {plural_of(value.noun)}" if value.noun else "How many"

    def scale(self, value: Quantity) -> Scale:
        """Return the scale."""
        return Scale(number, whole=not value.unit, from_nought=True)


class Days:
    """Dates, on a scale of days."""

    field = "date"

    def of(self, claim: Claim) -> Sequence[When]:
        """Return the dates that a claim says."""
        return claim.dates

    def read(self, words: str) -> When | None:
        """Return the first date of some words that name a day by itself."""
        return next(iter(whens(words, None)), None)

    def same(self, one: When, other: When) -> bool:
        """Tell whether two readings are one date."""
        return (one.start, one.end, one.bound) == (other.start, other.end, other.bound)

    def akin(self, one: When, other: When) -> bool:  # noqa: ARG002 - any date may take the place of any
        """Tell whether two dates may be of the same thing."""
        return True

    def ends(self, value: When, unit: When) -> Ends:  # noqa: ARG002 - days are days
        """Return where a date lies: "by" leaves the earlier side open, "not before" the later one."""
        start, end = value.start.toordinal(), value.end.toordinal()
        return (None if value.bound == "by" else start), (None if value.bound == "not before" else end)

    def approximate(self, value: When) -> bool:
        """Tell whether it was said as "about"."""
        return value.bound == "about"

    def words(self, value: When) -> str:
        """Return a date with how it binds: "not before 26 June 2024"."""
        return spoken(value)

    def name(self, value: When) -> str:  # noqa: ARG002 - there is one name
        """Return the question."""
        return "Which day"

    def scale(self, value: When) -> Scale:  # noqa: ARG002 - there is one scale
        """Return the scale."""
        return Scale(lambda days: _day(date.fromordinal(round(days))), whole=True)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
