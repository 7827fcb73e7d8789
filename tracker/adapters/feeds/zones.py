"""Time zones as feeds write them, to an offset from UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "art": -3, "brt": -3,
    "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "trt": 3,
    "gst": 4, "pkt": 5, "ist": 5.5, "wib": 7, "ict": 7, "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_PLACE = re.compile(r"[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_-]+){1,2}")
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)


def localise(shown: datetime, zone: str) -> datetime | None:
    """Return the moment in UTC at which a clock in `zone` shows what `shown` does, whatever the zone of that.

    No zone and an unknown name count as UTC. None if the offset is one that no place on earth has, or the moment is
    outside of the calendar.
    """
    found = _zone(zone.strip())
    if found is None:
        return None
    try:
        return shown.replace(tzinfo=found).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _zone(text: str) -> tzinfo | None:
    offset = _OFFSET.fullmatch(text)
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        delta = timedelta(hours=hours, minutes=minutes) * (-1 if offset[1] == "-" else 1)
        return timezone(delta) if minutes < 60 and _WEST <= delta <= _EAST else None  # noqa: PLR2004
    if _PLACE.fullmatch(text):
        return _place(text)
    return timezone(timedelta(hours=_HOURS.get(text.lower().strip("()"), 0)))


def _place(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC
