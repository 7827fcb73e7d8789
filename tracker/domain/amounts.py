"""Reading of quantities: numerals with their bounds, ranges, units, money and counted nouns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.domain.bounds import Bound, bound_before, bound_behind, bound_behind_unit, widened
from tracker.domain.not_quantities import is_no_quantity, phone_numbers
from tracker.domain.nouns import head_noun, lemma, noun_before, noun_in, noun_numbered
from tracker.domain.number_words import NUMERAL, Numeral, letter_scale, read_numeral
from tracker.domain.ranges import Gap, lead_in, lent_scale, proportion, range_gap
from tracker.domain.units import TIMES, money_after, money_before, rate_after, unit_after
from tracker.domain.words import fold

_LEFT, _RIGHT = 90, 120
_MAGNITUDE = re.compile(r"\bmagnitude[- ](?:of )?(?:about |around )?$", re.IGNORECASE)
_MAGNITUDE_BEHIND = re.compile(r"[- ]magnitude|,? on the (?:\w+ ){0,2}richter scale", re.IGNORECASE)
_POINT = re.compile(r"[ -]points?\b")
_AGE = re.compile(r"[- ]olds?\b", re.IGNORECASE)
_GLUED = re.compile(r"-(?!strong|plus|odd)([a-z]+)")
_STRONG = re.compile(r"^(?:-(?:strong)?|'?[ -]worth(?= of))")
_MORE = re.compile(r" (?:more|further|additional|extra|other|full|whole|straight|consecutive|successive)(?= )")
_VOTE = re.compile(r"(?:-\d{1,3})? vote\b")
_MINUS = re.compile(r"(?P<word>\bminus )$|(?<![\w).])-$", re.IGNORECASE)
_SIGNED = frozenset({"percent", "percentage point", "celsius", "fahrenheit"})
_OF_WHAT = re.compile(r"-|\s+of\s+(?!the\b|its\b|his\b|their\b)")
_COUNTED = re.compile(
    r"\s+(?:people\b|(?!high|long|deep|wide|tall|race|sprint|away|from|above|below|off|of\b)[a-z]+s\b)"
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


@dataclass(frozen=True, slots=True)
class _Measure:
    """What stands behind a numeral: unit, noun, and how many characters of it."""

    unit: str
    noun: str
    length: int


def amounts(sentence: str) -> Iterator[Amount]:
    """Yield the quantities of a sentence in order, none overlapping."""
    text = fold(sentence)
    phones = phone_numbers(text)
    numerals = [read_numeral(match) for match in NUMERAL.finditer(text)]
    past = 0
    for at, numeral in enumerate(numerals):
        following = numerals[at + 1] if at + 1 < len(numerals) else None
        share = following and proportion(text, numeral, following)
        if share and numeral.start >= past:
            numeral, following = share, None  # noqa: PLW2901 - two numerals are read as one
        elif numeral.start < past or is_no_quantity(text, numeral) or _among(phones, numeral):
            continue
        for amount in _read(text, numeral, following, past):
            past = amount.end
            yield amount


def _among(spans: list[tuple[int, int]], numeral: Numeral) -> bool:
    return any(start <= numeral.start < end for start, end in spans)


def _read(text: str, first: Numeral, second: Numeral | None, past: int) -> list[Amount]:
    before = text[max(past, first.start - _LEFT) : first.start]
    currency, sign = money_before(before)
    if second and not _MINUS.search(before):
        after = text[second.end : second.end + _RIGHT]
        gap = range_gap(before[: len(before) - sign], text[first.end : second.start], after, (first, second))
        if gap:
            return _range(text, (first, second), gap, past)
    return [_single(text, first, currency, (first.start - sign, past))]


def _single(text: str, numeral: Numeral, currency: str, where: tuple[int, int]) -> Amount:
    begin, past = where
    numeral = _lettered(text, numeral, currency)
    numeral, begin = _signed(text, numeral, where)
    bound, start = bound_before(text, begin, past)
    measure = _measured(text, numeral, currency, start)
    behind, length = bound_behind(text[numeral.end : numeral.end + _RIGHT])
    end = numeral.end + max(measure.length, length)
    if not bound and not behind and measure.length:
        behind, length = bound_behind_unit(text[end : end + _RIGHT])
        end += length
    return _amount(numeral, measure, bound or behind, (start, end))


def _signed(text: str, numeral: Numeral, where: tuple[int, int]) -> tuple[Numeral, int]:
    """Return the numeral below zero and where its minus stands, where one does; a bare dash needs a unit behind."""
    begin, past = where
    minus = _MINUS.search(text[max(past, begin - 8) : begin])
    if not minus or not (
        minus["word"] or _unit(text[numeral.end : numeral.end + _RIGHT], 0, numeral, "")[0] in _SIGNED
    ):
        return numeral, begin
    return replace(numeral, low=-numeral.high, high=-numeral.low), begin - len(minus.group())


def _amount(numeral: Numeral, measure: _Measure, bound: Bound, span: tuple[int, int]) -> Amount:
    low, high = widened(numeral.low, numeral.high, bound)
    approximate = numeral.kind in {"vague", "share"} or bound in {"nearly", "barely", "about"}
    return Amount(span[0], span[1], low, high, measure.unit, measure.noun, approximate)


def _lettered(text: str, numeral: Numeral, currency: str) -> Numeral:
    """Return the numeral with a one-letter scale multiplied in: "$3m", "1.2m people", but not "100m race"."""
    if not numeral.letter:
        return numeral
    after = text[numeral.end : numeral.end + _RIGHT]
    if numeral.letter == "m" and not currency and not money_after(after)[0] and not _COUNTED.match(after):
        return replace(numeral, end=numeral.end - 1, letter="")
    times = letter_scale(numeral.letter)
    return replace(numeral, low=numeral.low * times, high=numeral.high * times, scaled=True, letter="")


def _measured(text: str, numeral: Numeral, currency: str, begin: int) -> _Measure:
    """Read what stands behind the numeral; `begin` is where its bound starts, for a noun before it."""
    after = text[numeral.end : numeral.end + _RIGHT]
    skipped = bound_behind(after)[1]
    unit, end = _unit(after, skipped, numeral, currency)
    unit, end = rate_after(after, unit, end)
    noun, reach = _noun(after, (unit, end or skipped), numeral)
    if not noun:
        noun = noun_before(text[max(0, begin - _LEFT) : begin])
    if not noun and not unit:
        noun = noun_numbered(text[max(0, begin - _LEFT) : begin])
    if not unit:
        unit, reach = rate_after(after, unit, reach)
    if (not unit and _MAGNITUDE.search(text, max(0, begin - 20), begin)) or _MAGNITUDE_BEHIND.match(after):
        return _Measure("magnitude", "", end)
    return _Measure(unit, noun, max(end, reach))


def _unit(after: str, skipped: int, numeral: Numeral, currency: str) -> tuple[str, int]:
    """Return the unit or currency and how far it reaches into `after`, 0 when it stands before the numeral."""
    if currency or numeral.kind == "share":
        return currency or "percent", 0
    if numeral.high < 1 and (point := _POINT.match(after)):
        return "percentage point", point.end()
    unit, length = money_after(after[skipped:])
    if not unit:
        unit, length = unit_after(after[skipped:])
    if not unit and (more := _MORE.match(after, skipped)):
        unit, length = unit_after(after[more.end() :])
        length += len(more.group())
    return unit, skipped + length if unit else 0


def _noun(after: str, said: tuple[str, int], numeral: Numeral) -> tuple[str, int]:
    """Return the counted noun behind the numeral and how far it reaches into `after`."""
    unit, end = said
    if unit in TIMES and (age := _AGE.match(after, end)):
        return "age", age.end()
    if not unit and (glued := _GLUED.match(after, end)):
        return lemma(glued.group(1)), glued.end()
    if not unit and _VOTE.match(after):
        return "vote", 0
    rest = _STRONG.sub("", after[end:])
    money = unit.split("/")[0].isupper()
    if unit and unit != "percent" and not money and after.startswith(" ") and not _OF_WHAT.match(after, end):
        return "", 0
    noun, reach = head_noun(rest, plural=not unit and numeral.high != 1 and not after.startswith("-strong"))
    if not noun and money:
        noun, reach = noun_in(rest)
    return noun, len(after) - len(rest) + reach if reach else 0


def _range(text: str, ends: tuple[Numeral, Numeral], gap: Gap, past: int) -> list[Amount]:
    """Return one quantity for a range, two for a change from one value to another."""
    first, second = ends
    currency, sign = money_before(text[max(past, first.start - _LEFT) : first.start])
    begin = first.start - sign
    currency = currency or money_before(text[first.end : second.start])[0]
    leads = lead_in(text[max(past, begin - 10) : begin])
    measure = _measured(text, _lettered(text, second, currency), currency, begin - leads)
    second = _lettered(text, second, currency)
    times = lent_scale(text, first, second)
    first = replace(first, low=first.low * times, high=first.high * times)
    end = second.end + measure.length
    if gap == "change":
        shared = _measured(text, first, currency, begin) if not measure.unit else measure
        measure = replace(measure, unit=shared.unit)
        return [_amount(first, measure, "", (begin, first.end)), _amount(second, measure, "", (second.start, end))]
    bound, start = bound_before(text, begin, past)
    start -= lead_in(text[max(past, start - 10) : start])
    loose = bound == "about" or " or " in text[first.end : second.start]
    return [Amount(start, end, first.low, second.high, measure.unit, measure.noun, loose)]
