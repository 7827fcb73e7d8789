"""A table-driven grammar of English dates, read against the day of publication.

Own grammar and not dateparser: that library takes single expressions, guesses silently, and is slow to import; here the
bound ("no earlier than"), the interval ("early 2025") and the tense of the sentence decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.domain.absolute_dates import ABSOLUTE
from tracker.domain.date_words import Place
from tracker.domain.periods import Span
from tracker.domain.relative_dates import RELATIVE

_NO_DAY = date(1970, 1, 1)
_FIRST, _LAST = date(1900, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A date expression at [start, end) of a text and its days; `resolved` is False where the year was guessed."""

    start: int
    end: int
    days: Span
    resolved: bool


def readings(text: str, published: date | None) -> Iterator[Reading]:
    """Yield the date expressions of a folded text, the most specific rules first, none overlapping.

    Without a day of publication, or with one that no newspaper can have, only dates that name their year themselves.
    """
    published = published if published and _FIRST <= published < _LAST else None
    first = _read(text, Place(text, published or _NO_DAY), [], absolute=True)
    taken: list[tuple[int, int]] = []
    for reading in first:
        taken.append((reading.start, reading.end))
        if published or _names_its_year(text, reading):
            yield reading
    if published:
        yield from _read(text, Place(text, published), taken, absolute=False)


def _names_its_year(text: str, reading: Reading) -> bool:
    """Say whether an expression read without publication stands by itself: nothing was guessed and a year is in it."""
    return reading.resolved and any(char.isdigit() for char in text[reading.start : reading.end])


def _read(text: str, place: Place, taken: list[tuple[int, int]], *, absolute: bool) -> list[Reading]:
    found: list[Reading] = []
    taken = list(taken)
    for pattern, reader in ABSOLUTE if absolute else RELATIVE:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            days = reader(match, place)
            if days:
                taken.append((start, end))
                found.append(Reading(start, end, *days))
    return found
