"""What documents are made of."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from tracker.domain.claims import Relation, Standing, Status
from tracker.domain.quantity import Quantity
from tracker.domain.when import When

SCHEMA_VERSION: Final = 1


def one_of(words: Iterable[str], description: str) -> Any:
    """Return the mark of a text that is one of some words."""
    return Meta(description=description, extra_json_schema={"enum": [str(word) for word in words]})


Version = Annotated[Literal[1], Meta(description="Grows when a field goes or changes its meaning.")]
Time = Annotated[str, Meta(description="RFC 3339, in UTC.", extra_json_schema={"format": "date-time"})]
Position = Annotated[int, Meta(ge=0, description="A position of the log.")]
Count = Annotated[int, Meta(ge=0)]
StandingWord = Annotated[str, one_of(Standing, "How well a claim stands.")]
StatusWord = Annotated[str, one_of(Status, "How far the thing is that a claim speaks about.")]
RelationWord = Annotated[str, one_of(Relation, "What a sentence does to a claim.")]

CHANGES = ("new", "update", "confirms", "denies")
"""The kinds of findings."""
KINDS = (
    *CHANGES, "tracked", "repeat", "withdrawn", "revised", "removed", "restored", "erased", "review",
)  # fmt: skip
KindWord = Annotated[str, one_of(KINDS, "What happened, in a word.")]


def dates_of(dates: Iterable[When]) -> list[str]:
    """Return dates as ISO 8601 intervals of days."""
    return [f"{when.start.isoformat()}/{when.end.isoformat()}" for when in dates]


def quantities_of(quantities: Iterable[Quantity]) -> list[str]:
    """Return quantities in words."""
    return [quantity.text for quantity in quantities]
