"""Claims as they stand, and how that changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from tracker.domain.claims import Claim
from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.changes import Step, step
from tracker.rendering.documents.kinds import (
    SCHEMA_VERSION,
    Position,
    StandingWord,
    StatusWord,
    Time,
    Version,
    dates_of,
    quantities_of,
)
from tracker.rendering.view import Change, ClaimDiff, ClaimView, Head, Side


class Tracked(TypedDict):
    """A claim that is followed: `quantities` in words, `dates` as ISO 8601 intervals of days."""

    id: str
    text: str
    attributed_to: str | None
    status: StatusWord
    standing: StandingWord
    quantities: list[str]
    dates: list[str]


class Stand(TypedDict):
    """How a claim stands: `sources` agree with it, `denied_by` do not, `removed` took away what they said of it.

    `since` is when it came to stand so; `withdrawn` is the reason, null where it is followed.
    """

    current: str
    sources: list[str]
    denied_by: list[str]
    removed: list[str]
    first_seen: Time
    last_seen: Time
    since: Time
    withdrawn: str | None


class ClaimRow(Tracked, Stand):
    """A claim: `text` and `current` are how it reads now, `original` how it was first tracked."""

    original: str


class SideRow(TypedDict):
    """A side of a dispute: its `value` in words ("" for none), who is quoted, whom it rests on, and the findings."""

    value: str
    denies: bool
    speakers: list[str]
    sources: list[str]
    findings: list[Position]


class ClaimStatus(Tracked, Stand):
    """A claim in a report: `text` is how it was first tracked, `current` how it reads now.

    `why` is the position of the event that made it stand so. `history` is null unless a report was asked for whole.
    """

    why: Position | None
    sides: list[SideRow]
    history: list[Step] | None


class Claims(TypedDict):
    """The claims of a story as they stand."""

    schema_version: Version
    story: str
    claims: list[ClaimRow]


class ClaimHistory(TypedDict):
    """A claim as it stands, and what happened to it, oldest first."""

    schema_version: Version
    story: str
    claim: ClaimRow
    history: list[Step]


class Difference(TypedDict):
    """A claim at two moments; null where it was not tracked."""

    id: str
    before: ClaimRow | None
    after: ClaimRow | None


class Differences(TypedDict):
    """The claims of a story that differ between two moments of seeing. `position` and `head`: null before it began."""

    schema_version: Version
    story: str
    start: Time
    end: Time
    valid_at: Time | None
    position: Position | None
    head: str | None
    claims: list[Difference]


def tracked(claim: Claim, standing: str) -> Tracked:
    """Return a claim that has just been taken up."""
    return {
        "id": claim.id,
        "text": claim.text,
        "attributed_to": claim.attributed_to,
        "status": str(claim.status),
        "standing": standing,
        "quantities": quantities_of(claim.quantities),
        "dates": dates_of(claim.dates),
    }


def claim_row(claim: ClaimView) -> ClaimRow:
    """Return a claim of a list."""
    return {**_tracked(claim), **_stand(claim), "text": claim.current, "original": claim.text}


def claim_status(claim: ClaimView, *, whole: bool) -> ClaimStatus:
    """Return a claim of a report."""
    return {
        **_tracked(claim),
        **_stand(claim),
        "why": claim.why.position if claim.why else None,
        "sides": [_side(side) for side in claim.sides],
        "history": [step(told) for told in claim.history] if whole else None,
    }


def claims(story: str, held: Iterable[ClaimView]) -> Claims:
    """Return the claims of a story."""
    return {"schema_version": SCHEMA_VERSION, "story": story, "claims": [claim_row(claim) for claim in held]}


def claim_history(story: str, claim: ClaimView, history: Iterable[Change]) -> ClaimHistory:
    """Return a claim with what happened to it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": story,
        "claim": claim_row(claim),
        "history": [step(told) for told in history],
    }


def difference(one: ClaimDiff) -> Difference:
    """Return a claim at two moments."""
    return {
        "id": one.id,
        "before": claim_row(one.before) if one.before else None,
        "after": claim_row(one.after) if one.after else None,
    }


def differences(
    story: str, found: Iterable[ClaimDiff], head: Head | None, *, start: datetime, end: datetime,
    valid_at: datetime | None,
) -> Differences:  # fmt: skip
    """Return the claims that differ between two moments."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": story,
        "start": stamp(start),
        "end": stamp(end),
        "valid_at": stamp_or_none(valid_at),
        "position": head.position if head else None,
        "head": head.hash if head else None,
        "claims": [difference(one) for one in found],
    }


def _tracked(claim: ClaimView) -> Tracked:
    return {
        "id": claim.id,
        "text": claim.text,
        "attributed_to": claim.attributed_to,
        "status": claim.status,
        "standing": claim.standing,
        "quantities": quantities_of(claim.quantities),
        "dates": dates_of(claim.dates),
    }


def _stand(claim: ClaimView) -> Stand:
    return {
        "current": claim.current,
        "sources": list(claim.sources),
        "denied_by": list(claim.denied_by),
        "removed": list(claim.removed),
        "first_seen": stamp(claim.first_seen),
        "last_seen": stamp(claim.last_seen),
        "since": stamp(claim.since),
        "withdrawn": claim.withdrawn,
    }


def _side(side: Side) -> SideRow:
    return {
        "value": side.value,
        "denies": side.denies,
        "speakers": list(side.speakers),
        "sources": list(side.sources),
        "findings": [told.position for told in side.findings],
    }
