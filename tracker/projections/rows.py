"""What rows are made of: partitions, keys and JSON-ready values."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from tracker.domain.events import Recorded, feed_stream, story_stream

HEAD = "head"
"""Key of the only row of a partition."""

_STORY, _FEED = story_stream(""), feed_stream("")


def story_of(recorded: Recorded) -> str | None:
    """Return the id of the story that an event belongs to, None for events of other streams."""
    return recorded.stream.removeprefix(_STORY) if recorded.stream.startswith(_STORY) else None


def feed_of(recorded: Recorded) -> str | None:
    """Return the id of the feed that an event is about, None for events of other streams."""
    return recorded.stream.removeprefix(_FEED) if recorded.stream.startswith(_FEED) else None


def ordinal(position: int) -> str:
    """Return a key whose order as text is the order of positions."""
    return str(position).zfill(12)


def stamp(moment: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC, with the microseconds that it has."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return str(msgspec.to_builtins(utc))


def stamp_or_none(moment: datetime | None) -> str | None:
    """Return `stamp(moment)`, None for no time."""
    return stamp(moment) if moment else None


def plain(value: object) -> Any:
    """Return a domain value as JSON-ready values; lists for tuples, as they come back from a store."""
    return _listed(msgspec.to_builtins(value))


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return value
