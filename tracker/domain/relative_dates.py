"""Dates that count from the day of publication: "tomorrow", "on Friday", "late last year", "in the coming days"."""

import re

from tracker.domain.date_words import (
    COUNT,
    DAYS,
    PART,
    STEP,
    STEPS,
    UNIT,
    WEEKDAY,
    WEEKDAYS,
    Found,
    Place,
    Rule,
    part_said,
    rule,
    size,
)
from tracker.domain.periods import Span, months_span, moved, unit_span, week_span, year_span
from tracker.domain.tense import tense_at

_NAMED = {
    "today": (0, 0),
    "tonight": (0, 0),
    "this morning": (0, 0),
    "this afternoon": (0, 0),
    "this evening": (0, 0),
    "tomorrow": (1, 1),
    "yesterday": (-1, -1),
    "last night": (-1, -1),
    "overnight": (-1, 0),
    "the day after tomorrow": (2, 2),
    "the day before yesterday": (-2, -2),
}
_RANKED = re.compile(
    r"\b(?:\w{3,}est|worst|best|most|least|only|first|second|third|fourth|fifth|time|times|record|once|twice)\b",
    re.IGNORECASE,
)
_FROM_DAY = re.compile(
    r"\b(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:\s+\w+)?\s*(?:-|\bto\b|\bthrough\b|\buntil\b"
    r"|\btill\b)"
    r"\s*(?:\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?\s*)?$"
)
_AT_WEEKEND = re.compile(
    r"\b(?:on|over|at|during|for|before|by|after|until|till|through(?:out)?|of|into)\s+$", re.IGNORECASE
)
_SATURDAY = 5
_MOST = 999


def _named(match: re.Match[str], place: Place) -> Found:
    first, last = _NAMED[" ".join(match.group().lower().split())]
    return (moved(place.published, first), moved(place.published, last)), True


def _stepped(match: re.Match[str], place: Place) -> Found:
    """Read "next week", "late last year", "by the end of the month"."""
    step, unit = match["step"].lower(), match["unit"].lower()
    if (
        step == "the"
        and not match["part"]
        and not (unit == "weekend" and _AT_WEEKEND.search(place.text[: match.start()]))
    ):
        return None
    span = unit_span(unit, place.published, _weekend(match, place) if unit == "weekend" else STEPS[step])
    if STEPS[step] == 0 and match["part"] and match["part"].lower() in {"later", "earlier"}:
        later = match["part"].lower() == "later"
        return ((place.published, span[1]) if later else (span[0], place.published)), True
    return part_said(match, span), True


def _weekend(match: re.Match[str], place: Place) -> int:
    """Return how many weeks off a weekend is; what was "this weekend" was the last one."""
    step = STEPS[match["step"].lower()]
    past = tense_at(place.text, match.start(), match.end()) == "past"
    return -1 if step == 0 and past and place.published.weekday() < _SATURDAY else step


def _rolling(match: re.Match[str], place: Place) -> Found:
    """Read "the coming days", "the past two weeks": from publication on, or up to it."""
    unit = match["unit"].lower()
    plural = match.group().lower().endswith("s")
    days = max(1, round(min(size(match["count"], plural=plural), _MOST) * DAYS[unit]))
    if match["way"].lower() in {"last", "past", "previous"}:
        return (moved(place.published, -days), place.published), True
    return (place.published, moved(place.published, days)), True


def _ago(match: re.Match[str], place: Place) -> Found:
    return _away(match, place, -1), True


def _from_now(match: re.Match[str], place: Place) -> Found:
    return _away(match, place, 1), True


def _ahead(match: re.Match[str], place: Place) -> Found:
    """Read "in two weeks", unless it says how long a thing took or since when there was none such."""
    before = place.text[max(0, match.start() - 60) : match.start()]
    if _RANKED.search(before) or tense_at(before, len(before), len(before)) == "past":
        return None
    return _away(match, place, 1), True


def _away(match: re.Match[str], place: Place, sign: int) -> Span:
    """Return the day that lies so many days off, or the week, month or year for longer units."""
    published, unit, count = place.published, match["unit"].lower(), min(size(match["count"]), _MOST)
    if unit == "year":
        return year_span(published.year + sign * round(count))
    if unit == "month":
        return months_span(published.year, published.month + sign * round(count))
    point = moved(published, sign * round(count * DAYS[unit]))
    return (point, point) if unit in {"hour", "day"} else (moved(point, -3), moved(point, 3))


def _within(match: re.Match[str], place: Place) -> Found:
    """Read "within two weeks", and "in less than two weeks" where it does not say how long a thing took."""
    before = place.text[max(0, match.start() - 60) : match.start()]
    if match["less"] and (_RANKED.search(before) or tense_at(before, len(before), len(before)) == "past"):
        return None
    days = round(min(size(match["count"]), _MOST) * DAYS[match["unit"].lower()])
    return (place.published, moved(place.published, max(1, days))), True


def _weekday(match: re.Match[str], place: Place) -> Found:
    published, step = place.published, (match["step"] or "").lower()
    number = WEEKDAYS.index(match["weekday"][:3])
    tense = tense_at(place.text, match.start(), match.end())
    since = _FROM_DAY.search(place.text, max(0, match.start() - 30), match.start())
    if since and tense != "past":  # "from Thursday to Sunday"
        first = (WEEKDAYS.index(since["day"][:3]) - published.weekday()) % 7
        first -= 7 if first and tense != "future" else 0
        found = moved(published, first + (number - published.weekday() - first) % 7)
        return (found, found), True
    week = match["week"] or (step if step == "next" else "")
    if week:
        found = moved(week_span(moved(published, 7 * STEPS[week.lower()]))[0], number)
    elif step == "last":
        found = moved(published, -((published.weekday() - number - 1) % 7 + 1))
    elif step == "coming" or tense == "future" or (step == "this" and tense != "past"):
        found = moved(published, (number - published.weekday()) % 7)
    else:
        found = moved(published, -((published.weekday() - number) % 7))
    return (found, found), True


_LONG = r"(?P<unit>hour|day|week|month|year|decade)"
_WEEKDAY = (
    rf"(?:{STEP}\s+)?{WEEKDAY}(?:\s+(?:of\s+)?(?P<week>(?i:last|this|next))\s+week)?"
    r"(?:\s+(?i:morning|afternoon|evening|night))?"
)
# To last is to take time: "will last 45 days" names no day.
_VERBS = ("to", "will", "would", "can", "could", "may", "might", "should")
_LAST = "".join(rf"(?<!\b{verb}\s)" for verb in _VERBS) + "last"
RELATIVE: tuple[Rule, ...] = (
    rule(rf"{_WEEKDAY}(?<=week)", _weekday),
    rule(
        rf"(?i:(?:the\s+)?(?P<way>coming|next|following|past|{_LAST}|previous)\s+(?:{COUNT}\s+){_LONG}s?)",
        _rolling,
    ),
    rule(rf"(?i:(?:the\s+)?(?P<way>coming|next|past|{_LAST}|previous)\s+(?P<count>){_LONG}s)", _rolling),
    rule(r"(?i:the\s+(?P<way>past)\s+(?P<count>)(?P<unit>day|week|month|year|decade))", _rolling),
    rule(
        rf"(?i:(?:{PART}\s+(?:in\s+)?)?(?P<step>last|next|this|coming|the|past|previous|current|following)\s+"
        r"(?P<unit>weekend|week|month|quarter|year|decade))(?!\w|\s+(?:of|earlier|ago|beginning|after|before)\b|-)",
        _stepped,
    ),
    rule(rf"(?i:{COUNT}\s+{UNIT}\s+(?:ago|back)(?!\s+to))", _ago),
    rule(
        rf"(?i:in\s+(?:about\s+|around\s+|some\s+|roughly\s+)?{COUNT}\s+{UNIT}(?:'s?\s+time)?)"
        r"(?=\s*(?:[.,;:)]|$|and\b|to\b|at\b|or\b|but\b|when\b|if\b|from\s+now|as\b|with\b))",
        _ahead,
    ),
    rule(rf"(?i:{COUNT}\s+{UNIT}\s+from\s+(?:now|today))", _from_now),
    rule(rf"(?i:(?:within|(?P<less>in\s+(?:less\s+than|under)))\s+(?:the\s+next\s+|the\s+)?{COUNT}\s+{UNIT})", _within),
    rule(_WEEKDAY, _weekday),
    rule(
        r"(?i:the\s+day\s+after\s+tomorrow|the\s+day\s+before\s+yesterday|today|tonight|tomorrow|yesterday"
        r"|overnight(?!\s+(?:(?:on|into|to|from)\s+)?(?:[a-z]+day\b|[0-9]))|last\s+night|this\s+(?:morning|afternoon"
        r"|evening))",
        _named,
    ),
)
