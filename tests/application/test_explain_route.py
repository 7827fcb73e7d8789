"""`alert route`: who is told is explained by what the routing does, and is what the outbox holds."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made.alerts import (
    NOON,
    SENDS,
    STORY,
    by_mail,
    by_webhook,
    corroborated,
    denied,
    discovered,
    entry,
    updated,
)
from tests.made.story_desk import StoryDesk
from tests.made.streams import calm
from tracker.adapters.sql.engine import open_engine
from tracker.application.explain_route import Fare, explain_route
from tracker.application.mute import mute, mute_of
from tracker.application.subscribe import unsubscribe
from tracker.application.withdraw import withdraw
from tracker.domain.endpoint import endpoint_id
from tracker.domain.entry import Entry, EntryRef
from tracker.domain.events import (
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    FindingReviewed,
    NewEvent,
    StoryRenamed,
    feed_stream,
    story_stream,
)
from tracker.domain.feed_events import FeedAdded, FeedFailing, FeedRecovered
from tracker.domain.subscription_events import (
    EndpointFailing,
    EndpointRecovered,
    Filter,
    MuteSet,
    Timing,
    endpoint_stream,
)
from tracker.errors import NotFound

STREAM = story_stream(STORY)
DIGEST = Timing(every="daily", at="18:00", zone="Europe/Paris")


class Desk(StoryDesk):
    """A desk that explains to whom an event goes."""

    def fares(self, position: int) -> dict[str, Fare]:
        found = explain_route(self, position)
        assert found.nobody is None
        return {one.subscription.subscription: one for one in found.fares}

    def told(self, position: int) -> dict[str, str]:
        """Return of each subscription the reason, with a sign before it."""
        fares = self.fares(position).items()
        return {name: f"{'+' if one.ruling.told else '-'} {one.ruling.why}" for name, one in fares}


@contextmanager
def opened(template: Path) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracker.db"
        shutil.copy(template, path)
        engine = open_engine(f"sqlite:///{path}")
        yield Desk(engine)
        engine.dispose()


@pytest.fixture
def desk(sqlite_template: Path) -> Iterator[Desk]:
    with opened(sqlite_template) as made:
        yield made


sources = st.sampled_from(["AFP", "TASS", "Reuters"])
doubts = st.fixed_dictionaries({"news": st.booleans(), "needs_review": st.sampled_from([False, False, True])})


def about(identity: str, source: str) -> EntryRef:
    return entry(identity, source=source, publisher=source)


@st.composite
def batches(draw: st.DrawFn) -> list[Event]:
    """Draw what comes of one entry: findings, what its publisher did to it, or a review."""
    ref = about(draw(st.sampled_from(["e1", "e2"])), draw(sources))
    findings = st.one_of(
        st.builds(lambda flags, current: ClaimUpdated(ref, updated(**flags).finding, current), doubts, claims),
        doubts.map(lambda flags: denied(ref, **flags)),
        doubts.map(lambda flags: ClaimDenied(ref, replace(denied(ref, **flags).finding, claim="S01"))),
        doubts.map(lambda flags: corroborated(ref, **flags)),
        doubts.map(lambda flags: corroborated(ref, claim="N-1", **flags)),
        doubts.map(lambda flags: discovered(ref, **flags)),
    )
    alone = st.one_of(
        st.just(EntryRevised(ref, "a", "b")),
        st.just(EntryRemoved(ref, "gone", ("S01",))),
        st.just(EntryRestored(ref, ("S01",))),
        st.builds(lambda at, said: FindingReviewed(at, said, claim="S01"), st.integers(4, 12), verdicts),
        st.just(ClaimWithdrawn("S02", "a hoax")),
    )
    return draw(st.lists(findings, min_size=1, max_size=3) | alone.map(lambda event: [event]))


verdicts = st.sampled_from(["confirmed", "rejected"])
claims = st.sampled_from([SENDS, replace(SENDS, polarity=False)])
wishes = st.tuples(
    st.builds(
        Filter,
        st.sampled_from([(), ("denied",), ("updated", "corroborated", "removed")]),
        st.sampled_from(["reported", "corroborated"]),
        st.sampled_from([(), ("S01",)]),
        st.just(()),
        st.sampled_from([(), ("AFP", "TASS")]),
    ),
    st.sampled_from([Timing(), DIGEST, Timing(quiet=("11:00", "13:00"), urgent=("denied",)), Timing(group_wait=30.0)]),
)
muted_things = st.lists(
    st.sampled_from(
        [mute_of(story=STORY, subscription="s-r0"), mute_of(story=STORY, claim="S01"), mute_of(outlet="TASS")]
    ),
    max_size=2,
    unique=True,
)


@settings(calm, max_examples=15)
@given(st.lists(batches(), min_size=1, max_size=6), st.lists(wishes, min_size=1, max_size=3), muted_things)
def test_what_is_explained_is_what_the_outbox_holds(
    sqlite_template: Path, told: list[list[Event]], wanted: list[tuple[Filter, Timing]], muted: list[MuteSet]
) -> None:
    """Whatever came, was filtered, muted and reviewed: who is told by the explanation, and when, is who is owed it."""
    with opened(sqlite_template) as desk:
        for nth, (only, timing) in enumerate(wanted):
            desk.add(replace(by_mail(f"r{nth}@example.org"), only=only, timing=timing))
        for one in muted:
            mute(desk.log, one, NOON, "person")
        first = desk.log.head()
        for events in told:
            desk.report(*events)
        for recorded in desk.log.read(after=first):
            owed = desk.outbox.owed((recorded.id,))
            fares = [one for one in explain_route(desk, recorded.position).fares if one.ruling.told]
            assert {one.subscription.subscription: one.waits or (None, None) for one in fares} == {
                one.subscription: (one.held, one.due_at if one.held else None) for one in owed
            }


def test_each_subscription_has_its_reason(desk: Desk) -> None:
    """Who is told, who is not and why, over which way, and until when it waits."""
    muted = by_mail("muted@example.org")
    desk.add(by_mail(), replace(by_webhook("https://h.example/"), only=Filter(kinds=("denied",))))
    desk.add(by_mail("strike@example.org", story=None), muted, replace(by_mail("late@example.org"), timing=DIGEST))
    mute(desk.log, mute_of(story=STORY, until=NOON + timedelta(days=1), subscription=muted.subscription), NOON, "ann")
    at = desk.report(updated())
    assert desk.told(at) == {
        "s-reader": "+ follows story instructors, wants everything",
        "s-hook": "- kind updated: wants only denied",
        "s-strike": "+ follows every story, wants everything",
        "s-muted": "- muted: story instructors for s-muted, until 2024-06-02 12:00 UTC",
        "s-late": "+ follows story instructors, wants everything",
    }
    late, reader = (desk.fares(at)[name] for name in ("s-late", "s-reader"))
    assert late.waits == ("digest", datetime.fromisoformat("2024-06-01T16:00Z"))
    assert late.owed is not None
    assert late.owed.delivery is None
    assert reader.waits is None
    assert reader.owed is not None
    assert reader.owed.delivery


def test_it_is_explained_as_it_stood_then(desk: Desk) -> None:
    """Who came, left or changed their mind since does not show; nor does a mute that was set or lifted since."""
    desk.add(by_mail(), by_mail("left@example.org"))
    at = desk.report(updated())
    before = desk.told(at)
    unsubscribe(desk.log, "s-left", "person")
    desk.add(replace(by_mail(), only=Filter(kinds=("new",))), by_mail("late@example.org"))
    mute(desk.log, mute_of(story=STORY), NOON, "person")
    assert desk.told(at) == before
    assert list(before) == ["s-reader", "s-left"]


def test_a_development_is_explained_with_those_that_came_with_it(desk: Desk) -> None:
    """Of one entry the louder finding is told; the quieter one says so, and is told to who asked for it alone."""
    desk.add(by_mail(), replace(by_mail("s01@example.org"), only=Filter(claims=("S01",))))
    moved = ClaimUpdated(entry(), updated(news=False).finding, replace(SENDS, polarity=False))
    at = desk.report(denied(), moved)
    assert desk.told(at) == {
        "s-reader": "+ follows story instructors, wants everything",
        "s-s01": "- claim S02: wants only S01",
    }
    assert desk.told(at + 1)["s-reader"] == "- a weightier finding of its entry is told"
    assert desk.told(at + 1)["s-s01"].startswith("+ of an entry with other news")


def test_a_correction_is_explained_by_what_it_corrects(desk: Desk) -> None:
    """Who was told of the original is told, whatever they wish; the others were told of nothing that it corrects."""
    desk.add(by_mail(), replace(by_mail("none@example.org"), only=Filter(kinds=("new",))))
    at = desk.report(updated())
    said = desk.report(FindingReviewed(at, "rejected", None, "S01"))
    why = f"+ was told of what it corrects, at position {at}, or is about to be"
    assert desk.told(said) == {"s-reader": why, "s-none": "- was told of nothing that it corrects"}
    desk.report(corroborated(entry("e2")))
    assert withdraw(desk, STORY, "S01", reason="a hoax", actor="ann")
    assert desk.told(desk.log.head())["s-reader"].startswith("+ was told of what it corrects")


def test_a_baseline_is_a_reason(desk: Desk) -> None:
    """What was there before anybody asked is told to nobody, in a first import and from before the story alike."""
    desk.add(by_mail())
    for nth, (baseline, seen) in enumerate(((True, NOON + timedelta(hours=1)), (False, NOON - timedelta(hours=1)))):
        held = Entry(f"old{nth}", f"France {nth}", "300.", seen, language="en")
        desk.archive.keep("f", [held], baseline=[baseline], seen=seen)
        at = desk.report(denied(entry(held.id, version=held.version, source=f"S{nth}")), silent=True)
        assert desk.told(at)["s-reader"].startswith("- it was there before anybody asked")
        assert desk.outbox.owed([f"{desk.story().version - 1}-0"]) == ()
        removed = desk.report(EntryRemoved(entry(held.id, version=held.version), "gone", ("S02",)))
        assert desk.told(removed) == {"s-reader": "+ follows story instructors, wants everything"}


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (EntryLinked(entry(), 0.9, "same", None, (), "e1"), "repeats what is known"),
        (updated(needs_review=True), "waits for a person"),
        (StoryRenamed(STORY, "x"), "says nothing of what the story is about"),
        (FindingReviewed(3, "confirmed", None, "S02"), "changes nothing of what anybody was told"),
    ],
)
def test_what_nobody_is_ever_told_of_says_why(desk: Desk, event: Event, words: str) -> None:
    """A repeat, a doubt, a new title and a review of nothing are told to nobody, and that is said plainly."""
    desk.add(by_mail())
    found = explain_route(desk, desk.report(event))
    assert found.fares == ()
    assert words in (found.nobody or "")


def test_the_beginning_of_a_story_and_wishes_are_told_to_nobody(desk: Desk) -> None:
    """The opening with its claims, a claim that a person adds, and a subscription itself have their sentence."""
    desk.add(by_mail())
    added = desk.report(ClaimTracked(replace(SENDS, id="P01"), "person"))
    reasons = [explain_route(desk, position).nobody or "" for position in (1, 2, 4, added)]
    words = ("a story begins", "a story begins", "who wants to be told", "a person added it")
    assert [said in reason for said, reason in zip(words, reasons, strict=True)] == [True] * 4


def test_a_source_is_explained(desk: Desk) -> None:
    """Who asked for sources is told when one fails; what flaps, or says nothing of how it fares, nobody is told."""
    desk.add(replace(by_mail(), sources=True, timing=DIGEST), by_mail("b@example.org"))
    stream = feed_stream("f1")
    flaps: tuple[Event, ...] = (FeedFailing("f1", 3, "x"), FeedRecovered("f1"))
    events = (FeedAdded("f1", "https://a.example/", "The Paper", STORY), *flaps * 3)
    new = [NewEvent(f"f-{nth}", event, "worker", f"c{nth}") for nth, event in enumerate(events)]
    first = desk.log.append(stream, 0, new)[0].position
    assert explain_route(desk, first).nobody == "it does not say how the source fares"
    assert desk.told(first + 1) == {"s-reader": "+ asked how sources fare", "s-b": "- did not ask how sources fare"}
    waits = desk.fares(first + 1)["s-reader"].waits
    assert waits is not None
    assert waits[0] == "digest"
    assert "comes and goes" in (explain_route(desk, first + 5).nobody or "")


def test_a_failing_way_is_explained(desk: Desk) -> None:
    """Told are the other ways of the same person and who asked for ways; not the way itself, nor anybody else."""
    hook = replace(by_webhook("https://h.example/"), person="Ada")
    desk.add(hook, replace(by_mail(), person="Ada"), replace(by_mail("ops@example.org"), endpoints=True))
    desk.add(by_mail("other@example.org"))
    identity = endpoint_id("webhook", hook.target)
    failing = EndpointFailing(identity, "webhook", hook.target, 4, NOON, "HTTP 500")
    events: tuple[Event, ...] = (failing, EndpointRecovered(identity, "webhook", hook.target), failing)
    new = [NewEvent(f"w-{nth}", event, "worker", f"c{nth}") for nth, event in enumerate(events)]
    at = desk.log.append(endpoint_stream(identity), 0, new)[0].position
    assert desk.told(at) == {
        "s-hook": "- it goes that very way",
        "s-reader": "+ is another way to Ada",
        "s-ops": "+ asked how the ways to everybody fare",
        "s-other": "- is no other way to the same person, or another subscription there is told",
    }
    assert "comes and goes" in (explain_route(desk, at + 2).nobody or "")


def test_a_position_beyond_the_log_is_not_found(desk: Desk) -> None:
    """There is nothing to explain at a position that the log has not reached."""
    with pytest.raises(NotFound, match=r"no event at position 99; the log ends at 3"):
        explain_route(desk, 99)
