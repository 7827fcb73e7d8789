"""Quantities as intervals with a unit and the noun they count."""

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tracker.domain.words import opening

if TYPE_CHECKING:
    from tracker.domain.amounts import Amount

MOST = 50
"""Quantities of a sentence that are read; one of news has a few, and each is compared with each of another."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity said in a sentence.

    The value lies in [low, high]; None leaves that side open ("at least 2,000": low 2000, high None). `unit` is
    canonical ("percent", "USD", "km", "hour", "day", ...; "" for a plain count); `noun` is the lemma of what is
    counted ("soldier"), "" when none is said. `approximate` marks "about", "some", "nearly", "dozens". `text` is the
    wording, `start` its character offset in the sentence.
    """

    low: float | None
    high: float | None
    unit: str = ""
    noun: str = ""
    approximate: bool = False
    text: str = ""
    start: int = 0


def quantities(sentence: str) -> tuple[Quantity, ...]:
    """Return the quantities of an English sentence in order.

    Ordinals, dates, years, clock times, scores and numbers that are part of a name ("F-16", "Mirage 2000") are none.
    Of an absurdly long sentence the opening is read, and the first MOST of its quantities.
    """
    from tracker.domain.amounts import amounts  # noqa: PLC0415 - many patterns, for readers of sentences alone

    return tuple(_quantity(sentence, amount) for amount in islice(amounts(opening(sentence)), MOST))


def _quantity(sentence: str, amount: "Amount") -> Quantity:
    text = sentence[amount.start : amount.end]
    return Quantity(
        _clean(amount.low), _clean(amount.high), amount.unit, amount.noun, amount.approximate, text, amount.start
    )


def _clean(value: float | None) -> float | None:
    """Return a value without the dust of floating point, so that it prints as it was said."""
    return None if value is None else float(f"{value:.12g}")
