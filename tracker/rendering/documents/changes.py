"""What happened in a story: developments, the history of a claim, the timeline, what waits for a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.kinds import (
    SCHEMA_VERSION,
    KindWord,
    Position,
    RelationWord,
    Time,
    Version,
)
from tracker.rendering.view import Change, Head


class Told(TypedDict):
    """What every row says of a change; `old` and `new` are values of `field`, `entry` is the id of what said it."""

    position: Position
    claim: str | None
    field: str | None
    old: str | None
    new: str | None
    sentence: str | None
    reason: str
    seen: Time
    published: Time | None
    source: str | None
    url: str | None
    entry: str | None


class Step(Told):
    """What happened to a claim."""

    type: str
    relation: RelationWord | None


class Development(Told):
    """What changed what is known."""

    kind: KindWord
    headline: str


class Happening(Told):
    """A row of the timeline: everything that is kept of a change.

    `needs_review`: the judge is not sure, so it counts for nothing until a person has spoken; `verdict` is what they
    said.
    """

    type: str
    kind: KindWord
    relation: RelationWord | None
    headline: str
    text: str | None
    score: float | None
    needs_review: bool
    verdict: str | None
    publisher: str | None
    actor: str


class Timeline(TypedDict):
    """What happened in a story, oldest first. `position` and `head` are of the newest event that was known."""

    schema_version: Version
    story: str
    as_of: Time | None
    valid_at: Time | None
    position: Position | None
    head: str | None
    timeline: list[Happening]


class Developments(TypedDict):
    """What changed what is known of a story, the newest first."""

    schema_version: Version
    story: str
    developments: list[Development]


class Waiting(Development):
    """A finding that waits for a person."""

    story: str
    relation: RelationWord | None
    score: float | None


class Review(TypedDict):
    """The findings that wait for a person."""

    schema_version: Version
    findings: list[Waiting]


def step(told: Change) -> Step:
    """Return what happened to a claim."""
    return {"type": told.type, "relation": told.relation, **_told(told)}


def development(told: Change) -> Development:
    """Return what changed what is known."""
    return {"kind": told.kind, "headline": told.headline, **_told(told)}


def happening(told: Change) -> Happening:
    """Return a row of the timeline."""
    return {
        "type": told.type,
        "kind": told.kind,
        "relation": told.relation,
        "headline": told.headline,
        **_told(told),
        "text": told.text,
        "score": told.score,
        "needs_review": told.needs_review,
        "verdict": told.verdict,
        "publisher": told.publisher,
        "actor": told.actor,
    }


def timeline(
    story: str, changes: Iterable[Change], head: Head | None, *, as_of: datetime | None, valid_at: datetime | None
) -> Timeline:
    """Return what happened in a story, as of some moments; None is no limit."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": story,
        "as_of": stamp_or_none(as_of),
        "valid_at": stamp_or_none(valid_at),
        "position": head.position if head else None,
        "head": head.hash if head else None,
        "timeline": [happening(told) for told in changes],
    }


def developments(story: str, changes: Iterable[Change]) -> Developments:
    """Return developments of a story."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": story,
        "developments": [development(told) for told in changes],
    }


def review(waiting: Iterable[tuple[str, Change]]) -> Review:
    """Return what waits for a person, each with the story that it is of."""
    return {
        "schema_version": SCHEMA_VERSION,
        "findings": [
            {"story": story, **development(told), "relation": told.relation, "score": told.score}
            for story, told in waiting
        ],
    }


def _told(told: Change) -> Told:
    return {
        "position": told.position,
        "claim": told.claim,
        "field": told.field,
        "old": told.old,
        "new": told.new,
        "sentence": told.sentence,
        "reason": told.reason,
        "seen": stamp(told.seen),
        "published": stamp_or_none(told.published),
        "source": told.source,
        "url": told.url,
        "entry": told.entry,
    }
