"""Dates that name a day, a month, a quarter, a season or a year; a year left out is taken from publication."""

import re
from datetime import date

from tracker.domain.date_words import (
    ANY_MONTH,
    LEAD_DAY,
    MONTH,
    NUMBER,
    OF_YEAR,
    ORDINAL,
    PART,
    RANGE,
    STEP,
    STEPS,
    YEAR,
    Found,
    Place,
    Rule,
    figure,
    in_some_year,
    later_year,
    month_number,
    part_said,
    rule,
)
from tracker.domain.not_quantities import is_year
from tracker.domain.periods import Span, day, months_span, nearest, part, season_span, unit_span, year_span

_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "final": 4,
    "last": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|by|since|last|next|this|of|from|to|until|till|and|early|mid|late|a|an|the|during|for|before|after"
    r"|between"
    r"|through|or|around|about|than|least|beginning|starting|ending|end|on|as|coming|previous|into|its|every"
    r"|throughout)"
    r"\s+(?:the\s+)?|[-(/]|\bearly-|\bmid-|\blate-)$",
    re.IGNORECASE,
)
# Jan Novak, April Jones and Mar-a-Lago are no months; "in June Russia attacked" is one. May is more often a person.
_NAME_GOES_ON = re.compile(r"\s+[A-Z][a-z]|-[a-z]|(?<=March)\s+(?:for|on)\s+[A-Z]")
# Behind a month whose days were read before, only one that it lacks is left.
_LAST_DAY_BEFORE = re.compile(r"(?<![\w.,:$-])(?:29|3[01])(?:st|th)?\s+(?:of\s+)?$", re.IGNORECASE)
_LAST_DAY_BEHIND = re.compile(r"\s+(?:29|3[01])(?:st|th)?(?:,?\s+(?:19|20)[0-9]{2}\b|(?=[.,;:)](?![0-9])|$))")
_WITHIN = re.compile(r"\b(?:in|during|since|until|last|next|this)\s+$", re.IGNORECASE)
_WAS = re.compile(r"(?<!^May)\s+(?:was|is|brought|saw)\s+(?:the|an?|another)\s")
_MONTHS_IN_YEAR = 12
_MOST_YEARS = 30


def _iso(match: re.Match[str], _: Place) -> Found:
    found = day(int(match["y"]), int(match["m"]), int(match["d"]))
    return ((found, found), True) if found else None


def _figures(match: re.Match[str], _: Place) -> Found:
    """Day and month in figures, only where one order is possible."""
    low, high = sorted((int(match["a"]), int(match["b"])))
    if high <= _MONTHS_IN_YEAR and low != high:
        return None
    found = day(int(match["y"]), low, high)
    return ((found, found), True) if found else None


def _days(match: re.Match[str], place: Place) -> Found:
    month = month_number(match["month"])

    def make(year: int) -> Span | None:
        start, end = day(year, month, figure(match["d1"])), day(year, month, figure(match["d2"]))
        return (start, end) if start and end and start <= end else None

    return in_some_year(match, place, make)


def _day(match: re.Match[str], place: Place) -> Found:
    def make(year: int) -> Span | None:
        found = day(year, month_number(match["month"]), figure(match["d1"]))
        return (found, found) if found else None

    found = in_some_year(match, place, make)
    if not found or not match["week"]:
        return found
    return unit_span("weekend" if "weekend" in match["week"].lower() else "week", found[0][0], 0), found[1]


def _day_alone(match: re.Match[str], place: Place) -> Found:
    """Read "on the 26th" in the month that brings it nearest to publication."""
    number, at = figure(match["d1"]), place.published.year * 12 + place.published.month - 1
    days = [found for month in (at - 1, at, at + 1) if (found := day(month // 12, month % 12 + 1, number))]
    return nearest([(found, found) for found in days], place.published), False


def _month(match: re.Match[str], place: Place) -> Found:
    month, step = month_number(match["month"]), (match["step"] or "").lower()
    if step:
        return part_said(match, _stepped_month(month, step, place.published)), True
    if not _is_month(match, place) or _lacks_day(match, place):
        return None
    found = in_some_year(match, place, lambda year: months_span(year, month))
    return (part_said(match, found[0]), found[1]) if found else None


def _months(match: re.Match[str], place: Place) -> Found:
    """Read "January-March"."""
    first = month_number(match["first"])
    count = (month_number(match["month"]) - first) % _MONTHS_IN_YEAR + 1
    return in_some_year(match, place, lambda year: months_span(year, first, count))


def _lacks_day(match: re.Match[str], place: Place) -> bool:
    """Say whether a month is that of a day which the calendar has not: "31 February" is no February."""
    before = place.text[max(0, match.start() - 12) : match.start()]
    return bool(_LAST_DAY_BEFORE.search(before) or _LAST_DAY_BEHIND.match(place.text, match.end()))


def _is_month(match: re.Match[str], place: Place) -> bool:
    """Say whether the name of a month stands for one: April, May and June are first names, too."""
    if match["year"] or match["which"] or match["part"] or later_year(match, place):
        return True
    before = place.text[max(0, match.start() - 14) : match.start()]
    if _NAME_GOES_ON.match(place.text, match.end()):
        return bool(_WITHIN.search(before))
    return (
        bool(_BEFORE_MONTH.search(before))
        or place.text.startswith("'s", match.end())
        or bool(match.start() == 0 and _WAS.match(place.text, match.end()))
    )


def _stepped_month(month: int, step: str, published: date) -> Span:
    """Return "last June", "this June" or "next June"."""
    spans = [months_span(published.year + shift, month) for shift in (-1, 0, 1)]
    if STEPS[step] < 0:
        return max(span for span in spans if span[1] < published)
    if STEPS[step] > 0:
        return min(span for span in spans if span[0] > published)
    return spans[1]


def _quarter(match: re.Match[str], place: Place) -> Found:
    found = _whole_quarter(match, place)
    return (part_said(match, found[0]), found[1]) if found else None


def _whole_quarter(match: re.Match[str], place: Place) -> Found:
    short = match["q"] or match["q2"] or ""
    if (match["word"] or "").lower() == "last" and not (match["year"] or match["which"]):
        return None
    number = _ORDINALS[match["word"].lower()] if match["word"] else figure(short)
    size = 6 if "h" in (match["kind"] or short).lower() else 3
    if match["short"]:
        return months_span(2000 + int(match["short"]), (number - 1) * size + 1, size), True
    if size == 6 and not (short or match["year"] or match["which"] or match["the_year"]):  # noqa: PLR2004 (half a year)
        return None
    if match["the_year"]:
        return months_span(place.published.year, (number - 1) * size + 1, size), True
    return in_some_year(match, place, lambda year: months_span(year, (number - 1) * size + 1, size))


def _years(match: re.Match[str], _: Place) -> Found:
    first, last = int(match["y1"]), match["y2"]
    end = int(last) if len(last) == len(match["y1"]) else first // 100 * 100 + int(last)
    return ((year_span(first)[0], year_span(end)[1]), True) if first < end <= first + _MOST_YEARS else None


def _year(match: re.Match[str], place: Place) -> Found:
    if not match["part"] and not is_year(place.text, match.start("year"), match.end("year")):
        return None
    return part_said(match, year_span(int(match["year"]))), True


def _year_end(match: re.Match[str], place: Place) -> Found:
    return part(year_span(int(match["year"] or place.published.year)), "end"), True


def _decade(match: re.Match[str], _: Place) -> Found:
    first = int(match["decade"])
    return part_said(match, (date(first, 1, 1), date(first + 9, 12, 31))), True


def _season(match: re.Match[str], place: Place) -> Found:
    name, step = match["season"].lower(), (match["step"] or "").lower()
    if step:
        return part_said(match, _stepped_season(name, STEPS[step], place.published)), True
    found = in_some_year(match, place, lambda year: season_span(name, year))
    return (part_said(match, found[0]), found[1]) if found else None


def _stepped_season(name: str, step: int, published: date) -> Span:
    spans = [season_span(name, published.year + shift) for shift in (-2, -1, 0, 1)]
    if step < 0:
        return max(span for span in spans if span[1] < published)
    return min(span for span in spans if span[0] > published or (step == 0 and span[1] >= published))


_FEASTS = {
    "Christmas Eve": (12, 24),
    "Christmas Day": (12, 25),
    "Christmas": (12, 25),
    "Boxing Day": (12, 26),
    "New Year's Eve": (12, 31),
    "New Year's Day": (1, 1),
    "New Year": (1, 1),
    "Valentine's Day": (2, 14),
    "St Patrick's Day": (3, 17),
    "May Day": (5, 1),
    "Juneteenth": (6, 19),
    "Bastille Day": (7, 14),
    "Halloween": (10, 31),
    "All Saints' Day": (11, 1),
    "Armistice Day": (11, 11),
}


def _feast(match: re.Match[str], place: Place) -> Found:
    month, number = _FEASTS[" ".join(match["feast"].split())]
    return in_some_year(match, place, lambda year: (date(year, month, number), date(year, month, number)))


def _day_of_month(match: re.Match[str], place: Place) -> Found:
    """Read "the 14th of next month"."""
    first, _ = months_span(place.published.year, place.published.month + STEPS[match["step"].lower()])
    found = day(first.year, first.month, figure(match["d1"]))
    return ((found, found), True) if found else None


_WEEK_OF = r"(?P<week>(?i:(?:the\s+)?week(?:end)?\s+(?:of|beginning|starting|commencing|from)(?:\s+on)?\s+))?"
_QUARTER_YEAR = (
    rf"(?:(?:\s+of)?(?:\s+the)?(?i:\s+fiscal(?:\s+year)?)?\s+{YEAR}|\s+(?:of\s+)?(?P<which>(?i:last|this|next))\s+year"
    rf"|(?P<the_year>\s+of\s+the\s+year)|(?:\s+')?(?P<short>[0-9]{{2}})(?![0-9%]|[,.][0-9]))?(?!\s+of\s+(?!the\s+year"
    rf"|{ANY_MONTH}))"
)
_FEAST = "|".join(name.replace(" ", r"\s+") for name in _FEASTS)
ABSOLUTE: tuple[Rule, ...] = (
    rule(rf"(?P<feast>{_FEAST})(?P<year>)(?P<which>)", _feast),
    rule(
        r"(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/])(?P<m>[0-9]{2})(?P=s)(?P<d>[0-9]{2})(?:T[0-9:.]{4,15}(?:Z|[+-][0-9:]{4,6})?)?",
        _iso,
    ),
    rule(r"(?P<a>[0-9]{1,2})(?P<s>[-/.])(?P<b>[0-9]{1,2})(?P=s)(?P<y>(?:19|20)[0-9]{2})", _figures),
    rule(rf"(?P<first>{ANY_MONTH})-{MONTH}{OF_YEAR}", _months),
    rule(rf"{LEAD_DAY}(?P<d1>{NUMBER})(?i:{RANGE})(?P<d2>{NUMBER})\s+(?:of\s+)?{MONTH}{OF_YEAR}", _days),
    rule(rf"{LEAD_DAY}{MONTH}\s+(?P<d1>{NUMBER})(?i:{RANGE})(?P<d2>{NUMBER})(?!\s+{ANY_MONTH}){OF_YEAR}", _days),
    rule(rf"{_WEEK_OF}{LEAD_DAY}(?P<d1>{NUMBER})\s+(?:of\s+)?{MONTH}{OF_YEAR}", _day),
    rule(rf"{_WEEK_OF}{LEAD_DAY}{MONTH}\s+(?:the\s+)?(?P<d1>{NUMBER}){OF_YEAR}", _day),
    rule(rf"{_WEEK_OF}{LEAD_DAY}(?i:the\s+)(?P<d1>{ORDINAL})\s+of\s+{MONTH}{OF_YEAR}", _day),
    rule(rf"(?i:the\s+)(?P<d1>{NUMBER}|{ORDINAL})\s+of\s+(?P<step>(?i:last|next|this))\s+month", _day_of_month),
    rule(
        rf"(?:(?i:{PART})[\s-]+)?"
        r"(?:the\s+)?(?:(?i:(?P<word>first|second|third|fourth|final|last|1st|2nd|3rd|4th)[\s-](?P<kind>quarter|half))"
        rf"|(?P<q>[QH][1-4])|(?P<q2>[1-4][QH])){_QUARTER_YEAR}",
        _quarter,
    ),
    rule(rf"(?:(?i:{PART})[\s-]+(?:(?<=early )in\s+|(?<=late )in\s+)?)?(?:{STEP}\s+)?{MONTH}{OF_YEAR}", _month),
    rule(
        rf"(?:(?i:{PART})[\s-]+)?(?:{STEP}\s+|the\s+)?(?P<season>(?i:spring|summer|autumn|winter)"
        rf"|(?<=this )fall|(?<=next )fall|(?<=last )fall|(?<=the )fall(?=\s+of\s+20)){OF_YEAR}",
        _season,
    ),
    rule(r"(?P<y1>(?:19|20)[0-9]{2})[-/](?P<y2>(?:(?:19|20)[0-9]{2}|[0-9]{2}))", _years),
    rule(rf"(?:(?i:{PART})[\s-]+)?(?:the\s+)?(?P<decade>(?:19|20)[0-9]0)'?s", _decade),
    rule(
        rf"(?i:year[\s-]end|end[\s-]of[\s-]year|the\s+year's\s+end|the\s+turn\s+of\s+the\s+year)(?:\s+{YEAR})?",
        _year_end,
    ),
    rule(rf"(?:(?i:{PART})[\s-]+(?:(?<=early )in\s+|(?<=late )in\s+)?)?{YEAR}", _year),
    rule(
        r"(?<=on |by )the\s+(?P<d1>[0-9]{1,2}(?:st|nd|rd|th))(?=\s*(?:[.,;:)]|$|and\b|at\b|with\b|but\b|after\b))",
        _day_alone,
    ),
)
