"""Marks for the pair model: which words of a side the other side holds, and how their numbers compare.

A small model reads words well and numbers badly. What is plain to see is handed to it with each token: whether the word
is met on the other side, and whether the number is equal to, below or above the nearest number there. The marks take
the place of BERT's token types, which only tell the two sides apart.
"""

import math
import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from tracker.domain.words import fold, stem

if TYPE_CHECKING:
    from tokenizers import Encoding


class Mark(IntEnum):
    """What is to be said of a word; the marks of the second side follow those of the first.

    A NAME is not met either, and has a capital. A number is EQUAL to, BELOW or ABOVE the nearest one of the other side;
    ALONE, there is none. Years are compared with years.
    """

    UNMET = 0
    NAME = 1
    MET = 2
    EQUAL = 3
    BELOW = 4
    ABOVE = 5
    ALONE = 6


MARKS = len(Mark)
"""Marks of one side."""

_WORD = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+")
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
# Not those of the domain: the model was trained with these, and knows no others.
_TO_TWENTY = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMERALS = {word: float(value) for value, word in enumerate(_TO_TWENTY)} | {
    "once": 1.0, "twice": 2.0, "dozen": 12.0, "first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0,
}  # fmt: skip
_YEARS = range(1500, 2100)
_DIGITS_OF_YEAR = 4
_SAME = 1e-9


class Marked(NamedTuple):
    """Where a word stands in a text, and its mark."""

    start: int
    end: int
    mark: Mark


class _Word(NamedTuple):
    start: int
    end: int
    stem: str
    capital: bool
    number: float | None
    year: bool


def token_marks(pair: tuple[str, str], encoding: "Encoding") -> list[int]:
    """Return the mark of each token of a pair that was encoded together; what is no word has the first of its side."""
    sides = [_Marks(found) for found in marks(*pair)]
    return [
        side * MARKS + (0 if within is None else sides[within].at(start))
        for side, within, (start, _) in zip(
            encoding.type_ids, encoding.sequence_ids, encoding.offsets, strict=True
        )
    ]  # fmt: skip


def marks(one: str, other: str) -> tuple[list[Marked], list[Marked]]:
    """Return the words of two texts with their marks, in order."""
    first, second = _words(one), _words(other)
    return _marked(first, second), _marked(second, first)


class _Marks:
    """Marks by place in their text."""

    def __init__(self, found: Sequence[Marked]) -> None:
        self._found = found
        self._starts = [one.start for one in found]

    def at(self, place: int) -> int:
        """Return the mark of the word that a character stands in, `UNMET` between words."""
        nth = bisect_right(self._starts, place) - 1
        return self._found[nth].mark if nth >= 0 and place < self._found[nth].end else Mark.UNMET


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        number = float(word.replace(",", "")) if word[0].isdecimal() else _NUMERALS.get(word)
        if word in _SCALES and found and found[-1].number is not None and not found[-1].year:
            before = found.pop()
            number = min((before.number or 0.0) * _SCALES[word], sys.float_info.max)
            found.append(before._replace(capital=False, number=number, year=False))
        year = word.isdecimal() and len(word) == _DIGITS_OF_YEAR and int(word) in _YEARS
        number = number if number is None or math.isfinite(number) else None
        found.append(_Word(*match.span(), stem(fold(word)), match[0][0].isupper(), number, year))
    return found


def _marked(mine: Sequence[_Word], theirs: Sequence[_Word]) -> list[Marked]:
    stems = {word.stem for word in theirs}
    numbers = {year: [w.number for w in theirs if w.number is not None and w.year is year] for year in (True, False)}
    return [Marked(word.start, word.end, _mark(word, stems, numbers[word.year])) for word in mine]


def _mark(word: _Word, stems: set[str], numbers: Sequence[float]) -> Mark:
    if word.number is None:
        return Mark.MET if word.stem in stems else Mark.NAME if word.capital else Mark.UNMET
    if not numbers:
        return Mark.ALONE
    value = word.number
    nearest = min(numbers, key=lambda number: abs(math.log1p(number) - math.log1p(value)))
    if math.isclose(nearest, value, rel_tol=_SAME):
        return Mark.EQUAL
    return Mark.BELOW if value < nearest else Mark.ABOVE
