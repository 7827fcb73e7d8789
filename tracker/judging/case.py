"""What the stages of one judgement hand on to each other."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.entry import Entry
from tracker.domain.story import KnownEntry, Story
from tracker.judging import parameters
from tracker.judging.calibration import UNCALIBRATED, Calibration
from tracker.judging.happening import Same
from tracker.judging.language import foreign
from tracker.judging.near_duplicate import Copy
from tracker.judging.profile import Profile
from tracker.judging.reading import Reading


@dataclass(frozen=True, slots=True)
class Case:
    """An entry and a story as read, and which known report the entry is a copy of, or one of the same happening.

    `moved`: some line of it gives a claim another state than that report did.
    """

    entry: Entry
    story: Story
    reading: Reading
    profile: Profile
    copy: Copy | None
    same: Same | None
    calibration: Calibration = UNCALIBRATED
    moved: bool = False

    @property
    def foreign(self) -> bool:
        """Say whether the entry is in another language than the story, or in one that the judge does not read."""
        return foreign(self.entry.language, self.story.language)

    @property
    def day(self) -> date:
        """The day of the entry, from which its "yesterday" counts."""
        return self.entry.moment.date()

    @property
    def known(self) -> KnownEntry | None:
        """The known entry whose happening this one reports too."""
        if self.copy:
            return self.copy.of
        if self.same is None or self.same.score < parameters.SAME or self.moved:
            return None
        return self.same.known.entry
