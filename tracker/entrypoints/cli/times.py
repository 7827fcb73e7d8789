"""Times as they are typed: ISO dates and datetimes, in UTC unless they say otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal

import click

LAST: Final = "last"


class Moment(click.ParamType[datetime]):
    """A moment. A bare date is its beginning, or its last instant with `end_of_day`: as of a day is at its end."""

    name = "time"

    def __init__(self, *, end_of_day: bool = False) -> None:
        self._end_of_day = end_of_day

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in UTC; refuse what is none."""
        try:
            return self._parsed(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time; write 2024-06-02 or 2024-06-02T06:30Z", param, ctx)

    def _parsed(self, text: str) -> datetime:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        begin = datetime.combine(day, time(), UTC)
        return begin + timedelta(days=1, microseconds=-1) if self._end_of_day else begin


class Since(click.ParamType["datetime | Literal['last']"]):
    """A moment, or the word "last"."""

    name = "time|last"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | Literal["last"]:
        """Return the moment in UTC, or "last"."""
        if value == LAST:
            return LAST
        return Moment().convert(value, param, ctx)
