"""What waits for a story, found from its mark on, against a look through the whole archive, in any order of calls.

`BENCH_EXAMPLES=2000 pytest tests/adapters/sql/test_waiting.py` looks longer than there is time for in every run.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, insert, select, text

from tests.adapters.sql.made import NOON, Clock, entry
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.archive.fresh import NEAR
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.eraser import SqlEraser
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.tables import judgement, mark, metadata, sighting
from tracker.domain.entry import Entry
from tracker.domain.erasure import ERASED
from tracker.ports.archive import FAULT, Judgement, Pending
from tracker.ports.erasure import Order
from tracker.ports.feeds import FeedState

EXAMPLES = int(os.environ.get("BENCH_EXAMPLES", "25"))
STORIES = ("s", "t", "u")
FEEDS = {"f-s": "s", "f-t": "t", "f-all": None, "f-unknown": None}
WHOLE = text(
    """
    SELECT v.entry, v.version, (
      SELECT min(h.baseline) FROM sighting h LEFT JOIN feed f ON f.id = h.feed
      WHERE h.entry = v.entry AND h.version = v.version AND (f.story IS NULL OR f.story = :story)
    ) AS old
    FROM entry_version v
    WHERE old IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.entry = v.entry)
      AND NOT EXISTS (SELECT 1 FROM judgement j WHERE j.story = :story AND j.entry = v.entry AND j.version = v.version)
    ORDER BY v.number
    """
)


def whole(engine: Engine, story: str) -> list[tuple[str, str, bool]]:
    """Return what waits for a story, looked for in all that is held."""
    with reading(engine) as connection:
        return [(row.entry, row.version, bool(row.old)) for row in connection.execute(WHOLE, {"story": story})]


def seen(one: Pending) -> tuple[str, str, bool]:
    """Return what there is to compare of one that waits."""
    return one.entry.id, one.entry.version, one.baseline


items = st.builds(
    lambda nth, words: entry(str(nth), summary=words), st.integers(1, 3), st.sampled_from(["a", "b", "A."])
)
documents = st.lists(items, min_size=1, max_size=2, unique_by=lambda one: (one.id, one.version))


class Waiting(RuleBasedStateMachine):
    """An archive to which everything happens that can."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.archive = SqlArchive(engine)
        self.now: datetime = NOON
        book = SqlFeedBook(engine)
        for name, story in FEEDS.items():
            if name != "f-unknown":
                book.save(FeedState(name, f"https://{name}.example/", None, story, NOON, NOON))

    def teardown(self) -> None:
        """Close what was opened."""
        self.engine.dispose()

    @rule(hours=st.integers(-1, 100))
    def time_passes(self, hours: int) -> None:
        """The clock goes on, or is set back; what is due then is decided."""
        self.now += timedelta(hours=hours)
        self.archive.settle(self.now)

    @rule(feed=st.sampled_from(list(FEEDS)), entries=documents, old=st.booleans())
    def keep(self, feed: str, entries: list[Entry], old: bool) -> None:  # noqa: FBT001 - drawn by name
        """A feed shows a document, a minute later."""
        self.now += timedelta(minutes=1)
        self.archive.keep(feed, entries, baseline=[old] * len(entries), seen=self.now)

    @rule(feed=st.sampled_from(list(FEEDS)), one=items)
    def page(self, feed: str, one: Entry) -> None:
        """The page of an entry is read."""
        self.archive.keep(feed, [one], baseline=[False], seen=self.now, page=True)

    @rule(one=items)
    def gone(self, one: Entry) -> None:
        """The page of an entry is gone."""
        self.archive.page_gone(one.id, self.now, 410)

    @rule(story=st.sampled_from(STORIES), many=st.integers(1, 4), fault=st.booleans())
    def judge(self, story: str, many: int, fault: bool) -> None:  # noqa: FBT001 - drawn by name
        """A story judges some of what waits for it, or fails over it."""
        reason = FAULT if fault else "why"
        for one in self.archive.pending(story, many):
            held = one.entry
            self.archive.judged(Judgement(story, held.id, held.version, True, 0.5, reason, "old judge", self.now))

    @rule()
    def forget_faults(self) -> None:
        """Another judge takes up what the old one failed over."""
        self.archive.forget_faults("new judge")

    @rule(one=items)
    def erase(self, one: Entry) -> None:
        """An entry is erased, which it rarely is."""
        if one.id == "3":
            SqlEraser(self.engine, Clock(self.now)).erase(Order(one.id, "why", "person", []), [])

    @rule(story=st.sampled_from(STORIES))
    def move(self, story: str) -> None:
        """The mark is moved as far as it goes; by itself that happens every so many sightings."""
        self.archive._move(story)

    @rule()
    def many_stories(self) -> None:
        """What one look for all stories says of each is what each says itself; the looks move marks now and then."""
        for limit in (2, 99):
            told = self.archive.fresh([*STORIES, "v"], limit)
            assert told == {story: self.archive.pending(story, limit) for story in (*STORIES, "v")}

    @rule()
    def together(self) -> None:
        """All marks are moved together; by itself that happens every so many sightings."""
        with reading(self.engine) as connection:
            marks = {row.story: row.sighting for row in connection.execute(select(mark))}
            newest = connection.execute(select(sighting.c.number).order_by(sighting.c.number.desc())).scalars().first()
        self.archive._move_all(marks, newest or 0)

    @invariant()
    def nothing_is_overlooked(self) -> None:
        """What is found from the mark on is what waits in the whole archive, in the same order."""
        for story in STORIES:
            found = [(one.entry.id, one.entry.version, one.baseline) for one in self.archive.pending(story, 99)]
            assert found == whole(self.engine, story)
            assert found[:2] == [
                (one.entry.id, one.entry.version, one.baseline) for one in self.archive.pending(story, 2)
            ]


def empty() -> Engine:
    """Return a database in memory."""
    engine = open_engine("sqlite://")
    metadata.create_all(engine)
    return engine


def test_a_look_from_the_mark_on_overlooks_nothing() -> None:
    """Whatever is kept, judged, taken back, quarantined, erased and forgotten: what waits is what always waited."""
    machine: Any = lambda: Waiting(empty())  # noqa: E731 - the library asks for a class
    run_state_machine_as_test(machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=30))


@pytest.fixture
def bench() -> Iterator[Waiting]:
    """Return an archive whose stories have judged one version of one entry, and marked how far they are."""
    made = Waiting(empty())
    made.keep("f-s", [entry("1", summary="a")], old=False)
    made.keep("f-t", [entry("1", summary="a")], old=False)
    judge_all(made)
    yield made
    made.teardown()


def judge_all(bench: Waiting) -> None:
    """Let every story judge what waits, and mark how far it is."""
    for story in STORIES:
        bench.judge(story, 9, fault=False)
        bench.move(story)


def test_what_comes_back_waits_for_every_story(bench: Waiting) -> None:
    """A version to which one feed returns waits also for a story that hears it by another, below its mark till then."""
    bench.keep("f-s", [entry("1", summary="b")], old=False)
    judge_all(bench)
    bench.keep("f-s", [entry("1", summary="a")], old=False)
    bench.nothing_is_overlooked()
    assert [len(bench.archive.pending(story, 9)) for story in STORIES] == [1, 1, 0]


def test_what_a_judge_failed_over_waits_for_the_next(bench: Waiting) -> None:
    """What another judge takes up again waits, though the marks have moved over it."""
    bench.keep("f-all", [entry("2", summary="a")], old=False)
    for story in STORIES:
        bench.judge(story, 9, fault=True)
        bench.move(story)
    bench.forget_faults()
    bench.nothing_is_overlooked()
    assert [len(bench.archive.pending(story, 9)) for story in STORIES] == [1, 1, 1]


def test_what_has_rested_waits_beyond_the_marks(bench: Waiting) -> None:
    """When a quarantine ends, the version that came in it waits, though the marks have moved over it."""
    for nth in range(6):
        bench.keep("f-s", [entry("1", summary="ba"[nth % 2])], old=False)
        judge_all(bench)
    assert len(bench.archive.quarantined()) == 1
    bench.time_passes(100)
    bench.nothing_is_overlooked()
    assert [len(bench.archive.pending(story, 9)) for story in STORIES] == [1, 1, 0]


def judged(engine: Engine, entries: Sequence[Entry]) -> None:
    """Note that story s has judged entries."""
    rows = [asdict(Judgement("s", one.id, one.version, False, 0.1, "why", "judge", NOON)) for one in entries]
    with writing(engine) as connection:
        connection.execute(insert(judgement), rows)


@pytest.mark.parametrize("many", [63, 64])
def test_marks_follow(engine: Engine, many: int) -> None:
    """Once everything is judged, the mark moves to the newest sighting as soon as it lags far enough behind."""
    archive = SqlArchive(engine)
    entries = [entry(str(number)) for number in range(many)]
    archive.keep("f", entries, baseline=[False] * many, seen=NOON)
    judged(engine, entries)
    assert archive.pending("s", 9) == ()
    with reading(engine) as connection:
        marks = connection.execute(select(mark.c.sighting)).scalars().all()
        newest = connection.execute(select(sighting.c.number).order_by(sighting.c.number.desc())).scalars().first()
    assert marks == ([newest] if many == 64 else [])


def test_a_mark_follows_a_long_first_import(engine: Engine) -> None:
    """Of 3,000 entries that wait, what was judged is not gone through again for ever: the mark follows from behind."""
    archive = SqlArchive(engine)
    entries = [entry(str(number)) for number in range(3000)]
    archive.keep("f", entries, baseline=[False] * 3000, seen=NOON)
    judged(engine, entries[:1100])
    assert archive.pending("s", 1)[0].entry == entries[1100]
    with reading(engine) as connection:
        reached = connection.execute(select(mark.c.sighting)).scalar_one()
        first = select(sighting.c.number).where(sighting.c.entry == "1100")
        assert connection.execute(first).scalar_one() == reached + 1
    assert archive.pending("s", 1)[0].entry == entries[1100]


@pytest.mark.parametrize("many", [15, 16])
def test_the_marks_of_many_stories_follow_together(engine: Engine, many: int) -> None:
    """One look for many stories moves the marks of those that have judged all, once they lag, and of no other."""
    archive = SqlArchive(engine)
    entries = [entry(str(number)) for number in range(many)]
    archive.keep("f", entries, baseline=[False] * many, seen=NOON)
    judged(engine, entries)
    assert {story: len(some) for story, some in archive.fresh(["s", "t"], 9).items()} == {"s": 0, "t": 9}
    with reading(engine) as connection:
        marks = {row.story: row.sighting for row in connection.execute(select(mark))}
    assert marks == {"s": 16 if many == 16 else 0, "t": 0}
    assert archive.fresh(["s"], 9) == {"s": ()}


def test_what_many_stories_say_alike_is_written_as_each_says_it(engine: Engine) -> None:
    """Judgements that differ in their story alone are read back one by one, the later in place of the earlier."""
    archive, one, gone = SqlArchive(engine), entry("1"), entry("2")
    archive.keep("f", [one, gone], baseline=[False] * 2, seen=NOON)
    SqlEraser(engine, Clock(NOON)).erase(Order(gone.id, "why", "person", []), [])
    first = Judgement("", one.id, one.version, False, 0.0, "nothing\0 'said'", "judge", NOON)
    stories = ["s", "\u00fc\"'", "t", "u", "v", "w"]
    archive.judged(*(replace(first, story=story, score=0.25) for story in stories[:5]), replace(first, story="w"))
    archive.judged(*(replace(first, story=story, relevant=story == "t") for story in stories))
    archive.judged(*(replace(first, story=story, entry=gone.id, version=gone.version) for story in stories))
    for story in stories:
        said = replace(first, story=story, relevant=story == "t", reason="nothing\ufffd 'said'")
        assert archive.dossier(one.id, story, 9).judgements == (said,)
    with reading(engine) as connection:
        reasons = connection.execute(select(judgement.c.reason).where(judgement.c.entry == gone.id)).scalars().all()
    assert reasons == [ERASED] * len(stories)


def test_a_story_that_is_far_behind_is_asked_by_itself(engine: Engine) -> None:
    """Of a story before which more waits than one look goes through nothing is said, of the others all."""
    archive = SqlArchive(engine)
    entries = [entry(str(number)) for number in range(NEAR + 1)]
    archive.keep("f", entries, baseline=[True] * len(entries), seen=NOON)
    judged(engine, entries)
    archive._move("s")
    archive.keep("f", [*entries, entry("news")], baseline=[True] * len(entries) + [False], seen=NOON)
    assert [(one.entry.id, one.baseline) for one in archive.fresh(["s", "t"], 9)["s"]] == [("news", False)]
    assert archive.fresh(["s", "t"], 9).keys() == {"s"}


def test_what_was_there_before_anybody_asked(engine: Engine) -> None:
    """An entry of a first import was, until another feed brings it as news; so was one seen before the story opened."""
    archive, one = SqlArchive(engine), entry("1")
    archive.keep("f-1", [one], baseline=[True], seen=NOON)
    asked = ("s", one.id, one.version)
    assert archive.was_there(*asked, NOON)
    archive.keep("f-2", [one], baseline=[False], seen=NOON)
    assert not archive.was_there(*asked, NOON)
    assert archive.was_there(*asked, NOON + timedelta(seconds=1))
    assert not archive.was_there("s", "unknown", one.version, NOON)
