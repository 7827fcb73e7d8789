"""Random logs: stories that open, are told, doubted and reviewed, and feeds that fail, in one order."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    Recorded,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
    feed_stream,
    finding_of,
    story_stream,
)
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.domain.quantity import Quantity
from tracker.domain.when import When

BEGIN = datetime(2024, 5, 31, 6, 0, tzinfo=UTC)
STORIES = ("instructors", "strike")
LONGEST = 40

calm = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""Laws over whole logs: no limit of time, which a busy machine would break."""

words = st.one_of(
    st.text(max_size=12),
    st.text("ab \x1b[31m\x9b\u202e\u2066\r\n\t<>&|*_`\\\u2028", max_size=12),
    st.sampled_from(["", "Paris sends 30 instructors", "\x1b]0;owned\x07", "<script>alert(1)</script>", "\ud800"]),
)
optional_words = st.none() | words
claim_ids = st.sampled_from(["S01", "S02", "N-1", "\x1bclaim"])
sources = st.sampled_from(["Reuters", "TASS", "AFP", "\x1b[2Jnews"])
moments = st.integers(0, 365 * 86400).map(lambda late: BEGIN + timedelta(seconds=late))
times = st.none() | moments
numbers = st.none() | st.integers(0, 10**6).map(float)
quantities = st.builds(Quantity, numbers, numbers, words, words, st.booleans(), words, st.integers(0, 9))
days = st.dates(date(2024, 1, 1), date(2025, 1, 1))
whens = st.builds(When, days, days, st.just("on"), words)


@st.composite
def claims(draw: st.DrawFn, ids: st.SearchStrategy[str] = claim_ids) -> Claim:
    """Draw a claim."""
    return Claim(
        draw(ids),
        draw(words),
        draw(optional_words),
        draw(st.sampled_from(Status)),
        tuple(draw(st.lists(quantities, max_size=1))),
        tuple(draw(st.lists(whens, max_size=1))),
        draw(st.booleans()),
    )


entries = st.builds(
    EntryRef,
    st.sampled_from(["e1", "e2", "e3"]),
    st.sampled_from(["v1", "v2"]),
    words,
    words,
    st.none() | st.sampled_from(["https://example.org/1", "javascript:alert(1)", "\x1b"]),
    optional_words,
    sources,
    times,
    st.none() | st.just("en"),
)


def findings(relation: Relation) -> st.SearchStrategy[Finding]:
    """Return findings of one relation."""
    return st.builds(
        Finding,
        st.none() if relation is Relation.NEW else claim_ids,
        st.just(relation),
        st.none() | st.sampled_from(["quantity", "status"]),
        optional_words,
        optional_words,
        st.floats(0, 1),
        words,
        words,
        st.booleans(),
        st.sampled_from(["e1", "e2"]),
        st.booleans(),
    )


Origin = Literal["seed", "entry", "person"]


def _tracked(
    claim: Claim, entry: EntryRef | None, finding: Finding, origin: Origin, source: str | None
) -> ClaimTracked:
    if entry is None:
        return ClaimTracked(claim, origin, source=source)
    return ClaimTracked(claim, "entry", entry, finding)


verdicts = st.one_of(
    st.builds(FindingReviewed, st.integers(1, LONGEST), st.sampled_from(["confirmed", "rejected"])),
    st.builds(FindingReviewed, st.integers(1, LONGEST), st.just("relabelled"), st.sampled_from([*Relation][:3])),
)
tellings: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        _tracked, claims(), st.none() | entries, findings(Relation.NEW), st.sampled_from(["seed", "person"]),
        st.none() | sources,
    ),
    st.builds(ClaimCorroborated, entries, findings(Relation.CORROBORATES)),
    st.builds(ClaimUpdated, entries, findings(Relation.UPDATES), claims()),
    st.builds(ClaimDenied, entries, findings(Relation.DENIES)),
    verdicts,
    st.builds(
        EntryLinked, entries, st.floats(0, 1), words, optional_words,
        st.lists(claim_ids, max_size=2).map(tuple), st.just("e1"),
    ),
    st.builds(ClaimWithdrawn, claim_ids, words),
    st.builds(EntryRevised, entries, words, words),
    st.builds(EntryRemoved, entries, words, st.lists(claim_ids, max_size=2).map(tuple)),
    st.builds(EntryRestored, entries, st.lists(claim_ids, max_size=2).map(tuple)),
    st.builds(StoryRenamed, st.just("x"), words),
    st.just(StoryClosed("x")),
    st.just(StoryReopened("x")),
)  # fmt: skip
feed_events: st.SearchStrategy[Event] = st.one_of(
    st.builds(FeedAdded, st.just("f"), words, optional_words, optional_words),
    st.builds(
        FeedFailing,
        st.just("f"),
        st.integers(1, 9),
        words,
        st.none() | st.sampled_from(["wall", "broken", "unasked"]),
        times,
    ),
    st.just(FeedRecovered("f")),
    st.just(FeedGone("f")),
    st.builds(FeedMoved, st.just("f"), words, words),
    st.builds(FeedSilent, st.just("f"), moments, st.floats(1, 1e6)),
    st.builds(FeedRekeyed, st.just("f"), words, words, words),
    st.just(FeedRemoved("f")),
)
openings = st.builds(StoryOpened, st.just("x"), words, st.just("en"), optional_words, st.none(), times)


class Recorder:
    """Numbers events as a log does: dense positions, versions a stream, times that never run back."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self._versions: dict[str, int] = {}

    def record(
        self,
        stream: str,
        event: Event,
        *,
        at: datetime | None = None,
        actor: str = "judge",
        published: datetime | None = None,
    ) -> Recorded:
        """Append an event and return it as recorded."""
        position = len(self.events) + 1
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        digest = hashlib.sha256(f"{position}".encode()).hexdigest()
        at = at or BEGIN + timedelta(minutes=7 * position)
        recorded = Recorded(
            position, stream, version, f"id-{position}", event, actor, None, published, at, digest
        )  # fmt: skip
        self.events.append(recorded)
        return recorded


@st.composite
def logs(draw: st.DrawFn) -> tuple[Recorded, ...]:
    """Draw a log in which every story stream begins with its opening."""
    recorder, opened = Recorder(), set[str]()
    for _ in range(draw(st.integers(0, LONGEST))):
        stream = draw(st.sampled_from([*map(story_stream, STORIES), story_stream(STORIES[0]), feed_stream("f1")]))
        event = draw(_events_of(stream, opened))
        if isinstance(event, FindingReviewed) and draw(st.booleans()):
            event = _naming_its_claim(event, recorder.events, stream)
        recorder.record(stream, event)
        opened.add(stream)
    return tuple(recorder.events)


def _naming_its_claim(review: FindingReviewed, events: list[Recorded], stream: str) -> FindingReviewed:
    """Return a review as it is recorded since schema 2: it names the claim, where the finding has one."""
    about = next((one for one in events if (one.position, one.stream) == (review.position, stream)), None)
    finding = finding_of(about.event) if about else None
    return replace(review, claim=(finding.claim if finding else None) or "")


def _events_of(stream: str, opened: set[str]) -> st.SearchStrategy[Event]:
    if stream.startswith("feed-"):
        return feed_events
    return tellings if stream in opened else openings


moments = st.integers(-2 * 60, 7 * LONGEST + 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
"""Moments from before the first event that a log can hold to after its last."""


@st.composite
def dated_logs(draw: st.DrawFn) -> tuple[Recorded, ...]:
    """Draw a log whose events have been published before they were recorded, after, or at no time that is known."""
    return tuple(replace(recorded, published_at=draw(st.none() | moments)) for recorded in draw(logs()))
