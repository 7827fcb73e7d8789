"""Erasing an entry's words, on real databases of both kinds."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from tests.adapters.sql.made import NOON, Clock, entry, later
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.eraser import SqlEraser
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.read_models import SqlViews
from tracker.adapters.sql.tables import erasure, metadata
from tracker.application.erase import Erased, erase
from tracker.application.project import catch_up
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import Entry, refer
from tracker.domain.erasure import ERASED
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimTracked,
    ClaimUpdated,
    EntryErased,
    EntryLinked,
    Event,
    Finding,
    NewEvent,
    StoryClosed,
    StoryOpened,
    story_stream,
)
from tracker.domain.story import Story, fold
from tracker.errors import Conflict, NotFound, UsageError
from tracker.ports.archive import Judgement
from tracker.ports.erasure import Cut, Order
from tracker.ports.feeds import FeedState
from tracker.projections import ALL

SECRET = "Quillworth"  # a word that only the erased entry has
HEADLINE = f"Inspector {SECRET} knew of the cracks in the railing"
SAID = f"It will cost {SECRET} 3 million euros."
FIRST = entry(
    "e-1", title=HEADLINE, summary=SAID, text=f"A long text by {SECRET}.", url=f"https://news.example/{SECRET}"
)
EDITED = replace(FIRST, summary=f"The inspector, {SECRET}, denies it.")
OTHER = entry("e-2", title="A second report", summary="It will cost 4 million euros.")
BRIDGE, FERRY, QUIET, CLOSED = map(story_stream, ("bridge", "ferry", "quiet", "closed"))


@dataclass
class World:
    """A database in which stories rest on the entry, one awaits it, and one has nothing to do with it."""

    engine: Engine
    clock: Clock

    def __post_init__(self) -> None:
        self.log = SqlEventLog(self.engine, self.clock)
        self.archive = SqlArchive(self.engine)
        self.eraser = SqlEraser(self.engine, self.clock)
        self.views = SqlViews(self.engine)
        self.auditor = SqlAuditor(self.engine)

    def say(self, stream: str, *events: Event) -> None:
        """Append events to a stream."""
        version = max((recorded.version for recorded in self.log.read(stream=stream)), default=0)
        new = [NewEvent(f"{stream}-{version + nth}", event, "judge", "e-1") for nth, event in enumerate(events, 1)]
        self.log.append(stream, version, new)

    def erase(self, identity: str = "e-1") -> Erased:
        """Erase an entry as the command does."""
        done = erase(self.log, self.archive, self.eraser, identity, reason="a court's\norder", actor="person")
        catch_up(self.log, self.views, ALL)
        return done

    def story(self, stream: str) -> Story:
        """Return a story as the log tells it."""
        found = fold(self.log.read(stream=stream))
        assert found is not None
        return found

    def words(self) -> str:
        """Return whatever any row of any table holds, as text."""
        with reading(self.engine) as connection:
            rows = (row for table in metadata.sorted_tables for row in connection.execute(select(table)))
            return "\n".join(sorted(repr(tuple(row)) for row in rows))

    def keep(self, *entries: Entry, feed: str = "f-bridge") -> int:
        """Take entries in from a feed."""
        return self.archive.keep(feed, entries, baseline=[False] * len(entries), seen=self.clock.now)

    def judged(self, story: str, one: Entry, reason: str) -> None:
        """Note a judgement."""
        self.archive.judged(Judgement(story, one.id, one.version, True, 0.9, reason, "judge", NOON))


def found(claim: str, relation: Relation, sentence: str, reason: str) -> Finding:
    return Finding(
        claim, relation, "quantity", "2 million", "3 million", 0.9, sentence, reason, news=True, happening="x"
    )


def opening(stream: str) -> StoryOpened:
    return StoryOpened(stream.removeprefix("story-"), "The old bridge", "en", None, None, None)


@pytest.fixture
def world(engine: Engine) -> World:
    made = World(engine, Clock())
    book = SqlFeedBook(engine)
    for name, story in (("bridge", "bridge"), ("ferry", "ferry"), ("all", None)):
        book.save(FeedState(f"f-{name}", f"https://{name}.example/", None, story, NOON, NOON))
    ours, theirs = refer(FIRST, "The Paper"), refer(OTHER, "The Post")
    born = Claim("N01", SAID, SECRET, Status.PLANNED)
    update = found("N01", Relation.UPDATES, "It will cost 4 million euros.", "quantity moved")
    made.say(
        BRIDGE,
        opening(BRIDGE),
        ClaimTracked(Claim("S01", "The bridge is closed."), "seed"),
        ClaimTracked(born, "entry", ours, replace(found("N01", Relation.NEW, SAID, SAID), field=None, new=SAID)),
        ClaimCorroborated(ours, found("S01", Relation.CORROBORATES, SAID, f"same; '{SAID}'")),
        ClaimUpdated(theirs, update, replace(born, text=SAID.replace("3", "4"))),
        EntryLinked(refer(OTHER, "The Post"), 0.9, f"tells again what '{HEADLINE}' told", None, (), "x"),
    )
    made.say(FERRY, opening(FERRY))
    made.say(QUIET, opening(QUIET))
    made.say(CLOSED, opening(CLOSED), EntryLinked(ours, 0.9, "background", None, (), "x"), StoryClosed("closed"))
    made.keep(FIRST, OTHER)
    made.keep(EDITED)
    made.keep(FIRST, feed="f-ferry")
    made.judged("bridge", FIRST, f"new: '{SAID}'")
    made.judged("bridge", EDITED, "an edit")
    made.judged("bridge", OTHER, f"it has the same headline as '{HEADLINE}'")
    catch_up(made.log, made.views, ALL)
    return made


def test_no_row_holds_a_word_of_it(world: World) -> None:
    """After an erasure no table holds a word of the entry: log, archive, judgements, views; others' words stay."""
    assert world.words().count(SECRET) > 10
    assert world.erase() == Erased(events=5, stories=3)
    assert SECRET not in world.words()
    assert "A second report" in world.words()


def test_what_was_read_stays(world: World) -> None:
    """Claims stand as before, from the same sources; the claim that the entry brought has its values and no words."""
    before = world.story(BRIDGE)
    world.erase()
    after = world.story(BRIDGE)
    assert list(after.claims) == ["S01", "N01"]
    for name, claim in after.claims.items():
        assert (claim.sources, claim.standing) == (before.claims[name].sources, before.claims[name].standing)
    assert after.claims["S01"].current == before.claims["S01"].current
    assert (after.claims["N01"].current.text, after.claims["N01"].current.status) == (ERASED, Status.PLANNED)


def test_the_proof_holds(world: World) -> None:
    """Verify passes after an erasure and counts what was redacted; the head of before is still in the log."""
    before = world.auditor.verify()
    world.erase()
    after = world.auditor.verify(head=before.head)
    assert (after.faults, after.erased, after.events) == ((), 5, before.events + 3)


def test_a_changed_remainder_is_found(world: World) -> None:
    """Whoever rewrites what an erasure left, past all guards, is found by verify."""
    world.erase()
    with writing(world.engine) as connection:
        where = "WHERE position = 4"
        connection.execute(text(f"UPDATE event SET data = replace(data, 'quantity', 'date') {where}"))
    assert "position 4: its data is not what an erasure left" in world.auditor.verify().faults


def test_it_is_told_in_every_stream_concerned(world: World) -> None:
    """Stories that rest on the entry and those that are to judge it are told, with the reason; no other is."""
    world.erase()
    told = {one.stream: one.event for one in world.log.read() if isinstance(one.event, EntryErased)}
    assert set(told) == {BRIDGE, FERRY, CLOSED}
    assert {event.reason for event in told.values()} == {"a court's order"}
    assert [len(told[stream].redacted) for stream in (BRIDGE, FERRY, CLOSED)] == [4, 0, 1]


def test_it_is_never_taken_in_again(world: World) -> None:
    """Neither the entry, nor a later edit, nor the same article from another feed comes back, nor is it pending."""
    world.erase()
    world.clock.now = later(hours=3)
    again = replace(FIRST, summary="Edited again", seen=later(hours=3))
    twin = replace(FIRST, id="e-9", url=f"http://www.news.example/{SECRET}?utm_source=x", summary="Cut short")
    for feed in ("f-bridge", "f-all"):
        assert world.keep(FIRST, EDITED, again, twin, feed=feed) == 0
    assert SECRET not in world.words()
    for story in ("bridge", "ferry", "quiet"):
        assert "e-1" not in [pending.entry.id for pending in world.archive.pending(story, 9)]
    assert world.keep(entry("e-3")) == 1, "others are taken in"


def test_who_judged_meanwhile_comes_too_late(world: World) -> None:
    """A worker that judged the entry while it was erased is refused its append, and its reason is not kept."""
    version = world.story(FERRY).version
    world.erase()
    late = NewEvent("late", EntryLinked(refer(FIRST, "The Paper"), 0.9, SAID, None, (), "x"), "judge")
    with pytest.raises(Conflict):
        world.log.append(FERRY, version, (late,))
    assert world.story(FERRY).knows("e-1", "whatever version")
    world.judged("ferry", FIRST, f"new: '{SAID}'")
    catch_up(world.log, world.views, ALL)
    assert SECRET not in world.words()


def test_erasing_again_does_nothing(world: World) -> None:
    """A second erasure records nothing, and the moment of the first one stays."""
    world.erase()
    head, words = world.log.head(), world.words()
    world.clock.now = later(hours=1)
    assert world.erase() == Erased(events=0, stories=0)
    assert (world.log.head(), world.words()) == (head, words)


def test_what_came_in_spite_of_it_is_erased_by_another_run(world: World) -> None:
    """Should words of the entry be appended after its erasure, erasing again redacts them, and verify passes."""
    world.erase()
    world.say(QUIET, EntryLinked(refer(FIRST, "The Paper"), 0.9, SAID, None, (), "x"))
    assert world.erase() == Erased(events=1, stories=1)
    assert SECRET not in world.words()
    assert world.auditor.verify().faults == ()


def test_two_erasures_that_meet_in_one_event(world: World) -> None:
    """An event that quoted one erased entry and rests on another loses both words, and its last state is proven."""
    world.erase("e-1")
    assert world.erase("e-2") == Erased(events=2, stories=1)
    assert "A second report" not in world.words()
    assert world.auditor.verify().faults == ()


def test_all_or_nothing(world: World) -> None:
    """When one of the streams has moved on nothing is erased anywhere."""
    before = world.words()
    left = {4: EntryLinked(refer(OTHER, "x"), 0.9, ERASED, None, (), "x")}
    with pytest.raises(Conflict):
        world.eraser.erase(Order("e-1", "why", "person", [SAID]), [Cut(FERRY, 1, {}), Cut(BRIDGE, 3, left)])
    assert world.words() == before


def test_an_entry_of_no_story(world: World) -> None:
    """What only the archive holds is blanked and refused; no stream needs to be told."""
    world.keep(entry("e-7"), feed="f-all")
    for story in ("bridge", "ferry", "quiet"):
        world.judged(story, entry("e-7"), "no word in common")
    head = world.log.head()
    assert world.erase("e-7") == Erased(events=0, stories=0)
    assert world.log.head() == head
    kept = world.archive.entry("e-7")
    assert kept is not None
    assert (kept.title, kept.published) == (ERASED, NOON - timedelta(minutes=30))
    with reading(world.engine) as connection:
        assert connection.execute(select(erasure.c.entry)).scalars().all() == ["e-7"]


def test_what_cannot_be_erased(world: World) -> None:
    """An unknown entry is not found, and an erasure without a reason is refused; both change nothing."""
    before = world.words()
    with pytest.raises(NotFound, match="no entry e-0"):
        world.erase("e-0")
    with pytest.raises(UsageError, match="reason"):
        erase(world.log, world.archive, world.eraser, "e-1", reason=" \n", actor="person")
    assert world.words() == before


def test_views_made_anew_are_those_that_followed(world: World) -> None:
    """Views that follow an erasure are the views that a new database would get from what is left of the log."""
    world.erase()
    fresh = open_engine("sqlite://")
    metadata.create_all(fresh)
    anew = SqlViews(fresh)
    catch_up(world.log, anew, ALL)
    for projection in ALL:
        for partition in anew.partitions(projection.name):
            rows = list(anew.scan(projection.name, partition))
            assert rows == list(world.views.scan(projection.name, partition))
    fresh.dispose()


def in_files(database_url: str) -> bool:
    """Tell whether the bytes of a SQLite database or of a file beside it hold the secret."""
    path = Path(database_url.removeprefix("sqlite:///"))
    return any(SECRET.encode() in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_bytes_are_gone(world: World, database_url: str) -> None:
    """Once scrubbed, neither the SQLite file nor its write-ahead log holds the words, though the database is open."""
    assert in_files(database_url)
    world.erase()
    assert world.eraser.scrub()
    assert not in_files(database_url)
    assert world.auditor.verify().faults == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reader_in_the_way_is_told(world: World, database_url: str) -> None:
    """While somebody reads, the write-ahead log cannot be emptied: scrub says so, and does it later."""
    world.erase()
    other = open_engine(database_url)
    with reading(other) as connection:
        connection.execute(text("SELECT count(*) FROM event"))
        with world.engine.connect() as impatient:
            impatient.exec_driver_sql("PRAGMA busy_timeout=0")
        assert not world.eraser.scrub()
    assert world.eraser.scrub()
    other.dispose()


def test_scrubbing_leaves_everything_in_its_place(world: World) -> None:
    """To write the files anew changes no row."""
    before = world.words()
    assert world.eraser.scrub()
    assert world.words() == before
