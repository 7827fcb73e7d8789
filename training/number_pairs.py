"""Pairs whose label follows from arithmetic: a number of an aligned claim and sentence is moved, the label follows.

A labelled pair in which exactly one number of the sentence explains its label says which two numbers speak of the same
thing. With other numbers in their places the pair is as true to life, and what it says is known.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rows import NEITHER, REFUTES, SUPPORTS, Row

ORIGIN = "made: numbers moved"
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w]|[.,]\d)")
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_MONTH = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s*$", re.IGNORECASE)
_BOUNDS = tuple(
    (sense, re.compile(rf"\b(?:{words})\s+(?:\S+\s+){{0,{between}}}?$", re.IGNORECASE))
    for sense, words, between in (
        (">=", "at least|no fewer than|not fewer than|no less than|not less than|minimum of", 2),
        ("<=", "at most|no more than|not more than|not over|up to|maximum of", 2),
        (">", r"more than|over|above|greater than|higher than|exceed\w*|upwards of|surpass\w*", 2),
        ("<", "less than|fewer than|under|below|lower than", 2),
        ("~", "about|around|approximately|nearly|almost|roughly|some|close to", 1),
    )
)
_BEFORE = 40  # characters before a number in which its bound stands
_YEARS_OFF = (-9, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 9)
_SMALL = 12
_A_FEW_OFF = (-3, -2, -1, 1, 2, 3)
_SHARES_OFF = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
_LIKE = 4  # two numbers of the same thing are at most so many times apart
_NEAR, _FAR = 0.04, 0.12  # "about" holds up to the one, fails from the other, and between them nobody knows


class _Spot(NamedTuple):
    """A number of a text that is no day of a month."""

    start: int
    end: int
    value: float
    year: bool


class _Aligned(NamedTuple):
    """The number of a claim, how it is meant, the one of the sentence that explains the label, and the others there."""

    claimed: _Spot
    sense: str
    told: _Spot
    others: Sequence[_Spot]


def number_pairs(rows: Sequence[Row], each: int, rng: random.Random) -> Iterator[Row]:
    """Yield up to `each` pairs made of each row whose numbers can be aligned."""
    for row in rows:
        aligned = None if row.label == NEITHER else _aligned(row)
        for _ in range(each if aligned else 0):
            if aligned and (made := _moved(row, aligned, rng)):
                yield made


def _moved(row: Row, aligned: _Aligned, rng: random.Random) -> Row | None:
    """Return a row with another number in the sentence, in the claim, or beside the one that matters."""
    claim, sentence, kind = row.claim, row.sentence, rng.random()
    claimed, told = aligned.claimed, aligned.told
    if kind < 0.4:
        new = _other(told, sentence, rng)
        new = claimed.value if rng.random() < 0.25 else new
        holds, sentence = _holds(aligned.sense, claimed.value, new), _put(sentence, told, new)
    elif kind < 0.8:
        new = told.value if rng.random() < 0.25 else _other(claimed, claim, rng, near=told.value)
        holds, claim = _holds(aligned.sense, new, told.value), _put(claim, claimed, new)
    elif aligned.others:
        beside = rng.choice(aligned.others)
        holds, sentence = row.label == SUPPORTS, _put(sentence, beside, _other(beside, sentence, rng))
    else:
        return None
    if holds is None or (claim, sentence) == (row.claim, row.sentence):
        return None
    return Row(claim, sentence, SUPPORTS if holds else REFUTES, ORIGIN)


def _aligned(row: Row) -> _Aligned | None:
    claims, told = _spots(row.claim), _spots(row.sentence)
    if len(claims) != 1 or not told:
        return None
    (claimed,) = claims
    sense = _sense(row.claim, claimed.start)
    like = [one for one in told if one.year == claimed.year and _of_one_size(one.value, claimed.value)]
    right = [one for one in like if _holds(sense, claimed.value, one.value)]
    found = right if row.label == SUPPORTS else [] if right else like
    if len(found) != 1:
        return None
    return _Aligned(claimed, sense, found[0], [one for one in told if one is not found[0]])


def _spots(text: str) -> list[_Spot]:
    return [
        _Spot(*match.span(), float(match[0].replace(",", "")), bool(_YEAR.fullmatch(match[0])))
        for match in _NUMBER.finditer(text)
        if not _MONTH.search(text[max(0, match.start() - 12) : match.start()])
    ]


def _of_one_size(one: float, other: float) -> bool:
    return 1 / _LIKE <= (one + 1) / (other + 1) <= _LIKE


def _sense(text: str, start: int) -> str:
    before = text[max(0, start - _BEFORE) : start]
    return next((sense for sense, shape in _BOUNDS if shape.search(before)), "=")


def _holds(sense: str, claimed: float, told: float) -> bool | None:
    if sense == "~":
        off = abs(told - claimed) / max(abs(claimed), 1e-9)
        return True if off <= _NEAR else False if off >= _FAR else None
    return {
        ">": told > claimed, ">=": told >= claimed, "<": told < claimed, "<=": told <= claimed, "=": told == claimed,
    }[sense]  # fmt: skip


def _other(spot: _Spot, text: str, rng: random.Random, near: float | None = None) -> float:
    """Return another number that could stand in a spot of a text, near the one there or `near`."""
    value, like = spot.value if near is None else near, text[spot.start : spot.end]
    if spot.year:
        return value + rng.choice(_YEARS_OFF)
    if value < _SMALL and "." not in like:
        return max(0, value + rng.choice(_A_FEW_OFF))
    new = value * (1 + rng.choice((-1, 1)) * rng.choice(_SHARES_OFF))
    return new if "." in like else round(new)


def _put(text: str, spot: _Spot, value: float) -> str:
    return text[: spot.start] + _written(value, text[spot.start : spot.end]) + text[spot.end :]


def _written(value: float, like: str) -> str:
    """Write a number as the one in its place is written."""
    text = f"{value:,.{len(like.split('.')[1])}f}" if "." in like else f"{round(value):,}"
    return text.replace(",", "") if "," not in like and value < 1e6 and len(like) >= 4 else text
