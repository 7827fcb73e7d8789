"""A claim as it is tracked: what each finding does to it, and what is left of it when an entry is erased."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.erasure import bare, bare_finding, bare_ref, unquoted
from tracker.domain.events import Finding, FindingReviewed

Moment = tuple[int, datetime]
"""Where something was recorded, and when."""
SEED = "seed"
"""The source of claims whose seed does not say who stands behind its words."""


_VALUES = frozenset({"quantity", "date"})
"""Fields that hold a value: whoever names one of them and agrees with a claim says that value."""


@dataclass(frozen=True, slots=True)
class Step:
    """A finding as it was recorded, with what a person said of it since. `applied`: the claim follows it.

    `met` is the position of the step that had given the claim its values when the finding was recorded, 0 for those it
    began with: they are what it agrees with. Where others stand there since a review, it either `upholds` the claim as
    it then was, by itself, or has `lapsed`: it agrees with nothing that stands.
    `made`: the reviews that made it what it was, where it was doubtful, rejected, or something else before.
    """

    position: int
    recorded_at: datetime
    entry: EntryRef
    finding: Finding
    relation: Relation
    current: Claim | None
    applied: bool
    met: int = 0
    upholds: Claim | None = None
    lapsed: bool = False

    made: tuple[Moment, ...] = field(default=(), compare=False)

    @property
    def says(self) -> Claim | None:
        """The claim as this finding gave it another state or other words; None where it did not, or is not followed."""
        if not self.applied or self.lapsed:
            return None
        return self.current if self.relation is Relation.UPDATES else self.upholds

    @property
    def told(self) -> tuple[Moment, ...]:
        """At which events it was to be told to whoever wanted it, in order."""
        return self.made if self.finding.needs_review else ((self.position, self.recorded_at), *self.made)

    def after(self, review: FindingReviewed, at: Moment) -> "Step":
        """Return the step after a review of it."""
        applied, relation = review.verdict != "rejected", review.relation or self.relation
        new = applied and (not self.applied or relation is not self.relation)
        return replace(self, applied=applied, relation=relation, made=(*self.made, at) if new else self.made)


@dataclass(frozen=True, slots=True)
class TrackedClaim:
    """A claim as it stands. `sources` agree with `current`, `denied_by` do not; both hold names of sources.

    `entry` is the id of the entry that was the first to say it, None where a seed or a person did. `turned` is the
    position of the step since which it stands as it does, 0 where none has changed that; it tells how a claim got
    there, and two that stand alike are equal all the same. So does `told`: at which event it was to be told where an
    entry was the first to say it. `held` is the position of the step that gave it its values, 0 for those it began
    with.
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
    held: int = 0
    told: tuple[Moment, ...] = field(default=(), compare=False)

    def at_first(self) -> "TrackedClaim":
        """Return the claim as it stood before any finding on it."""
        return replace(
            self,
            current=self.original,
            standing=Standing.REPORTED,
            sources=frozenset({self.first_source}),
            denied_by=frozenset(),
            last_seen=self.first_seen,
            steps=(),
            turned=0,
            held=0,
        )


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
            claim = replace(claim, sources=sources, denied_by=denied, standing=Standing.REPORTED)
            return replace(claim, turned=step.position, held=step.position)
    sources = claim.sources | {source}
    settled = Standing.CORROBORATED if len(sources) > 1 else Standing.REPORTED
    return replace(claim, sources=sources, standing=Standing.DISPUTED if claim.denied_by else settled)


def reviewed(claim: TrackedClaim, review: FindingReviewed, at: Moment) -> TrackedClaim:
    """Return the claim told again from its start, with one finding confirmed, rejected or given another relation."""
    fresh = claim.at_first()
    values = {0: claim.original} | {step.position: step.current for step in claim.steps if step.current}
    for old in claim.steps:
        step = replace(old, upholds=None, lapsed=False)
        step = step.after(review, at) if old.position == review.position else step
        fresh = _retold(fresh, step, values[step.met])
    withdrawn = claim.standing is Standing.WITHDRAWN
    return replace(fresh, standing=Standing.WITHDRAWN) if withdrawn else fresh


def overturned(claim: TrackedClaim, review: FindingReviewed) -> dict[int, bool]:
    """Return which other findings lapse by a review (True), or no longer do (False), by position.

    Not those that agreed with what was followed by something newer: that is the course of events, and no correction.
    """
    after = reviewed(claim, review, (review.position, claim.last_seen))
    turned = (
        (new, after if new.lapsed else claim)
        for old, new in zip(claim.steps, after.steps, strict=True)
        if old.lapsed is not new.lapsed and old.position != review.position
    )
    return {step.position: step.lapsed for step, where in turned if _is_lost(where, step.met)}


def _retold(claim: TrackedClaim, step: Step, met: Claim) -> TrackedClaim:
    """Return the claim after one more finding of its past; `met` is how the claim stood when it was recorded.

    Who agreed with a value supports that one. Where it was lost with the finding that brought it, they say it by
    themselves, if they named it; if not, nobody knows what they say of the value that stands instead.
    """
    if step.applied and _only_agrees(step, met):
        field, changed = step.finding.field, differing(met, claim.current)
        if changed == {field} and _has_one_value(met, field) and _is_lost(claim, step.met):
            return _upheld(claim, replace(step, upholds=met))
        if changed and (field not in _VALUES or changed & _VALUES):
            return replace(claim, steps=(*claim.steps, replace(step, lapsed=True)))
    claim = replace(claim, steps=(*claim.steps, step))
    return take(claim, step) if step.applied else claim


def _upheld(claim: TrackedClaim, step: Step) -> TrackedClaim:
    """Return the claim after a finding that says by itself what it agreed with; who denied that still does."""
    denials = (old for old in claim.steps if old.applied and old.relation is Relation.DENIES and old.met == step.met)
    denied = frozenset(old.entry.source for old in denials)
    moved = take(claim, replace(step, relation=Relation.UPDATES, current=step.upholds))
    standing = Standing.DISPUTED if denied else moved.standing
    return replace(moved, denied_by=denied, standing=standing, held=step.met, steps=(*claim.steps, step))


def _only_agrees(step: Step, met: Claim) -> bool:
    """Tell whether a finding leaves the values of the claim as it met them."""
    if step.relation is Relation.UPDATES and step.current is not None:
        return not differing(step.current, met)
    return step.relation is not Relation.DENIES


def _is_lost(claim: TrackedClaim, met: int) -> bool:
    """Tell whether the finding that brought a value is followed no more, or as something else."""
    return any(step.position == met and step.says is None for step in claim.steps)


def differing(one: Claim, other: Claim) -> set[str]:
    """Return the fields in which two states of a claim differ, whatever their wording."""
    held, there = _values(one), _values(other)
    return {name for name in held if held[name] != there[name]}


def _values(claim: Claim) -> dict[str, object]:
    return {
        "quantity": tuple((one.low, one.high, one.unit) for one in claim.quantities),
        "date": tuple((one.start, one.end, one.bound) for one in claim.dates),
        "status": claim.status,
        "polarity": claim.polarity,
    }


def _has_one_value(claim: Claim, field: str | None) -> bool:
    """Tell whether a field holds one value: of several a finding names one, and nobody knows what it says of others."""
    held = {"quantity": claim.quantities, "date": claim.dates}
    return len(held.get(field or "", ())) == 1


def without_words(claim: TrackedClaim, entry: str, redacted: Collection[int]) -> TrackedClaim:
    """Return the claim without the words of an erased entry, as what is left of the log, redacted there, tells it."""
    born = claim.entry == entry
    steps = tuple(_without_words(step, entry, redacted, born=born) for step in claim.steps)
    if not born:
        return replace(claim, steps=steps)
    return replace(claim, original=bare(claim.original), current=bare(claim.current), steps=steps)


def _without_words(step: Step, entry: str, redacted: Collection[int], *, born: bool) -> Step:
    current, upholds = (bare(one) if born and one else one for one in (step.current, step.upholds))
    step = replace(step, current=current, upholds=upholds)
    if step.entry.id == entry:
        return replace(step, entry=bare_ref(step.entry), finding=bare_finding(step.finding))
    finding = unquoted(step.finding) if step.position in redacted else step.finding
    return replace(step, finding=finding)
