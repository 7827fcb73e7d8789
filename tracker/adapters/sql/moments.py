"""Moments as the database holds them: microseconds since 1970 in UTC, the same order and arithmetic everywhere."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970 in UTC. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the aware moment in UTC."""
    return _EPOCH + timedelta(0, 0, count)  # days, seconds, microseconds: by name it takes half as long again
