"""From when on an event counts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from tests.made import bridge
from tests.made.streams import STORIES, Recorder, calm, dated_logs, moments
from tracker.domain.claims import Claim, Relation
from tracker.domain.events import (
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
    StoryRenamed,
    story_stream,
)
from tracker.domain.story import fold
from tracker.domain.valid_time import valid_by, valid_times

STREAM = story_stream("s")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (datetime(2024, 6, day, 12, tzinfo=UTC) for day in (3, 4, 5, 6))
SUNDAY = MONDAY - timedelta(days=1)
FAR = datetime.max.replace(tzinfo=UTC)
CLAIM = Claim("S01", "A hundred instructors will be sent.")


def opened(as_of: datetime | None, at: datetime = WEDNESDAY) -> Recorder:
    """Return a log in which a story was opened from a seed of a date."""
    log = Recorder()
    log.record(STREAM, StoryOpened("s", "T", "en", None, None, as_of), at=at, published=as_of)
    log.record(STREAM, ClaimTracked(CLAIM, "seed"), at=at, published=as_of)
    return log


def updated(at: datetime, entry: str = "e1") -> ClaimUpdated:
    """Return what an entry seen at a time says."""
    finding = bridge.finding(Relation.UPDATES, CLAIM, "Two hundred.", "more", sure=False)
    return ClaimUpdated(bridge.entry(1, entry, "Two hundred", at), finding, CLAIM)


def valid_last(log: Recorder) -> datetime:
    """Return the valid time of the newest event."""
    return list(valid_times(log.events))[-1][0]


def test_a_story_opened_today_counts_from_the_date_of_its_seed() -> None:
    """A seed of Sunday that was recorded on Wednesday counts from Sunday, one without a date from Wednesday."""
    assert [valid for valid, _ in valid_times(opened(SUNDAY).events)] == [SUNDAY, SUNDAY]
    assert [valid for valid, _ in valid_times(opened(None).events)] == [WEDNESDAY, WEDNESDAY]


def test_what_is_published_counts_from_then_however_late_it_is_seen() -> None:
    """An article of Monday that was seen on Thursday counts on Monday, and one without a date from when it was seen."""
    log = opened(SUNDAY)
    log.record(STREAM, updated(THURSDAY), at=THURSDAY, published=MONDAY)
    assert valid_last(log) == MONDAY
    log.record(STREAM, updated(THURSDAY), at=THURSDAY)
    assert valid_last(log) == THURSDAY


def test_nothing_is_said_after_it_was_read() -> None:
    """A date ahead of the reading is cut back to the reading, that of a seed as well."""
    log = opened(FAR)
    log.record(STREAM, updated(THURSDAY), at=THURSDAY, published=FAR)
    assert [valid for valid, _ in valid_times(log.events)] == [WEDNESDAY, WEDNESDAY, THURSDAY]


def test_nothing_counts_before_the_story() -> None:
    """What was published before the date of the seed counts with the seed."""
    log = opened(MONDAY)
    log.record(STREAM, updated(THURSDAY), at=THURSDAY, published=SUNDAY)
    assert valid_last(log) == MONDAY


@pytest.mark.parametrize(
    ("event", "published", "valid"),
    [
        (FindingReviewed(3, "confirmed"), None, MONDAY),
        (FindingReviewed(3, "rejected"), FAR, MONDAY),
        (FindingReviewed(2, "confirmed"), None, SUNDAY),
        (FindingReviewed(99, "confirmed"), None, THURSDAY),
        (ClaimWithdrawn("S01", "a person withdrew it"), None, SUNDAY),
        (ClaimWithdrawn("S01", "a correction of Tuesday"), TUESDAY, TUESDAY),
        (ClaimWithdrawn("none", "of nothing"), None, THURSDAY),
        (EntryErased("e1", "by a court", ()), None, MONDAY),
        (EntryErased("none", "by a court", ()), None, THURSDAY),
        (StoryRenamed("s", "Another title"), None, THURSDAY),
    ],
)
def test_better_knowledge_counts_whenever_what_it_is_about_does(
    event: Event, published: datetime | None, valid: datetime
) -> None:
    """Reviews, and withdrawals and erasures without a date, take that of what they speak of; all else has its own."""
    log = opened(SUNDAY)
    log.record(STREAM, updated(WEDNESDAY), at=WEDNESDAY, published=MONDAY)
    log.record(STREAM, event, at=THURSDAY, published=published)
    assert valid_last(log) == valid


def streams_of(events: Sequence[Recorded]) -> list[list[Recorded]]:
    """Return the events of each story."""
    return [[at for at in events if at.stream == story_stream(story)] for story in STORIES]


@settings(calm, max_examples=40)
@given(dated_logs())
def test_the_far_future_is_no_limit(events: tuple[Recorded, ...]) -> None:
    """By the end of time everything has been said."""
    for stream in streams_of(events):
        assert list(valid_by(stream, FAR)) == stream


@settings(calm, max_examples=40)
@given(dated_logs(), moments, moments)
def test_the_two_filters_commute(events: tuple[Recorded, ...], seen: datetime, said: datetime) -> None:
    """What had been said, of what had been seen, is what had been seen, of what had been said."""
    for stream in streams_of(events):
        seen_first = list(valid_by([at for at in stream if at.recorded_at <= seen], said))
        assert seen_first == [at for at in valid_by(stream, said) if at.recorded_at <= seen]


@settings(calm, max_examples=40)
@given(dated_logs(), moments, moments)
def test_later_moments_know_more(events: tuple[Recorded, ...], one: datetime, other: datetime) -> None:
    """What had been said by a moment had been said by each later one; what had been seen by then was said by then."""
    early, late = sorted((one, other))
    for stream in streams_of(events):
        then = list(valid_by(stream, late))
        assert set(valid_by(stream, early)) <= set(then)
        assert {at for at in stream if at.recorded_at <= late} <= set(then)


@settings(calm, max_examples=40)
@given(dated_logs(), moments)
def test_what_counts_is_a_story(events: tuple[Recorded, ...], said: datetime) -> None:
    """What had been said by a moment is nothing, or a stream that begins with its opening and can be folded.

    No review in it speaks of what is not there.
    """
    for stream in streams_of(events):
        counted = list(valid_by(stream, said))
        assert counted[:1] in ([], stream[:1])
        assert (fold(counted) is None) is (not counted)
        known = {at.position for at in stream}
        there = {at.position for at in counted}
        reviewed = {at.event.position for at in counted if isinstance(at.event, FindingReviewed)}
        later = {at.event.position for at in stream if isinstance(at.event, FindingReviewed) and _ahead(at)}
        assert reviewed & known - later <= there


def _ahead(recorded: Recorded) -> bool:
    assert isinstance(recorded.event, FindingReviewed)
    return recorded.event.position >= recorded.position
