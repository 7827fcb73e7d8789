"""When an item says that it was published.

feedparser reads many dates wrongly rather than not at all (epoch seconds as a calendar date, month 13 as next January,
"10 PM" as ten in the morning, a week of the year as a day of this month), so none of its readings is taken: the shapes
that feeds use are read here, and what has another shape is no date.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tracker.adapters.feeds.zones import localise

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""There were no feeds before; an earlier date is a default that somebody forgot to set."""
LATEST_AHEAD = timedelta(days=1)
"""How far a date may lie ahead of the moment of reading: clocks and zones differ by that much."""

_MONTH_NAMES = (
    "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari января янв stycznia sty ocak",
    "feb february februar feber février fevrier fév fev févr febrero febbraio fevereiro februari февраля фев şubat",
    "mar march märz maerz mär mrz mars marzo março marco maart mrt marts марта мар marca mart",
    "apr april avril avr abril abr aprile апреля апр kwietnia kwi nisan",
    "may mai mayo maggio mag maio mei maj мая май maja mayıs",
    "jun june juni juin junio giugno giu junho июня июн czerwca cze haziran",
    "jul july juli juillet juil julio luglio lug julho июля июл lipca lip temmuz",
    "aug august août aout agosto ago augustus augusti августа авг sierpnia sie ağustos",
    "sep sept september septembre septiembre settembre set setembro сентября сен сент września wrz eylül",
    "oct october okt oktober octobre octubre ottobre ott outubro out октября окт października paź ekim",
    "nov november novembre noviembre novembro ноября ноя нояб listopada lis kasım",
    "dec december dez dezember décembre decembre déc diciembre dic dicembre dezembro декабря дек grudnia gru aralık",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_TIME = (
    r"(?:(?:\s*[T:]|\s+[-–|]|,?(?:\s+[^\W\d_]{1,4}\.?){0,2})\s*(?P<hour>\d{1,2})[:h.](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*uhr)?(?:\s*(?P<half>[ap])\.?m\b\.?)?)?"
)
_COMPACT_TIME = r"(?:[T ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?(?P<half>)?"
_ZONE = (
    r"(?P<zone>\s*(?:[+-]\d[\d:]*|\(?[A-Za-z][A-Za-z_/-]*\)?(?:\s*[+-]\d[\d:]*)?))?"
    r"(?:Z|\s+[A-Z]{3,4})?(?:\s*\([^()]*\)|\[[^\[\]]*\])?"  # and the same once more in other words
)
_WEEKDAY = r"(?:[^\W\d_][^\W\d_-]{0,9}(?:-feira)?\.?(?:,?\s+|,))?"
_GAP = r"(?:[\s/-]*|\s+del?\s+)"
_DAY = r"(?P<day>\d{1,2})"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_WEEKDAY}(?P<year>\d{{4}})(?P<gap>[-./])(?P<month>\d{{1,2}})(?P=gap){_DAY}{_TIME}{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_COMPACT_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_DAY}(?:\.|st|nd|rd|th|er|º)?{_GAP}{_MONTH},?{_GAP}(?P<year>\d{{4}}|\d\d){_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}{_TIME}{_ZONE}\s+(?P<year>\d{{4}})",
        rf"{_WEEKDAY}{_DAY}\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}|\d\d){_TIME}{_ZONE}",
        rf"{_WEEKDAY}(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d{{1,2}})/(?P<year>\d{{4}}){_TIME}{_ZONE}",
        rf"{_WEEKDAY}(?P<month>\d{{1,2}})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{{4}}){_TIME}{_ZONE}",
        rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*{_DAY}\s*[日일]{_TIME}{_ZONE}",
    )
)
_LONGEST = 80
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?")
_EPOCH_MS = re.compile(r"\d{12,13}")


def first_possible(claims: Iterable[str], seen: datetime) -> tuple[datetime | None, bool]:
    """Return the first claimed moment that can be, and whether something was claimed of which nothing can.

    A blank claim is none.
    """
    made = [claim for claim in claims if claim.strip()]
    moment = next(filter(None, (published(claim, seen) for claim in made)), None)
    return moment, bool(made) and moment is None


def published(raw: str, seen: datetime) -> datetime | None:
    """Return the claimed moment in UTC, or None if the text names none that can be.

    What lies before 1995 or more than a day after `seen` is impossible.
    """
    text = " ".join(raw.split()).replace("\u2212", "-")
    found = read(text) if len(text) <= _LONGEST else None
    return found if found and EARLIEST <= found <= seen + LATEST_AHEAD else None


def read(text: str) -> datetime | None:
    """Return the moment in UTC that a text of a known shape names; None for another shape or an impossible value."""
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    if _EPOCH_MS.fullmatch(text):
        return datetime.fromtimestamp(int(text) // 1000, UTC)
    for shape in _SHAPES:
        match = shape.fullmatch(text)
        if match and (month := _month(match["month"])):
            return _moment(match.groupdict(), month)
    return None


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _MONTHS.get(name.lower(), 0)


def _moment(part: dict[str, str | None], month: int) -> datetime | None:
    hour = _hour(int(part["hour"] or 0), (part["half"] or "").lower())
    # A leap second is the last one of its minute; hour 24 is the midnight that ends the day.
    second, rest = min(int(part["second"] or 0), 59), timedelta(days=1 if hour == 24 else 0)  # noqa: PLR2004
    try:
        year, day, minute = _year(part["year"] or ""), int(part["day"] or 0), int(part["minute"] or 0)
        shown = datetime(year, month, day, hour % 24, minute, second, tzinfo=UTC)
        return localise(shown + rest, part["zone"] or "") if hour <= 24 else None  # noqa: PLR2004
    except (ValueError, OverflowError):
        return None


def _hour(hour: int, half: str) -> int:
    if not half or hour > 12:  # noqa: PLR2004
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:  # noqa: PLR2004
        return year
    return 2000 + year if year < 70 else 1900 + year  # noqa: PLR2004
