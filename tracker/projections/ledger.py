"""The ledger: every claim of a story as it stands, one row each.

The folding laws are those of `tracker.domain.story`: a row is turned into a one-claim story, the event is folded by
`evolve`, and the claim that comes out is the new row. What a person says of a finding later needs the claim told again
from its start, and the event names only a position. So one more row per story, under the key STATE (the empty text,
which no scan yields), keeps of each claim how it began and the bare steps since; the words stand in the timeline.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    Finding,
    FindingReviewed,
    Recorded,
)
from tracker.domain.story import Step, Story, TrackedClaim, evolve
from tracker.projections.projection import Key, Row
from tracker.projections.rows import plain, stamp, story_of

STATE = ""


class Ledger:
    """Rows under (story, claim id).

    `original` and `current` are the claim as first tracked and as it stands (id, text, attributed_to, status,
    quantities, dates, polarity, evidence); `standing`; `sources` agree with `current`, `denied_by` do not;
    `first_seen`, `last_seen`; `first_source`; `origin`; `position` of the event that last changed the row; `withdrawn`
    is the reason, or None.
    """

    name = "ledger"

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the story's state and the claim's row; a review names no claim."""
        story, claim = story_of(recorded), _claim_of(recorded)
        if story is None or claim is None:
            return ()
        return ((story, STATE), (story, claim)) if claim else ((story, STATE),)

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the claim's row and the story's state after an event."""
        story, claim = story_of(recorded), _claim_of(recorded)
        if story is None or claim is None:
            return {}
        state = rows.get((story, STATE), {})
        event = recorded.event
        if isinstance(event, ClaimTracked) and event.finding and event.finding.needs_review:
            return {(story, STATE): {**state, _proposal(recorded.position): _proposed(event, recorded)}}
        if isinstance(event, FindingReviewed) and _proposal(event.position) in state:
            return _answered(story, state, event, recorded)
        if isinstance(event, FindingReviewed):
            changed = _review(state, event.position, recorded)
        else:
            changed = _follow(state.get(claim), rows.get((story, claim)), recorded)
        if changed is None:
            return {}
        told, row = changed
        return {(story, STATE): {**state, row["original"]["id"]: told}, (story, row["original"]["id"]): row}


def claim_in(row: Row) -> TrackedClaim:
    """Return the claim that a row of the ledger holds, without its steps."""
    return TrackedClaim(
        original=msgspec.convert(row["original"], Claim),
        current=msgspec.convert(row["current"], Claim),
        standing=Standing(row["standing"]),
        sources=frozenset(row["sources"]),
        denied_by=frozenset(row["denied_by"]),
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        first_source=row["first_source"],
    )


def _claim_of(recorded: Recorded) -> str | None:
    """Return the claim an event is about, "" for one that only a position tells, None for none."""
    match recorded.event:
        case ClaimTracked(claim=claim):
            return claim.id or None
        case ClaimCorroborated() | ClaimUpdated() | ClaimDenied():
            return recorded.event.finding.claim or None
        case ClaimWithdrawn(claim=claim_id):
            return claim_id or None
        case FindingReviewed():
            return ""
        case _:
            return None


def _proposal(position: int) -> str:
    """Return the key, within the state, of a new claim that waits for a person; no claim id has a line break."""
    return f"\n{position}"


def _proposed(event: ClaimTracked, recorded: Recorded) -> Row:
    """Return what is kept of a new claim that the judge was unsure of: the row that it gets once confirmed."""
    sure = replace(event, finding=None)
    claim = _evolved(None, replace(recorded, event=sure))
    assert claim is not None, "a claim without doubts is tracked"
    return {"row": {**_row(claim, recorded), "origin": event.origin, "withdrawn": None}, "steps": []}


def _answered(story: str, state: Row, event: FindingReviewed, recorded: Recorded) -> dict[Key, Row]:
    proposal = _proposal(event.position)
    rest = {key: told for key, told in state.items() if key != proposal}
    if event.verdict == "rejected":
        return {(story, STATE): rest}
    row = {**state[proposal]["row"], "position": recorded.position}
    identity = row["original"]["id"]
    return {(story, STATE): {**rest, identity: _begun(row)}, (story, identity): row}


def _begun(row: Row) -> Row:
    first = {name: value for name, value in row.items() if name != "current"}
    return {"first": first, "withdrawn": None, "steps": []}


def _follow(told: Row | None, row: Row | None, recorded: Recorded) -> tuple[Row, Row] | None:
    """Fold an event that names its claim: the steps so far are not needed, only the claim as it stands."""
    before = claim_in(row) if row else None
    after = _evolved(before, recorded)
    if after is None or after is before:
        return None
    event = recorded.event
    if isinstance(event, ClaimTracked):
        fresh = {**_row(after, recorded), "origin": event.origin, "withdrawn": None}
        return _begun(fresh), fresh
    assert told is not None, "a claim with a row has its steps beside it"
    assert row is not None, "an event of an untracked claim changes nothing"
    reason = event.reason if isinstance(event, ClaimWithdrawn) else row["withdrawn"]
    steps = [*told["steps"], *(_packed(step) for step in after.steps)]
    changed = {**row, **_row(after, recorded), "withdrawn": reason}
    return {**told, "withdrawn": reason, "steps": steps}, changed


def _review(state: Row, position: int, recorded: Recorded) -> tuple[Row, Row] | None:
    """Fold what a person said of a finding: the claim is told again from how it began."""
    told = next((told for told in state.values() if any(step["position"] == position for step in told["steps"])), None)
    if told is None:
        return None
    after = _evolved(_retold(told), recorded)
    assert after is not None, "a review keeps its claim"
    row = {**told["first"], **_row(after, recorded), "withdrawn": told["withdrawn"]}
    return {**told, "steps": [_packed(step) for step in after.steps]}, row


def _retold(told: Row) -> TrackedClaim:
    first = told["first"]
    steps = tuple(_unpacked(step) for step in told["steps"])
    standing = Standing.REPORTED if told["withdrawn"] is None else Standing.WITHDRAWN
    start = claim_in({**first, "current": first["original"], "standing": standing})
    return replace(start, steps=steps)


def _evolved(claim: TrackedClaim | None, recorded: Recorded) -> TrackedClaim | None:
    """Fold one event into a story that holds one claim, or none; return the claim."""
    claims = {claim.original.id: claim} if claim else {}
    story = evolve(Story("", "", "", recorded.recorded_at, claims=claims), (recorded,))
    assert story is not None, "a story stays a story"
    return next(iter(story.claims.values()), None)


def _row(claim: TrackedClaim, recorded: Recorded) -> dict[str, Any]:
    return {
        "id": claim.original.id,
        "original": plain(claim.original),
        "current": plain(claim.current),
        "standing": str(claim.standing),
        "sources": sorted(claim.sources),
        "denied_by": sorted(claim.denied_by),
        "first_seen": stamp(claim.first_seen),
        "last_seen": stamp(claim.last_seen),
        "first_source": claim.first_source,
        "position": recorded.position,
    }


def _packed(step: Step) -> dict[str, Any]:
    return {
        "position": step.position,
        "at": stamp(step.recorded_at),
        "source": step.entry.source,
        "relation": str(step.relation),
        "applied": step.applied,
        "current": plain(step.current) if step.current else None,
    }


def _unpacked(packed: Row) -> Step:
    """Return a step as far as the folding laws look at it: its words are left out."""
    relation = Relation(packed["relation"])
    return Step(
        position=packed["position"],
        recorded_at=datetime.fromisoformat(packed["at"]),
        entry=EntryRef("", "", "", "", None, None, packed["source"], None),
        finding=Finding(None, relation, None, None, None, 0.0, "", "", news=False, happening=""),
        relation=relation,
        current=msgspec.convert(packed["current"], Claim) if packed["current"] else None,
        applied=packed["applied"],
    )
