"""Reports, looks, comparisons and explanations."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.made import bridge
from tests.made.stored import Stored, stored
from tests.made.streams import Recorder
from tests.made.views import views_of
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.application.compare import compare
from tracker.application.explain import explain
from tracker.application.look import last_look, looked
from tracker.application.news import Look
from tracker.application.project import catch_up, rebuild
from tracker.application.report import head_of, heads, report, timeline
from tracker.application.then import views_upto
from tracker.domain.events import FindingReviewed, StoryOpened
from tracker.domain.feed_events import (
    FeedGone,
    FeedSilent,
)
from tracker.errors import Conflict, NotFound
from tracker.ports.feeds import FeedState
from tracker.projections import ALL
from tracker.projections.memory import MemoryViews
from tracker.projections.projection import Key, Row
from tracker.rendering.html import status_html
from tracker.rendering.json_report import status_json
from tracker.rendering.markdown import status_markdown
from tracker.rendering.text import status_text
from tracker.rendering.view import Group

EVENTS = bridge.events()
VIEWS = views_of(EVENTS)


def book_of(database: Stored, *states: FeedState) -> SqlFeedBook:
    """Return the book of sources, with these in it."""
    book = SqlFeedBook(database.engine)
    book.save(*states)
    return book


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Stored]:
    """Return a database file that holds the story of the bridge, with its views."""
    opened = stored(sqlite_url, EVENTS)
    catch_up(opened.log, opened.views, ALL)
    yield opened
    opened.engine.dispose()


def test_claims_are_filed_by_how_they_stand() -> None:
    """Every claim is in one of four groups: known, disputed, open with one source only, withdrawn."""
    view = report(VIEWS, None, bridge.STORY)
    filed = {str(group): [claim.id for claim in view.filed(group)] for group in Group}
    assert filed == {"known": ["S01"], "disputed": ["S02"], "open": ["S03", "N-7c1"], "withdrawn": ["S04"]}
    assert {name: view.counts[name] for name in filed} == {name: len(ids) for name, ids in filed.items()}


def test_a_claim_shows_its_history_and_its_wording_then_and_now() -> None:
    """A claim that was updated holds both wordings and every finding of it, oldest first."""
    claim = next(claim for claim in report(VIEWS, None, bridge.STORY, whole=True).claims if claim.id == "S01")
    assert (claim.text, claim.current) == (bridge.HURT.text, bridge.HURT_NOW.text)
    assert [told.kind for told in claim.history] == ["tracked", "confirms", "update", "confirms"]
    assert claim.sources == ("Channel Nine", "City Herald")


def test_without_a_moment_news_is_of_the_last_day() -> None:
    """Where no moment is asked for, what is new is what came in the 24 hours before the report."""
    view = report(VIEWS, None, bridge.STORY)
    assert view.since is None
    assert [told.kind for told in view.news] == ["withdrawn", "confirms", "review"]


def test_since_a_time_means_what_was_decided_after_it() -> None:
    """News since a time is what came to stand as it does after that time, not at it."""
    at = next(told.seen for told in timeline(VIEWS, bridge.STORY) if told.claim == "N-7c1")
    before = report(VIEWS, None, bridge.STORY, since=at - timedelta(microseconds=1))
    assert before.news[0].claim == "N-7c1"
    assert report(VIEWS, None, bridge.STORY, since=at).news == before.news[1:]


def test_since_a_look_is_exact_to_the_event() -> None:
    """Two events of one instant are told apart by a look that fell between them."""
    log = Recorder()
    log.record(bridge.STREAM, StoryOpened(bridge.STORY, "T", "en", None, None, None), at=bridge.OPENED)
    for event in (at.event for at in EVENTS if at.event.__class__.__name__ in {"ClaimTracked", "ClaimDenied"}):
        log.record(bridge.STREAM, event, at=bridge.OPENED)
    views = views_of(log.events)
    everything = report(views, None, bridge.STORY, since=Look(0, bridge.OPENED))
    first = everything.news[0].position
    later = report(views, None, bridge.STORY, since=Look(first, bridge.OPENED))
    assert later.news == everything.news[1:]
    assert later.since == bridge.OPENED


def test_a_doubt_that_a_person_settles_is_new_at_that_moment() -> None:
    """A finding confirmed today is news today, whenever it was found."""
    log = Recorder()
    for recorded in EVENTS:
        log.record(recorded.stream, recorded.event, at=recorded.recorded_at, actor=recorded.actor)
    doubtful = next(told for told in timeline(VIEWS, bridge.STORY) if told.needs_review)
    at = bridge.OPENED + timedelta(days=9)
    log.record(bridge.STREAM, FindingReviewed(doubtful.position, "confirmed"), at=at, actor="Ada")
    view = report(views_of(log.events), None, bridge.STORY)
    assert [told.position for told in view.news] == [doubtful.position]
    assert view.pending == ()
    assert view.as_of == at
    exact = report(views_of(log.events), None, bridge.STORY, since=Look(log.events[-2].position, at))
    assert exact.news == view.news


def test_freshness_is_told_by_the_feed_book(database: Stored) -> None:
    """With the book of sources at hand, a report says how many are read, which fail and when one last answered."""
    ok = FeedState("f1", "https://a.example", "A", bridge.STORY, bridge.OPENED, bridge.OPENED)
    polled = bridge.OPENED + timedelta(days=30)
    book = book_of(
        database,
        FeedState("f1", "https://a.example", "A", bridge.STORY, ok.added_at, ok.due_at, last_ok_at=polled),
        FeedState("f2", "https://b.example", None, None, ok.added_at, ok.due_at, failures=3, last_error="503"),
        FeedState("f3", "https://c.example", "C", None, ok.added_at, ok.due_at, gone=True),
        FeedState("f4", "https://d.example", "D", "another", ok.added_at, ok.due_at, failures=1),
    )
    view = report(VIEWS, book, bridge.STORY)
    assert view.freshness.feeds == 3
    assert [(at.feed, at.error) for at in view.freshness.failing] == [
        ("https://b.example", "503"),
        ("C", "gone for good"),
    ]
    assert view.freshness.last_poll == view.as_of == polled


def test_a_story_whose_feeds_were_not_read_for_a_day_says_so_at_its_top(database: Stored) -> None:
    """Nothing new may mean that nothing was read: each form says so, and only when no feed at all was read."""
    read = bridge.OPENED + timedelta(days=30)
    later = read + timedelta(days=1, seconds=1)
    ok = FeedState("f1", "https://a.example", "A", bridge.STORY, bridge.OPENED, bridge.OPENED, last_ok_at=read)
    assert not report(VIEWS, SqlFeedBook(database.engine), bridge.STORY, now=later).freshness.unread
    bad = FeedState("f2", "https://b.example", "B", None, bridge.OPENED, bridge.OPENED, trouble="wall")
    book = book_of(database, ok, bad)
    fresh, stale = (report(VIEWS, book, bridge.STORY, now=now) for now in (later - timedelta(seconds=1), later))
    assert (fresh.freshness.unread, stale.freshness.unread) == (False, True)
    said = "No feed has been read since 2031-04-02 08:00 UTC: nothing new may mean that nothing was read"
    for form in (status_text, status_markdown, status_html):
        assert said in form(stale)[:1700]
        assert "nothing was read" not in form(fresh)
    book.save(replace(ok, last_ok_at=None, failures=1))
    never = report(VIEWS, book, bridge.STORY, now=later)
    assert "No feed has been read so far" in status_text(never)


def test_freshness_says_how_many_were_read_lately_and_since_when_others_fail(database: Stored) -> None:
    """Of fourteen feeds, those read within the hour are counted, and the failing since the first of them failed."""
    now = bridge.OPENED + timedelta(days=10, hours=5)
    ok = FeedState("f00", "https://a.example", "A", bridge.STORY, bridge.OPENED, now, last_ok_at=now)
    feeds = [replace(ok, id=f"f{nth:02}", last_ok_at=now - timedelta(minutes=5 * nth)) for nth in range(13)]
    bad = replace(ok, failures=2, trouble="unreachable")
    feeds.append(replace(bad, id="f13", last_ok_at=now - timedelta(days=2, hours=1)))
    feeds.append(replace(bad, id="f14", last_ok_at=None))
    book = book_of(database, *feeds[1:])
    view = report(VIEWS, book, bridge.STORY, now=now)
    assert view.freshness.recent == 12
    read = "12 of 14 feeds read in the last hour, last read 2031-03-13 12:55 UTC; 2 failing since Mon 2031-03-03"
    assert read in " ".join(status_text(view).split())
    assert "12 of 14 feeds" in status_markdown(view)
    stale = report(VIEWS, book, bridge.STORY, now=now + timedelta(hours=2))
    assert "none of 14 feeds read in the last hour" in " ".join(status_text(stale).split())


def test_a_report_names_what_is_wrong_with_each_source(database: Stored) -> None:
    """Failing and silent sources are counted apart, and named with the same words in every form."""
    well = FeedState("f1", "https://a.example", "A", bridge.STORY, bridge.OPENED, bridge.OPENED)
    book = book_of(
        database,
        well,
        replace(well, id="f2", name="B", failures=1, trouble="wall", last_error="HTTP 403 Forbidden"),
        replace(well, id="f3", name="C", silent=True, last_new_at=bridge.OPENED),
    )
    view = report(VIEWS, book, bridge.STORY)
    assert "3 feeds; 1 failing since Mon 2031-03-03, 1 silent" in status_text(view)
    words = ("behind a bot wall: HTTP 403 Forbidden", "has brought nothing since 2031-03-03 08:00 UTC")
    for form in (status_text, status_markdown, status_html, status_json):
        assert all(said in form(view) for said in words)


def test_a_look_back_names_what_was_silent_or_gone() -> None:
    """Without the book the log tells the same in the same words."""
    log = Recorder()
    for recorded in bridge.events():
        log.record(recorded.stream, recorded.event, at=recorded.recorded_at)
    log.record("feed-nine", FeedGone("nine"))
    log.record("feed-post", FeedSilent("post", bridge.OPENED, 3600.0))
    fresh = report(views_of(log.events), None, bridge.STORY).freshness
    assert [(at.feed, at.state, at.error) for at in fresh.troubles] == [
        ("Channel Nine", "gone", "gone for good"),
        ("Harbour Post", "silent", "has brought nothing since 2031-03-03 08:00 UTC"),
    ]


def test_a_look_back_tells_freshness_from_the_log() -> None:
    """Without the book, failing sources are those that the log calls failing."""
    view = report(VIEWS, None, bridge.STORY, as_of=datetime(2031, 3, 9, tzinfo=UTC))
    assert (view.freshness.feeds, view.freshness.last_poll) == (2, None)
    assert [at.feed for at in view.freshness.failing] == ["Channel Nine"]
    assert view.as_of == datetime(2031, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("harbor-bridge", "did you mean harbour-bridge?"), ("zzz", "there is harbour-bridge")],
)
def test_an_unknown_story_names_the_nearest(asked: str, hint: str) -> None:
    """A story that is not there is refused with the ids that come nearest, or those there are."""
    with pytest.raises(NotFound, match=hint.replace("?", r"\?")):
        report(VIEWS, None, asked)


def test_no_story_at_all_names_the_next_step() -> None:
    """Where no story was ever opened, the refusal says how to open one."""
    with pytest.raises(NotFound, match="tracker story open SEED"):
        timeline(MemoryViews(), "x")


def test_heads_list_every_story() -> None:
    """The heads of all stories come in order of id."""
    assert heads(VIEWS) == (head_of(VIEWS, bridge.STORY),)


def test_a_look_is_kept_per_reader_and_survives_a_rebuild(database: Stored) -> None:
    """Each reader's place in a story is remembered, and rebuilding the views leaves it alone."""
    assert last_look(database.views, bridge.STORY, "ada") is None
    look = Look(12, bridge.OPENED)
    looked(database.views, bridge.STORY, "ada", Look(7, bridge.OPENED))
    looked(database.views, bridge.STORY, "ada", look)
    rebuild(database.log, database.views, ALL)
    assert last_look(database.views, bridge.STORY, "ada") == look
    assert last_look(database.views, bridge.STORY, "bob") is None


class Refusing(MemoryViews):
    """A store in which somebody else always comes first, `times` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def save(self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int, **others: Any) -> None:
        """Refuse as long as others come first."""
        if self.times:
            self.times -= 1
            raise Conflict(f"{projection} is not at {after}")
        super().save(projection, rows, after=after, position=position, **others)


def test_a_look_waits_for_its_turn() -> None:
    """A reader whose save is overtaken tries again, and gives up only after many times."""
    views = Refusing(2)
    looked(views, "s", "ada", Look(1, bridge.OPENED))
    assert last_look(views, "s", "ada") == Look(1, bridge.OPENED)
    with pytest.raises(Conflict):
        looked(Refusing(99), "s", "ada", Look(1, bridge.OPENED))


def test_comparing_two_moments_names_the_claims_that_stand_differently(database: Stored) -> None:
    """Between two moments only claims are named whose wording, standing or sources differ, or that are new."""
    early, late = (views_upto(database.log, ALL, bridge.STORY, position) for position in (8, database.log.head()))
    diffs = {diff.id: diff for diff in compare(early, late, bridge.STORY)}
    assert sorted(diffs) == ["N-7c1", "S01", "S02", "S04"]
    assert diffs["N-7c1"].before is None
    before, after = diffs["S01"].before, diffs["S01"].after
    assert before is not None
    assert after is not None
    assert (before.current, after.current) == (bridge.HURT.text, bridge.HURT_NOW.text)
    assert compare(late, late, bridge.STORY) == ()


def test_comparing_with_a_time_before_the_story_shows_all_of_it(database: Stored) -> None:
    """Before its opening a story has no claims, so each one differs, whichever way round."""
    nothing, late = (views_upto(database.log, ALL, bridge.STORY, position) for position in (0, database.log.head()))
    assert len(compare(nothing, late, bridge.STORY)) == len(compare(late, nothing, bridge.STORY)) == 5


def test_an_event_is_explained_with_its_claim_before_and_after(database: Stored) -> None:
    """The explanation of an update holds the event, its row of the timeline, and both states of the claim."""
    position = next(told.position for told in timeline(VIEWS, bridge.STORY) if told.kind == "update")
    why = explain(database.log, database.views, position)
    assert why.recorded.position == position
    assert why.told is not None
    assert why.told.old == "11 people"
    assert why.claim is not None
    assert why.claim.before is not None
    assert why.claim.after is not None
    assert (why.claim.before.current, why.claim.after.current) == (bridge.HURT.text, bridge.HURT_NOW.text)


@pytest.mark.parametrize(
    ("position", "told", "claim"),
    [(1, None, None), (3, None, None), (4, "tracked", "S01"), (9, "repeat", None), (16, "withdrawn", "S04")],
)
def test_every_event_can_be_explained(database: Stored, position: int, told: str | None, claim: str | None) -> None:
    """Events of feeds, openings, repeats and withdrawals are explained as far as there is something to say."""
    why = explain(database.log, database.views, position)
    assert (why.told.kind if why.told else None) == told
    assert (why.claim.id if why.claim else None) == claim


def test_a_position_outside_the_log_is_refused(database: Stored) -> None:
    """A position that the log does not hold is refused with the place where the log ends."""
    with pytest.raises(NotFound, match="the log ends at 20"):
        explain(database.log, database.views, 21)
