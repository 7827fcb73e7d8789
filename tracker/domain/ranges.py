"""Two numerals that make one quantity ("10 to 12 jets") or the two ends of a change ("from 5% to 5.25%")."""

import re
from typing import Literal

from tracker.domain.not_quantities import is_tally
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
    r"\b(?:r(?:ai|[aio])s(?:e|es|ed|en|ing)|increas\w*|climb\w*|gr[eo]w\w*|jump\w*|up|cut\w*|lower\w*|reduc\w*"
    r"|f[ae]ll\w*"
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
_MOVED = re.compile(
    r"\b(?P<verb>ris(?:es?|en|ing)|rose|fell|falls?|fallen|slid|slides?|gain(?:s|ed)|drop(?:s|ped)?|climb(?:s|ed)?"
    r"|grew|gr[eo]wn?"
    r"|jump(?:s|ed)?|increas\w+|decreas\w+|declin\w+|lost|went (?:up|down)|cut|reduced|rais\w+|shr[aiu]nk)\s+"
    r"(?P<by>by\s+)?(?:(?:about|around|some|nearly|almost|another)\s+)?(?:US\$|[$€£¥])?$",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:will|would|could|may|might|can|should|to|expected|forecast|likely)\b[^.;]{0,40}$", re.IGNORECASE
)
_FAR = 3  # times: no range spans more behind "rose by"
_SHARE = re.compile(r"%|percent|per cent")
_OUT_OF = re.compile(r" in ")
_ROUND = frozenset({10.0, 20.0, 50.0, 100.0, 1e3, 1e4, 1e5, 1e6})
_TIMES = re.compile(r"[ -](?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|games|matches)\b")
_FEW = 10


def proportion(text: str, first: Numeral, second: Numeral) -> Numeral | None:
    """Return the share, in percent, that "one in five" makes; None where two numerals make none."""
    counted = first.kind in {"spelled", "digits"} and second.kind in {"spelled", "digits"}
    if not counted or not _OUT_OF.fullmatch(text[first.end : second.start].lower()) or _TIMES.match(text, second.end):
        return None
    if not 0 < first.low < second.low or not (second.low <= _FEW or second.low in _ROUND):
        return None
    part = 100 * first.low / second.low
    return Numeral(first.start, second.end, part, part, "share")


def range_gap(before: str, between: str, after: str, numerals: tuple[Numeral, Numeral]) -> Gap:
    """Say how two numerals belong together, from the text before, between and behind them; "" when they do not."""
    first, second = numerals
    joined = _SIGNS.sub(" ", between)
    if _by_and_to(before, between, first, second) or (_SHARE.search(between) and unit_after(after)[0] != "percent"):
        return "change" if _is_change(before, joined, first, second) else ""
    if _BETWEEN.search(before) and _AND.fullmatch(joined):
        return "between"
    if _is_change(before, joined, first, second):
        return "change"
    if _of_two_kinds(between) or not _TO.fullmatch(joined) or (first.kind == "share") != (second.kind == "share"):
        return ""
    if between == "-" and is_tally(before, after):
        return ""
    return "to" if first.kind != "vague" and (first.low < second.high or second.scaled) else ""


def _is_change(before: str, joined: str, first: Numeral, second: Numeral) -> bool:
    return bool(_FROM.search(before) and _TO.fullmatch(_without_unit(joined)) and _falls(before, first, second))


def _by_and_to(before: str, between: str, first: Numeral, second: Numeral) -> bool:
    """Say whether one numeral is how far a value moved and the other where it got: "rose by 12 to 57"."""
    moved = _MOVED.search(before)
    if not moved or not re.search(r"\sto\s", between):
        return False
    return second.low > _FAR * first.high or first.low > second.high or bool(moved["by"] and not _MAY.search(before))


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
