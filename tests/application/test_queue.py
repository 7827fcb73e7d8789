"""What waits for a person, and what has come since, read in part: the same as reading everything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.stored import stored
from tests.made.streams import BEGIN, LONGEST, STORIES, Recorder, calm, logs
from tests.made.views import views_of
from tracker.application.fresh import MOST, Fresh, fresh
from tracker.application.news import Look, news
from tracker.application.project import catch_up
from tracker.application.queue import case, queue
from tracker.application.report import waiting
from tracker.domain.claims import Relation
from tracker.domain.events import ClaimDenied, ClaimTracked, FindingReviewed, Recorded, StoryOpened, story_stream
from tracker.errors import NotFound
from tracker.ports.views import ViewReader
from tracker.projections import ALL

few = settings(calm, max_examples=20)


def in_parts(views: ViewReader, most: int) -> list[tuple[str, int]]:
    """Return the stories and positions of the queue, read some at a time."""
    found, part = list[tuple[str, int]](), queue(views, most=most)
    while True:
        assert len(part.cases) <= most
        found += [(one.story, one.told.position) for one in part.cases]
        if part.older is None:
            return found
        part = queue(views, before=part.older, most=most)


@few
@given(logs(), st.integers(1, 4))
def test_the_parts_of_the_queue_are_all_that_waits(events: tuple[Recorded, ...], most: int) -> None:
    """Over all stories, the newest first, nothing twice and nothing left out, with the claim as it stands."""
    views = views_of(events)
    told = [(story, one.position) for story in views.partitions("stories") for one in waiting(views, story)]
    assert in_parts(views, most) == sorted(told, key=lambda one: -one[1])
    assert queue(views).total == len(told)
    for one in queue(views, most=LONGEST).cases:
        held = views.load("ledger", [(one.story, one.told.claim or "")])
        assert [one.claim.current if one.claim else None] == [row["current"]["text"] for row in held.values()] or [None]


@few
@given(logs(), st.frozensets(st.integers(0, LONGEST), min_size=1, max_size=4))
def test_what_is_new_is_counted_for_many_at_once(events: tuple[Recorded, ...], positions: frozenset[int]) -> None:
    """For each position as many are counted as a report lists as news since."""
    views = views_of(events)
    for story in STORIES:
        told = {after: Fresh(len(news(views, story, Look(after, BEGIN))), more=False) for after in positions}
        assert fresh(views, story, positions) == told


@pytest.fixture(scope="module")
def long() -> ViewReader:
    """Return the views of a story with 110 denials, all but the first and the last two settled."""
    log, stream = Recorder(), story_stream("long")
    log.record(stream, StoryOpened("long", "Long", "en", None, None, None))
    log.record(stream, ClaimTracked(bridge.HURT, "seed"))
    for nth in range(110):
        found = bridge.finding(Relation.DENIES, bridge.HURT, "No.", "a reason", sure=False)
        log.record(stream, ClaimDenied(bridge.entry(nth, "Outlet", "Title", bridge.OPENED), found))
    for position in range(4, 111):
        log.record(stream, FindingReviewed(position, "confirmed"))
    return views_of(log.events)


def test_what_waits_longest_is_found_behind_what_is_settled(long: ViewReader) -> None:
    """However much was settled since, nothing that waits is left out."""
    assert in_parts(long, 2) == [("long", 112), ("long", 111), ("long", 3)]


def test_who_has_missed_much_is_told_that_it_is_much(long: ViewReader) -> None:
    """No more than a hundred rows are looked at: who missed more is told that there may be more, others the number."""
    told = fresh(long, "long", {0, 190, 210, 219})
    assert told[0].more
    assert told[0].new >= MOST
    assert told[210] == Fresh(9, more=False)
    assert told[219] == Fresh(0, more=False)
    assert fresh(long, "none", {7}) == {7: Fresh(0, more=False)}


def test_only_a_finding_is_a_case(sqlite_url: str) -> None:
    """A finding is shown as it stands now, settled or not; an event that is none, and no event, is not found."""
    database = stored(sqlite_url, bridge.events())
    catch_up(database.log, database.views, ALL)
    assert [case(database.log, database.views, position).told.verdict for position in (14, 17)] == [None, "rejected"]
    for position in (3, 1, 99):
        with pytest.raises(NotFound, match="no finding"):
            case(database.log, database.views, position)
    database.engine.dispose()
