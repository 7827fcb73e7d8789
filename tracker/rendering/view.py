"""What a reader is shown of a story, before it takes the form of text, Markdown, JSON or HTML. Times are in UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from tracker.domain.events import Recorded
from tracker.domain.quantity import Quantity
from tracker.domain.when import When

LATEST = 50
"""How many of each a report lists: developments, doubts, claims of a group; unless it is asked for whole."""


class Group(StrEnum):
    """How a claim is filed in a report; `OPEN` is what one source alone says."""

    KNOWN = "known"
    DISPUTED = "disputed"
    OPEN = "open"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event that a reader is shown, and its hash, which commits to every event of the log up to it.

    Whoever keeps the two is a witness: the log of later must still hold that hash.
    """

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the timeline; see `tracker.projections.timeline` for the fields. `entry`: the id of what said it.

    `claim_then`: how its claim read after it, where somebody looked that up, see `tracker.application.wording`.
    """

    position: int
    type: str
    kind: str
    relation: str | None
    claim: str | None
    headline: str
    text: str | None
    field: str | None
    old: str | None
    new: str | None
    sentence: str | None
    reason: str
    score: float | None
    needs_review: bool
    verdict: str | None
    seen: datetime
    published: datetime | None
    source: str | None
    publisher: str | None
    url: str | None
    actor: str
    entry: str | None
    claim_then: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a dispute: `value` is what it says in words ("5 people"), "" where it has no value of its own.

    `denies`: it is against the claim as it reads now. `speakers` are those whom its sentences quote, `sources` the
    independent sources that it rests on, `findings` the events that brought it, oldest first.
    """

    value: str
    denies: bool
    speakers: tuple[str, ...]
    sources: tuple[str, ...]
    findings: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as it stands; `text` is how it was first tracked, `current` how it reads now.

    `attributed_to`: whom it is put down to; where it has `moved`, they were quoted with `text`, and it has been updated
    since, by whomever. `since` is when it came to stand so: the last time that its standing or one of its values
    changed, else its beginning. `dates` are when it occurs, and `quantities` how much it says, both as it reads now.
    `removed` are sources that took away what they said of it. A report fills in, for the claims that it lists, `why`
    (the event that made the claim stand so, None where nothing has) and the `sides` of one that is disputed; and
    `history` where it was asked for whole.
    """

    id: str
    text: str
    current: str
    attributed_to: str | None
    status: str
    standing: str
    group: Group
    sources: tuple[str, ...]
    denied_by: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    since: datetime
    withdrawn: str | None
    dates: tuple[When, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    removed: tuple[str, ...] = ()
    moved: bool = False
    why: Change | None = None
    sides: tuple[Side, ...] = ()
    history: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class LastEntry:
    """The newest entry of a source: the one that was seen for the first time last."""

    id: str
    title: str
    url: str | None
    published: datetime | None
    seen: datetime


@dataclass(frozen=True, slots=True)
class SourceView:
    """Who stands behind words: entries that belong to the story, findings in them, edits noticed since.

    `outlets` are those in which its words were read: two that relay one agency are one source.
    """

    name: str
    entries: int
    findings: int
    developments: int
    edits: int
    first_seen: datetime
    last_seen: datetime
    outlets: tuple[str, ...]
    latest: LastEntry | None


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is quoted, and the ids of the claims that are put down to them: what they say, what they deny."""

    name: str
    says: tuple[str, ...]
    denies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became new, in numbers: of claims, and of corrections.

    `contested` claims are disputed since then, `resolved` ones were and are no longer. `corrected` counts what was
    taken back: edits and removals by publishers, claims withdrawn, findings that a person turned.
    """

    new: int = 0
    updated: int = 0
    confirmed: int = 0
    contested: int = 0
    resolved: int = 0
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """A feed, by its name, that cannot be read or has fallen silent, why in words, and since when, where known."""

    feed: str
    error: str
    id: str
    state: Literal["failing", "gone", "silent"]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How well the feeds of a story have been read.

    `last_poll`: the newest success, None where it is not known. `failing` cannot be read, `silent` answer and bring
    nothing any more. `unread`: none of them was read within the last day, so that nothing new may mean nothing read.
    `recent`: how many were read within the last hour, None in a look back.
    """

    feeds: int
    failing: tuple[Trouble, ...]
    last_poll: datetime | None
    silent: tuple[Trouble, ...] = ()
    unread: bool = False
    recent: int | None = None

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Every source with which something is wrong."""
        return (*self.failing, *self.silent)


@dataclass(frozen=True, slots=True)
class StatusView:
    """How a story stands.

    `as_of`: what is shown was known by then; `valid_at`: and had been said by then, None for no such limit. `head` is
    the newest event of the story that was known. `since` is what the reader asked for, `looked` whether that is where
    they last looked, `news` the developments after it (after the day before `as_of` where nothing was asked), `tally`
    these in numbers. `claims`, `developments` and `pending`, which wait for a person and count for nothing, are oldest
    first. `counts` are of everything; of the developments and of what is pending only the latest are listed, unless the
    report was asked for whole. `voices` are those with most claims first, `sources`
    the most telling first.
    """

    id: str
    title: str
    opened_at: datetime
    closed: bool
    as_of: datetime
    valid_at: datetime | None
    head: Head
    since: datetime | None
    looked: bool
    freshness: Freshness
    counts: Mapping[str, int]
    tally: Tally
    news: tuple[Change, ...]
    claims: tuple[ClaimView, ...]
    developments: tuple[Change, ...]
    pending: tuple[Change, ...]
    voices: tuple[Voice, ...]
    sources: tuple[SourceView, ...]

    def filed(self, group: Group) -> tuple[ClaimView, ...]:
        """Return the claims of one group."""
        return tuple(claim for claim in self.claims if claim.group is group)

    def latest(self, group: Group) -> tuple[ClaimView, ...]:
        """Return the claims of one group that were said last, at most `LATEST`, in the order of `claims`."""
        return said_last(self.filed(group))


def said_last(claims: Sequence[ClaimView]) -> tuple[ClaimView, ...]:
    """Return those that were said last, at most `LATEST`, in the order in which they come."""
    said = sorted((claim.last_seen, nth) for nth, claim in enumerate(claims))
    return tuple(claims[nth] for nth in sorted(nth for _, nth in said[-LATEST:]))


@dataclass(frozen=True, slots=True)
class ClaimDiff:
    """A claim at two moments; None where it was not tracked."""

    id: str
    before: ClaimView | None
    after: ClaimView | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A recorded event, what the timeline now says of it (None for nothing), and its claim before and after.

    `source`: of an event of a source, how that is called.
    """

    recorded: Recorded
    told: Change | None
    claim: ClaimDiff | None
    source: str | None = None
