"""One development with all that explains it, on a real database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.made import toll
from tests.made.stored import stored
from tracker.application.development import Development, Elsewhere, development
from tracker.application.project import catch_up
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.claims import Relation
from tracker.domain.events import (
    EntryRemoved,
    EntryRestored,
    FindingReviewed,
    NewEvent,
    StoryOpened,
    story_stream,
)
from tracker.domain.feed_events import FeedAdded
from tracker.errors import NotFound
from tracker.projections import ALL
from tracker.rendering.word_diff import Piece


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    url = f"sqlite:///{tmp_path_factory.mktemp('toll') / 'tracker.db'}"
    stored(url, toll.events()).engine.dispose()
    with closing(App(Settings(database=Database(url=url)))) as made:
        toll.keep(made.archive)
        add(made, "removed", EntryRemoved(toll.ref(1), "its page is gone (HTTP 410)", ("S01", "S02")))
        add(made, "restored", EntryRestored(toll.ref(1), ("S01",)))
        add(made, "relabelled", FindingReviewed(15, "relabelled", Relation.DENIES, "S01"))
        yield made


def add(app: App, identity: str, event: EntryRemoved | EntryRestored | FindingReviewed) -> None:
    """Append an event to the story, the clock being at its end."""
    version = max(one.version for one in app.log.read(stream=toll.STREAM))
    app.log.append(toll.STREAM, version, [NewEvent(identity, event, "person:Ada")])


def shown(app: App, position: int) -> Development:
    """Return a development of the ferry's story."""
    catch_up(app.log, app.views, ALL)
    return development(app.log, app.views, app.archive, toll.STORY, position)


def test_an_update_stands_with_all_behind_it(app: App) -> None:
    """A finding has its sentence in its context, its claim before and after as known then, and as it stands now."""
    found = shown(app, 8)
    assert [(one.text, one.quoted) for one in found.context] == [
        ("Dozens feared dead", False), ("At least 40 people died, a minister said.", True),
    ]  # fmt: skip
    (diff,) = found.claims
    assert diff.before is not None
    assert diff.after is not None
    assert found.now is not None
    assert [diff.before.current, diff.after.current, found.now.current] == [
        "Nine people died when the ferry capsized.", "At least 40 people died when the ferry capsized.",
        "62 people died when the ferry capsized.",
    ]  # fmt: skip
    assert (diff.before.sources, diff.after.sources) == (("Coast Post",), ("Coast News",))
    assert (found.review, found.of, found.twin, found.edit, found.later) == (None, None, None, (), ())


def test_what_a_person_rejected_names_the_review(app: App) -> None:
    """A finding that a person decided on leads to that word, which leads back to it; what was known then stays."""
    rejected = shown(app, 9)
    assert rejected.told.verdict == "rejected"
    assert rejected.review is not None
    assert rejected.claims[0].after is not None
    assert rejected.claims[0].after.current == "Some 55 people died when the ferry capsized."
    review = shown(app, rejected.review.position)
    assert review.of is not None
    assert review.of.position == 9
    assert shown(app, 15).told.verdict == "relabelled"


def test_what_became_of_the_entry_is_told(app: App) -> None:
    """A development of an entry that was edited, taken away and put back since says so, the newest first."""
    assert [one.kind for one in shown(app, 5).later] == ["restored", "removed", "revised"]
    assert [one.kind for one in shown(app, 7).later] == ["restored", "removed"]


def test_an_edit_shows_its_words(app: App) -> None:
    """An edit is told word by word, and moves no claim."""
    found = shown(app, 7)
    assert [piece for piece in found.edit if piece.kind in {"gone", "new"}] == [
        Piece("gone", "Nine"), Piece("new", "Eleven"),
    ]  # fmt: skip
    assert (found.claims, found.now, found.context) == ((), None, ())


def test_a_removal_shows_every_claim_that_it_bears_on(app: App) -> None:
    """An event that bears on several claims shows each before and after it."""
    removed = next(one.position for one in app.log.read() if isinstance(one.event, EntryRemoved))
    first, second = shown(app, removed).claims
    assert [first.id, second.id] == ["S01", "S02"]
    assert first.before is not None
    assert first.after is not None
    assert (first.before.removed, first.after.removed) == ((), ("Coast Post",))


def test_a_repeat_names_its_twin(app: App) -> None:
    """An entry that repeats another leads to that one; it does nothing to a claim."""
    found = shown(app, 6)
    assert (found.told.kind, found.twin, found.claims) == ("repeat", "e1", ())


def test_a_sentence_that_is_held_no_more_has_no_context(app: App) -> None:
    """Where the archive does not have the version, the sentence stands alone."""
    lost = replace(toll.ref(4), version="v-lost")
    event = toll.told()[5][1]
    assert event.entry == toll.ref(4)  # type: ignore[union-attr]
    version = max(one.version for one in app.log.read(stream=toll.STREAM))
    (recorded,) = app.log.append(toll.STREAM, version, [NewEvent("lost", replace(event, entry=lost), "judge 1")])  # type: ignore[arg-type]
    assert shown(app, recorded.position).context == ()


def test_an_event_of_no_development_is_elsewhere(app: App) -> None:
    """A position of another story is named with that story; the opening tells nothing; beyond the log is nothing."""
    opened = StoryOpened("other", "Other", "en", None, None, toll.OPENED + timedelta(days=9))
    (other,) = app.log.append(story_stream("other"), 0, [NewEvent("other", opened, "person")])
    (feed,) = app.log.append(
        "feed-f", 0, [NewEvent("feed", FeedAdded("f", "https://f.example/rss", None, None), "person")]
    )
    for position, owner, words in (
        (other.position, "other", "belongs to the story other"),
        (feed.position, None, "is of no story"),
        (1, None, "tells nothing"),
    ):
        with pytest.raises(Elsewhere, match=words) as raised:
            shown(app, position)
        assert raised.value.story == owner
    with pytest.raises(NotFound, match="no event at position 999; the log ends at"):
        shown(app, 999)
