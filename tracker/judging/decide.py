"""From a verdict to the events that record it."""

from tracker.domain.claims import Relation
from tracker.domain.entry import EntryRef, refer
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    EntryLinked,
    Finding,
    NewEvent,
    StoryEvent,
    story_stream,
)
from tracker.domain.ids import content_id
from tracker.domain.story import Story
from tracker.judging.verdict import Verdict


def decide(verdict: Verdict, story: Story, actor: str) -> tuple[NewEvent, ...]:
    """Return the events that follow from a verdict: none for an entry that does not belong, or is known already.

    Ids are derived from the story, the entry's version and what is said of which claim: deciding twice says the same.
    Of an entry that the story knows they tell the version of the story as well, since what was said of it may be said
    again when its publisher takes an edit back. A sentence that an edit leaves as it was is no further report: what it
    did to a claim is not recorded again.
    """
    if not verdict.relevant or story.knows(verdict.entry.id, verdict.entry.version):
        return ()
    ref = refer(verdict.entry, verdict.source)
    fresh = [finding for finding in verdict.findings if not _said(finding, verdict, story)]
    events = [_event(verdict, ref, finding) for finding in fresh] if verdict.findings else [_linked(verdict, ref)]
    return tuple(_new(verdict, story, actor, event) for event in events)


def _said(finding: Finding, verdict: Verdict, story: Story) -> bool:
    """Say whether an earlier version of the entry said the same sentence of a claim, which stays as it is by it."""
    claim = story.claims.get(finding.claim or "")
    entry = verdict.entry.id
    if claim is None:
        return False
    steps = [step for step in claim.steps if step.entry.id == entry and step.finding.sentence == finding.sentence]
    if any(not step.applied and _alike(step.finding, finding) for step in steps):
        return True  # a person has it to decide, or did
    if not steps and (claim.entry != entry or claim.original.text != finding.sentence):
        return False
    match finding.relation:
        case Relation.CORROBORATES:
            return verdict.source in claim.sources
        case Relation.DENIES:
            return verdict.source in claim.denied_by
        case Relation.UPDATES:
            return verdict.current[claim.original.id] == claim.current
        case Relation.NEW:
            return False


def _alike(one: Finding, other: Finding) -> bool:
    return (one.relation, one.field, one.old, one.new) == (other.relation, other.field, other.old, other.new)


def _event(verdict: Verdict, ref: EntryRef, finding: Finding) -> StoryEvent:
    match finding.relation:
        case Relation.CORROBORATES:
            return ClaimCorroborated(ref, finding)
        case Relation.UPDATES:
            assert finding.claim is not None, "an update is of a claim"
            return ClaimUpdated(ref, finding, verdict.current[finding.claim])
        case Relation.DENIES:
            return ClaimDenied(ref, finding)
        case Relation.NEW:
            claim = next(claim for claim in verdict.claims if claim.id == finding.claim)
            return ClaimTracked(claim, "entry", ref, finding)


def _linked(verdict: Verdict, ref: EntryRef) -> EntryLinked:
    return EntryLinked(ref, verdict.score, verdict.reason, verdict.duplicate_of, verdict.repeats, verdict.happening)


def _new(verdict: Verdict, story: Story, actor: str, event: StoryEvent) -> NewEvent:
    finding = None if isinstance(event, EntryLinked) else getattr(event, "finding", None)
    said = (finding.claim, finding.relation, finding.field, finding.new) if finding else ()
    parts = (story_stream(story.id), type(event).__name__, verdict.entry.id, verdict.entry.version)
    again = (str(story.version),) if verdict.entry.id in story.entries else ()
    return NewEvent(
        id=content_id("ev", (*parts, *again, *(str(part) for part in said))),
        event=event,
        actor=actor,
        causation=verdict.entry.id,
        published_at=verdict.entry.published,
    )
