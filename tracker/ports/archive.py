"""The archive of every fetched entry version, related or not, and what was judged of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.domain.entry import Entry


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry version that a story has not judged yet.

    `baseline`: it came with the first import of its feed and was published before that, so it becomes known but
    nobody is told of it.
    """

    entry: Entry
    baseline: bool


FAULT = "could not be judged"
"""How the reason of a judgement begins that is none: the judge failed over the entry."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided of an entry version for a story, kept also for entries that do not belong."""

    story: str
    entry: str
    version: str
    relevant: bool
    score: float
    reason: str
    judge: str
    judged_at: datetime


class Archive(Protocol):
    """Entries and their versions, sightings and judgements. Everything is idempotent."""

    def keep(
        self, feed: str, entries: Sequence[Entry], *, baseline: Sequence[bool], seen: datetime, page: bool = False
    ) -> int:
        """Store the versions not held yet and a sighting of each, in one transaction; return how many are new.

        An entry whose canonical address and title are those of one already held under another id is a sighting of
        that one, not a new entry. A version to which a feed returns after it has shown another (A, B, A) counts as
        new: it is the newest of its entry, and pending once more. An entry that was erased is not taken in, nor is one
        whose canonical address and title are those of it.
        """

    def page_gone(self, entry_id: str, at: datetime, status: int) -> None:
        """Note that the entry's own page answered `status`, 404 or 410: its publisher took it away.

        It is back once its page is kept again (`keep` with `page`); nothing happens where it is known to be gone.
        """

    def pending(self, story: str, limit: int) -> tuple[Pending, ...]:
        """Return versions that a story has not judged, oldest first, from feeds of this story or of all stories."""

    def awaiting(self, entry_id: str, stories: Sequence[str]) -> tuple[str, ...]:
        """Return those of the stories for which a version of an entry is pending."""

    def judged(self, judgement: Judgement) -> None:
        """Record a judgement; a second one of the same story, entry and version replaces it."""

    def forget_faults(self, judge: str) -> int:
        """Drop the judgements of entries that another version of the judge failed over; return how many there were."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return the newest version of an entry."""

    def versions(self, entry_id: str) -> tuple[Entry, ...]:
        """Return every version of an entry, oldest first; none for one that was never fetched."""
