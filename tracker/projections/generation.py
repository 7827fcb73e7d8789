"""Generations: a projection's rows are made anew beside those in use, which are read until the new ones are level."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.events import EntryErased, Recorded


@dataclass(frozen=True, slots=True)
class Generation:
    """One making of a projection's rows, folded up to `position` by the fold's version `folds`.

    `begun` is the log's head when it was begun; readers see the one that is `live`.
    """

    number: int
    position: int
    folds: int
    begun: int
    live: bool

    def is_outdated_by(self, recorded: Recorded) -> bool:
        """Tell whether an event took texts out of the log that these rows may hold: they cannot go beyond it."""
        return isinstance(recorded.event, EntryErased) and recorded.position > self.begun

    def may_follow(self, live: "Generation") -> bool:
        """Tell whether this one may take the place of the one in use: readers never go back, in log or in version."""
        return self.number > live.number and self.position >= live.position and self.folds >= live.folds


def live_of(generations: Iterable[Generation]) -> Generation | None:
    """Return the generation that readers see, None before the first."""
    return next((generation for generation in generations if generation.live), None)
