"""Words that bound a numeral: "at least", "up to", "nearly", "about"."""

import re
from typing import Literal

Bound = Literal["", "least", "most", "nearly", "barely", "about"]

_WORDS: dict[Bound, str] = {
    "least": (
        r"at least|at minimum|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of|minimum|more than|over|above"
        r"|upwards? of|in excess of|exceed(?:s|ed|ing)?|greater than|higher than|well over|well above|far more than"
        r"|beyond|north of|>=?|≥|surpass(?:es|ed|ing)?|top(?:s|ped|ping)"
        r"|(?:toll|deaths|cases|dead|total|count) (?:passes|passed|past|has passed)"
    ),
    "most": (
        r"up to|as (?:many|much|high|long|few|little) as|at most|at the most|no more than|not more than|a maximum of"
        r"|maximum|fewer than|less than|lower than|under|below|capped at|<=?|≤"
    ),
    "nearly": (
        r"nearly|almost|close to|just under|just short of|just shy of|approaching|nearing|not quite|virtually"
        r"|just below|shy of"
    ),
    "barely": (
        r"just over|slightly (?:more than|over|above)|a little (?:more than|over)|just above|just more than"
        r"|a bit more than|barely|scarcely"
    ),
    "about": (
        r"about|around|some|roughly|approximately|approx\.?|circa|an estimated|estimated|~|in the region of"
        r"|(?:in|of|on) the order of|an average of|on average|averag(?:ing|ed|es)|somewhere around|more or less|perhaps"
        r"|maybe|probably|a reported|reportedly"
    ),
}
_FILLER = (
    r"(?:(?:a total of|another|an additional|an extra|a further|a record|the|only|just|its|their|an?|some|about"
    r"|around)\s+)?"
)
_BOUNDS: dict[Bound, re.Pattern[str]] = {
    name: re.compile(rf"(?:^|(?<![\w'-]))(?P<bound>{words})\s*{_FILLER}$", re.IGNORECASE)
    for name, words in _WORDS.items()
}
_TALKS_OF = re.compile(
    r"\b(?:talk\w*|worr\w+|concern\w*|question\w*|know\w*|think\w*|news|information|complain\w*|dispute\w*)"
    r"\s+(?:about|over)\s*$",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:for|after|lasting|lasted|just|well|took|takes?|by|of|is|was|been|last|within|aged|in)\s+over\s*$",
    re.IGNORECASE,
)
_SPAN = re.compile(r"[\w.]+[ -](?:hours?|days?|weeks?|months?|years?|decades?)\b")
_BEHIND = re.compile(
    r"\s*(?:,\s*)?(?:(?P<least>or more|-?plus|\+|and counting|at least|at a minimum|or over|or older)"
    r"|(?P<most>or less|or fewer|at most|at the most|or under)|(?P<about>or so|-?odd|or thereabouts))(?![\w])",
    re.IGNORECASE,
)
_BEHIND_UNIT = re.compile(
    r"\s+or\s+(?:(?P<least>more|over)|(?P<most>less|fewer)|(?P<about>so|thereabouts))\b(?! than)", re.IGNORECASE
)
_CLIMBS = re.compile(
    r"\b(?:go(?:es|ing|ne)?|went|mov(?:es|ed|ing)|climb(?:s|ed|ing)?|r(?:ise|ises|ose|isen|ising)|tick(?:s|ed|ing)?"
    r"|edg(?:es|ed|ing)|creeps?|crept|shoots?|shot|jump(?:s|ed)?)\s+(?:back\s+)?$",
    re.IGNORECASE,
)
_LEFT = 90


def bound_before(text: str, begin: int, past: int) -> tuple[Bound, int]:
    """Return the bound that the words between `past` and `begin` set, and where they start; ("", begin) for none."""
    before = text[max(past, begin - _LEFT) : begin]
    found = [(match.start("bound"), name, match) for name, each in _BOUNDS.items() if (match := each.search(before))]
    if not found:
        return "", begin
    at, name, match = min(found, key=lambda each: each[0])
    if (
        _TALKS_OF.search(before[: match.end("bound")] + " ")
        or _spreads(text, begin, before, match["bound"])
        or (match["bound"].lower() == "up to" and _CLIMBS.search(before[:at]))
    ):
        return "", begin
    return name, begin - len(before) + at


def _spreads(text: str, begin: int, before: str, word: str) -> bool:
    """Say whether "over" spreads over a time ("25% over four years") and does not mean more ("for over four years")."""
    alone = text[:begin].strip().lower() == "over"
    return word.lower() == "over" and not alone and bool(_SPAN.match(text, begin)) and not _LASTS.search(before)


def bound_behind(after: str) -> tuple[Bound, int]:
    """Return the bound that the text behind a numeral opens with ("or more") and its length; ("", 0) for none."""
    return _found_behind(_BEHIND.match(after))


def bound_behind_unit(after: str) -> tuple[Bound, int]:
    """Return the bound behind a unit or noun ("3 km or so") and its length; ("", 0) for none."""
    return _found_behind(_BEHIND_UNIT.match(after))


def _found_behind(match: re.Match[str] | None) -> tuple[Bound, int]:
    if not match:
        return "", 0
    name: Bound = "least" if match["least"] else "most" if match["most"] else "about"
    return name, match.end()


def widened(low: float, high: float, bound: Bound) -> tuple[float | None, float | None]:
    """Return the interval that a bound makes of a value; "about" and "nearly" allow up to a tenth."""
    match bound:
        case "least":
            return low, None
        case "most":
            return None, high
        case "nearly":
            return low - 0.1 * abs(low), high
        case "barely":
            return low, high + 0.1 * abs(high)
        case "about":
            return low - abs(low) * _slack(low), high + abs(high) * _slack(high)
    return low, high


def _slack(value: float) -> float:
    """Return the share by which "about" may miss: half of the last digit given, at least 3 and at most 10 percent."""
    value = abs(value)
    digits = f"{value:.15g}"
    whole, _, decimals = digits.partition(".")
    grain = 10.0 ** -len(decimals) if decimals else 10.0 ** (len(whole) - len(whole.rstrip("0")))
    return min(0.1, max(0.03, grain / 2 / value)) if value else 0.0
