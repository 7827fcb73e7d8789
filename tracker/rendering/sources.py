"""The words for what is wrong with a source: the same in lists, reports, check-ups and alerts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from tracker.errors import Trouble
from tracker.rendering.plain import line, moment

Condition = Literal["ok", "failing", "gone", "silent"]
"""How a source fares. A silent one answers, and has brought nothing for much longer than it used to."""

_SAID: Mapping[Trouble, str] = {
    "unreachable": "cannot be reached",
    "refused": "refuses to answer",
    "wall": "behind a bot wall",
    "rate limited": "rate limited",
    "gone": "gone for good",
    "broken": "cannot be read",
    "unasked": "cannot be asked",
}
_OURS = "this is a matter of tracker's settings"
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))


class Faring(Protocol):
    """What is known of how a source fares: the part of a `tracker.ports.feeds.FeedState` that these words are of."""

    @property
    def failures(self) -> int:
        """Failures in a row."""

    @property
    def gone(self) -> bool:
        """Whether it said that it is gone for good."""

    @property
    def silent(self) -> bool:
        """Whether it brings nothing for longer than it used to."""

    @property
    def trouble(self) -> Trouble | None:
        """What kind of failure the last one was."""

    @property
    def last_error(self) -> str | None:
        """The last failure in words."""

    @property
    def last_new_at(self) -> datetime | None:
        """When it last brought an entry."""

    @property
    def due_at(self) -> datetime:
        """When it is asked next."""


def condition(source: Faring) -> Condition:
    """Return how a source fares; failing from the first failure on, also where the fault may be at our end."""
    if source.gone:
        return "gone"
    if source.failures or source.trouble:
        return "failing"
    return "silent" if source.silent else "ok"


def trouble_words(source: Faring) -> str:
    """Return what is wrong with a source, in one line; "" where nothing is."""
    match condition(source):
        case "gone":
            return failure("gone", source.last_error)
        case "failing":
            return failure(source.trouble, source.last_error, until=source.due_at)
        case "silent":
            return silence(source.last_new_at)
        case _:
            return ""


def failure(trouble: Trouble | None, error: str | None, *, until: datetime | None = None) -> str:
    """Return a failure in words. `until`: when a source that asks for less is asked again."""
    when = f" until {moment(until)}" if until and trouble == "rate limited" else ""
    what, said = f"{_SAID[trouble]}{when}" if trouble else "", line(error, 300)
    words = ": ".join(filter(None, (what, said))) or "failing"
    return f"{words}; {_OURS}" if trouble == "unasked" else words


def silence(since: datetime | None) -> str:
    """Return that a source has brought nothing since a moment, None where it never did."""
    return f"has brought nothing since {moment(since)}" if since else "has brought nothing so far"


def rhythm(gap: float) -> str:
    """Return how often a source brings something; `gap` is the time between its entries in seconds."""
    unit, seconds = next((one for one in _UNITS if gap >= one[1]), _UNITS[-1])
    number = max(1, round(gap / seconds))
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"
