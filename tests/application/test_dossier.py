"""An entry as a story knows it, on a real database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.made import toll
from tests.made.stored import stored
from tracker.application.dossier import EVENTS, EntryStory, entry_story
from tracker.application.erase import erase
from tracker.application.project import catch_up
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.events import EntryLinked, NewEvent
from tracker.domain.feed_events import FeedAdded
from tracker.errors import NotFound
from tracker.ports.archive import Judgement
from tracker.projections import ALL
from tracker.rendering.word_diff import Piece


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    stored(sqlite_url, toll.events()).engine.dispose()
    with closing(App(Settings(database=Database(url=sqlite_url)))) as made:
        toll.keep(made.archive)
        added = FeedAdded("coast", "https://coast.example/rss", "The coast", None)
        made.log.append("feed-coast", 0, [NewEvent("added", added, "person")])
        yield made


def shown(app: App, entry: str, hours: float | None = None) -> EntryStory:
    """Return an entry of the ferry's story, as it was known so many hours after the opening."""
    catch_up(app.log, app.views, ALL)
    moment = None if hours is None else toll.OPENED + timedelta(hours=hours)
    found = entry_story(app.archive, app.views, toll.STORY, entry, moment)
    assert found is not None
    return found


def test_an_entry_with_its_edits(app: App) -> None:
    """An entry has its versions, newest first, each with what changed and what was judged of it, and its feeds."""
    found = shown(app, "e1")
    assert [edit.version.title for edit in found.edits] == ["Ferry toll at 11", "Ferry toll at 9"]
    assert [(name, [piece for piece in pieces if piece.kind != "same"]) for name, pieces in found.edits[0].changes] == [
        ("headline", [Piece("gone", "9"), Piece("new", "11")]),
        ("summary", [Piece("gone", "Nine"), Piece("new", "Eleven")]),
    ]
    assert found.edits[1].changes == ()
    assert [edit.judgement is not None for edit in found.edits] == [True, True]
    assert found.newest == found.edits[0].version
    assert found.feeds == {"coast": "The coast"}
    assert [(one.kind, one.position) for one in found.events] == [("revised", 7), ("update", 5)]
    assert (found.source, found.more) == ("Coast Post", 0)


def test_a_source_that_is_relayed_is_named(app: App) -> None:
    """Who stands behind the words is told apart from who published them, also of an entry that brought nothing."""
    assert shown(app, "e2").source == "Coast News"
    silent = replace(toll.ARTICLES[2], id="e20", title="Ferry: a history")
    app.archive.keep("elsewhere", [silent], baseline=[False], seen=silent.seen)
    reason = "it is about other ferries"
    app.archive.judged(Judgement(toll.STORY, "e20", silent.version, False, 0.1, reason, "judge 1", silent.seen))
    found = shown(app, "e20")
    assert (found.source, found.events, found.feeds) == ("Coast News", (), {"elsewhere": "elsewhere"})
    assert found.edits[0].judgement is not None
    assert found.edits[0].judgement.reason == reason


def test_an_entry_as_it_was_known_then(app: App) -> None:
    """As of a moment an entry has what had been seen and judged by then; before it came it is not there."""
    app.archive.page_gone("e1", toll.OPENED + timedelta(hours=60), 410)
    early, late = shown(app, "e1", 4), shown(app, "e1", 61)
    assert [edit.version.title for edit in early.edits] == ["Ferry toll at 9"]
    assert (early.held.removal, late.held.removal is None) == (None, False)
    with pytest.raises(NotFound, match="has no entry e1 yet at that moment"):
        shown(app, "e1", 1)


def test_of_many_events_the_newest_are_listed(app: App) -> None:
    """Of an entry on which very many events rest the newest are listed, and the others counted."""
    version = max(one.version for one in app.log.read(stream=toll.STREAM))
    linked = EntryLinked(toll.ref(9), 0.9, "the same words", "e1", (), "e1")
    app.log.append(toll.STREAM, version, [NewEvent(f"again-{nth}", linked, "judge 1") for nth in range(EVENTS + 4)])
    found = shown(app, "e9")
    assert len(found.events) == EVENTS
    assert found.more == 5
    assert found.events[0].position > found.events[-1].position


def test_an_erased_entry_is_told_as_such(app: App) -> None:
    """Of an erased entry there is nothing to show, as of whatever moment."""
    erase(app.log, app.archive, app.eraser, "e1", reason="a court's order", actor="person")
    catch_up(app.log, app.views, ALL)
    for moment in (None, toll.OPENED + timedelta(hours=4)):
        assert entry_story(app.archive, app.views, toll.STORY, "e1", moment) is None


@pytest.mark.parametrize(("story", "words"), [("ferry", "no story ferry"), (toll.STORY, "has no entry e77$")])
def test_what_there_is_not(app: App, story: str, words: str) -> None:
    """An unknown story, and an entry that the story has not read, are refused."""
    catch_up(app.log, app.views, ALL)
    with pytest.raises(NotFound, match=words):
        entry_story(app.archive, app.views, story, "e77")
