"""What each view holds of the story of the bridge."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.made import bridge
from tests.made.streams import BEGIN, Recorder
from tests.made.views import views_of
from tracker.domain.claims import Relation
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    EntryErased,
    FindingReviewed,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
)
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import Conflict
from tracker.projections.developments import developments_of
from tracker.projections.memory import MemoryViews
from tracker.projections.sources import entries_of
from tracker.projections.timeline import history_of, is_development

VIEWS = views_of(bridge.events())


def rows(projection: str, partition: str = bridge.STORY) -> list[Mapping[str, Any]]:
    """Return the rows of one view of the story."""
    return list(VIEWS.scan(projection, partition))


def reviewed(*reviews: FindingReviewed) -> list[Mapping[str, Any]]:
    """Return the timeline of a story with one doubtful denial at position 3, after reviews."""
    log = Recorder()
    log.record(bridge.STREAM, StoryOpened(bridge.STORY, "T", "en", None, None, None))
    log.record(bridge.STREAM, ClaimTracked(bridge.KNEW, "seed"))
    doubtful = next(at.event for at in bridge.events() if getattr(getattr(at.event, "entry", None), "id", "") == "e7")
    log.record(bridge.STREAM, doubtful)
    for review in reviews:
        log.record(bridge.STREAM, review, actor="Ada")
    return list(views_of(log.events).scan("timeline", bridge.STORY))


def test_the_timeline_tells_every_kind_in_order() -> None:
    """Each event of a story that says something is one row, in the order of the log, by its kind."""
    kinds = [row["kind"] for row in rows("timeline")]
    assert kinds == [
        "tracked", "tracked", "tracked", "tracked", "confirms", "repeat", "repeat", "update", "denies", "new",
        "update", "revised", "withdrawn", "denies", "confirms", "review",
    ]  # fmt: skip
    positions = [row["position"] for row in rows("timeline")]
    assert positions == sorted(positions)


def test_a_row_of_the_timeline_explains_itself() -> None:
    """A finding's row holds old and new value, the sentence, the reason, who said it, where and when."""
    row = next(row for row in rows("timeline") if row["kind"] == "update")
    assert {name: row[name] for name in ("type", "claim", "field", "old", "new", "source", "published", "seen")} == {
        "type": "claim.updated",
        "claim": "S01",
        "field": "quantity",
        "old": "11 people",
        "new": "14 people",
        "source": "City Herald",
        "published": "2031-03-03T16:50:00Z",
        "seen": "2031-03-03T17:00:00Z",
    }
    assert row["reason"] == "14 is more than the 11 known before"


def test_only_undoubted_news_is_a_development() -> None:
    """What repeats, what the judge doubts and what a person rejected are no developments; the correction is one."""
    told = [(row["kind"], row["claim"]) for row in rows("timeline") if is_development(row)]
    assert told == [
        ("confirms", "S01"), ("update", "S01"), ("denies", "S02"), ("new", "N-7c1"), ("revised", None),
            ("withdrawn", "S04"),
        ("confirms", "S01"), ("review", "S03"),
    ]  # fmt: skip


def test_a_confirmed_doubt_becomes_news_when_it_is_confirmed() -> None:
    """A finding that waited for a person is a development from the review on, and the review itself is none."""
    finding, review = reviewed(FindingReviewed(3, "confirmed"))[-2:]
    assert is_development(finding)
    assert finding["decided"] == review["position"] == 4
    assert finding["decided_at"] == review["seen"]
    assert not is_development(review)


def test_a_rejected_doubt_tells_nobody_anything() -> None:
    """Rejecting a finding that nobody was told of is no correction."""
    assert not any(is_development(row) for row in reviewed(FindingReviewed(3, "rejected")))


def test_a_relabelled_finding_changes_its_kind() -> None:
    """A finding that a person relabels is shown under its new relation, and readers are told of the change once."""
    confirmed = FindingReviewed(3, "confirmed")
    finding, _, review = reviewed(confirmed, FindingReviewed(3, "relabelled", Relation.CORROBORATES))[-3:]
    assert (finding["kind"], finding["relation"]) == ("confirms", "corroborates")
    assert is_development(review)
    assert (review["old"], review["new"]) == ("updates", "relabelled as corroborates")


def test_a_review_makes_news_of_what_the_judge_took_for_none() -> None:
    """An update or a denial by a person's word alone is a development, whether the judge doubted or misread it."""
    relabelled, confirmed = FindingReviewed(4, "relabelled", Relation.DENIES), FindingReviewed(5, "confirmed")
    log = Recorder()
    log.record(bridge.STREAM, StoryOpened(bridge.STORY, "T", "en", None, None, None))
    log.record(bridge.STREAM, ClaimTracked(bridge.HURT, "seed"))
    quiet = bridge.finding(Relation.CORROBORATES, bridge.HURT, "So it is.", "a reason")
    quiet = replace(quiet, news=False)
    ref = bridge.entry(1, "Reuters", "Eleven hurt", bridge.OPENED)
    for found in (quiet, quiet, replace(quiet, relation=Relation.DENIES, needs_review=True)):
        log.record(bridge.STREAM, (ClaimDenied if found.needs_review else ClaimCorroborated)(ref, found))
    for review in (relabelled, confirmed, FindingReviewed(3, "confirmed")):
        log.record(bridge.STREAM, review, actor="Ada")
    views = views_of(log.events)
    told = [row["position"] for row in views.scan("timeline", bridge.STORY) if is_development(row)]
    assert told == [4, 5]
    held = views.scan("developments", developments_of(bridge.STORY))
    assert [row["position"] for row in held if is_development(row)] == told


def test_a_review_of_nothing_is_recorded_and_changes_nothing() -> None:
    """A review of a position that holds no finding is a row of its own and no more."""
    assert [row["kind"] for row in reviewed(FindingReviewed(99, "rejected"))] == ["tracked", "update", "review"]


def test_an_erasure_is_told_without_the_words() -> None:
    """The timeline says that an entry was erased and why; it is no development."""
    log = Recorder()
    log.record(bridge.STREAM, StoryOpened(bridge.STORY, "T", "en", None, None, None))
    log.record(bridge.STREAM, EntryErased("e1", "a court's order", ()), actor="Ada")
    (row,) = views_of(log.events).scan("timeline", bridge.STORY)
    told = {name: row[name] for name in ("kind", "type", "headline", "entry", "reason", "actor")}
    assert told == {
        "kind": "erased", "type": "entry.erased", "headline": "[erased]", "entry": "e1", "reason": "a court's order",
        "actor": "Ada",
    }  # fmt: skip
    assert not is_development(row)


def test_an_entry_counts_once_for_its_source() -> None:
    """A source counts entries, not events: an edit of an entry is noticed, and is no second entry."""
    wire = next(row for row in rows("sources") if row["source"] == "Coast Wire")
    assert (wire["entries"], wire["findings"], wire["edits"]) == (3, 2, 1)
    assert wire["publishers"] == ["City Herald", "Coast Wire", "Harbour Post"]
    assert [row["id"] for row in rows("sources", entries_of(bridge.STORY))] == sorted(
        f"e{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10)
    )


def test_the_head_names_the_newest_event_of_the_story() -> None:
    """The head row holds the story's name and the position, version, time and hash of its newest event."""
    last = [recorded for recorded in bridge.events() if recorded.stream == bridge.STREAM][-1]
    (head,) = rows("stories")
    assert (head["id"], head["title"], head["closed"]) == (bridge.STORY, "Old harbour bridge closed", False)
    assert (head["position"], head["version"], head["hash"]) == (last.position, last.version, last.hash)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([StoryClosed("s")], ("Old", True)),
        ([StoryClosed("s"), StoryReopened("s")], ("Old", False)),
        ([StoryRenamed("s", "New")], ("New", False)),
    ],
)
def test_the_head_follows_closing_and_renaming(events: list[Any], expected: tuple[str, bool]) -> None:
    """A story's head says whether it is closed and what it is called now."""
    log = Recorder()
    for event in (StoryOpened("s", "Old", "en", None, None, None), *events):
        log.record("story-s", event)
    (head,) = views_of(log.events).scan("stories", "s")
    assert (head["title"], head["closed"]) == expected


@pytest.mark.parametrize(
    ("event", "state"), [(FeedRecovered("f"), "ok"), (FeedGone("f"), "gone"), (FeedRemoved("f"), "removed")]
)
def test_health_says_how_a_feed_fares_and_since_when(event: Any, state: str) -> None:
    """A feed's row holds its state and the time of the event that brought it there."""
    log = Recorder()
    log.record("feed-f", FeedAdded("f", "https://f.example", None, None), at=BEGIN)
    failing = next(at.event for at in bridge.events() if at.stream == "feed-nine" and at.position > 2)
    log.record("feed-f", failing)
    since = [row["since"] for row in views_of(log.events).scan("health", "f")]
    again = log.record("feed-f", failing)
    assert [row["since"] for row in views_of(log.events).scan("health", "f")] == since
    log.record("feed-f", event)
    (row,) = views_of(log.events).scan("health", "f")
    assert (row["state"], row["since"]) == (state, views_time(log.events[-1].recorded_at))
    assert row["position"] == again.position + 1


def test_health_follows_address_criterion_and_silence() -> None:
    """A feed's row holds where it is read now, what its entries are told apart by, and since when it is silent."""
    log = Recorder()
    log.record("feed-f", StoryClosed("s"))
    assert list(views_of(log.events).scan("health", "f")) == []
    log.record("feed-f", FeedAdded("f", "https://f.example", "F", "s"), at=BEGIN)
    log.record("feed-f", FeedMoved("f", "https://f.example", "https://new.example"))
    log.record("feed-f", FeedRekeyed("f", "id", "link", "no ids"))
    log.record("feed-f", FeedFailing("f", 3, "HTTP 403", "wall", None))
    (failing,) = views_of(log.events).scan("health", "f")
    assert [failing[name] for name in ("state", "failures", "trouble", "error")] == ["failing", 3, "wall", "HTTP 403"]
    log.record("feed-f", FeedSilent("f", BEGIN, 3600.0))
    (row,) = views_of(log.events).scan("health", "f")
    position = log.events[-1].position
    assert row == {
        "id": "f", "url": "https://new.example", "name": "F", "story": "s", "criterion": "link", "position": position,
        "state": "silent", "since": views_time(BEGIN), "failures": 0, "trouble": None, "error": None,
    }  # fmt: skip


def views_time(moment: Any) -> str:
    """Return a time as rows hold it."""
    return str(moment.isoformat().replace("+00:00", "Z"))


def test_other_streams_are_no_story() -> None:
    """Events of subscriptions leave every view as it is."""
    log = Recorder()
    log.record("alerts", SubscriptionAdded("a", "email", "a@example.org", None))
    views = views_of(log.events)
    assert [views.partitions(name) for name in ("stories", "ledger", "timeline", "sources", "health")] == [()] * 5


def test_memory_refuses_a_stale_save() -> None:
    """Views in memory keep the manners of stored ones: a save from another checkpoint is a Conflict."""
    views = MemoryViews()
    views.save("v", {("p", "a"): {"n": 1}, ("p", "b"): {"n": 2}}, after=0, position=3)
    with pytest.raises(Conflict):
        views.save("v", {}, after=0, position=4)
    assert views.load("v", [("p", "a"), ("p", "z")]) == {("p", "a"): {"n": 1}}
    assert [row["n"] for row in views.scan("v", "p", last=1)] == [2]
    assert [row["n"] for row in views.scan("v", "p", after="a", last=9)] == [2]
    assert [row["n"] for row in views.scan("v", "p", first=1)] == [1]
    assert [row["n"] for row in views.scan("v", "p", after="a", first=9)] == [2]
    assert (views.count("v", "p"), views.count("v", "q")) == (2, 0)


def test_the_history_of_a_claim_is_marked() -> None:
    """Each row of the timeline that is about a claim, and no other, is named in the history of that claim."""
    told = rows("timeline")
    for claim in {row["claim"] for row in told if row["claim"]}:
        named = [row["position"] for row in rows("timeline", history_of(bridge.STORY, claim))]
        assert named == [row["position"] for row in told if row["claim"] == claim]
    assert len(rows("timeline", history_of(bridge.STORY, "S03"))) == 4
