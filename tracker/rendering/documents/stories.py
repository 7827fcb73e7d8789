"""The stories, and one that has just been opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from tracker.domain.claims import Claim
from tracker.projections.rows import stamp
from tracker.rendering.documents.claims import Tracked, tracked
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Time, Version


@dataclass(frozen=True, slots=True)
class Listed:
    """A story as it is listed: how many claims are followed in it, and how many entries belong to it."""

    id: str
    title: str
    opened_at: datetime
    closed: bool
    claims: int
    entries: int


class StoryRow(TypedDict):
    """A story: how many claims are followed in it, and how many entries belong to it."""

    id: str
    title: str
    opened_at: Time
    closed: bool
    claims: Count
    entries: Count


class Stories(TypedDict):
    """The stories that are or were followed."""

    schema_version: Version
    stories: list[StoryRow]


class LeftOut(TypedDict):
    """A sentence of an article that is not followed, and why."""

    sentence: str
    reason: str


class Opened(TypedDict):
    """A story that was opened: what is tracked of its seed, and what is not."""

    schema_version: Version
    story: StoryRow
    claims: list[Tracked]
    left_out: list[LeftOut]
    feeds: list[str]


def stories(listed: Iterable[Listed]) -> Stories:
    """Return the stories."""
    return {"schema_version": SCHEMA_VERSION, "stories": [_row(one) for one in listed]}


def opened(story: Listed, claims: Iterable[Claim], left_out: Iterable[LeftOut], feeds: Iterable[str]) -> Opened:
    """Return a story that was opened."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": _row(story),
        "claims": [tracked(claim, "reported") for claim in claims],
        "left_out": list(left_out),
        "feeds": list(feeds),
    }


def _row(story: Listed) -> StoryRow:
    return {
        "id": story.id,
        "title": story.title,
        "opened_at": stamp(story.opened_at),
        "closed": story.closed,
        "claims": story.claims,
        "entries": story.entries,
    }
