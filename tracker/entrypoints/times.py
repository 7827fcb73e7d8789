"""Times as people write them in commands and addresses: ISO dates and datetimes, in UTC unless they say otherwise."""

from datetime import UTC, date, datetime, time, timedelta

from tracker.errors import UsageError
from tracker.rendering.plain import line


def moment_of(text: str, *, end_of_day: bool = False) -> datetime:
    """Return the moment in UTC; a bare date is its beginning, or its last instant with `end_of_day`.

    Raises UsageError for what is no time.
    """
    try:
        return _parsed(text, end_of_day=end_of_day)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{line(text, 60)!r} is no time; write 2024-06-02 or 2024-06-02T06:30Z") from error


def _parsed(text: str, *, end_of_day: bool) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    begin = datetime.combine(day, time(), UTC)
    return begin + timedelta(days=1, microseconds=-1) if end_of_day else begin
