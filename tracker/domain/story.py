"""A story as folded from its stream: what the judge compares with.

`fold(events)` and `evolve(story, events)` agree on every prefix, across erasures too (laws, tested): a worker that
catches up holds the same story as one that starts anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from tracker.domain.claims import Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.erasure import bare_ref, gone
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Finding,
    FindingReviewed,
    Recorded,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
    source_behind,
)
from tracker.domain.settled import settled
from tracker.domain.tracked import SEED, Moment, Step, TrackedClaim, reviewed, take, without_words


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry that belongs to the story, with the happening it reports and what it did to which claim.

    `news`: it brought some that counts, and no doubt that waits for a person. `quotes` are sentences of any of its
    versions that the story holds. `removed`: its publisher took it away since.
    """

    ref: EntryRef
    seen: datetime
    happening: str
    links: tuple[tuple[str, Relation], ...]
    news: bool
    quotes: tuple[str, ...] = ()
    removed: bool = False


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
        """Tell whether this very version of an entry is already in the story, or the entry was erased from it.

        One that was removed comes anew when it comes back.
        """
        known = self.entries.get(entry_id)
        return entry_id in self.erased or (known is not None and known.ref.version == version and not known.removed)


def fold(events: Iterable[Recorded]) -> Story | None:
    """Return the story that a stream tells, None for an empty stream."""
    return evolve(None, events)


def evolve(story: Story | None, events: Iterable[Recorded]) -> Story | None:
    """Return the story after further events of its stream.

    Raises ValueError when the stream does not begin with `StoryOpened`.
    """
    draft = Draft(story)
    for recorded in events:
        draft.apply(recorded)
    return draft.freeze()


def claims_along(events: Iterable[Recorded]) -> Iterator[tuple[Recorded, Mapping[str, TrackedClaim]]]:
    """Yield each event of a stream with the claims as they stand after it: one mapping, which the next event changes.

    Raises ValueError when the stream does not begin with `StoryOpened`.
    """
    draft = Draft(None)
    for recorded in events:
        draft.apply(recorded)
        yield recorded, draft.claims


class Draft:
    """A story being folded, its `claims` as they stand: dictionaries are copied once a batch, not once an event."""

    def __init__(self, story: Story | None) -> None:
        self._story = story
        self.claims = dict(story.claims) if story else {}
        self._proposed = dict(story.proposed) if story else {}
        self._entries = dict(story.entries) if story else {}
        self._touched = False

    def freeze(self) -> Story | None:
        """Return the story as it stands, None before it begins."""
        if self._story is None or not self._touched:
            return self._story
        return replace(
            self._story,
            claims=MappingProxyType(self.claims),
            proposed=MappingProxyType(self._proposed),
            entries=MappingProxyType(self._entries),
        )

    def apply(self, recorded: Recorded) -> None:  # noqa: C901 - one case an event
        """Go on to the next event of the stream. Raises ValueError where none of it opened a story."""
        event, at = recorded.event, recorded.recorded_at
        self._touched = True
        if isinstance(event, StoryOpened):
            self._open(event, at)
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
                self._know(event.entry, recorded, event.happening, links)
            case EntryRevised() | EntryRemoved() | EntryRestored():
                self._changed(event)
            case ClaimWithdrawn():
                self._withdraw(event.claim)
            case FindingReviewed():
                self._review(event, (recorded.position, at))
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
        source = source_behind(event) or SEED
        if entry and finding:
            self._know(entry, recorded, finding.happening, ((event.claim.id, Relation.NEW),), finding)
        at = recorded.recorded_at
        tracked = TrackedClaim(
            event.claim, event.claim, Standing.REPORTED, frozenset({source}), frozenset(), at, at, source,
            entry=entry.id if entry else None, told=((recorded.position, at),) if entry else (),
        )  # fmt: skip
        if finding and finding.needs_review:
            self._proposed[recorded.position] = tracked
        else:
            self.claims[event.claim.id] = tracked

    def _find(self, event: ClaimCorroborated | ClaimUpdated | ClaimDenied, recorded: Recorded) -> None:
        finding = event.finding
        link = ((finding.claim or "", finding.relation),)
        self._know(event.entry, recorded, finding.happening, link, finding)
        claim = self.claims.get(finding.claim or "")
        if claim is None:
            return
        current = event.current if isinstance(event, ClaimUpdated) else None
        step = Step(
            recorded.position, recorded.recorded_at, event.entry, finding, finding.relation, current,
            applied=not finding.needs_review, met=claim.held,
        )  # fmt: skip
        claim = replace(claim, steps=(*claim.steps, step))
        self.claims[claim.original.id] = take(claim, step) if step.applied else claim

    def _know(
        self,
        ref: EntryRef,
        recorded: Recorded,
        happening: str,
        links: tuple[tuple[str, Relation], ...],
        finding: Finding | None = None,
    ) -> None:
        known = self._entries.get(ref.id)
        if known is None or known.ref.version != ref.version:
            # What its earlier versions did is not said again: it goes on to count.
            earlier = (known.links, known.news, known.quotes) if known else ((), False, ())
            known = KnownEntry(ref, recorded.recorded_at, happening, *earlier)
        self._entries[ref.id] = replace(
            known,
            links=tuple(dict.fromkeys((*known.links, *links))),
            news=known.news or (finding is not None and finding.news and not finding.needs_review),
            quotes=(*known.quotes, *((finding.sentence,) if finding else ())),
            removed=False,
        )

    def _changed(self, event: EntryRevised | EntryRemoved | EntryRestored) -> None:
        known = self._entries.get(event.entry.id)
        if known is None:
            return
        if isinstance(event, EntryRevised):
            known = replace(known, ref=event.entry, quotes=(*known.quotes, event.new), removed=False)
        elif isinstance(event, EntryRestored):
            known = replace(known, ref=event.entry, removed=False)
        else:
            known = replace(known, removed=True)
        self._entries[event.entry.id] = known

    def _withdraw(self, claim_id: str) -> None:
        if claim_id in self.claims:
            self.claims[claim_id] = replace(self.claims[claim_id], standing=Standing.WITHDRAWN)

    def _review(self, event: FindingReviewed, at: Moment) -> None:
        proposed = self._proposed.pop(event.position, None)
        if proposed is not None and event.verdict != "rejected":
            self.claims[proposed.original.id] = replace(proposed, told=(at,))
            self._brings_news(proposed.entry)
        for claim in self.claims.values():
            step = next((step for step in claim.steps if step.position == event.position), None)
            if step is not None:
                self.claims[claim.original.id] = reviewed(claim, event, at)
                if event.verdict != "rejected" and settled(step.finding, event.relation).news:
                    self._brings_news(step.entry.id)
                return

    def _brings_news(self, entry: str | None) -> None:
        if known := self._entries.get(entry or ""):
            self._entries[known.ref.id] = replace(known, news=True)

    def _erase(self, event: EntryErased) -> None:
        if known := self._entries.get(event.entry):
            self._entries[event.entry] = _bare_known(known)
        redacted = {position for position, _ in event.redacted}
        for key, claim in self.claims.items():
            self.claims[key] = without_words(claim, event.entry, redacted)
        for position, claim in self._proposed.items():
            self._proposed[position] = without_words(claim, event.entry, redacted)


def _bare_known(known: KnownEntry) -> KnownEntry:
    quotes = tuple(map(gone, known.quotes))
    return replace(known, ref=bare_ref(known.ref), quotes=quotes)
