"""Quantities as intervals with a unit and the noun they count."""

from dataclasses import dataclass
from typing import Literal


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
    """Return the quantities of a sentence in order."""
    return ()


def compare(old: Quantity, new: Quantity) -> Literal["same", "different", "narrower", "incomparable"]:
    """Compare two quantities by interval arithmetic."""
    return "incomparable"
