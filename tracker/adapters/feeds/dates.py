"""When an item says that it was published.

feedparser reads many dates wrongly rather than not at all (epoch seconds as a calendar date, month 13 as next January,
"10 PM" as ten in the morning, far offsets as other days), so the shapes that feeds really use are read here, and its
own reading is taken only for a text of no known shape.
"""

import calendar
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tracker.adapters.feeds.zones import localise

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""There were no feeds before; an earlier date is a default that somebody forgot to set."""
LATEST_AHEAD = timedelta(days=1)
"""How far a date may lie ahead of the moment of reading: clocks and zones differ by that much."""

_MONTH_NAMES = (
    "jan january januar jänner janvier enero gennaio janeiro januari",
    "feb february februar feber février fevrier fév fev févr fevr febrero febbraio fevereiro februari",
    "mar march märz maerz mär mrz mars marzo março marco maart",
    "apr april avril avr abril aprile",
    "may mai mayo maggio maio mei",
    "jun june juni juin junio giugno junho",
    "jul july juli juillet juil julio luglio julho",
    "aug august août aout agosto augustus",
    "sep sept september septembre septiembre settembre setembro",
    "oct october okt oktober octobre octubre ottobre outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember décembre decembre déc diciembre dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_TIME = (
    r"(?:(?:\s*[T,]|\s+-|\s+à|\s+um|\s+at)?\s*(?P<hour>\d{1,2})(?::|h|(?<=\d)\.(?=\d\d:))(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?:uhr))?(?:\s*(?P<half>[ap])\.?m\b\.?)?)?"
)
_COMPACT_TIME = r"(?:T?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?(?P<half>)?"
_ZONE = r"(?P<zone>\s*(?:[+-]\d[\d:]*|\(?[A-Za-z][A-Za-z_/-]*\)?(?:\s*[+-]\d[\d:]*)?))?(?:\s*\([^()]*\))?"
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+|[^\W\d_]{2,10}\.?,)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?P<year>\d{{4}})(?P<gap>[-./])(?P<month>\d{{1,2}})(?P=gap)(?P<day>\d{{1,2}}){_TIME}{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_COMPACT_TIME}{_ZONE}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)?[\s-]*{_MONTH},?[\s-]*(?P<year>\d{{4}}|\d\d){_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}}){_TIME}{_ZONE}\s+(?P<year>\d{{4}})",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}{_ZONE}",
        rf"{_WEEKDAY}(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d{{1,2}})/(?P<year>\d{{4}}){_TIME}{_ZONE}",
        rf"{_WEEKDAY}(?P<month>\d{{1,2}})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{{4}}){_TIME}{_ZONE}",
    )
)
_LONGEST = 80
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?")
_EPOCH_MS = re.compile(r"\d{12,13}")


def first_possible(
    claims: Iterable[tuple[str, time.struct_time | None]], seen: datetime
) -> tuple[datetime | None, bool]:
    """Return the first claimed moment that can be, and whether something was claimed of which nothing can.

    A claim is a text, empty if there is none, and the other reading of it that `published` takes.
    """
    made = [claim for claim in claims if claim[0].strip()]
    moment = next(filter(None, (published(raw, fallback, seen) for raw, fallback in made)), None)
    return moment, bool(made) and moment is None


def published(raw: str, fallback: time.struct_time | None, seen: datetime) -> datetime | None:
    """Return the claimed moment in UTC, or None if the text names none that can be.

    `fallback` is another reading of the same text, in UTC, used when it has no shape known here. What lies before
    1995 or more than a day after `seen` is impossible.
    """
    text = " ".join(raw.split())
    found = read(text) if len(text) <= _LONGEST else None
    if found is None and not _known(text):
        found = _from_struct(fallback)
    if found is None or not EARLIEST <= found <= seen + LATEST_AHEAD:
        return None
    return found


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


def _known(text: str) -> bool:
    """Tell whether the text has a shape of ours, so that no other reading of it is better."""
    return len(text) > _LONGEST or any(shape.fullmatch(text) for shape in (_EPOCH, _EPOCH_MS, *_SHAPES))


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


def _from_struct(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
