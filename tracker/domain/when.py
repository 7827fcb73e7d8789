"""Dates said in a sentence, as intervals of days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tracker.domain.words import opening

Bound = Literal["on", "by", "not before", "about"]
Comparison = Literal["same", "different", "narrower", "incomparable"]


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


MOST = 50
"""Dates of a sentence that are read; one of news has a few, and each is compared with each of another."""

_LASTS = re.compile(r"\b(?:until|till)\b", re.IGNORECASE)
_ABOUT_DAYS = 3


def whens(sentence: str, published: date | None) -> tuple[When, ...]:
    """Return the dates and periods of an English sentence in order.

    What is relative ("on Friday", "next week") or lacks its year is read against `published`, and left out without it.
    Durations ("for three days") are no dates. Of an absurdly long sentence the opening is read, and MOST of its dates.
    """
    from tracker.domain.dates_said import dates_said  # noqa: PLC0415 - many patterns, for readers of sentences alone

    return tuple(sorted(dates_said(opening(sentence), published), key=lambda when: when.offset)[:MOST])


def spoken(when: When) -> str:
    """Return a date in words: "not before 26 June 2024", "until 14 March 2024", "June 2024", "9 to 16 June 2024".

    What lasts until a day is told so, though it ends by that day as much as a deadline does.
    """
    bound = "until" if when.bound == "by" and _LASTS.search(when.text) else when.bound
    return _span(when.start, when.end) if bound == "on" else f"{bound} {_span(when.start, when.end)}"


def _span(first: date, last: date) -> str:
    if first == last:
        return _day(last)
    if first.year != last.year:
        return f"{_day(first)} to {_day(last)}"
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:  # whole months
        if first.month == last.month:
            return f"{last:%B} {last.year}"
        if (first.month, last.month) == (1, 12):
            return f"{last.year}"
    return f"{first.day} to {_day(last)}" if first.month == last.month else f"{first.day} {first:%B} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def same_day(old: When, new: When) -> Comparison:
    """Say how a new date stands to a known one.

    "same": both can hold and the new one says no more; "narrower": the new one lies inside the old and says more
    ("in June" and then "on 14 June"); "different": both cannot hold, or a bound of the same kind has moved;
    "incomparable": an open start against an open end, or two days that differ by a guessed year only.
    """
    if {old.bound, new.bound} == {"by", "not before"}:
        return "different" if _disjoint(old, new) else "incomparable"
    if old.bound == new.bound and old.bound in ("by", "not before"):
        return _moved(old, new)
    if not _disjoint(old, new):
        return _overlap(old, new)
    return "incomparable" if _differs_by_guess(old, new) else "different"


def _ends(when: When) -> tuple[date, date]:
    slack = timedelta(days=_ABOUT_DAYS)
    match when.bound:
        case "by":
            return date.min, when.end
        case "not before":
            return when.start, date.max
        case "about" if date.min + slack < when.start and when.end < date.max - slack:
            return when.start - slack, when.end + slack
    return when.start, when.end


def _disjoint(old: When, new: When) -> bool:
    (a, b), (c, d) = _ends(old), _ends(new)
    return b < c or d < a


def _overlap(old: When, new: When) -> Comparison:
    (a, b), (c, d) = _ends(old), _ends(new)
    return "narrower" if a <= c and d <= b and (a, b) != (c, d) and old.bound != "about" else "same"


def _moved(old: When, new: When) -> Comparison:
    """Two bounds of one kind: a deadline inside the period named before is that deadline said more precisely."""
    if (old.start, old.end) == (new.start, new.end):
        return "same"
    if old.start <= new.start and new.end <= old.end:
        return "narrower"
    if new.start <= old.start and old.end <= new.end:
        return "same"
    return "incomparable" if _differs_by_guess(old, new) else "different"


def _differs_by_guess(old: When, new: When) -> bool:
    """Say whether two dates are the same day of two years, one of which was guessed."""
    return not (old.resolved and new.resolved) and (old.start.month, old.start.day) == (new.start.month, new.start.day)
