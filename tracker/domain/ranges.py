"""Two numerals that make one quantity ("10 to 12 jets") or the two ends of a change ("from 5% to 5.25%")."""

import re
from typing import Literal

from tracker.domain.number_words import Numeral
from tracker.domain.units import unit_after

Gap = Literal["", "to", "between", "change"]

_TO = re.compile(r"\s*-\s*|\s+(?:to|or|through)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to)\s+", re.IGNORECASE)
_SIGNS = re.compile(r"[ ]?(?:%|percent|per cent|US\$|[$€£¥])[ ]?")
_BETWEEN = re.compile(r"\bbetween\s+(?:about |around |some |roughly )?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_LEAD = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:r(?:ai|[aio])s(?:e|es|ed|en|ing)|increas\w*|climb\w*|gr[eo]w\w*|jump\w*|up|cut\w*|lower\w*|reduc\w*|f[ae]ll\w*"
    r"|drop\w*|down|slash\w*|declin\w*|shr[aiu]nk\w*|revis\w*|chang\w*|mov\w*|trim\w*|exten\w*|shift\w*|upgrad\w*"
    r"|downgrad\w*|edg\w+|slip\w*|widen\w*|narrow\w*|expan\w*|hik\w+|boost\w*|improv\w*|gone?|goes|doubl\w*|tripl\w*"
    r"|surg\w*|soar\w*|plung\w*|tumbl\w*|eas\w+|slow\w*|accelerat\w*|swung|sink\w*|sank)\b[^.;]{0,70}\bfrom\s+$",
    re.IGNORECASE,
)
_SCALE_WORD = re.compile(r"(hundred|thousand|million|billion|trillion|mn|bn|tn|[kmb])s?$", re.IGNORECASE)
_SCALES = {
    "hu": 1e2,
    "th": 1e3,
    "k": 1e3,
    "m": 1e6,
    "mi": 1e6,
    "mn": 1e6,
    "b": 1e9,
    "bi": 1e9,
    "bn": 1e9,
    "tr": 1e12,
    "tn": 1e12,
}
_LARGE = 1000


def range_gap(before: str, between: str, first: Numeral, second: Numeral) -> Gap:
    """Say how two numerals belong together, from the text before the first and between them; "" when they do not."""
    joined = _SIGNS.sub(" ", between)
    if _BETWEEN.search(before) and _AND.fullmatch(joined):
        return "between"
    if _FROM.search(before) and _TO.fullmatch(_without_unit(joined)) and _falls(before, first, second):
        return "change"
    if _of_two_kinds(between) or not _TO.fullmatch(joined):
        return ""
    return "to" if first.kind != "vague" and (first.low < second.high or second.scaled) else ""


def _of_two_kinds(between: str) -> bool:
    """A share and a price make no range: "2 percent to $74"."""
    return bool(re.search(r"%|percent|per cent", between) and re.search(r"[$€£¥]", between))


def _falls(before: str, first: Numeral, second: Numeral) -> bool:
    return bool(_CHANGES.search(before)) or first.low > second.low


def _without_unit(joined: str) -> str:
    length = unit_after(joined.lstrip())[1] if joined.startswith(" ") else 0
    return joined[length + 1 :] if length else joined


def lead_in(before: str) -> int:
    """Return the length of the "between" or "from" that a text ends with."""
    match = _LEAD.search(before)
    return len(match.group()) if match else 0


def lent_scale(text: str, first: Numeral, second: Numeral) -> float:
    """Return the scale that the second numeral lends the first: "5 to 6 million"."""
    word = _SCALE_WORD.search(text[second.start : second.end])
    if not word or first.scaled or first.low >= _LARGE:
        return 1.0
    return _SCALES[word.group(1).lower()[:2]]
