"""Times as options and arguments of commands."""

from datetime import datetime
from typing import Any, Final, Literal

import click

from tracker.entrypoints.times import moment_of
from tracker.errors import UsageError

LAST: Final = "last"


class Moment(click.ParamType[datetime]):
    """A moment. A bare date is its beginning, or its last instant with `end_of_day`: as of a day is at its end."""

    name = "time"

    def __init__(self, *, end_of_day: bool = False) -> None:
        self._end_of_day = end_of_day

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in UTC; refuse what is none."""
        try:
            return moment_of(value, end_of_day=self._end_of_day)
        except UsageError as error:
            self.fail(str(error), param, ctx)


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
