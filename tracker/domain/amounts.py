"""Reading of quantities: numerals with their bounds, ranges, units, money and counted nouns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.domain.not_quantities import is_no_quantity
from tracker.domain.nouns import head_noun, lemma, noun_before, noun_in
from tracker.domain.number_words import NUMERAL, Numeral, letter_scale, read_numeral
from tracker.domain.units import RATE, money_after, money_before, unit_after
from tracker.domain.words import bag, fold

_LEFT, _RIGHT = 90, 120
_BOUNDS = (
    ("least", r"at least|at minimum|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of|minimum|more than|over|above|upwards? of"
     r"|in excess of|exceed(?:s|ed|ing)?|greater than|higher than|well over|well above|far more than|beyond|north of|>=?|≥"
     r"|surpass(?:es|ed|ing)?|top(?:s|ped|ping)|(?:toll|deaths|cases|dead|total|count) (?:passes|passed|past|has passed)"),
    ("most", r"up to|as (?:many|much|high|long|few|little) as|at most|at the most|no more than|not more than|a maximum of|maximum"
     r"|fewer than|less than|lower than|under|below|capped at|<=?|≤"),
    ("nearly", r"nearly|almost|close to|just under|just short of|just shy of|approaching|nearing|not quite|virtually|just below|shy of"),
    ("barely", r"just over|slightly (?:more than|over|above)|a little (?:more than|over)|just above|just more than|a bit more than"),
    ("about", r"about|around|some|roughly|approximately|approx\.?|circa|an estimated|estimated|~|in the region of|(?:in|of|on) the order of"
     r"|an average of|on average|averag(?:ing|ed|es)|somewhere around|more or less|perhaps|maybe|probably|a reported|reportedly"),
)  # fmt: skip
_FILLER = r"(?:(?:a total of|another|an additional|an extra|a further|a record|the|only|just|its|their|a|an|some|about|around)\s+)?"
_BOUND = tuple((name, re.compile(rf"(?:^|(?<![\w'-]))(?P<bound>{words})\s*{_FILLER}$", re.IGNORECASE)) for name, words in _BOUNDS)
_TALKS_OF = re.compile(r"\b(?:talk\w*|worr\w+|concern\w*|question\w*|know\w*|think\w*|news|information|complain\w*|dispute\w*)\s+(?:about|over)\s*$", re.IGNORECASE)
_LASTS = re.compile(r"\b(?:for|after|lasting|lasted|just|well|took|takes?|by|of|is|was|been|last|within|aged|in)\s+over\s*$", re.IGNORECASE)
_MORE = re.compile(r"\s*(?:,\s*)?(?:(?P<least>or more|plus|\+|and counting|at least|at a minimum|or over|or older)|(?P<most>or less|or fewer|at most|at the most|or under)|(?P<about>or so|-?odd|or thereabouts))(?![\w])", re.IGNORECASE)
_TO = re.compile(r"\s*-\s*|\s+(?:to|or|through)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:about |around |some |roughly |an? )?$", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:r(?:ai|[aio])s(?:e|es|ed|en|ing)|increas\w*|climb\w*|gr[eo]w\w*|jump\w*|up|cut\w*|lower\w*|reduc\w*|f[ae]ll\w*|drop\w*|down|slash\w*|declin\w*"
    r"|shr[aiu]nk\w*|revis\w*|chang\w*|mov\w*|trim\w*|exten\w*|shift\w*|upgrad\w*|downgrad\w*|edg\w+|slip\w*|widen\w*|narrow\w*|expan\w*|hik\w+"
    r"|boost\w*|improv\w*|gone?|goes|doubl\w*|tripl\w*|surg\w*|soar\w*|plung\w*|tumbl\w*|eas\w+|slow\w*|accelerat\w*|swung|sink\w*|sank)\b[^.;]{0,70}\bfrom\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity at [start, end) of a sentence; the fields mean what they mean in Quantity."""

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    noun: str
    approximate: bool


def amounts(sentence: str) -> Iterator[Amount]:
    """Yield the quantities of a sentence in order, none overlapping."""
    text = fold(sentence)
    numerals = [read_numeral(match) for match in NUMERAL.finditer(text)]
    past = 0
    for at, numeral in enumerate(numerals):
        if numeral.start < past or is_no_quantity(text, numeral):
            continue
        following = numerals[at + 1] if at + 1 < len(numerals) else None
        for amount in _read(text, numeral, following, past):
            past = amount.end
            yield amount


def _read(text: str, first: Numeral, second: Numeral | None, past: int) -> list[Amount]:
    before = text[max(past, first.start - _LEFT) : first.start]
    currency, sign = money_before(before)
    if second and (gap := _range_gap(text, before[: len(before) - sign], first, second)):
        return _range(text, first, second, gap, currency, sign, past)
    return [_single(text, first, currency, sign, past)]


def _single(text: str, numeral: Numeral, currency: str, sign: int, past: int) -> Amount:
    bound, start = _bound(text, numeral.start - sign, past)
    amount = _measured(text, replace_letter(text, numeral, currency), currency, start)
    more = _MORE.match(text, numeral.end)
    if more and more.lastgroup:
        bound = bound or more.lastgroup
        amount = replace(amount, end=max(amount.end, more.end()))
    return _bounded(replace(amount, start=start), bound, vague=numeral.kind in ("vague", "share"))


def replace_letter(text: str, numeral: Numeral, currency: str) -> Numeral:
    """Return the numeral with a one-letter scale multiplied in where it is one ("$3m", "1.2m people"; not "100m race")."""
    if not numeral.letter:
        return numeral
    counted = re.match(r"\s+(?!high|long|deep|wide|tall|race|sprint|away|from|above|below|off|of\b)[a-z]+s\b", text[numeral.end : numeral.end + 20])
    if numeral.letter == "m" and not currency and not money_after(text[numeral.end : numeral.end + 30])[0] and not counted and not re.match(r"\s+people", text[numeral.end :]):
        return replace(numeral, end=numeral.end - 1)
    times = letter_scale(numeral.letter)
    return replace(numeral, low=numeral.low * times, high=numeral.high * times, scaled=True)


def _measured(text: str, numeral: Numeral, currency: str, begin: int) -> Amount:
    """Read what stands behind the numeral: unit or money, rate, noun."""
    after = text[numeral.end : numeral.end + _RIGHT]
    more = _MORE.match(after)
    skipped = more.end() if more else 0
    unit, length = ("percent", 0) if numeral.kind == "share" else (currency, 0)
    if not unit:
        unit, length = money_after(after[skipped:])
    if not unit:
        unit, length = unit_after(after[skipped:]) if numeral.kind != "share" else ("percent", 0)
    if not unit and (numeral.high or 0) < 1 and (point := re.match(r"[ -]points?\b", after)):
        unit, length = "percentage point", point.end()
    end = skipped + length if length else 0
    unit, end = _rate(after, unit, end)
    noun, reach = _noun(text, numeral, after, unit, end or skipped, begin)
    if not unit:
        unit, reach = _rate(after, unit, reach)
    if (not unit and _MAGNITUDE.search(text[max(0, numeral.start - 20) : numeral.start])) or re.match(r"[- ]magnitude", after):
        unit, noun, reach = "magnitude", "", 0
    return Amount(numeral.start, numeral.end + max(end, reach), numeral.low, numeral.high, unit, noun, False)


_MAGNITUDE = re.compile(r"\bmagnitude[- ](?:of )?(?:about |around )?$", re.IGNORECASE)
_TIMES = bag("second minute hour day night week fortnight month year decade century")
_AGE = re.compile(r"[- ]olds?\b", re.IGNORECASE)


def _rate(after: str, unit: str, end: int) -> tuple[str, int]:
    match = RATE.match(after, end) if end or unit else None
    return (f"{unit}/{match.group(1).lower()}", match.end()) if match else (unit, end)


def _noun(text: str, numeral: Numeral, after: str, unit: str, end: int, begin: int) -> tuple[str, int]:
    if unit in _TIMES and (age := _AGE.match(after, end)):
        return "age", age.end()
    glued = re.match(r"-(?!strong|plus|odd)([a-z]+)", after[end:]) if not unit else None
    if glued:
        return lemma(glued.group(1)), end + glued.end()
    rest = re.sub(r"^-(?:strong)?", "", after[end:])
    if unit and unit != "percent" and not unit.split("/")[0].isupper() and after[:1] == " " and not re.match(r"-|\s+of\s+(?!the\b|its\b|his\b|their\b)", after[end:]):
        rest = ""
    noun, reach = head_noun(rest, plural=not unit and numeral.high != 1)
    if not noun and unit and unit.split("/")[0].isupper():
        noun, reach = noun_in(rest)
    if noun:
        return noun, end + reach + (len(after) - end - len(rest)) if reach else 0
    return noun_before(text[max(0, begin - 60) : begin]), 0


def _bound(text: str, begin: int, past: int) -> tuple[str, int]:
    """Return the kind of bound that the words before `begin` set, and where they start."""
    before = text[max(past, begin - _LEFT) : begin]
    found = [(match.start("bound"), name, match) for name, pattern in _BOUND if (match := pattern.search(before))]
    if not found:
        return "", begin
    at, name, match = min(found, key=lambda each: each[0])
    if _TALKS_OF.search(before[: match.end("bound")] + " "):
        return "", begin
    if match["bound"].lower() == "over" and _spans(text, begin) and not _LASTS.search(before):
        return "", begin
    return name, begin - len(before) + at


def _spans(text: str, begin: int) -> bool:
    """ "25% over four years" spreads over a time; "for over four years" is more than it."""
    match = re.match(r"[\w.]+[ -](?:hours?|days?|weeks?|months?|years?|decades?)\b", text[begin : begin + 40])
    return match is not None


def _bounded(amount: Amount, bound: str, *, vague: bool) -> Amount:
    low, high = amount.low or 0.0, amount.high or 0.0
    match bound:
        case "least":
            return replace(amount, high=None, approximate=vague)
        case "most":
            return replace(amount, low=None, approximate=vague)
        case "nearly":
            return replace(amount, low=0.9 * low, approximate=True)
        case "barely":
            return replace(amount, high=1.1 * high, approximate=True)
        case "about":
            return replace(amount, low=low * (1 - _slack(low)), high=high * (1 + _slack(high)), approximate=True)
    return replace(amount, approximate=vague)


def _slack(value: float) -> float:
    """Return the share by which "about" may miss: half of the last digit given, at least 3 and at most 10 percent."""
    digits = f"{value:.15g}".rstrip("0").rstrip(".") if "." in f"{value:.15g}" else f"{value:.15g}"
    decimals = len(digits.partition(".")[2])
    grain = 10.0**-decimals if decimals else 10.0 ** (len(digits) - len(digits.rstrip("0")))
    return min(0.1, max(0.03, grain / 2 / value)) if value else 0.0


def _range_gap(text: str, before: str, first: Numeral, second: Numeral) -> str:
    """Say how two numerals make a range: "to", "between" (joined by "and"), "change" (from one to the other), or ""."""
    between = text[first.end : second.start]
    if re.search(r"%|percent|per cent", between) and re.search(r"[$€£¥]", between):
        return ""
    joined = re.sub(r"[ ]?(?:%|percent|per cent|US\$|[$€£¥])[ ]?", " ", between)
    if first.kind == "vague" or (first.low >= second.high and not second.scaled):
        if not (_TO.fullmatch(joined) and re.search(r"\bfrom\s+$", before)):
            return ""
    if re.search(r"\bbetween\s+(?:about |around |some |roughly )?$", before, re.IGNORECASE) and _AND.fullmatch(joined):
        return "between"
    unit = unit_after(joined.lstrip())[1] if joined[:1] == " " else 0
    if re.search(r"\bfrom\s+$", before) and (_CHANGES.search(before) or first.low > second.low) and _TO.fullmatch(joined[unit + 1 :] if unit else joined):
        return "change"
    return "to" if _TO.fullmatch(joined) else ""


def _range(text: str, first: Numeral, second: Numeral, gap: str, currency: str, sign: int, past: int) -> list[Amount]:
    last = _measured(text, replace_letter(text, second, currency), currency or money_before(text[first.end : second.start])[0], first.start - sign)
    scale = (last.high or 0.0) / second.low if not first.scaled and second.low and first.low < 1000 else 1.0
    times = _scale_of(text, first, second) if not first.scaled else 1.0
    low = replace(last, start=first.start - sign, end=first.end, low=first.low * times, high=first.high * times)
    if gap == "change":
        low = replace(low, unit=last.unit)
        return [low, replace(last, start=second.start)]
    bound, start = _bound(text, first.start - sign, past)
    lead = re.search(r"\b(?:between|from)\s+$", text[max(0, start - 10) : start])
    start -= len(lead.group()) if lead else 0
    return [replace(last, start=start, low=low.low, approximate=bound == "about" or " or " in text[first.end : second.start])]


def _scale_of(text: str, first: Numeral, second: Numeral) -> float:
    """Return the scale that the second numeral lends the first: "5 to 6 million"."""
    words = re.search(r"(hundred|thousand|million|billion|trillion|mn|bn|tn|[kmb])s?$", text[second.start : second.end], re.IGNORECASE)
    if not words or first.low >= 1000:
        return 1.0
    return {"hundred": 100.0, "thousand": 1e3, "k": 1e3, "trillion": 1e12, "tn": 1e12}.get(words.group(1).lower(), 1e6 if words.group(1).lower()[0] == "m" else 1e9)
