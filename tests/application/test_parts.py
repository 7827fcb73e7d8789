"""Lists read a part at a time say what the whole says, however they are cut, and whatever is appended meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.streams import calm, logs
from tests.made.views import views_of
from tracker.application import parts
from tracker.application.parts import Part
from tracker.application.report import claims_of, report, timeline
from tracker.domain.events import EntryRemoved, EntryRestored, EntryRevised, FindingReviewed, Recorded, story_stream
from tracker.domain.story import fold
from tracker.errors import NotFound
from tracker.ports.views import ViewReader
from tracker.projections.memory import MemoryViews

VIEWS = views_of(bridge.events())


def all_of(read: Callable[..., Part[Any]], views: ViewReader, *named: str, most: int) -> list[Any]:
    """Return what all parts of a list hold."""
    part = read(views, *named, "", most)
    found = list(part.items)
    while part.after is not None:
        part = read(views, *named, part.after, most)
        found += part.items
    return found


@settings(calm, max_examples=20)
@given(logs(), st.integers(1, 7))
def test_the_parts_of_a_list_are_the_list(events: tuple[Recorded, ...], most: int) -> None:
    """Claims, timeline, history of each claim, sources and entries come whole and once, in parts of any size."""
    views = views_of(events)
    assert tuple(all_of(parts.stories_part, views, most=most)) == parts.stories_part(views).items
    for story in views.partitions("stories"):
        claims, whole = all_of(parts.claims_part, views, story, most=most), timeline(views, story)
        assert claims == sorted(claims_of(views, story), key=lambda claim: claim.id)
        assert tuple(all_of(parts.timeline_part, views, story, most=most)) == whole
        for claim in {told.claim for told in whole if told.claim}:
            history = [told for told in whole if told.claim == claim]
            assert all_of(parts.history_part, views, story, claim, most=most) == history
        sources = all_of(parts.sources_part, views, story, most=most)
        assert sources == sorted(report(views, None, story, whole=True).sources, key=lambda source: source.name)
        listed = all_of(parts.entries_part, views, story, most=most)
        assert tuple(listed) == parts.entries_part(views, story).items
        assert listed == [parts.entry_of(views, story, one.id) for one in listed]


@settings(calm, max_examples=20)
@given(logs())
def test_entries_and_stories_are_those_that_the_judge_folds(events: tuple[Recorded, ...]) -> None:
    """What is listed from the views is what the folded story holds: entries in order, what they did, and the counts."""
    # A publisher edits, removes and restores only what the story knows: else nothing is recorded. Reviews relabel.
    told = tuple(one for one in events if not isinstance(one.event, EntryRevised | EntryRemoved | EntryRestored))
    views, reviewed = views_of(told), any(isinstance(one.event, FindingReviewed) for one in told)
    for story, row in zip(views.partitions("stories"), parts.stories_part(views).items, strict=True):
        folded = fold(recorded for recorded in told if recorded.stream == story_stream(story))
        assert folded is not None
        listed = parts.entries_part(views, story).items
        assert [one.id for one in listed] == list(folded.entries)
        assert (row.claims, row.entries) == (len(folded.claims), len(folded.entries))
        if not reviewed:
            held = [(known.news, known.links) for known in folded.entries.values()]
            assert held == [(one.news, tuple((link.claim, link.relation) for link in one.links)) for one in listed]


def test_an_entry_is_news_as_things_stand() -> None:
    """One whose update waits for a person is none yet, and one whose denial was rejected is none any more."""
    news = {one.id for one in parts.entries_part(VIEWS, bridge.STORY).items if one.news}
    assert news == {"e1", "e4", "e5", "e6", "e10"}


def test_a_part_names_where_the_next_begins() -> None:
    """A part that ends where the list does names no next one; an unknown entry is NotFound."""
    assert parts.timeline_part(VIEWS, bridge.STORY, "", 16).after is None
    assert parts.timeline_part(VIEWS, bridge.STORY, "", 15).after == "000000000018"
    assert parts.stories_part(MemoryViews()).items == ()
    with pytest.raises(NotFound, match="no entry e-none"):
        parts.entry_of(VIEWS, bridge.STORY, "e-none")


class Counting(MemoryViews):
    """Views that count the rows that are read from them."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def scan(self, *asked: Any, **more: Any) -> Any:
        """Count what is scanned."""
        for row in super().scan(*asked, **more):
            self.read += 1
            yield row


def test_a_part_reads_no_more_than_it_shows() -> None:
    """The tenth of a long timeline costs what the tenth of a short one does."""
    costs = []
    for long in (100, 1000):
        views = Counting()
        views.save("timeline", {("s", f"{nth:012}"): row(nth) for nth in range(1, long)}, after=0, position=long)
        parts.timeline_part(views, "s", "000000000050", 10)
        costs.append(views.read)
    assert costs == [11, 11]


def row(position: int) -> dict[str, Any]:
    """Return a row of a timeline."""
    (first, *_) = VIEWS.scan("timeline", bridge.STORY)
    return {**first, "position": position}
