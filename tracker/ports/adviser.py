"""A second reader: a language model that is asked about findings of which the judge is not sure."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tracker.domain.events import Opinion
from tracker.errors import TrackerError


class NoOpinion(TrackerError):
    """No usable answer came: nobody answered, or not in time, or what came is no answer to the question."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: what a sentence of an entry does to a claim as it stands. `published`: the day of the entry."""

    claim: str
    attributed_to: str | None
    sentence: str
    title: str
    published: date

    @property
    def length(self) -> int:
        """Characters of all that is quoted."""
        return sum(map(len, (self.claim, self.attributed_to or "", self.sentence, self.title)))


class Adviser(Protocol):
    """Asks the model."""

    @property
    def name(self) -> str:
        """Name of the model."""

    def ask(self, question: Question) -> Opinion:
        """Return the model's opinion. Raises NoOpinion, whose words hold nothing secret and nothing that was sent."""


class Budget(Protocol):
    """How many questions a day may still bring, to all workers on the database together."""

    def take(self, day: date, most: int) -> bool:
        """Take one question out of a day's budget of `most`, unless nothing is left of it. Raises StoreError."""
