"""The closed union of events, and the envelope in which the log records them.

An event is a frozen value; its stable name and schema number live in the codec. Events carry everything that is needed
to explain themselves: no look-up in the archive, no model run and no clock is needed to replay the log.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import EntryRef
from tracker.domain.feed_events import FeedEvent
from tracker.domain.judge_events import JudgeEvent
from tracker.domain.subscription_events import AlertEvent, EndpointEvent


def story_stream(story_id: str) -> str:
    """Return the name of a story's stream."""
    return f"story-{story_id}"


def feed_stream(feed_id: str) -> str:
    """Return the name of a feed's stream."""
    return f"feed-{feed_id}"


@dataclass(frozen=True, slots=True)
class StoryOpened:
    """A story is followed from now on. `document_sha256` is the digest of the seed document, `as_of` its date."""

    story: str
    title: str
    language: str
    document: str | None
    document_sha256: str | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class StoryClosed:
    """The story is followed no longer; its log stays."""

    story: str


@dataclass(frozen=True, slots=True)
class StoryReopened:
    """A closed story is followed again."""

    story: str


@dataclass(frozen=True, slots=True)
class StoryRenamed:
    """The story has another title."""

    story: str
    title: str


@dataclass(frozen=True, slots=True)
class ClaimTracked:
    """A claim is followed from now on. For origin "entry" it is a development: something said for the first time.

    `source` is who stands behind the words of a seed, as `EntryRef.source` is; None where the seed does not say.
    """

    claim: Claim
    origin: Literal["seed", "entry", "person"]
    entry: EntryRef | None = None
    finding: "Finding | None" = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the judge says of one entry and one claim (None: a new claim), and why.

    `field` names what differs (quantity, date, status, ...), `old` and `new` its values in words. `score` is the
    judge's belief in [0, 1]. `news` says that it changes what is known and is no repeat of it; `happening` groups
    the reports of one event in the world (the id of the first entry that reported it). `needs_review`: the judge
    abstains; projections and alerts wait for a person. `opinion`: what a second reader made of it, if one was asked.
    `doubt` says in words why it waits; None where it does not, or where nobody recorded it yet.
    """

    claim: str | None
    relation: Relation
    field: str | None
    old: str | None
    new: str | None
    score: float
    sentence: str
    reason: str
    news: bool
    happening: str
    needs_review: bool = False
    opinion: "Opinion | None" = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a language model answered when it was asked about an unsure finding: recorded, so that nobody asks again.

    `relation` is how it reads the sentence, None: as none of the claim's. `question` is the version of what was asked,
    `digest` the SHA-256 of the request, `tokens` what the answer cost, where the server tells.
    """

    model: str
    question: str
    digest: str
    relation: Relation | None
    reason: str
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class EntryLinked:
    """An entry belongs to the story and repeats what is known (`claims`), or only gives background."""

    entry: EntryRef
    score: float
    reason: str
    duplicate_of: str | None
    claims: tuple[str, ...]
    happening: str


@dataclass(frozen=True, slots=True)
class ClaimCorroborated:
    """A source says the same of a claim."""

    entry: EntryRef
    finding: Finding


@dataclass(frozen=True, slots=True)
class ClaimUpdated:
    """A source gives a newer state of a claim: `finding` says of what, `current` is the claim as it now stands."""

    entry: EntryRef
    finding: Finding
    current: Claim


WITHDRAWN, RETRACTED = "withdrawn", "retracted"
"""What the status of a claim comes to whose holder takes back what it said, and whose outlet takes back its report."""


@dataclass(frozen=True, slots=True)
class ClaimDenied:
    """A source says that the claim is not so, or not any more."""

    entry: EntryRef
    finding: Finding

    @property
    def takes_back(self) -> bool:
        """Whether it is news that somebody takes back what they said themselves, so that it was told wrongly."""
        sure = self.finding.news and not self.finding.needs_review
        return sure and self.finding.field == "status" and self.finding.new in (WITHDRAWN, RETRACTED)


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn:
    """A claim is followed no longer, by a source's correction or by a person."""

    claim: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryRevised:
    """A publisher edited an entry that the story relies on."""

    entry: EntryRef
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EntryRemoved:
    """A publisher took away an entry that the story relies on; `reason` says how that shows.

    `claims` are those that the entry bore on.
    """

    entry: EntryRef
    reason: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRestored:
    """A publisher shows an entry again that it took away. `claims` are those that the entry bore on."""

    entry: EntryRef
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryErased:
    """The text of an entry had to go: by a right, or by a court.

    `redacted` names the position of each event that held some of it, with the SHA-256 of the data that was left in its
    place, so that what stands there now is proven as well. Statuses, quantities and dates that we read stay.
    """

    entry: str
    reason: str
    redacted: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FindingReviewed:
    """A person confirms, rejects or relabels the finding of a claim, recorded at `position`.

    `claim` is empty only in reviews that were recorded under schema 1.
    """

    position: int
    verdict: Literal["confirmed", "rejected", "relabelled"]
    relation: Relation | None = None
    claim: str = ""


StoryEvent = (
    StoryOpened | StoryClosed | StoryReopened | StoryRenamed | ClaimTracked | EntryLinked | ClaimCorroborated
    | ClaimUpdated | ClaimDenied | ClaimWithdrawn | EntryRevised | EntryRemoved | EntryRestored | EntryErased
    | FindingReviewed
)  # fmt: skip
Event = StoryEvent | FeedEvent | AlertEvent | EndpointEvent | JudgeEvent

FindingEvent = ClaimCorroborated | ClaimUpdated | ClaimDenied


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be appended. `id` is derived from content, so that appending it twice is a no-op.

    `causation` is the id of the entry or command behind it, `actor` a worker, a judge version or a person.
    """

    id: str
    event: Event
    actor: str
    causation: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the log holds it: `recorded_at` we knew it; `version` counts in the stream, `position` in the log."""

    position: int
    stream: str
    version: int
    id: str
    event: Event
    actor: str
    causation: str | None
    published_at: datetime | None
    recorded_at: datetime
    hash: str


def finding_of(event: Event) -> Finding | None:
    """Return the finding that an event carries, None for events that are no finding."""
    if isinstance(event, ClaimCorroborated | ClaimUpdated | ClaimDenied):
        return event.finding
    if isinstance(event, ClaimTracked):
        return event.finding
    return None


def entry_of(event: Event) -> EntryRef | None:
    """Return the entry that an event rests on, None where it rests on none."""
    if isinstance(event, FindingEvent | ClaimTracked | EntryLinked | EntryRevised | EntryRemoved | EntryRestored):
        return event.entry
    return None


def source_behind(event: Event) -> str | None:
    """Return who stands behind the words of an event, None where nobody is named."""
    entry = entry_of(event)
    if entry:
        return entry.source
    return event.source if isinstance(event, ClaimTracked) else None


def claim_of(event: Event) -> str | None:
    """Return the id of the claim that an event is about, None where it is about none or only a position tells."""
    if isinstance(event, ClaimTracked):
        return event.claim.id or None
    if isinstance(event, ClaimWithdrawn | FindingReviewed):
        return event.claim or None
    finding = finding_of(event)
    return (finding.claim if finding else None) or None
