"""A story as folded from its stream: what the judge compares with.

`fold(events)` and `evolve(story, events)` agree on every prefix, across erasures too (laws, tested): a worker that
catches up holds the same story as one that starts anew.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.erasure import bare, bare_finding, bare_ref, unquoted
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    EntryRevised,
    Finding,
    FindingReviewed,
    Recorded,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
)

SEED = "seed"


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

    `entry` is the id of the entry that was the first to say it, None where a seed or a person did.
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


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry that belongs to the story, with the happening it reports and what it did to which claim."""

    ref: EntryRef
    seen: datetime
    happening: str
    links: tuple[tuple[str, Relation], ...]
    news: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A story: its claims by id and its entries by id, in the order of the log. `version` is that of the stream.

    `proposed` holds, by position, new claims that the judge was unsure of: they are tracked once a person confirms.
    `erased` are ids of entries whose text had to go: none of them is taken in again.
    """

    id: str
    title: str
    language: str
    opened_at: datetime
    as_of: datetime | None = None
    document: str | None = None
    closed: bool = False
    version: int = 0
    claims: Mapping[str, TrackedClaim] = field(default_factory=dict)
    proposed: Mapping[int, TrackedClaim] = field(default_factory=dict)
    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()

    def knows(self, entry_id: str, version: str) -> bool:
        """Tell whether this very version of an entry is already in the story, or the entry was erased from it."""
        known = self.entries.get(entry_id)
        return entry_id in self.erased or (known is not None and known.ref.version == version)


def fold(events: Iterable[Recorded]) -> Story | None:
    """Return the story that a stream tells, None for an empty stream."""
    return evolve(None, events)


def evolve(story: Story | None, events: Iterable[Recorded]) -> Story | None:
    """Return the story after further events of its stream.

    Raises ValueError when the stream does not begin with `StoryOpened`.
    """
    draft = _Draft(story)
    for recorded in events:
        draft.apply(recorded)
    return draft.freeze()


class _Draft:
    """A story being folded: dictionaries are copied once a batch, not once an event."""

    def __init__(self, story: Story | None) -> None:
        self._story = story
        self._claims = dict(story.claims) if story else {}
        self._proposed = dict(story.proposed) if story else {}
        self._entries = dict(story.entries) if story else {}
        self._touched = False

    def freeze(self) -> Story | None:
        if self._story is None or not self._touched:
            return self._story
        return replace(
            self._story,
            claims=MappingProxyType(self._claims),
            proposed=MappingProxyType(self._proposed),
            entries=MappingProxyType(self._entries),
        )

    def apply(self, recorded: Recorded) -> None:  # noqa: C901 - one case an event
        event = recorded.event
        self._touched = True
        if isinstance(event, StoryOpened):
            self._open(event, recorded.recorded_at)
        story = self._story
        if story is None:
            raise ValueError(f"stream {recorded.stream} does not begin with story.opened")
        match event:
            case StoryClosed() | StoryReopened():
                story = replace(story, closed=isinstance(event, StoryClosed))
            case StoryRenamed():
                story = replace(story, title=event.title)
            case ClaimTracked():
                self._track(event, recorded)
            case ClaimCorroborated() | ClaimUpdated() | ClaimDenied():
                self._find(event, recorded)
            case EntryLinked():
                links = tuple((claim, Relation.CORROBORATES) for claim in event.claims)
                self._know(event.entry, recorded, event.happening, links, news=False)
            case EntryRevised():
                self._revise(event)
            case ClaimWithdrawn():
                self._withdraw(event.claim)
            case FindingReviewed():
                self._review(event)
            case EntryErased():
                story = replace(story, erased=story.erased | {event.entry})
                self._erase(event)
            case _:
                pass
        self._story = replace(story, version=recorded.version)

    def _open(self, event: StoryOpened, at: datetime) -> None:
        self._story = Story(event.story, event.title, event.language, at, event.as_of, event.document)

    def _track(self, event: ClaimTracked, recorded: Recorded) -> None:
        finding, entry = event.finding, event.entry
        source = entry.source if entry else SEED
        if entry and finding:
            self._know(entry, recorded, finding.happening, ((event.claim.id, Relation.NEW),), news=finding.news)
        at = recorded.recorded_at
        tracked = TrackedClaim(
            event.claim, event.claim, Standing.REPORTED, frozenset({source}), frozenset(), at, at, source,
            entry=entry.id if entry else None,
        )  # fmt: skip
        if finding and finding.needs_review:
            self._proposed[recorded.position] = tracked
        else:
            self._claims[event.claim.id] = tracked

    def _find(self, event: ClaimCorroborated | ClaimUpdated | ClaimDenied, recorded: Recorded) -> None:
        finding = event.finding
        link = ((finding.claim or "", finding.relation),)
        self._know(event.entry, recorded, finding.happening, link, news=finding.news)
        claim = self._claims.get(finding.claim or "")
        if claim is None:
            return
        current = event.current if isinstance(event, ClaimUpdated) else None
        step = Step(
            recorded.position, recorded.recorded_at, event.entry, finding, finding.relation, current,
            applied=not finding.needs_review,
        )  # fmt: skip
        claim = replace(claim, steps=(*claim.steps, step))
        self._claims[claim.original.id] = take(claim, step) if step.applied else claim

    def _know(
        self, ref: EntryRef, recorded: Recorded, happening: str, links: tuple[tuple[str, Relation], ...], *, news: bool
    ) -> None:
        known = self._entries.get(ref.id)
        if known is None or known.ref.version != ref.version:
            self._entries[ref.id] = KnownEntry(ref, recorded.recorded_at, happening, links, news)
            return
        self._entries[ref.id] = replace(known, links=(*known.links, *links), news=known.news or news)

    def _revise(self, event: EntryRevised) -> None:
        known = self._entries.get(event.entry.id)
        if known is not None:
            self._entries[event.entry.id] = replace(known, ref=event.entry)

    def _withdraw(self, claim_id: str) -> None:
        if claim_id in self._claims:
            self._claims[claim_id] = replace(self._claims[claim_id], standing=Standing.WITHDRAWN)

    def _review(self, event: FindingReviewed) -> None:
        proposed = self._proposed.pop(event.position, None)
        if proposed is not None and event.verdict != "rejected":
            self._claims[proposed.original.id] = proposed
        for claim in self._claims.values():
            if any(step.position == event.position for step in claim.steps):
                self._claims[claim.original.id] = reviewed(claim, event)
                return

    def _erase(self, event: EntryErased) -> None:
        if known := self._entries.get(event.entry):
            self._entries[event.entry] = replace(known, ref=bare_ref(known.ref))
        redacted = {position for position, _ in event.redacted}
        for key, claim in self._claims.items():
            self._claims[key] = without_words(claim, event.entry, redacted)
        for position, claim in self._proposed.items():
            self._proposed[position] = without_words(claim, event.entry, redacted)


def take(claim: TrackedClaim, step: Step) -> TrackedClaim:
    """Return the claim after one finding that it follows; an update that leaves its values adds a source to them."""
    source, at = step.entry.source, step.recorded_at
    claim = replace(claim, last_seen=max(claim.last_seen, at))
    if claim.standing is Standing.WITHDRAWN:
        return claim
    if step.relation is Relation.DENIES:
        return replace(claim, denied_by=claim.denied_by | {source}, standing=Standing.DISPUTED)
    if step.relation is Relation.UPDATES and step.current is not None:
        moved = bare(step.current) != bare(claim.current)  # by values alone: erased words make no difference
        claim = replace(claim, current=step.current)
        if moved:
            return replace(claim, sources=frozenset({source}), denied_by=frozenset(), standing=Standing.REPORTED)
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
