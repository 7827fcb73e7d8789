"""Dates said in a sentence, as intervals of days."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Bound = Literal["on", "by", "not before", "about"]


@dataclass(frozen=True, slots=True)
class When:
    """A date or period said in a sentence, resolved against the day of publication where it is relative.

    `start` and `end` are inclusive days ("in July 2024": 1 to 31 July). `bound` says how they bind: "on" within the
    interval, "by" at the latest, "not before" at the earliest, "about". `text` is the wording, `offset` where it
    stands in the sentence. `resolved` is False where a part was guessed (a year taken from the publication date).
    """

    start: date
    end: date
    bound: Bound = "on"
    text: str = ""
    offset: int = 0
    resolved: bool = True


def whens(sentence: str, published: date | None) -> tuple[When, ...]:
    """Return the dates of a sentence in order."""
    return ()


def same_day(old: When, new: When) -> Literal["same", "different", "narrower", "incomparable"]:
    """Compare two dates."""
    return "incomparable"
