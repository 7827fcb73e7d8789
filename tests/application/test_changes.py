"""What publishers do to entries later: removals are recorded once, for the stories that rely on them, and told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from sqlalchemy import delete

from tracker.adapters.sql.engine import writing
from tracker.adapters.sql.tables import told
from tracker.application.changes import record_removals
from tracker.application.cycle import due, gather, work
from tracker.application.judge_entries import judge_pending
from tracker.application.newsroom import Newsroom
from tracker.application.replay import SimulatedClock
from tracker.application.stories import close_story, open_story
from tracker.application.subscribe import subscribe, subscription_to
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.claims import Claim, Status
from tracker.domain.entry import Entry
from tracker.domain.events import EntryLinked, EntryRemoved, EntryRestored, EntryRevised, FindingEvent, story_stream
from tracker.ports.jobs import Job
from tracker.ports.seeds import Seed
from tracker.projections.developments import Developments, developments_of
from tracker.projections.ledger import Ledger

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
STREAM = story_stream("bridge")
SEED = Seed(
    "bridge", "Bridge over the Lea", "en", NOON, None, None,
    (Claim("C1", "The council plans to build a bridge over the river Lea.", "the council", Status.PLANNED),),
)  # fmt: skip
STARTED = Entry(
    "e-1", "Council starts to build the bridge over the Lea", "Work on the bridge over the river Lea has begun.",
    seen=NOON + timedelta(hours=1), published=NOON + timedelta(hours=1), publisher="Hackney Post", language="en",
    url="https://post.example/bridge",
)  # fmt: skip
BESIDE = [
    replace(
        STARTED, id=f"o-{n}", title=f"Match {n} ends", summary="Rovers beat United.", url=f"https://post.example/{n}"
    )
    for n in range(2)
]
GONE = "its page is gone (HTTP 404)"


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    made = App(Settings(database=Database(url=sqlite_url)), SimulatedClock(NOON))
    open_story(made.log, SEED, "test")
    subscribe(made.log, subscription_to(email="a@example.org", webhook=None, story=None, secret=None), "test")
    yield made
    made.close()


@pytest.fixture
def room(app: App) -> Newsroom:
    return app.newsroom()


def show(room: Newsroom, hours: int, *entries: Entry) -> None:
    """Take in a document of so many hours after noon."""
    room.archive.keep("f", entries, baseline=[False] * len(entries), seen=NOON + timedelta(hours=hours))


def removals(room: Newsroom) -> list[EntryRemoved]:
    return [one.event for one in room.log.read(stream=STREAM) if isinstance(one.event, EntryRemoved)]


def test_a_removal_is_recorded_once_and_told(room: Newsroom) -> None:
    """An entry on which a claim rests is gone: one event, with the claims, and one notice, however often one looks."""
    show(room, 0, *BESIDE, STARTED)
    gather(room)
    owed = len(room.outbox.search())
    room.archive.page_gone("e-1", NOON + timedelta(hours=2), 404)
    for _ in range(3):
        gather(room)
    (removal,) = removals(room)
    assert (removal.entry.id, removal.reason, removal.claims) == ("e-1", GONE, ("C1",))
    assert len(room.outbox.search()) == owed + 1


def test_what_a_feed_shows_no_more_is_recorded(room: Newsroom) -> None:
    """The same where nobody reads pages: the feed drops the entry and goes on showing older ones."""
    show(room, 0, *BESIDE, STARTED)
    gather(room)
    late = replace(BESIDE[0], id="late", url="https://post.example/late", title="Match 9 ends")
    for hours, more in ((1, ()), (2, (late,))):
        show(room, hours, *BESIDE, *more)
        gather(room)
    assert [one.reason for one in removals(room)] == ["its feed shows it no more, though it shows older entries"]


def test_only_who_relies_on_it_is_told(app: App, room: Newsroom) -> None:
    """A story that judged the entry not to belong, one that is closed, and an entry of no story leave no event."""
    open_story(app.log, replace(SEED, id="shut"), "test")
    show(room, 0, *BESIDE, STARTED)
    gather(room)
    close_story(app.log, "shut", "test")
    room.archive.page_gone("o-1", NOON, 410)
    gather(room)
    assert removals(room) == []
    room.archive.page_gone("e-1", NOON, 404)
    gather(room)
    assert len(removals(room)) == 1
    assert not [one for one in app.log.read(stream=story_stream("shut")) if isinstance(one.event, EntryRemoved)]


def test_an_entry_that_was_gone_before_it_was_judged(room: Newsroom) -> None:
    """A story that comes to judge an entry after its removal records both, in one append."""
    show(room, 0, STARTED)
    room.archive.page_gone("e-1", NOON, 404)
    (judged,) = judge_pending(room)
    assert [type(one.event) for one in judged.recorded][-1] is EntryRemoved
    assert record_removals(room, "bridge") == ()
    assert [one.claims for one in removals(room)] == [("C1",)]
    assert not room.archive.waiting("bridge")


def test_a_crash_after_the_append_records_nothing_twice(app: App, room: Newsroom) -> None:
    """A removal that is in the log, but was not noted as told, is noted at the next look and recorded no more."""
    show(room, 0, STARTED)
    list(judge_pending(room))
    room.archive.page_gone("e-1", NOON, 404)
    assert len(record_removals(room, "bridge")) == 1
    with writing(app.engine) as connection:
        connection.execute(delete(told))
    assert room.archive.waiting("bridge")
    assert record_removals(room, "bridge") == ()
    assert not room.archive.waiting("bridge")
    assert len(removals(room)) == 1


def test_what_is_put_back_is_heard_again(room: Newsroom) -> None:
    """That an entry is back is told, and nothing of what it says again; taken away again, that is told again."""
    for nth in range(2):
        room.archive.keep("f", [STARTED], baseline=[False], seen=NOON + timedelta(hours=nth), page=nth > 0)
        gather(room)
        room.archive.page_gone("e-1", NOON + timedelta(hours=nth), 404)
        gather(room)
    events = [one.event for one in room.log.read(stream=STREAM)]
    kinds = EntryRemoved | EntryRestored | EntryLinked | FindingEvent
    first, *said = [type(event) for event in events if isinstance(event, kinds)]
    assert first in get_args(FindingEvent)
    assert said == [EntryRemoved, EntryRestored, EntryRemoved]
    assert len(room.outbox.search()) == 4


def test_readers_see_what_was_taken_away(app: App, room: Newsroom) -> None:
    """The removal is a development of its story, and each claim names who took away what they said of it."""
    show(room, 0, STARTED)
    gather(room)
    room.archive.page_gone("e-1", NOON, 404)
    gather(room)
    rows = list(app.views.scan(Developments.name, developments_of("bridge")))
    assert [(row["kind"], row["headline"], row["reason"]) for row in rows][-1] == ("removed", STARTED.title, GONE)
    (claim,) = (row for row in app.views.scan(Ledger.name, "bridge") if row["id"] == "C1")
    assert claim["removed"] == ["Hackney Post"]
    room.archive.keep("f", [STARTED], baseline=[False], seen=NOON + timedelta(hours=1), page=True)
    gather(room)
    rows = list(app.views.scan(Developments.name, developments_of("bridge")))
    assert [row["kind"] for row in rows][-2:] == ["removed", "restored"]
    (claim,) = (row for row in app.views.scan(Ledger.name, "bridge") if row["id"] == "C1")
    assert claim["removed"] == []


def test_what_is_put_back_in_other_words_is_both(room: Newsroom) -> None:
    """An entry that comes back after its removal without what the story knew of it: it is back, and it was edited."""
    show(room, 0, STARTED)
    gather(room)
    room.archive.page_gone("e-1", NOON, 404)
    gather(room)
    other = replace(STARTED, title="Match 1 ends", summary="Nobody scored.")
    room.archive.keep("f", [other], baseline=[False], seen=NOON + timedelta(hours=1), page=True)
    gather(room)
    events = [type(one.event) for one in room.log.read(stream=STREAM)]
    assert events[-2:] == [EntryRestored, EntryRevised]


def test_workers_find_a_removal(room: Newsroom) -> None:
    """Where jobs are handed out, a removal that a story was not told of is one for its judge."""
    show(room, 0, STARTED)
    gather(room)
    assert Job("judge", "bridge") not in list(due(room))
    room.archive.page_gone("e-1", NOON, 404)
    assert Job("judge", "bridge") in list(due(room))
    done = work(room, {}, Job("judge", "bridge"))
    assert Job("project") in done.jobs
    assert len(removals(room)) == 1
    assert work(room, {}, Job("judge", "bridge")).jobs == ()
