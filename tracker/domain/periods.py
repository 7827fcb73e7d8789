"""Periods of the calendar as inclusive pairs of days, and parts of them."""

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

Span = tuple[date, date]

_DAY = timedelta(days=1)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_MONTHS = range(1, 13)
_WEEKS = {"first week": 0, "second week": 1, "third week": 2, "fourth week": 3, "last week": -1}
_MONTHS_OF = re.compile("(?P<way>first|last) (?P<count>three|six|nine) months")
_COUNTS = {"three": 3, "six": 6, "nine": 9}
_MONTH_AND_A_HALF = 45


def day(year: int, month: int, number: int) -> date | None:
    """Return a day, None where the calendar has none such."""
    if not MINYEAR < year < MAXYEAR or month not in _MONTHS or not 1 <= number <= monthrange(year, month)[1]:
        return None
    return date(year, month, number)


def year_span(year: int) -> Span:
    """Return a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def months_span(year: int, month: int, count: int = 1) -> Span:
    """Return `count` months from a month on; months past December run into the next year."""
    last = year * 12 + month - 1 + count - 1
    to_year, to_month = last // 12, last % 12 + 1
    from_year, from_month = (year * 12 + month - 1) // 12, (month - 1) % 12 + 1
    return date(from_year, from_month, 1), date(to_year, to_month, monthrange(to_year, to_month)[1])


def season_span(name: str, year: int) -> Span:
    """Return a season of the northern hemisphere; winter runs from December of `year` to February."""
    return months_span(year, _SEASONS[name], 3)


def week_span(of: date) -> Span:
    """Return the week, Monday to Sunday, that a day lies in."""
    monday = of - timedelta(days=of.weekday())
    return monday, monday + timedelta(days=6)


def moved(of: date, days: int) -> date:
    """Return a day moved, kept inside the calendar."""
    return date.fromordinal(min(max(of.toordinal() + days, date.min.toordinal() + 800), date.max.toordinal() - 800))


def part(span: Span, name: str) -> Span:
    """Return a part of a period: "early", "mid", "late" are its thirds; "start" and "end" of long ones are months."""
    return _counted_part(span, name) or _rough_part(span, name)


def _counted_part(span: Span, name: str) -> Span | None:
    """Return so many weeks or months of a period, None where its part is not told by them."""
    start, end = span
    days = (end - start).days + 1
    if name in _WEEKS:
        first = start + timedelta(days=_WEEKS[name] * 7 if _WEEKS[name] >= 0 else days - 7)
        return first, first + timedelta(days=6)
    if months := _MONTHS_OF.fullmatch(name):
        count = _COUNTS[months["count"]]
        return months_span(start.year, start.month if months["way"] == "first" else end.month - count + 1, count)
    if days > _MONTH_AND_A_HALF and name in {"start", "end"}:
        return months_span(start.year, start.month) if name == "start" else months_span(end.year, end.month)
    return None


def _rough_part(span: Span, name: str) -> Span:
    start, end = span
    days = (end - start).days + 1
    third = round(days / 3)
    match name:
        case "early" | "start":
            return start, start + timedelta(days=third - 1)
        case "mid":
            return start + timedelta(days=third), end - timedelta(days=third)
        case "late" | "end":
            return end - timedelta(days=third - 1), end
        case "first half":
            return start, start + timedelta(days=days // 2 - 1)
        case "second half":
            return start + timedelta(days=days // 2), end
    return span


def unit_span(unit: str, at: date, step: int) -> Span:
    """Return the week, weekend, month, quarter or year that lies `step` of them after the one `at` lies in."""
    match unit:
        case "week":
            return week_span(moved(at, 7 * step))
        case "weekend":
            _, sunday = week_span(moved(at, 7 * step))
            return sunday - _DAY, sunday
        case "month":
            return months_span(at.year, at.month + step)
        case "quarter":
            return months_span(at.year, (at.month - 1) // 3 * 3 + 1 + 3 * step, 3)
        case "decade":
            return date((at.year // 10 + step) * 10, 1, 1), date((at.year // 10 + step) * 10 + 9, 12, 31)
    return year_span(at.year + step)


def nearest(spans: list[Span], to: date) -> Span:
    """Return the period whose middle lies nearest to a day."""
    return min(spans, key=lambda span: abs((span[0] - to).days + (span[1] - to).days))
