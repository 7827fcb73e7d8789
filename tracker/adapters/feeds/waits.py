"""For how long a server asks to be left alone: whatever it says, never more than a day."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0
_DIGITS = 12


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After, None when it names none that make sense.

    A date counts from the server's own `Date`, so that its clock and ours need not agree.
    """
    said = headers.get("retry-after", "").strip()
    seconds = _seconds(said)
    if seconds is not None:
        return seconds
    until = _from_date(said, headers)
    return until if until is not None and until > 0 else None


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the answer stays as it is: 0 when it must not be relied on, None when nobody says.

    That is `max-age`, else `Expires` after `Date`, less the `Age` that the answer has already. What makes no sense
    counts as not said; of two values the first.
    """
    said = _directives(headers.get("cache-control", ""))
    if "no-store" in said or "no-cache" in said:
        return 0.0
    lifetime = _seconds(said.get("max-age", ""))
    if lifetime is None:
        lifetime = _from_date(headers.get("expires", ""), headers)
    if lifetime is None:
        return None
    return max(lifetime - (_seconds(headers.get("age", "").strip()) or 0.0), 0.0)


def _directives(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.lower().split(","):
        name, _, value = part.partition("=")
        found.setdefault(name.strip(), value.strip().strip('"'))
    return found


def _seconds(said: str) -> float | None:
    if not (said.isascii() and said.isdigit()):
        return None
    return min(float(said) if len(said) <= _DIGITS else LONGEST, LONGEST)


def _from_date(said: str, headers: Mapping[str, str]) -> float | None:
    """Return the seconds from the server's `Date` to another date, between none and a day; None without two dates."""
    until, since = _date(said), _date(headers.get("date", ""))
    if until is None or since is None:
        return None
    return min(max((until - since).total_seconds(), 0.0), LONGEST)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found.tzinfo else None
