"""The ledger: every claim of a story as it stands, one row each.

The laws are those of `tracker.domain.tracked`: each finding is taken by its `take`. What a person says of a finding
later needs the claim told again from its start, so each finding is kept as a small row of its own, in a partition of
its claim; so are new claims that wait for a person. The words stand in the timeline.
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
    EntryRemoved,
    EntryRestored,
    Finding,
    FindingEvent,
    FindingReviewed,
    Recorded,
    source_behind,
)
from tracker.domain.tracked import SEED, Step, TrackedClaim, reviewed, take
from tracker.projections import turns
from tracker.projections.claim_states import states, values
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import ordinal, plain, stamp, story_of


class Ledger(Projection):
    """Rows under (story, claim id), and those that they are told again from.

    `original` and `current` are the claim as first tracked and as it stands (id, text, attributed_to, status,
    quantities, dates, polarity, evidence); `standing`; `sources` agree with `current`, `denied_by` do not;
    `held`, the position of the finding whose values it has, or 0; `first_seen`, `last_seen`; `first_source`; `origin`;
    `entry` that was the first to say it, or None; `position` of the event that last changed the row; `begun`, that of
    the event since which the claim is followed; `withdrawn` is the reason, or None; `removed` are sources that took
    away what they said of it and neither put back nor said again.

    Under (`steps_of(story, claim)`, ordinal of the position): a finding of the claim, what it did and whether the claim
    follows it. Under (`proposals_of(story)`, ordinal of the position): a new claim that the judge was unsure of, with
    the row that it gets once confirmed, and the `verdict` on it. The past of a claim: see
    `tracker.projections.claim_states`; what brought it there: see `tracker.projections.turns`.
    """

    name = "ledger"
    folds = 6

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the row of the claim, and the proposal that a review may be about."""
        story, event = story_of(recorded), recorded.event
        if story is None:
            return ()
        if isinstance(event, EntryRemoved | EntryRestored):
            return tuple((story, claim) for claim in event.claims)
        claim = ((story, named),) if (named := _claim_of(recorded)) else ()
        if isinstance(event, FindingReviewed):
            return ((proposals_of(story), ordinal(event.position)), *claim)
        return claim

    def partitions(self, recorded: Recorded) -> tuple[str, ...]:
        """Return, for a review, the steps of the claim that it names; of every claim where it names none."""
        story, event = story_of(recorded), recorded.event
        if story is None or not isinstance(event, FindingReviewed):
            return ()
        return (steps_of(story, event.claim),) if event.claim else (story, proposals_of(story))

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the claim's row after an event, its state, and the step or proposal that it adds or changes."""
        story = story_of(recorded)
        if story is None:
            return {}
        changed = _changed(story, rows, recorded)
        return changed | states(story, rows, changed, recorded)


def proposals_of(story: str) -> str:
    """Return the partition of the new claims that wait for a person; no id has a line break."""
    return f"{story}\n"


def steps_of(story: str, claim: str) -> str:
    """Return the partition of the findings of a claim."""
    return f"{story}\n{claim}\n"


def claim_in(row: Row) -> TrackedClaim:
    """Return the claim that a row of the ledger holds, without its steps."""
    original, current = (msgspec.convert(row[name], Claim) for name in ("original", "current"))
    return replace(_claim(row), original=original, current=current)


def current_in(row: Row) -> Claim:
    """Return what the claim of a row says as it stands."""
    return msgspec.convert(row["current"], Claim)


def _claim_of(recorded: Recorded) -> str | None:
    """Return the claim an event is about, "" for one that only a position tells, None for none."""
    match recorded.event:
        case ClaimTracked(claim=claim):
            return claim.id or None
        case ClaimCorroborated() | ClaimUpdated() | ClaimDenied():
            return recorded.event.finding.claim or None
        case ClaimWithdrawn(claim=claim_id):
            return claim_id or None
        case FindingReviewed(claim=claim_id):
            return claim_id
        case _:
            return None


def _changed(story: str, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
    claim, event = _claim_of(recorded), recorded.event
    if isinstance(event, EntryRemoved | EntryRestored):
        return _taken_away(story, rows, event, recorded)
    if claim is None:
        return {}
    if isinstance(event, ClaimTracked):
        return _tracked(story, event, recorded)
    if isinstance(event, FindingReviewed):
        return _answered(story, rows, event, recorded) or _reviewed(story, rows, event, recorded)
    row = rows.get((story, claim))
    if row is None:
        return {}
    if isinstance(event, ClaimWithdrawn):
        return {(story, claim): _withdrawn(row, event, recorded)}
    assert isinstance(event, FindingEvent), "nothing else names a claim"
    return _found(story, row, event, recorded)


def _tracked(story: str, event: ClaimTracked, recorded: Recorded) -> dict[Key, Row]:
    claim, entry, at = plain(event.claim), event.entry, stamp(recorded.recorded_at)
    source = source_behind(event) or SEED
    row = {
        "id": event.claim.id, "original": claim, "current": claim, "standing": str(Standing.REPORTED),
        "sources": [source], "denied_by": [], "first_seen": at, "last_seen": at, "first_source": source,
        "origin": event.origin, "entry": entry.id if entry else None, "withdrawn": None, "removed": [],
        "held": 0, "position": recorded.position, "begun": recorded.position, **turns.begun(recorded),
    }  # fmt: skip
    if event.finding and event.finding.needs_review:
        return {(proposals_of(story), ordinal(recorded.position)): {"row": row, "verdict": None}}
    return {(story, event.claim.id): row}


def _found(story: str, row: Row, event: FindingEvent, recorded: Recorded) -> dict[Key, Row]:
    finding = event.finding
    step = Step(
        recorded.position, recorded.recorded_at, event.entry, finding, finding.relation,
        event.current if isinstance(event, ClaimUpdated) else None, applied=not finding.needs_review, met=row["held"],
    )  # fmt: skip
    changed = {**row, "position": recorded.position}
    if step.applied:
        claim = take(claim_in(row) if step.current else _claim(row), step)
        changed = {**_row(row, claim, recorded), **turns.found(row, claim, step)}
        changed["removed"] = [source for source in row["removed"] if source != event.entry.source]
    said = values(story, row["id"], finding, recorded.position)
    return {(story, row["id"]): changed, _key(story, row, step): _packed(step), **said}


def _taken_away(
    story: str, rows: Mapping[Key, Row], event: EntryRemoved | EntryRestored, recorded: Recorded
) -> dict[Key, Row]:
    """Return the claims on which an entry bore that was taken away, or put back."""
    held = {key: rows[key] for claim in event.claims if (key := (story, claim)) in rows}
    source = {event.entry.source}
    left = {
        key: {*row["removed"]} | source if isinstance(event, EntryRemoved) else {*row["removed"]} - source
        for key, row in held.items()
    }
    return {key: {**row, "removed": sorted(left[key]), "position": recorded.position} for key, row in held.items()}


def _withdrawn(row: Row, event: ClaimWithdrawn, recorded: Recorded) -> Row:
    marks, position = turns.withdrawn(row, recorded), recorded.position
    return {**row, **marks, "standing": str(Standing.WITHDRAWN), "withdrawn": event.reason, "position": position}


def _answered(story: str, rows: Mapping[Key, Row], event: FindingReviewed, recorded: Recorded) -> dict[Key, Row]:
    """Fold what a person said of a new claim: confirmed, it is followed from now on."""
    key = (proposals_of(story), ordinal(event.position))
    proposal = rows.get(key)
    if proposal is None or proposal["verdict"]:
        return {}
    answered = {**proposal, "verdict": event.verdict}
    if event.verdict == "rejected":
        return {key: answered}
    row = {**proposal["row"], **turns.begun(recorded), "position": recorded.position, "begun": recorded.position}
    return {key: answered, (story, row["id"]): row}


def _reviewed(story: str, rows: Mapping[Key, Row], event: FindingReviewed, recorded: Recorded) -> dict[Key, Row]:
    """Fold what a person said of a finding: the claim is told again from how it began."""
    row = rows.get((story, event.claim)) if event.claim else _claim_with(story, rows, event.position)
    if row is None:
        return {}
    partition = steps_of(story, row["id"])
    keys = sorted(key for key in rows if key[0] == partition and rows[key]["position"] > row["begun"])
    if (partition, ordinal(event.position)) not in keys:
        return {}
    before = replace(claim_in(row), steps=tuple(_unpacked(rows[key]) for key in keys))
    claim = reviewed(before, event, (recorded.position, recorded.recorded_at))
    step = next(step for step in claim.steps if step.position == event.position)
    after = _row(row, claim, recorded)
    marks = turns.reviewed(row, after, claim, event, recorded)
    return {(story, row["id"]): {**after, **marks}, _key(story, row, step): _packed(step)}


def _claim_with(story: str, rows: Mapping[Key, Row], position: int) -> Row | None:
    """Return the row of the claim that has a finding of this position."""
    below, wanted = proposals_of(story), ordinal(position)
    for partition, key in rows:
        if key == wanted and partition.startswith(below) and partition != below:
            return rows.get((story, partition.removeprefix(below).removesuffix("\n")))
    return None


def _claim(row: Row) -> TrackedClaim:
    """Return the claim that a row holds as far as most findings move it: what it says is left as it is stored."""
    return TrackedClaim(
        original=row["original"],
        current=row["current"],
        standing=Standing(row["standing"]),
        sources=frozenset(row["sources"]),
        denied_by=frozenset(row["denied_by"]),
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        first_source=row["first_source"],
        entry=row["entry"],
        held=row["held"],
    )


def _row(before: Row, claim: TrackedClaim, recorded: Recorded) -> dict[str, Any]:
    return {
        **before,
        "current": before["current"] if claim.current is before["current"] else plain(claim.current),
        "standing": str(claim.standing),
        "sources": sorted(claim.sources),
        "denied_by": sorted(claim.denied_by),
        "last_seen": stamp(claim.last_seen),
        "held": claim.held,
        "position": recorded.position,
    }


def _key(story: str, row: Row, step: Step) -> Key:
    return steps_of(story, row["id"]), ordinal(step.position)


def _packed(step: Step) -> dict[str, Any]:
    return {
        "position": step.position,
        "at": stamp(step.recorded_at),
        "source": step.entry.source,
        "relation": str(step.relation),
        "field": step.finding.field,
        "met": step.met,
        "applied": step.applied,
        "current": plain(step.current) if step.current else None,
    }


def _unpacked(packed: Row) -> Step:
    """Return a step as far as the laws look at it: its words are left out."""
    relation = Relation(packed["relation"])
    return Step(
        position=packed["position"],
        recorded_at=datetime.fromisoformat(packed["at"]),
        entry=EntryRef("", "", "", "", None, None, packed["source"], None),
        finding=Finding(None, relation, packed["field"], None, None, 0.0, "", "", news=False, happening=""),
        relation=relation,
        current=msgspec.convert(packed["current"], Claim) if packed["current"] else None,
        applied=packed["applied"],
        met=packed["met"],
    )
