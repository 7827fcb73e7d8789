"""Times as a message tells them: by the clock on the reader's wall, and by UTC where that is another."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.rendering.plain import moment


class Clockface:
    """The clock of a time zone, by its IANA name; UTC for one that this machine does not know."""

    def __init__(self, zone: str = "UTC") -> None:
        self._zone = _zone(zone)
        self.name = zone if self._zone is not UTC else "UTC"

    def moment(self, when: datetime) -> str:
        """Return a time to the minute: `2024-06-01 14:00 CEST (12:00 UTC)`, in UTC alone where that is the zone."""
        if self._zone is UTC:
            return moment(when)
        here, there = when.astimezone(self._zone), when.astimezone(UTC)
        utc = f"{there:%H:%M}" if here.date() == there.date() else f"{there:%Y-%m-%d %H:%M}"
        return f"{self.brief(when)} ({utc} UTC)"

    def brief(self, when: datetime) -> str:
        """Return a time to the minute by this clock alone, saying whose time it is."""
        here = when.astimezone(self._zone)
        name = here.tzname() or ""
        return f"{here:%Y-%m-%d %H:%M} {name if name.isalpha() else f'UTC{name}'}"

    def day(self, when: datetime) -> str:
        """Return the day of the month: `22 June`."""
        here = when.astimezone(self._zone)
        return f"{here.day} {here:%B}"

    def hour(self, when: datetime) -> str:
        """Return the time of the day: `14:00`."""
        return f"{when.astimezone(self._zone):%H:%M}"


@lru_cache
def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, no name of one, or a folder of them
        return UTC
