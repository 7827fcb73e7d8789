"""The archive of every fetched entry version, related or not, and what was judged of it."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Removal:
    """That a publisher took an entry away, since when we know, and how that shows, in words that quote nothing."""

    entry: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """That an entry goes to and fro: returns to words held before are judged no more, until it has rested."""

    entry: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a feed showed an entry, from when until when; `page`: its own page did, to which the feed led.

    `missing_at`: since when the feed shows it no more although it shows older ones.
    """

    feed: str
    page: bool
    first_seen: datetime
    last_seen: datetime
    missing_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is held of an entry, as far as one story goes.

    `versions` are the newest ones, oldest first, and `earlier` counts those before; `sightings`: one a feed;
    `judgements` are those of the story, oldest first. Of an entry that was erased only `erased_at` is told.
    """

    versions: tuple[Entry, ...] = ()
    earlier: int = 0
    sightings: tuple[Sighting, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    removal: Removal | None = None
    quarantine: Quarantine | None = None
    erased_at: datetime | None = None


class Intake(Protocol):
    """What sources and pages show comes in."""

    def keep(
        self, feed: str, entries: Sequence[Entry], *, baseline: Sequence[bool], seen: datetime, page: bool = False
    ) -> int:
        """Store the versions not held yet and a sighting of each, in one transaction; return how many are new.

        The entries are the whole document that the feed shows now, or with `page` one entry as its own page has it.

        An entry of an unknown id is a sighting of one that is held under another id where both have one canonical
        address and title. Where the feed itself showed that one until now, it is a new version of it, and also where
        only the address is the same, or the text is and the title nearly. Words that differ in what makes no edit
        (see `tracker.domain.revision`) are no version. A version to which a feed returns after it has shown another
        (A, B, A) counts as new: it is the newest of its entry, and pending once more. An entry that goes on
        returning is put into quarantine: its next returns wait no more, words never held before always do. One that was
        erased is not taken in, under whichever of these it comes.

        What the document shows no more although it shows older entries is missing from now on; see `settle`.
        """

    def page_gone(self, entry_id: str, at: datetime, status: int) -> None:
        """Note that the entry's own page answered `status`, 404 or 410: its publisher took it away.

        It is back once its page is kept again (`keep` with `page`); nothing happens where it is known to be gone.
        """

    def settle(self, now: datetime) -> None:
        """Decide what is due by now: what has been missing long enough is removed, what has rested leaves quarantine.

        Missing long enough is what a later document of the feed does not show either, or the same one an hour later.
        It is no removal where another feed shows the entry, nor in a feed that drops entries out of turn as a habit.
        """


class Waiting(Protocol):
    """What waits to be judged, and what was judged."""

    def waiting(self, story: str) -> bool:
        """Tell whether anything is there for a story to judge or to be told of."""

    def pending(self, story: str, limit: int) -> tuple[Pending, ...]:
        """Return versions that a story has not judged, oldest first, from feeds of this story or of all stories."""

    def fresh(self, stories: Sequence[str], limit: int) -> Mapping[str, tuple[Pending, ...]]:
        """Return what `pending` would of those of the stories that have judged nearly all there is, in one look.

        Of the other stories nothing is said: each is to be asked for itself.
        """

    def awaiting(self, entry_id: str, stories: Sequence[str]) -> tuple[str, ...]:
        """Return those of the stories for which a version of an entry is pending."""

    def was_there(self, story: str, entry_id: str, version: str, opened: datetime) -> bool:
        """Tell whether a version was there before anybody asked for it: when the story was opened, or as `baseline`.

        False for one that was never fetched.
        """

    def judged(self, *judgements: Judgement) -> None:
        """Record judgements in one transaction; a second one of the same story, entry and version replaces it."""

    def forget_faults(self, judge: str) -> int:
        """Drop the judgements of entries that another version of the judge failed over; return how many there were."""


class Removals(Protocol):
    """What publishers took away."""

    def removal(self, entry_id: str) -> Removal | None:
        """Return that an entry was taken away, None while it is there."""

    def withdrawn(self, story: str) -> tuple[Removal, ...]:
        """Return the removals of entries that a story has judged to belong to it, and that it was not told of yet."""

    def told(self, story: str, entry_id: str) -> None:
        """Note that a story was told of a removal."""


class Library(Protocol):
    """What is held."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return the newest version of an entry."""

    def versions(self, entry_id: str) -> tuple[Entry, ...]:
        """Return every version of an entry, oldest first; none for one that was never fetched."""

    def version(self, entry_id: str, version: str) -> Entry | None:
        """Return one version of an entry."""

    def dossier(self, entry_id: str, story: str, most: int) -> Dossier:
        """Return what is held of an entry, of its versions the newest `most`; an empty one where nothing is."""

    def quarantined(self) -> tuple[Quarantine, ...]:
        """Return the entries in quarantine, by id."""


class Archive(Intake, Waiting, Removals, Library, Protocol):
    """Entries and their versions, sightings and judgements. Everything is idempotent."""
