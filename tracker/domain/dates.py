"""A table-driven grammar of English dates, read against the day of publication.

Own grammar and not dateparser: that library takes single expressions, guesses silently, and costs tens of milliseconds
to import; here the bound ("no earlier than"), the interval ("early 2025") and the tense of the sentence decide.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.domain.not_quantities import is_year
from tracker.domain.number_words import spelled
from tracker.domain.periods import (
    Span,
    day,
    months_span,
    moved,
    nearest,
    part,
    season_span,
    unit_span,
    week_span,
    year_span,
)
from tracker.domain.tense import tense_at

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|(?:Mon|Tues|Tue|Wed|Thurs|Thur|Thu|Fri|Sat|Sun)\b\.?)"
_LEAD_DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+(?:the\s+)?)?"
_NUMBER = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9])"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
_OF_YEAR = rf"(?:(?:,?\s+(?:of\s+)?|,\s*){_YEAR}|\s+(?:of\s+)?(?P<which>last|this|next)\s+year)?"
_PART = (
    r"(?P<part>early|mid|late|later|earlier|(?:the\s+)?(?:very\s+)?(?:beginning|start|middle|end|close|first\s+half|second\s+half|first\s+days"
    r"|first\s+week|last\s+week)(?:\s+of|-of)?|end)"
)
_RANGE = r"\s*(?:-|\bto\b|\band\b|\bor\b|\bthrough\b|\buntil\b|\btill\b)\s*"
_COUNT = r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|[0-9]{1,4}|a\s+few|few|several|a\s+couple\s+of|couple\s+of)"
_UNIT = r"(?P<unit>hour|day|week|fortnight|month|year|decade)s?"
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 30.44, "year": 365.25, "decade": 3652.5}
_PARTS = {
    "later": "late", "earlier": "early", "beginning": "start", "start": "start", "middle": "mid", "end": "end", "close": "end",
    "first half": "first half", "second half": "second half", "first days": "early", "first week": "early", "last week": "late",
}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "the": 0, "next": 1, "coming": 1, "following": 1}
_BARE_MONTH = re.compile(
    r"(?:\b(?:in|by|since|last|next|this|of|from|to|until|till|and|early|mid|late|a|an|the|during|for|before|after|between|through|or|around|about"
    r"|around|than|beginning|starting|ending|end|on|as|coming|previous|into|its|every|since|throughout)\s+(?:the\s+)?|[-(/]|\bearly-|\bmid-|\blate-)$",
    re.IGNORECASE,
)


_LATER_YEAR = re.compile(rf"(?:{_RANGE}|,\s+)(?:{_NUMBER}\s+)?{_MONTH}(?:\s+{_NUMBER})?,?\s+{_YEAR}")
_RANKED = re.compile(r"\b(?:\w{3,}est|worst|best|most|least|only|first|second|third|fourth|fifth|time|times|record|once|twice)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A date expression at [start, end) of a text and its days; `resolved` is False where the year was guessed."""

    start: int
    end: int
    days: Span
    resolved: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """What an expression is read against."""

    text: str
    published: date | None


_Found = tuple[Span, bool] | None
_Reader = Callable[[re.Match[str], _Place], _Found]


def readings(text: str, published: date | None) -> Iterator[Reading]:
    """Yield the date expressions of a folded text, most specific rule first, none overlapping."""
    place = _Place(text, published)
    taken: list[tuple[int, int]] = []
    for pattern, reader in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            found = reader(match, place)
            if found:
                taken.append((start, end))
                yield Reading(start, end, *found)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _num(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _part(match: re.Match[str], span: Span) -> Span:
    name = re.sub(r"^the |^very | of$|-of$", "", " ".join((match["part"] or "").lower().split()))
    name = name.removeprefix("very ")
    return part(span, _PARTS.get(name, name))


def _year(match: re.Match[str], place: _Place) -> int | None:
    """Return the year that the expression itself names, as a number or against publication."""
    if match["year"]:
        return int(match["year"])
    later = _LATER_YEAR.match(place.text, match.end())
    if later:
        return int(later["year"])
    if match["which"] and place.published:
        return place.published.year + _STEP[match["which"].lower()]
    return None


def _in_some_year(match: re.Match[str], place: _Place, make: Callable[[int], Span | None]) -> _Found:
    """Return the period in the year said, else in the year that brings it nearest to publication."""
    year = _year(match, place)
    if year is not None:
        span = make(year)
        return (span, True) if span else None
    if place.published is None:
        return None
    near = place.published.year
    spans = [span for each in (near - 1, near, near + 1) if (span := make(each))]
    return (_by_tense(spans, match, place), False) if spans else None


def _by_tense(spans: list[Span], match: re.Match[str], place: _Place) -> Span:
    """Return the nearest period; one more than three months off gives way to the side that the tense points to."""
    published = place.published or date.min
    best = nearest(spans, published)
    tense = tense_at(place.text, match.start(), match.end())
    off = (best[0] - published).days if best[0] > published else (published - best[1]).days
    if off > 92 and tense == "past" and best[0] > published:
        return max((span for span in spans if span[0] <= published), default=best)
    if off > 92 and tense == "future" and best[1] < published:
        return min((span for span in spans if span[1] >= published), default=best)
    return best


def _iso(match: re.Match[str], place: _Place) -> _Found:
    found = day(int(match["y"]), int(match["m"]), int(match["d"]))
    return ((found, found), True) if found else None


def _slashes(match: re.Match[str], place: _Place) -> _Found:
    """Day and month in figures, only where one order is possible."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if first <= 12 and second <= 12 and first != second:
        return None
    found = day(year, min(first, second), max(first, second))
    return ((found, found), True) if found else None


def _days(match: re.Match[str], place: _Place) -> _Found:
    first, last = _num(match["d1"]), _num(match["d2"])
    month = _month(match["month"])

    def make(year: int) -> Span | None:
        start, end = day(year, month, first), day(year, month, last)
        return (start, end) if start and end and start <= end else None

    return _in_some_year(match, place, make)


def _day(match: re.Match[str], place: _Place) -> _Found:
    def make(year: int) -> Span | None:
        found = day(year, _month(match["month"]), _num(match["d1"]))
        return (found, found) if found else None

    found = _in_some_year(match, place, make)
    return (week_span(found[0][0]), found[1]) if found and match["week"] else found


def _month_rule(match: re.Match[str], place: _Place) -> _Found:
    month, step = _month(match["month"]), (match["step"] or "").lower()
    said = match["year"] or match["which"] or match["part"] or step
    if not said and not _LATER_YEAR.match(place.text, match.end()) and not (_BARE_MONTH.search(place.text, max(0, match.start() - 12), match.start()) or place.text[match.end() :].startswith("'s")):
        return None
    if step and place.published:
        return _part(match, _stepped_month(month, step, place.published)), True
    found = _in_some_year(match, place, lambda year: months_span(year, month))
    return (_part(match, found[0]), found[1]) if found else None


def _stepped_month(month: int, step: str, published: date) -> Span:
    """Return "last June", "this June" or "next June"."""
    spans = [months_span(published.year + shift, month) for shift in (-1, 0, 1)]
    if _STEP[step] < 0:
        return max(span for span in spans if span[1] < published)
    if _STEP[step] > 0:
        return min(span for span in spans if span[0] > published)
    return spans[1]


def _quarter(match: re.Match[str], place: _Place) -> _Found:
    number = _ORDINALS.get((match["word"] or "").lower()) or _num(match["q"] or match["q2"] or "0")
    size = 6 if (match["kind"] or match["q"] or match["q2"] or "").lower().startswith("h") else 3
    if match["short"]:
        span = months_span(2000 + int(match["short"]), (number - 1) * size + 1, size)
        return span, True
    return _in_some_year(match, place, lambda year: months_span(year, (number - 1) * size + 1, size))


def _years(match: re.Match[str], place: _Place) -> _Found:
    first, last = int(match["y1"]), match["y2"]
    end = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    return ((date(first, 1, 1), date(end, 12, 31)), True) if first < end <= first + 30 else None


def _year_rule(match: re.Match[str], place: _Place) -> _Found:
    if not match["part"] and not is_year(place.text, match.start("year"), match.end("year")):
        return None
    return _part(match, year_span(int(match["year"]))), True


def _decade(match: re.Match[str], place: _Place) -> _Found:
    first = int(match["decade"])
    return _part(match, (date(first, 1, 1), date(first + 9, 12, 31))), True


def _stepped(match: re.Match[str], place: _Place) -> _Found:
    """"Next week", "late last year", "by the end of the month"."""
    if place.published is None:
        return None
    step = (match["step"] or "the").lower()
    if step == "the" and not match["part"] and match["unit"].lower() != "weekend":
        return None
    shift = _STEP[step]
    if match["unit"].lower() == "weekend" and step in ("the", "this") and tense_at(place.text, match.start(), match.end()) == "past":
        shift = -1 if place.published.weekday() < 5 else 0
    span = unit_span(match["unit"].lower(), place.published, shift)
    if shift == 0 and match["part"] and match["part"].lower() in ("later", "earlier"):
        later = match["part"].lower() == "later"
        return ((place.published, span[1]) if later else (span[0], place.published)), True
    return _part(match, span), True


def _year_end(match: re.Match[str], place: _Place) -> _Found:
    if match["year"]:
        return part(year_span(int(match["year"])), "end"), True
    return (part(year_span(place.published.year), "end"), True) if place.published else None


def _rolling(match: re.Match[str], place: _Place) -> _Found:
    """"The coming days", "the past two weeks": from publication on, or up to it."""
    if place.published is None:
        return None
    days = round(_size(match["count"], plural=match["unit"] + "s" in match.group().lower()) * _DAYS[match["unit"].lower()])
    if match["way"].lower() in ("last", "past", "previous"):
        return (moved(place.published, -max(1, days)), place.published), True
    return (place.published, moved(place.published, max(1, days))), True


def _size(count: str | None, *, plural: bool = False) -> float:
    """Return a count of units; "a few" and a bare plural are taken as the most that they commonly mean."""
    word = " ".join((count or "").lower().split())
    if not word:
        return 7.0 if plural else 1.0
    if word in ("a few", "few", "several"):
        return 5.0
    if word.endswith("couple of"):
        return 2.0
    return float(word) if word.isdigit() else (1.0 if word in ("a", "an") else spelled(word))


def _ago(match: re.Match[str], place: _Place) -> _Found:
    return _away(match, place, -1)


def _ahead(match: re.Match[str], place: _Place) -> _Found:
    """"In two weeks", unless it tells how long a thing took or since when there was none such ("the first in ten years")."""
    before = place.text[max(0, match.start() - 60) : match.start()]
    if match.group().lower().startswith("in") and (_RANKED.search(before) or tense_at(before, len(before), len(before)) == "past"):
        return None
    return _away(match, place, 1)


def _away(match: re.Match[str], place: _Place, sign: int) -> _Found:
    """A count of units before or after publication: the day for days, the week, month or year it falls in for longer ones."""
    if place.published is None:
        return None
    unit, count = match["unit"].lower(), _size(match["count"])
    if unit == "year" and count < 1000:
        return year_span(place.published.year + sign * round(count)), True
    if unit == "month" and count < 1000:
        return months_span(place.published.year, place.published.month + sign * round(count)), True
    point = moved(place.published, sign * round(count * _DAYS[unit]))
    return ((point, point) if unit in ("hour", "day") else (moved(point, -3), moved(point, 3))), True


def _within(match: re.Match[str], place: _Place) -> _Found:
    if place.published is None:
        return None
    return (place.published, moved(place.published, max(1, round(_size(match["count"]) * _DAYS[match["unit"].lower()])))), True


def _weekday(match: re.Match[str], place: _Place) -> _Found:
    if place.published is None:
        return None
    number = _WEEKDAYS.index(match["weekday"][:3])
    published, step = place.published, (match["step"] or "").lower()
    week = match["week"]
    if week or step == "next":
        monday = week_span(moved(published, 7 * _STEP[week.lower() if week else step]))[0]
        found = moved(monday, number)
    elif step == "last":
        found = moved(published, -((published.weekday() - number - 1) % 7 + 1))
    elif step in ("this", "coming") or tense_at(place.text, match.start(), match.end()) == "future":
        found = moved(published, (number - published.weekday()) % 7)
    else:
        found = moved(published, -((published.weekday() - number) % 7))
    if step == "this" and tense_at(place.text, match.start(), match.end()) == "past":
        found = moved(published, -((published.weekday() - number) % 7))
    return (found, found), True


_NAMED = {
    "today": (0, 0), "tonight": (0, 0), "this morning": (0, 0), "this afternoon": (0, 0), "this evening": (0, 0),
    "tomorrow": (1, 1), "yesterday": (-1, -1), "last night": (-1, -1), "overnight": (-1, 0),
    "the day after tomorrow": (2, 2), "the day before yesterday": (-2, -2),
}  # fmt: skip


def _named(match: re.Match[str], place: _Place) -> _Found:
    if place.published is None:
        return None
    first, last = _NAMED[" ".join(match.group().lower().split())]
    return (moved(place.published, first), moved(place.published, last)), True


def _day_only(match: re.Match[str], place: _Place) -> _Found:
    """"On the 26th": in the month that brings it nearest to publication."""
    if place.published is None:
        return None
    number, at = _num(match["d1"]), place.published.year * 12 + place.published.month - 1
    days = [found for month in (at - 1, at, at + 1) if (found := day(month // 12, month % 12 + 1, number))]
    return nearest([(found, found) for found in days], place.published), False


def _season(match: re.Match[str], place: _Place) -> _Found:
    name, step = match["season"].lower(), (match["step"] or "").lower()
    if step and place.published:
        spans = [season_span(name, place.published.year + shift) for shift in (-2, -1, 0, 1)]
        if _STEP[step] < 0:
            return _part(match, max(span for span in spans if span[1] < place.published)), True
        later = [span for span in spans if span[1] >= place.published] if _STEP[step] == 0 else []
        return _part(match, min(later or [span for span in spans if span[0] > place.published])), True
    found = _in_some_year(match, place, lambda year: season_span(name, year))
    return (_part(match, found[0]), found[1]) if found else None


def _feast(match: re.Match[str], place: _Place) -> _Found:
    month, number = (12, 25) if match["feast"].startswith("C") else (12, 31) if match["feast"].endswith("Eve") else (1, 1)

    def make(year: int) -> Span:
        return date(year, month, number), date(year, month, number)

    return _in_some_year(match, place, make)


def _rule(pattern: str, reader: _Reader) -> tuple[re.Pattern[str], _Reader]:
    """Words but for the names of months and days match in any case: "may" and "march" are verbs."""
    return re.compile(rf"(?<![\w$€£]){pattern}(?!\w)"), reader


_WEEK_OF = r"(?P<week>(?i:(?:the\s+)?week\s+(?:of|beginning|starting|commencing|from)(?:\s+on)?\s+))?"
_LAST = r"(?P<step>(?i:last|next|this|coming|past|previous|following))"
_RULES: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    _rule(r"(?P<y>(?:19|20)[0-9]{2})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})", _iso),
    _rule(r"(?P<a>[0-9]{1,2})[/.](?P<b>[0-9]{1,2})[/.](?P<y>(?:19|20)[0-9]{2})", _slashes),
    _rule(rf"{_LEAD_DAY}(?P<d1>{_NUMBER})(?i:{_RANGE})(?P<d2>{_NUMBER})\s+(?:of\s+)?{_MONTH}{_OF_YEAR}", _days),
    _rule(rf"{_LEAD_DAY}{_MONTH}\s+(?P<d1>{_NUMBER})(?i:{_RANGE})(?P<d2>{_NUMBER})(?!\s+{_MONTH.replace('?P<month>', '?:')}){_OF_YEAR}", _days),
    _rule(rf"{_WEEK_OF}{_LEAD_DAY}(?P<d1>{_NUMBER})\s+(?:of\s+)?{_MONTH}{_OF_YEAR}", _day),
    _rule(rf"{_WEEK_OF}{_LEAD_DAY}{_MONTH}\s+(?:the\s+)?(?P<d1>{_NUMBER}){_OF_YEAR}", _day),
    _rule(rf"(?:the\s+)?(?:(?i:(?P<word>first|second|third|fourth|final|1st|2nd|3rd|4th)[\s-](?P<kind>quarter|half))|(?P<q>[QH][1-4])|(?P<q2>[1-4][QH]))"
          rf"(?:(?:\s+of)?(?:\s+the)?(?i:\s+fiscal(?:\s+year)?)?\s+{_YEAR}|\s+(?:of\s+)?(?P<which>(?i:last|this|next))\s+year|(?:\s+')?(?P<short>[0-9]{{2}})(?![0-9%,.]))?(?!\s+of\s+(?!the\s+year|{_MONTH.replace('?P<month>', '?:')}))", _quarter),
    _rule(rf"(?:(?i:{_PART})[\s-]+)?(?:{_LAST}\s+)?{_MONTH}{_OF_YEAR}", _month_rule),
    _rule(rf"(?:(?i:{_PART})[\s-]+)?(?:{_LAST}\s+|the\s+)?(?P<season>(?i:spring|summer|autumn|winter)|(?<=this )fall|(?<=next )fall|(?<=last )fall|(?<=the )fall(?=\s+of\s+20)){_OF_YEAR}", _season),
    _rule(r"(?P<y1>(?:19|20)[0-9]{2})[-/](?P<y2>(?:(?:19|20)[0-9]{2}|[0-9]{2}))", _years),
    _rule(rf"(?:(?i:{_PART})[\s-]+)?(?:the\s+)?(?P<decade>(?:19|20)[0-9]0)'?s", _decade),
    _rule(rf"(?i:year[\s-]end|end[\s-]of[\s-]year|the\s+year's\s+end|the\s+turn\s+of\s+the\s+year)(?:\s+{_YEAR})?", _year_end),
    _rule(rf"(?:(?i:{_PART})[\s-]+)?{_YEAR}", _year_rule),
    _rule(rf"(?i:(?:the\s+)?(?P<way>coming|next|following|past|last|previous)\s+(?:{_COUNT}\s+)(?P<unit>hour|day|week|month|year|decade)s?)", _rolling),
    _rule(r"(?i:(?:the\s+)?(?P<way>coming|next|past|last|previous)\s+(?P<count>)(?P<unit>hour|day|week|month|year|decade)s)", _rolling),
    _rule(r"(?i:the\s+(?P<way>past)\s+(?P<count>)(?P<unit>day|week|month|year|decade))", _rolling),
    _rule(rf"(?i:(?:{_PART}\s+(?:in\s+)?)?(?P<step>last|next|this|coming|the|past|previous|current|following)\s+(?P<unit>weekend|week|month|quarter|year|decade))(?!\w|\s+(?:of|earlier|ago|beginning|after|before)\b|-)", _stepped),
    _rule(rf"(?i:{_COUNT}\s+{_UNIT}\s+(?:ago|back)(?!\s+to))", _ago),
    _rule(rf"(?i:in\s+(?:about\s+|around\s+|some\s+|roughly\s+)?{_COUNT}\s+{_UNIT}(?:'s?\s+time)?)(?=\s*(?:[.,;:)]|$|and\b|to\b|at\b|or\b|but\b|when\b|if\b|from\s+now|as\b|with\b))", _ahead),
    _rule(rf"(?i:{_COUNT}\s+{_UNIT}\s+from\s+(?:now|today))", _ahead),
    _rule(rf"(?i:within\s+(?:the\s+next\s+|the\s+)?{_COUNT}\s+{_UNIT})", _within),
    _rule(rf"(?:{_LAST}\s+)?{_WEEKDAY}(?:\s+(?:of\s+)?(?P<week>(?i:last|this|next))\s+week)?(?:\s+(?i:morning|afternoon|evening|night))?", _weekday),
    _rule(r"(?i:the\s+day\s+after\s+tomorrow|the\s+day\s+before\s+yesterday|today|tonight|tomorrow|yesterday|overnight|last\s+night|this\s+(?:morning|afternoon|evening))", _named),
    _rule(rf"(?<=on |by )the\s+(?P<d1>{_NUMBER[:-9]})(?<=[a-z])(?=\s*(?:[.,;:)]|$|and\b|at\b|with\b|but\b|after\b))", _day_only),
    _rule(r"(?P<feast>Christmas(?:\s+Day)?|New\s+Year's\s+Eve|New\s+Year(?:'s\s+Day)?)(?P<year>)(?P<which>)", _feast),
)  # fmt: skip
