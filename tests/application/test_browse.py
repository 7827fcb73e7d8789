"""Developments read a stretch at a time are those of the whole timeline."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.streams import Recorder, calm, claim_ids, logs, sources
from tests.made.views import views_of
from tracker.application.browse import Stretch, Wanted, browse
from tracker.application.report import change_of
from tracker.domain.claims import Relation, Standing
from tracker.domain.events import ClaimCorroborated, ClaimTracked, Recorded, StoryOpened, story_stream
from tracker.domain.words import plain
from tracker.ports.views import ViewReader
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Row
from tracker.projections.timeline import KINDS, is_development
from tracker.rendering.view import Change

STORY = "long"
wishes = st.builds(
    Wanted,
    kind=st.none() | st.sampled_from([*KINDS.values(), "withdrawn", "removed", "review"]),
    claim=st.none() | claim_ids,
    source=st.none() | sources,
    standing=st.none() | st.sampled_from([str(standing) for standing in Standing]),
    words=st.none() | st.sampled_from(["a", "Paris", "PARIS 30", "été", " ", "<script>"]),
)


def wanted_rows(views: ViewReader, story: str, wanted: Wanted) -> list[Change]:
    """Return every development that is wanted, newest first, found row by row in the timeline."""
    standings = {row["id"]: row["standing"] for row in views.scan("ledger", story)}
    rows = [row for row in views.scan("timeline", story) if is_development(row) and fits(row, wanted, standings)]
    return [change_of(row) for row in reversed(rows)]


def fits(row: Row, wanted: Wanted, standings: dict[str, str]) -> bool:
    """Tell whether a row is wanted."""
    text = plain(" ".join(filter(None, (row[name] for name in ("headline", "sentence", "text", "old", "new")))))
    return (
        wanted.kind in {None, row["kind"]}
        and wanted.claim in {None, row["claim"]}
        and wanted.source in {None, row["source"]}
        and wanted.standing in {None, standings.get(row["claim"])}
        and all(word in text for word in plain(wanted.words or "").split())
    )


def walk_back(views: ViewReader, story: str, wanted: Wanted, **limits: int) -> Iterator[Stretch]:
    """Yield stretch after stretch, from the newest to the oldest."""
    before = None
    while True:
        yield (stretch := browse(views, story, wanted, before=before, **limits))
        if stretch.older is None:
            return
        assert before is None or stretch.older < before, "each stretch begins further back"
        before = stretch.older


def walk_forth(views: ViewReader, story: str, wanted: Wanted, **limits: int) -> Iterator[Stretch]:
    """Yield stretch after stretch, from the oldest to the newest."""
    after: int | None = 0
    while after is not None:
        yield (stretch := browse(views, story, wanted, after=after, **limits))
        after = stretch.newer


@calm
@given(logs(), wishes, st.integers(1, 5), st.integers(1, 9))
def test_walking_by_older_meets_every_wanted_development_once(
    events: tuple[Recorded, ...], wanted: Wanted, most: int, furthest: int
) -> None:
    """Stretch by stretch, back or forth, come exactly the developments that are wanted, in order, whatever the size.

    The stretch newer than an older one is the one that the reader came from.
    """
    views = views_of(events)
    for story in views.partitions("stories"):
        expected = wanted_rows(views, story, wanted)
        back = list(walk_back(views, story, wanted, most=most, furthest=furthest))
        forth = list(walk_forth(views, story, wanted, most=most, furthest=furthest))
        assert [told for stretch in back for told in stretch.developments] == expected
        assert [told for stretch in reversed(forth) for told in stretch.developments] == expected
        assert all(len(stretch.developments) <= most for stretch in (*back, *forth))
        for here in walk_back(views, story, wanted, most=most):
            if here.older is not None:
                further = browse(views, story, wanted, before=here.older, most=most)
                assert further.newer is not None
                assert browse(views, story, wanted, after=further.newer, most=most).developments == here.developments


def test_a_search_that_has_looked_far_enough_says_so() -> None:
    """Where the limit of rows ended a stretch it is not whole, and where enough was found or nothing is left it is."""
    views = long_story(30)
    rare = Wanted(words="event 3 ")
    assert not browse(views, STORY, rare, furthest=10).whole
    assert browse(views, STORY, rare).whole
    assert browse(views, STORY, most=10, furthest=10).whole
    assert browse(views, "unknown", rare) == Stretch((), None, None)


def long_story(events: int) -> MemoryViews:
    """Return the views of a story in which one source after another says the same."""
    return views_of(long_events(events))


def long_events(events: int) -> tuple[Recorded, ...]:
    """Return the log of such a story."""
    log = Recorder()
    log.record(story_stream(STORY), StoryOpened(STORY, "Long", "en", None, None, None))
    log.record(story_stream(STORY), ClaimTracked(bridge.HURT, "seed"))
    for nth in range(events):
        found = bridge.finding(Relation.CORROBORATES, bridge.HURT, f"It is event {nth} of many.", "a reason")
        entry = bridge.entry(nth, f"Outlet {nth}", f"Title {nth}", bridge.OPENED)
        log.record(story_stream(STORY), ClaimCorroborated(entry, found))
    return tuple(log.events)


@dataclass
class Counting:
    """Views that count the rows which they hand out."""

    views: MemoryViews
    rows: list[Row] = field(default_factory=list)

    def scan(
        self, projection: str, partition: str, *, after: str = "", before: str | None = None,
        first: int | None = None, last: int | None = None,
    ) -> Iterator[Row]:  # fmt: skip
        for row in self.views.scan(projection, partition, after=after, before=before, first=first, last=last):
            self.rows.append(row)
            yield row

    def __getattr__(self, name: str) -> object:
        return getattr(self.views, name)


@pytest.mark.parametrize("place", [{}, {"before": 400}, {"after": 100}])
def test_a_stretch_reads_about_what_it_shows(place: dict[str, int]) -> None:
    """Fifty of many developments take at most two chunks of a hundred rows, at the newest end and in the middle."""
    counting = Counting(long_story(500))
    stretch = browse(counting, STORY, **place)  # type: ignore[arg-type]  # all else is handed on
    assert len(stretch.developments) == 50
    assert len(counting.rows) <= 200
