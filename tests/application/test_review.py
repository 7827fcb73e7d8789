"""What a person says of a finding is an event of its own, and everything follows it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from tests.made.streams import BEGIN
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
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
from tracker.errors import NotFound, Overtaken, UsageError
from tracker.ports.clock import Clock

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


@dataclass(frozen=True)
class Desk:
    """A database with one story."""

    clock: Clock
    log: SqlEventLog
    archive: SqlArchive
    outbox: SqlOutbox


@pytest.fixture
def desk(engine: Engine) -> Desk:
    made = Desk(lambda: BEGIN, SqlEventLog(engine, lambda: BEGIN), SqlArchive(engine), SqlOutbox(engine))
    made.log.append(STREAM, 0, [NewEvent(f"e-{at}", event, "test") for at, event in enumerate(EVENTS)])
    return made


def standing(desk: Desk) -> Standing:
    story = fold(desk.log.read(stream=STREAM))
    assert story is not None
    return story.claims["C1"].standing


def test_a_review_is_followed_and_can_be_taken_back(desk: Desk) -> None:
    """A doubtful denial disputes its claim once confirmed, and no longer once rejected; saying it twice is once."""
    assert standing(desk) is Standing.REPORTED
    first = review(desk, 3, "confirmed", "ann")
    assert review(desk, 3, "confirmed", "ann") == first
    assert standing(desk) is Standing.DISPUTED
    review(desk, 3, "rejected", "ann")
    assert standing(desk) is Standing.REPORTED
    review(desk, 3, "relabelled", "ann", Relation.CORROBORATES)
    assert standing(desk) is Standing.CORROBORATED
    assert sum(isinstance(recorded.event, FindingReviewed) for recorded in desk.log.read()) == 3


def test_nobody_overrules_what_they_do_not_know_of(desk: Desk) -> None:
    """Where somebody said otherwise after what one has seen, nothing is recorded; what is known can be overruled."""
    review(desk, 3, "confirmed", "person:ann", seen=4)
    head = desk.log.head()
    with pytest.raises(Overtaken, match="meanwhile ann said that the finding at position 3 is confirmed"):
        review(desk, 3, "rejected", "person:ben", seen=4)
    assert review(desk, 3, "confirmed", "person:ben", seen=4).actor == "person:ann"
    assert desk.log.head() == head
    assert review(desk, 3, "rejected", "person:ben", seen=head).actor == "person:ben"
    assert review(desk, 3, "confirmed", "person").position == head + 2


def test_only_a_finding_can_be_reviewed(desk: Desk) -> None:
    """A position beyond the log is not found; an event that is no finding, or a new claim relabelled, is refused."""
    with pytest.raises(NotFound, match="ends at 4"):
        review(desk, 9, "confirmed", "ann")
    with pytest.raises(UsageError, match="no finding"):
        review(desk, 2, "confirmed", "ann")
    with pytest.raises(UsageError, match="new claim"):
        review(desk, 4, "relabelled", "ann", Relation.DENIES)
    review(desk, 4, "confirmed", "ann")
    story = fold(desk.log.read(stream=STREAM))
    assert story is not None
    assert story.claims["N01"].current.text == "It costs 3 million."
