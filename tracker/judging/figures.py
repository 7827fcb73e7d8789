"""Every figure of a sentence: counts, shares, sums, ranks and years, with what bounds it and what stands around it.

The comparators read quantities strictly, so that what they say is certain. Here nothing is left out ("42nd", "sixth",
"85 out of 100"), since what a figure is worth as evidence is learnt.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import inf

from tracker.domain.bounds import bound_before, bound_behind
from tracker.domain.number_words import NUMERAL, letter_scale, read_numeral
from tracker.domain.words import STOP, bag, fold, opening, stem

_WORD = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")
_ORDINAL = re.compile(r"(?<![\w.,])([0-9]{1,4})(?:st|nd|rd|th)\b", re.IGNORECASE)
_NAMED = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth
"""
_RANKS = _NAMED.split()
_RANK = re.compile(rf"\b(?:{'|'.join(_RANKS)})\b", re.IGNORECASE)
_PERCENT = re.compile(r"\s?(?:%|percent|per cent)", re.IGNORECASE)
_MONEY = re.compile(r"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|Rs\.?))\s?$")
_STRICT = bag("than over above under below exceed exceeds exceeded exceeding")
_YEARS = range(1000, 2101)
_AROUND = 5
_RECENT = 64
MOST = 50
"""Figures of a text that are read; a sentence of news has a few, and each is compared with each of another."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure said in a text: its value lies between `low` and `high`, of which an open end is infinite.

    `kind` is "count", "percent", "money", "rank" or "year". `noun` is the stem of the word behind it, `near` are the
    stems around it. `strict`: the bound itself is out ("more than 90"). `text` is the wording, with its bound; `at` is
    where the figure itself starts and ends.
    """

    low: float
    high: float
    kind: str
    noun: str
    near: frozenset[str]
    strict: bool = False
    text: str = ""
    at: tuple[int, int] = (0, 0)

    @property
    def value(self) -> float:
        """The end that is said."""
        return self.low if self.low > -inf else self.high

    @property
    def bound(self) -> int:
        """1 for a figure open above, -1 for one open below, 0 for a plain one."""
        return (self.high == inf) - (self.low == -inf)

    def holds(self, other: "Figure") -> bool:
        """Say whether another figure can be true with this one."""
        if self.strict and not other.bound and other.value == self.value:
            return False
        if other.strict and not self.bound and other.value == self.value:
            return False
        return self.low <= other.high and other.low <= self.high


@lru_cache(maxsize=_RECENT)
def figures(text: str) -> tuple[Figure, ...]:
    """Return the first MOST figures of a text's opening, in order."""
    folded = fold(opening(text))
    words = tuple((match.start(), stem(match.group().lower())) for match in _WORD.finditer(folded))
    return tuple(islice(_figures(folded, words), MOST))


def _figures(text: str, words: Sequence[tuple[int, str]]) -> Iterator[Figure]:
    past = 0
    for start, end, low, high, kind in sorted(_found(text)):
        if start < past:
            continue
        bound, begin = bound_before(text, start, past)
        behind, _ = bound_behind(text[end:]) if not bound else ("", 0)
        strict = bool(_STRICT & set(text[begin:start].lower().split()[:3]))
        noun, near = _context(words, start, end)
        yield Figure(*_opened(low, high, bound or behind), kind, noun, near, strict, text[begin:end], (start, end))
        past = end


def _opened(low: float, high: float, bound: str) -> tuple[float, float]:
    match bound:
        case "least" | "barely":
            return low, inf
        case "most" | "nearly":
            return -inf, high
        case "about":
            return 0.9 * low, 1.1 * high
    return low, high


def _found(text: str) -> Iterator[tuple[int, int, float, float, str]]:
    for match in _ORDINAL.finditer(text):
        yield match.start(), match.end(), float(match[1]), float(match[1]), "rank"
    for match in _RANK.finditer(text):
        rank = float(_RANKS.index(match.group().lower()) + 1)
        yield match.start(), match.end(), rank, rank, "rank"
    for match in NUMERAL.finditer(text):
        said = read_numeral(match)
        times = letter_scale(said.letter) if said.letter else 1.0
        kind = _kind(text, match, said.low)
        yield (
            match.start(),
            match.end(),
            said.low * times,
            said.high * times,
            "percent" if said.kind == "share" else kind,
        )


def _kind(text: str, match: re.Match[str], value: float) -> str:
    if _PERCENT.match(text, match.end()):
        return "percent"
    if _MONEY.search(text[: match.start()]):
        return "money"
    return "year" if match.group().isdigit() and value in _YEARS else "count"


def _context(words: Sequence[tuple[int, str]], start: int, end: int) -> tuple[str, frozenset[str]]:
    before = [word for at, word in words if at < start][-_AROUND:]
    after = [word for at, word in words if at >= end][:_AROUND]
    noun = next((word for word in after[:3] if word not in STOP and not word[0].isdigit()), "")
    return noun, frozenset(word for word in (*before, *after) if word not in STOP)
