"""The time of a story as a slider has it: in whole minutes since 1970, from its opening to its newest event."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.projections.projection import Row
from tracker.projections.rows import stamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT = timedelta(minutes=1)
_STEPS = 500
"""Places that the slider has at most: more than it has pixels on a telephone."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From `first` to `last` in steps of `step`, all in minutes; `last` stands for now."""

    first: int
    last: int
    step: int

    @property
    def begin(self) -> datetime:
        """Return the moment of the first place."""
        return moment(self.first)

    def nearest(self, when: datetime | None) -> int:
        """Return the place of a moment, that of now for None."""
        if when is None:
            return self.last
        places = round((_minute(when) - self.first) / self.step)
        return max(self.first, min(self.last, self.first + places * self.step))

    def as_of(self, minute: int) -> dict[str, str]:
        """Return the query of an address that leads to a place, the first for any before it: none for now."""
        return {} if minute >= self.last else {"as_of": stamp(moment(max(self.first, minute)))}


def scale_of(head: Row) -> Scale:
    """Return the scale of a story with this head row."""
    first = _minute(datetime.fromisoformat(head["opened_at"])) + 1
    length = max(1, _minute(datetime.fromisoformat(head["last_seen"])) + 1 - first)
    step = -(-length // _STEPS)
    return Scale(first, first + -(-length // step) * step, step)


def moment(minute: int) -> datetime:
    """Return the beginning of a minute."""
    return _EPOCH + minute * _UNIT


def _minute(when: datetime) -> int:
    return (when - _EPOCH) // _UNIT
