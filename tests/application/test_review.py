"""What a person says of a finding is an event of its own, and everything follows it."""

import pytest
from sqlalchemy import Engine

from tests.made.streams import BEGIN
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.application.review import review
from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimDenied,
    ClaimTracked,
    Event,
    Finding,
    FindingReviewed,
    NewEvent,
    StoryOpened,
    story_stream,
)
from tracker.domain.story import fold
from tracker.errors import NotFound, UsageError

STREAM = story_stream("bridge")
ENTRY = EntryRef("e1", "v1", "Title", "", None, "AFP", "AFP", None)
DENIAL = Finding("C1", Relation.DENIES, None, None, None, 0.5, "No.", "", news=True, happening="e1", needs_review=True)
NEW = Finding("N01", Relation.NEW, None, None, None, 0.5, "So.", "", news=True, happening="e1", needs_review=True)
EVENTS: tuple[Event, ...] = (
    StoryOpened("bridge", "Bridge", "en", None, None, None),
    ClaimTracked(Claim("C1", "A bridge is planned."), "seed"),
    ClaimDenied(ENTRY, DENIAL),
    ClaimTracked(Claim("N01", "It costs 3 million."), "entry", ENTRY, NEW),
)


@pytest.fixture
def log(engine: Engine) -> SqlEventLog:
    made = SqlEventLog(engine, lambda: BEGIN)
    made.append(STREAM, 0, [NewEvent(f"e-{at}", event, "test") for at, event in enumerate(EVENTS)])
    return made


def standing(log: SqlEventLog) -> Standing:
    story = fold(log.read(stream=STREAM))
    assert story is not None
    return story.claims["C1"].standing


def test_a_review_is_followed_and_can_be_taken_back(log: SqlEventLog) -> None:
    """A doubtful denial disputes its claim once confirmed, and no longer once rejected; saying it twice is once."""
    assert standing(log) is Standing.REPORTED
    first = review(log, 3, "confirmed", "ann")
    assert review(log, 3, "confirmed", "ann") == first
    assert standing(log) is Standing.DISPUTED
    review(log, 3, "rejected", "ann")
    assert standing(log) is Standing.REPORTED
    review(log, 3, "relabelled", "ann", Relation.CORROBORATES)
    assert standing(log) is Standing.CORROBORATED
    assert sum(isinstance(recorded.event, FindingReviewed) for recorded in log.read()) == 3


def test_only_a_finding_can_be_reviewed(log: SqlEventLog) -> None:
    """A position beyond the log is not found; an event that is no finding, or a new claim relabelled, is refused."""
    with pytest.raises(NotFound, match="ends at 4"):
        review(log, 9, "confirmed", "ann")
    with pytest.raises(UsageError, match="no finding"):
        review(log, 2, "confirmed", "ann")
    with pytest.raises(UsageError, match="new claim"):
        review(log, 4, "relabelled", "ann", Relation.DENIES)
    review(log, 4, "confirmed", "ann")
    story = fold(log.read(stream=STREAM))
    assert story is not None
    assert story.claims["N01"].current.text == "It costs 3 million."
