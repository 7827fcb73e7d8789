"""What can be said with a question: how it is read, and how it is described; from one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tracker.domain.claims import Standing
from tracker.entrypoints.times import moment_of
from tracker.entrypoints.web.numbers import GREATEST, whole_number
from tracker.errors import UsageError
from tracker.rendering.documents.kinds import KINDS
from tracker.rendering.plain import line

MOST, USUAL = 200, 50
"""Items of a page: at most, and where nothing is said."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `read` takes its text and raises UsageError, `schema` describes what it takes."""

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    where: Literal["query", "path"] = "query"


def words(name: str, description: str, where: Literal["query", "path"] = "query") -> Parameter:
    """Return a parameter that takes any text."""
    return Parameter(name, description, {"type": "string", "minLength": 1}, str, where)


def one_of(name: str, description: str, choices: Iterable[str]) -> Parameter:
    """Return a parameter that takes one of some words."""
    known = tuple(map(str, choices))

    def read(text: str) -> str:
        if text not in known:
            raise UsageError(f"{name} is one of {', '.join(known)}, not {line(text, 40)}")
        return text

    return Parameter(name, description, {"type": "string", "enum": list(known)}, read)


def number(
    name: str, description: str, most: int = GREATEST, least: int = 1, where: Literal["query", "path"] = "query"
) -> Parameter:
    """Return a parameter that takes a whole number."""

    def read(text: str) -> int:
        found = whole_number(text, least, most)
        if found is None:
            raise UsageError(f"{name} is a number from {least} to {most}, not {line(text, 40)}")
        return found

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Parameter(name, description, schema, read, where)


def moment(name: str, description: str, *, end_of_day: bool = True) -> Parameter:
    """Return a parameter that takes a date or a time."""
    schema = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    return Parameter(name, description, schema, lambda text: moment_of(text, end_of_day=end_of_day))


def flag(name: str, description: str) -> Parameter:
    """Return a parameter that is true or false."""

    def read(text: str) -> bool:
        if text not in ("true", "false"):
            raise UsageError(f"{name} is true or false, not {line(text, 40)}")
        return text == "true"

    return Parameter(name, description, {"type": "boolean"}, read)


STORY = words("story", "The id of a story.", "path")
CLAIM = words("claim", "The id of a claim.", "path")
ENTRY = words("entry", "The id of an entry.", "path")
POSITION = number("position", "A position of the log.", where="path")
AS_OF = moment("as_of", "Only what had been seen by then; a date means its end, a moment to come now.")
VALID_AT = moment("valid_at", "Only what had been said by then; a date means its end, a moment to come now.")
PAST = (AS_OF, VALID_AT)
LIMIT = number("limit", f"How many items a page has at most; {USUAL} where nothing is said.", MOST)
CURSOR = words("cursor", "Where to go on: `next` of the page before, with all other parameters as they were.")
KIND = one_of("kind", "Only what is of this kind.", KINDS)
STANDING = one_of("standing", "Only what bears on claims that stand so now.", Standing)
