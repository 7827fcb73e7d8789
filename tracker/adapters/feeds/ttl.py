"""For how long a feed asks to be left alone.

RSS says it in minutes (<ttl>) or as so many updates a period (sy:updatePeriod, sy:updateFrequency). Its skipHours and
skipDays are left aside: they name the hours of quiet of an office, and news does not keep to them.
"""

import re

LONGEST = 86_400.0
"""Seconds. No feed is left alone for longer than a day, whatever it asks for."""
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_PERIODS = {
    "hourly": 3_600.0,
    "daily": LONGEST,
    "weekly": LONGEST * 7,
    "monthly": LONGEST * 30,
    "yearly": LONGEST * 365,
}


def ttl(minutes: str, period: str, frequency: str) -> float | None:
    """Return the seconds that a document asks for, 0 to LONGEST, the longer of two; None if it says nothing of sense.

    An update period without a frequency means one update in it.
    """
    asked = [60 * number for number in (_number(minutes),) if number is not None]
    length, often = _PERIODS.get(period.strip().lower()), _number(frequency or "1")
    if length and often:
        asked.append(length / often)
    return min(max(asked), LONGEST) if asked else None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text := text.strip()) else None
