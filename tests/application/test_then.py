"""Views as they stood: as of a moment, valid at a moment, and both."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.made import bridge
from tests.made.stored import Stored, stored
from tests.made.views import views_of
from tracker.application.project import catch_up, rebuild
from tracker.application.report import report, timeline
from tracker.application.stories import open_story
from tracker.application.then import views_at, views_upto
from tracker.domain.claims import Claim, Relation
from tracker.domain.events import (
    ClaimUpdated,
    Event,
    FindingReviewed,
    NewEvent,
    StoryClosed,
    StoryRenamed,
    feed_stream,
    story_stream,
)
from tracker.domain.feed_events import (
    FeedRemoved,
)
from tracker.domain.valid_time import valid_by
from tracker.errors import NotFound
from tracker.ports.seeds import Seed
from tracker.ports.views import ViewReader
from tracker.projections import ALL
from tracker.projections.sources import entries_of
from tracker.rendering.html import status_html
from tracker.rendering.json_report import status_json
from tracker.rendering.markdown import status_markdown
from tracker.rendering.text import status_text, timeline_text

EVENTS = bridge.events()
PARTITIONS = (bridge.STORY, entries_of(bridge.STORY), "post", "nine")
FAR = datetime.max.replace(tzinfo=UTC)
SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (datetime(2024, 6, day, 12, tzinfo=UTC) for day in range(2, 7))
CLAIM = Claim("S01", "A hundred instructors will be sent.")
SEED = Seed("instructors", "Instructors", "en", SUNDAY, None, None, (CLAIM,))


@pytest.fixture
def database(database_url: str) -> Iterator[Stored]:
    """Return a database, of each kind in turn, that holds the story of the bridge; its views are not made yet."""
    opened = stored(database_url, EVENTS)
    yield opened
    opened.engine.dispose()


def rows_of(views: ViewReader, *partitions: str) -> str:
    """Return what every projection holds of some partitions."""
    names = [projection.name for projection in ALL]
    rows = {f"{name} {part}": list(views.scan(name, part)) for name in names for part in partitions}
    return json.dumps(rows, sort_keys=True)


def test_looking_back_shows_what_the_views_held_then(database: Stored) -> None:
    """The views as of any position are those of a log that ended there, for the story and the feeds named."""
    for position in range(len(EVENTS) + 1):
        views = views_upto(database.log, ALL, bridge.STORY, position, feeds=("post", "nine"))
        then = views_of(database.log.read(upto=position))
        assert rows_of(views, *PARTITIONS) == rows_of(then, *PARTITIONS)
        assert views.checkpoint("ledger") == position


def test_looking_back_from_the_head_shows_the_present(database: Stored) -> None:
    """As of the newest position, the views are the stored ones."""
    catch_up(database.log, database.views, ALL)
    views = views_upto(database.log, ALL, bridge.STORY, database.log.head())
    assert rows_of(views, bridge.STORY) == rows_of(database.views, bridge.STORY)


@pytest.fixture
def believed(database_url: str) -> Iterator[Stored]:
    """Return the story of a seed of Sunday, opened on Monday, with three updates.

    One of Monday was seen on Wednesday, one of Tuesday on Tuesday, one of Wednesday on Thursday.
    """
    now = MONDAY
    opened = stored(database_url, ())
    log = type(opened.log)(opened.engine, lambda: now)
    story = open_story(log, SEED, "a person")
    for nth, (published, seen) in enumerate(((TUESDAY, TUESDAY), (MONDAY, WEDNESDAY), (WEDNESDAY, THURSDAY))):
        now = seen
        event = updated(nth, published, f"{nth + 2} hundred")
        log.append(story_stream(SEED.id), story.version + nth, (NewEvent(f"u{nth}", event, "judge", None, published),))
    catch_up(log, opened.views, ALL)
    yield Stored(opened.engine, log, opened.views)
    opened.engine.dispose()


def updated(nth: int, published: datetime, new: str) -> ClaimUpdated:
    """Return an update of the claim."""
    said = bridge.finding(Relation.UPDATES, CLAIM, f"{new}.", "another number", field="quantity", old="100", new=new)
    ref = replace(bridge.entry(nth, f"Outlet {nth}", new, published), published=published)
    return ClaimUpdated(ref, said, replace(CLAIM, text=f"{new} instructors will be sent."))


def believe(database: Stored, seen: datetime | None, said: datetime | None) -> tuple[str, list[str | None]]:
    """Return how the claim reads, and what is told as developments."""
    views = views_at(database.log, database.views, SEED.id, as_of=seen, valid_at=said)
    view = report(views, None, SEED.id, as_of=seen, valid_at=said, since=SUNDAY)
    assert [told.position for told in view.news] == [told.position for told in view.developments]
    assert view.valid_at == said
    return view.claims[0].current, [told.new for told in view.developments]


FIRST, LATE, LAST = "2 hundred", "3 hundred", "4 hundred"


@pytest.mark.parametrize(
    ("seen", "said", "current", "told"),
    [
        (None, SUNDAY, CLAIM.text, []),
        (None, MONDAY, f"{LATE} instructors will be sent.", [LATE]),
        (None, TUESDAY, f"{LATE} instructors will be sent.", [FIRST, LATE]),
        (TUESDAY, None, f"{FIRST} instructors will be sent.", [FIRST]),
        (TUESDAY, MONDAY, CLAIM.text, []),
        (WEDNESDAY, MONDAY, f"{LATE} instructors will be sent.", [LATE]),
        (WEDNESDAY, WEDNESDAY, f"{LATE} instructors will be sent.", [FIRST, LATE]),
        (FAR, FAR, f"{LAST} instructors will be sent.", [FIRST, LATE, LAST]),
        (None, None, f"{LAST} instructors will be sent.", [FIRST, LATE, LAST]),
    ],
)
def test_what_we_believed_on_one_day_about_another(
    believed: Stored, seen: datetime | None, said: datetime | None, current: str, told: list[str]
) -> None:
    """An article of Monday that was seen on Wednesday is in Monday as we know it now, and not in Tuesday's Monday."""
    assert believe(believed, seen, said) == (current, told)


def test_a_story_opened_late_can_be_asked_about_the_days_since_its_article(believed: Stored) -> None:
    """A story opened on Monday from an article of Sunday has a Sunday afternoon, and nothing before the article."""
    assert believe(believed, None, SUNDAY + timedelta(hours=3)) == (CLAIM.text, [])
    with pytest.raises(NotFound, match="begins with what was said by 2024-06-02 12:00 UTC"):
        views_at(believed.log, believed.views, SEED.id, valid_at=SUNDAY - timedelta(seconds=1))
    with pytest.raises(NotFound, match="was opened at 2024-06-03 12:00 UTC"):
        views_at(believed.log, believed.views, SEED.id, as_of=SUNDAY, valid_at=SUNDAY)


def test_no_limit_shows_the_present(believed: Stored) -> None:
    """Views valid at the end of time, and as of it, are the live ones."""
    partitions = (SEED.id, entries_of(SEED.id))
    live = rows_of(believed.views, *partitions)
    for limits in ({"valid_at": FAR}, {"as_of": FAR}, {"as_of": FAR, "valid_at": FAR}):
        assert rows_of(views_at(believed.log, believed.views, SEED.id, **limits), *partitions) == live


def test_the_head_vouches_for_all_that_was_seen(believed: Stored) -> None:
    """The head of a report valid at a moment is that of the newest event seen, whether that one counts or not."""
    views = views_at(believed.log, believed.views, SEED.id, as_of=WEDNESDAY, valid_at=SUNDAY)
    head = report(views, None, SEED.id, as_of=WEDNESDAY, valid_at=SUNDAY).head
    assert (head.position, head.hash) == (4, believed.log.seal(4))


def test_valid_views_are_those_of_the_events_that_count(database: Stored) -> None:
    """What the views hold at a valid moment is what a log of the events that count would give."""
    stream = [recorded for recorded in EVENTS if recorded.stream == bridge.STREAM]
    catch_up(database.log, database.views, ALL)
    for hours in (0, 5, 30, 71):
        said = bridge.OPENED + timedelta(hours=hours)
        counted = views_of(valid_by(stream, said))
        views = views_at(database.log, database.views, bridge.STORY, valid_at=said)
        assert timeline(views, bridge.STORY) == timeline(counted, bridge.STORY)
        assert report(views, None, bridge.STORY).claims == report(counted, None, bridge.STORY).claims


def pages(database: Stored, seen: datetime, said: datetime | None) -> str:
    """Return every form of the reports on the bridge as of a moment."""
    views = views_at(database.log, database.views, bridge.STORY, as_of=seen, valid_at=said)
    view = report(views, None, bridge.STORY, as_of=seen, valid_at=said, whole=True)
    forms = (status_text(view), status_markdown(view), status_html(view), status_json(view))
    return "".join((*forms, timeline_text(timeline(views, bridge.STORY), view.head)))


def test_reports_on_the_past_stay_as_they_were(database: Stored) -> None:
    """After more events, reviews, late arrivals, changes of feeds and a rebuild, each past report is the same bytes."""
    catch_up(database.log, database.views, ALL)
    asked = [
        (bridge.OPENED + timedelta(hours=seen), said)
        for seen in (0, 9, 41, 90)
        for said in (None, bridge.OPENED, bridge.OPENED + timedelta(hours=8))
    ]
    before = [pages(database, *moments) for moments in asked]
    go_on(database)
    assert [pages(database, *moments) for moments in asked] == before
    rebuild(database.log, database.views, ALL)
    assert [pages(database, *moments) for moments in asked] == before
    assert len(set(before)) > 6


def go_on(database: Stored) -> None:
    """Record a fortnight more: an old article, reviews of old findings, another title, the end of a feed, the end."""
    at = bridge.OPENED + timedelta(days=20)
    late = bridge.entry(40, "City Herald", "Fifteen hurt", bridge.OPENED + timedelta(hours=1))
    words = bridge.finding(Relation.UPDATES, bridge.HURT, "Fifteen.", "more", field="quantity", old="11", new="15")
    told: list[tuple[str, Event]] = [
        (bridge.STREAM, ClaimUpdated(late, words, bridge.HURT_NOW)),
        (bridge.STREAM, FindingReviewed(11, "rejected")),
        (bridge.STREAM, FindingReviewed(14, "confirmed")),
        (bridge.STREAM, StoryRenamed(bridge.STORY, "The bridge")),
        (feed_stream("nine"), FeedRemoved("nine")),
        (bridge.STREAM, StoryClosed(bridge.STORY)),
    ]
    log = type(database.log)(database.engine, lambda: at)
    for nth, (stream, event) in enumerate(told):
        version = max(recorded.version for recorded in log.read(stream=stream))
        published = late.published if isinstance(event, ClaimUpdated) else None
        log.append(stream, version, (NewEvent(f"more-{nth}", event, "judge", None, published),))
    catch_up(log, database.views, ALL)
