"""A claim as it is tracked: what each finding does to it, and what is left of it when an entry is erased."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.erasure import bare, bare_finding, bare_ref, unquoted
from tracker.domain.events import Finding, FindingReviewed

SEED = "seed"
"""The source of claims whose seed does not say who stands behind its words."""


@dataclass(frozen=True, slots=True)
class Step:
    """A finding as it was recorded, with what a person said of it since. `applied`: the claim follows it."""

    position: int
    recorded_at: datetime
    entry: EntryRef
    finding: Finding
    relation: Relation
    current: Claim | None
    applied: bool


@dataclass(frozen=True, slots=True)
class TrackedClaim:
    """A claim as it stands. `sources` agree with `current`, `denied_by` do not; both hold names of sources.

    `entry` is the id of the entry that was the first to say it, None where a seed or a person did. `turned` is the
    position of the step since which it stands as it does, 0 where none has changed that; it tells how a claim got
    there, and two that stand alike are equal all the same.
    """

    original: Claim
    current: Claim
    standing: Standing
    sources: frozenset[str]
    denied_by: frozenset[str]
    first_seen: datetime
    last_seen: datetime
    first_source: str
    steps: tuple[Step, ...] = ()
    entry: str | None = None
    turned: int = field(default=0, compare=False)


def take(claim: TrackedClaim, step: Step) -> TrackedClaim:
    """Return the claim after one finding that it follows; an update that leaves its values adds a source to them."""
    claim = replace(claim, last_seen=max(claim.last_seen, step.recorded_at))
    if claim.standing is Standing.WITHDRAWN:
        return claim
    taken = _taken(claim, step)
    return replace(taken, turned=step.position) if taken.standing is not claim.standing else taken


def _taken(claim: TrackedClaim, step: Step) -> TrackedClaim:
    source = step.entry.source
    if step.relation is Relation.DENIES:
        return replace(claim, denied_by=claim.denied_by | {source}, standing=Standing.DISPUTED)
    if step.relation is Relation.UPDATES and step.current is not None:
        moved = bare(step.current) != bare(claim.current)  # by values alone: erased words make no difference
        claim = replace(claim, current=step.current)
        if moved:
            sources, denied = frozenset({source}), frozenset[str]()
            return replace(claim, sources=sources, denied_by=denied, standing=Standing.REPORTED, turned=step.position)
    sources = claim.sources | {source}
    settled = Standing.CORROBORATED if len(sources) > 1 else Standing.REPORTED
    return replace(claim, sources=sources, standing=Standing.DISPUTED if claim.denied_by else settled)


def reviewed(claim: TrackedClaim, review: FindingReviewed) -> TrackedClaim:
    """Return the claim told again from its start, with one finding confirmed, rejected or given another relation."""
    fresh = replace(
        claim,
        current=claim.original,
        standing=Standing.REPORTED,
        sources=frozenset({claim.first_source}),
        denied_by=frozenset(),
        last_seen=claim.first_seen,
        steps=(),
        turned=0,
    )
    for old in claim.steps:
        step = old
        if old.position == review.position:
            step = replace(old, applied=review.verdict != "rejected", relation=review.relation or old.relation)
        fresh = replace(fresh, steps=(*fresh.steps, step))
        if step.applied:
            fresh = take(fresh, step)
    withdrawn = claim.standing is Standing.WITHDRAWN
    return replace(fresh, standing=Standing.WITHDRAWN) if withdrawn else fresh


def without_words(claim: TrackedClaim, entry: str, redacted: Collection[int]) -> TrackedClaim:
    """Return the claim without the words of an erased entry, as what is left of the log, redacted there, tells it."""
    born = claim.entry == entry
    steps = tuple(_without_words(step, entry, redacted, born=born) for step in claim.steps)
    if not born:
        return replace(claim, steps=steps)
    return replace(claim, original=bare(claim.original), current=bare(claim.current), steps=steps)


def _without_words(step: Step, entry: str, redacted: Collection[int], *, born: bool) -> Step:
    current = bare(step.current) if born and step.current else step.current
    if step.entry.id == entry:
        return replace(step, entry=bare_ref(step.entry), finding=bare_finding(step.finding), current=current)
    finding = unquoted(step.finding) if step.position in redacted else step.finding
    return replace(step, finding=finding, current=current)
