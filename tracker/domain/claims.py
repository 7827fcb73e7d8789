"""A claim: one checkable statement that a story tracks."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.quantity import Quantity
from tracker.domain.when import When


class Status(StrEnum):
    """How far the thing is that the claim speaks about; FACT is a state of the world."""

    POSSIBLE = "possible"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    UNDER_WAY = "under way"
    DONE = "done"
    CANCELLED = "cancelled"
    DENIED = "denied"
    FACT = "fact"


class Standing(StrEnum):
    """How well the claim itself stands."""

    REPORTED = "reported"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Relation(StrEnum):
    """What a sentence of an entry does to a claim; NEW has no claim yet."""

    CORROBORATES = "corroborates"
    UPDATES = "updates"
    DENIES = "denies"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence a claim rests on: characters [start, end) of the document, whose id or file name is `document`."""

    document: str
    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement, with what was read out of it.

    `attributed_to` is None where the article states it in its own voice. `polarity` is False for a claim that
    something is not so.
    """

    id: str
    text: str
    attributed_to: str | None = None
    status: Status = Status.FACT
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[When, ...] = ()
    polarity: bool = True
    evidence: Evidence | None = None
