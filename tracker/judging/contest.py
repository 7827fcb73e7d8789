"""Values that cannot both hold: a stale one is left behind, one of the same day is disputed, the others move the claim.

A claim's value is of the report that set it. What was published before that report, or says again what the claim said
before, is stale. Another figure of the same day, from another source, settles nothing: it disputes the claim.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.domain.claims import Claim, Relation
from tracker.domain.cues import attribution
from tracker.domain.intervals import compare
from tracker.domain.quantity import quantities
from tracker.domain.tracked import Step, TrackedClaim
from tracker.judging.case import Case
from tracker.judging.compare import Difference
from tracker.judging.harm import harm
from tracker.judging.moved import taken_back
from tracker.judging.relation import SURE_LINK, Related
from tracker.judging.sources import source_of

ONE_DAY = timedelta(hours=24)
"""Time between two reports within which another value is a conflict of sources, and no course of events."""

_RUNNING = frozenset({"dead", "injured", "sick", "arrested"})
_COUNTED = frozenset({"case", "infection", "death", "arrest", "fatality", "victim", "casualty"})
_REVISES = re.compile(
    r"\b(?:revis(?:es|ed|ing|ion)|correct(?:s|ed|ing|ion)|lower(?:s|ed|ing)?|down (?:from|to)|recount\w*|reduc(?:es|ed)"
    r"|fewer than|less than|instead of|not \d|falls?|fell|drops?|dropped)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stale:
    """A value that a claim has left behind, and why it is no update, in words."""

    claim: str
    sentence: str
    reason: str


def contest(related: Sequence[Related], case: Case) -> tuple[tuple[Related, ...], tuple[Stale, ...]]:
    """Return what is said of each claim, another value of the same day as a dispute, and the stale values apart."""
    judged = [_left_behind(one, case) or _judged(one, case) for one in related]
    kept = tuple(one for one in judged if isinstance(one, Related))
    return kept, tuple(one for one in judged if isinstance(one, Stale))


def disputes(one: Related) -> bool:
    """Say whether a line gives a claim another value without settling which of them holds."""
    return one.relation is Relation.DENIES and one.difference is not None and one.difference.effect == "changes"


def _judged(one: Related, case: Case) -> Related | Stale:
    difference = one.difference
    if not one.another_value or one.relation is not Relation.UPDATES or difference is None or taken_back(one, case):
        return one
    claim = case.story.claims[one.link.claim.id]
    field = difference.field
    set_by, moment = _setter(claim, field), case.story.as_of
    if set_by is not None:
        moment = said_at(set_by)
    if moment is not None and case.entry.moment < moment and not (difference.outright and field == "quantity"):
        return _stale(one, f"it is older than the report that says {difference.old}", set_by)
    if set_by is None or set_by.entry.source == source_of(case.entry) or difference.outright:
        return one
    return _against(one, claim, set_by, case)


def _left_behind(one: Related, case: Case) -> Stale | None:
    """Return what a claim has left behind: "at least 62", which 85 does not contradict, bears out no 85."""
    claim = case.story.claims[one.link.claim.id]
    set_by = _setter(claim, "quantity")
    agrees = one.difference is not None and one.difference.field == "quantity"
    if set_by is None or agrees or one.relation is not Relation.CORROBORATES:
        return None
    for line in one.link.lines:
        for old in claim.current.quantities:
            for new in quantities(line.text):
                less = new.high is None and (new.low or 0) < (old.low or 0)
                if less and compare(new, old) == "narrower" and harm(new, line.text) == harm(old, claim.current.text):
                    told = Difference("changes", "quantity", old.text, new.text, claim.current, line.text)
                    return _stale(replace(one, difference=told), "it is left behind by what was told since", set_by)
    return None


def _against(one: Related, claim: TrackedClaim, set_by: Step, case: Case) -> Related | Stale:
    """Judge a value against that which another source set before it."""
    difference = one.difference
    assert difference is not None, "a value differs"
    soon = case.entry.moment - said_at(set_by) <= ONE_DAY
    behind = difference.field == "quantity" and _fallen(claim.current, difference.current)
    before = _value(difference.current, difference.field) in _values_before(claim, difference.field)
    if before and (soon or behind) and not _other_speaker(difference.sentence, set_by):
        return _stale(one, f"the claim said so before {difference.old} was told", set_by)
    if one.link.score < SURE_LINK or not _counts(difference):
        return one  # perhaps the value of another thing: it waits, as every other figure of a happening does
    if soon or (behind and not _REVISES.search(difference.sentence)):
        return _dispute(one, claim, set_by, soon=soon)
    return one


def _counts(difference: Difference) -> bool:
    """Say whether a day or a count of things differs; a share or a sum beside another one is often of another thing."""
    told = (one for one in quantities(difference.new) if one.unit)
    return difference.field == "date" or not any(told)


def _stale(one: Related, why: str, set_by: Step | None) -> Stale:
    difference = one.difference
    assert difference is not None, "a value differs"
    by = f", told by {set_by.entry.source} on {said_at(set_by):%-d %B %Y at %H:%M} UTC" if set_by else ""
    reason = f"an earlier {difference.field}, {difference.new}: {why}{by}"
    return Stale(one.link.claim.id, difference.sentence, f"{reason}; '{difference.sentence}'")


def _dispute(one: Related, claim: TrackedClaim, set_by: Step, *, soon: bool) -> Related:
    difference = one.difference
    assert difference is not None, "a value differs"
    why = "both of one day" if soon else "a count that runs on does not fall, and nothing says that it was revised"
    reason = f"{difference.field} disputed: {difference.old} by {set_by.entry.source}, {difference.new} here, {why}"
    return replace(one, relation=Relation.DENIES, current=claim.current, reason=reason)


def said_at(step: Step) -> datetime:
    """Return when the entry of a step spoke."""
    return min(step.entry.published or step.recorded_at, step.recorded_at)


def _setter(claim: TrackedClaim, field: str) -> Step | None:
    """Return the step that gave a claim its present value, None where it has that from the start."""
    found, value = None, _value(claim.original, field)
    for step in claim.steps:
        if step.says is not None and _value(step.says, field) != value:
            found, value = step, _value(step.says, field)
    return found


def _values_before(claim: TrackedClaim, field: str) -> set[tuple[object, ...]]:
    held = (step.says for step in claim.steps if step.says is not None)
    return {_value(one, field) for one in (claim.original, *held)} - {_value(claim.current, field)}


def _value(claim: Claim, field: str) -> tuple[object, ...]:
    """Return the values of a claim, whatever their wording: "at least 62" was 62, and is repeated as 62."""
    if field == "date":
        return tuple((when.start, when.end) for when in claim.dates)
    return tuple((one.low if one.low is not None else one.high, one.unit) for one in claim.quantities)


def _fallen(before: Claim, after: Claim) -> bool:
    """Say whether a count that only grows is given lower: the dead and the confirmed cases do not become fewer."""
    return any(
        (harm(old, before.text) in _RUNNING or old.noun in _COUNTED) and (new.low or 0) < (old.low or 0)
        for old, new in zip(before.quantities, after.quantities, strict=False)
    )


def _other_speaker(sentence: str, set_by: Step) -> bool:
    mine, theirs = attribution(sentence), attribution(set_by.finding.sentence)
    return bool(mine and theirs) and (mine or "").casefold() != (theirs or "").casefold()
