"""What a report lists, read from the newest end, is what reading everything would give."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.streams import BEGIN, LONGEST, Recorder, calm, logs, moments
from tests.made.views import views_of
from tracker.application.news import Look, developments, doubts, news
from tracker.application.report import report
from tracker.domain.claims import Relation
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimWithdrawn,
    EntryLinked,
    EntryRemoved,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
    story_stream,
)
from tracker.ports.views import ViewReader
from tracker.projections import ALL
from tracker.projections.folding import Batch
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Key, Row
from tracker.projections.timeline import is_development

STORY = "long"
PAST = Look(0, BEGIN - timedelta(days=1))


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """Return the numbers of a timeline, counted row by row."""
    return {
        "developments": sum(map(is_development, rows)),
        "needs_review": sum(row["needs_review"] for row in rows),
        "repeats": sum(row["type"] == "entry.linked" for row in rows),
    }


def agree(views: ViewReader, story: str, since: Look) -> None:
    """Check a report against the whole timeline."""
    rows = list(views.scan("timeline", story))
    told = [row for row in rows if is_development(row)]
    view = report(views, None, story, since=since)
    assert {name: view.counts[name] for name in counted(rows)} == counted(rows)
    by_source = Counter(row["source"] for row in told if row["entry"])
    assert all(source.developments == by_source[source.name] for source in view.sources)
    assert developments(views, story, 7) == told[-7:]
    assert developments(views, story, len(rows) + 1) == told
    assert doubts(views, story, 3) == [row for row in rows if row["needs_review"]][-3:]
    assert news(views, story, since) == [row for row in told if row["decided"] > since.position]
    assert news(views, story, since.at) == [row for row in told if row["decided_at"] > since.at.isoformat()[:-6] + "Z"]


@calm
@given(logs(), st.integers(0, LONGEST), moments)
def test_a_report_agrees_with_the_whole_timeline(events: tuple[Recorded, ...], position: int, at: datetime) -> None:
    """Numbers, developments, doubts and news of any story, whatever was reviewed how often, are those of its rows."""
    views = views_of(events)
    for story in views.partitions("stories"):
        agree(views, story, Look(position, at))


@pytest.fixture(scope="module")
def long() -> ViewReader:
    """Return the views of a story of 1,500 events with many repeats, doubts and reviews."""
    log, dice = Recorder(), random.Random(4)
    log.record(story_stream(STORY), StoryOpened(STORY, "Long", "en", None, None, None))
    log.record(story_stream(STORY), ClaimTracked(bridge.HURT, "seed"))
    for nth in range(1500):
        log.record(story_stream(STORY), told(nth, dice))
    return views_of(log.events)


def told(nth: int, dice: random.Random) -> EntryLinked | ClaimCorroborated | ClaimDenied | FindingReviewed:
    """Return what comes as the nth event of the long story."""
    ref = bridge.entry(nth, f"Outlet {nth % 9}", f"Title {nth}", bridge.OPENED)
    kind = dice.random()
    if kind < 0.6:
        return EntryLinked(ref, 0.5, "the same again", None, ("S01",), "e1")
    if kind < 0.7:
        return FindingReviewed(dice.randrange(1, nth + 3), dice.choice(["confirmed", "rejected"]))
    sure, news_ = dice.random() < 0.8, dice.random() < 0.5
    relation = Relation.DENIES if kind < 0.8 else Relation.CORROBORATES
    found = bridge.finding(relation, bridge.HURT, "So it is.", "a reason", news=news_, sure=sure)
    return ClaimDenied(ref, found) if relation is Relation.DENIES else ClaimCorroborated(ref, found)


@pytest.mark.parametrize("position", [0, 3, 200, 1200, 1499, 1502])
def test_a_long_story_is_read_as_far_back_as_it_takes(long: ViewReader, position: int) -> None:
    """However far back a reader's last look is, the report names what came since, and settles what is older."""
    agree(long, STORY, Look(position, BEGIN + timedelta(minutes=7 * position)))


def test_a_report_lists_the_latest_and_the_whole_lists_all(long: ViewReader) -> None:
    """A report lists the latest fifty developments and doubts; asked for whole, all of them, and every history."""
    few, whole = report(long, None, STORY, since=PAST), report(long, None, STORY, since=PAST, whole=True)
    assert (len(few.developments), len(few.pending)) == (50, 50)
    assert few.developments == whole.developments[-50:]
    assert (len(whole.developments), len(whole.pending)) == (few.counts["developments"], few.counts["needs_review"])
    assert few.counts == whole.counts
    assert few.claims[0].history == ()
    rows = [row for row in long.scan("timeline", STORY) if row["claim"] == "S01"]
    assert [step.position for step in whole.claims[0].history] == [row["position"] for row in rows]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        (FindingReviewed(3, "confirmed"), []),
        (FindingReviewed(3, "relabelled", Relation.CORROBORATES), []),
        (FindingReviewed(3, "rejected"), ["review"]),
        (FindingReviewed(3, "relabelled", Relation.DENIES), ["denies", "review"]),
        (FindingReviewed(4, "confirmed"), ["denies"]),
        (FindingReviewed(4, "rejected"), []),
        (ClaimWithdrawn("S01", "a hoax"), ["withdrawn"]),
        (EntryRemoved(bridge.entry(1, "Reuters", "Eleven hurt", bridge.OPENED), "gone", ("S01",)), ["removed"]),
    ],
)
def test_a_correction_is_news_since_the_last_look(said: Event, kinds: list[str]) -> None:
    """What changes what a reader saw counts as news, and what a review leaves as it was does not."""
    log, ref = Recorder(), bridge.entry(1, "Reuters", "Eleven hurt", bridge.OPENED)
    log.record(story_stream(STORY), StoryOpened(STORY, "Short", "en", None, None, None))
    log.record(story_stream(STORY), ClaimTracked(bridge.HURT, "seed"))
    found = bridge.finding(Relation.CORROBORATES, bridge.HURT, "So it is.", "a reason")
    log.record(story_stream(STORY), ClaimCorroborated(ref, found))
    doubt = bridge.finding(Relation.DENIES, bridge.HURT, "No.", "a reason", sure=False)
    log.record(story_stream(STORY), ClaimDenied(ref, doubt))
    seen = Look(4, log.events[-1].recorded_at)
    log.record(story_stream(STORY), said)
    assert [row["kind"] for row in news(views_of(log.events), STORY, seen)] == kinds


class Counting(MemoryViews):
    """Views that count the rows that they hand out, whatever they are asked."""

    read = 0

    def load(self, *args: Any, **options: Any) -> dict[Key, Row]:
        """Count what is loaded."""
        found = super().load(*args, **options)
        self.read += len(found)
        return found

    def scan(self, *args: Any, **options: Any) -> Iterator[Row]:
        """Count what is scanned."""
        for row in super().scan(*args, **options):
            self.read += 1
            yield row


def test_a_report_reads_no_more_of_a_long_story_than_of_a_short_one() -> None:
    """The rows that a report reads are as many for 200 developments as for 1,200, with grounds, sides and voices."""
    counts = []
    for many in (200, 1200):
        log = Recorder()
        log.record(story_stream(STORY), StoryOpened(STORY, "Long", "en", None, None, None))
        log.record(story_stream(STORY), ClaimTracked(bridge.HURT, "seed"))
        for nth in range(many):
            ref = bridge.entry(nth, f"Outlet {nth % 9}", f"Title {nth}", bridge.OPENED)
            found = bridge.finding(Relation.DENIES, bridge.HURT, "So it is not.", "a reason")
            log.record(story_stream(STORY), ClaimDenied(ref, found))
        views = Counting()
        for projection in ALL:
            views.save(projection.name, Batch(projection, log.events).fold({}), after=0, position=len(log.events))
        view = report(views, None, STORY, since=Look(many - 10, log.events[-10].recorded_at))
        assert len(view.claims[0].sides[1].findings) == 9
        counts.append(views.read)
    assert counts[0] == counts[1]
