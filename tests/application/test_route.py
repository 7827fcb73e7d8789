"""Who is owed what: decided at the append, by what is known then."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.made.alerts import NOON, STORY, TEST_SECRET, by_mail, by_webhook, corroborated, denied, entry, story, updated
from tests.made.receiver import receiver
from tracker.application.deliver import deliver
from tracker.application.judge_entries import Judged, judge_pending
from tracker.application.mute import mute, mute_of
from tracker.application.newsroom import Newsroom
from tracker.application.replay import SimulatedClock
from tracker.application.route import route, source_notices
from tracker.application.sources import add_feed
from tracker.application.stories import open_story
from tracker.application.subscribe import subscribe
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.claims import Claim, Status
from tracker.domain.entry import Entry
from tracker.domain.events import EntryRemoved, Event, NewEvent
from tracker.domain.feed_events import FeedFailing
from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import Filter, MuteSet, SubscriptionAdded, Timing
from tracker.ports.log import Notice
from tracker.ports.seeds import Seed

NIGHT = Timing(quiet=("11:00", "13:00"), urgent=("denied",))
SEED = Seed(
    "bridge", "Bridge over the Lea", "en", NOON, None, None,
    (
        Claim("C1", "The council plans to build a bridge over the river Lea.", "the council", Status.PLANNED),
        Claim("C2", "The bridge over the Lea would cost 3 million pounds."),
    ),
)  # fmt: skip
FIRST = Entry(
    "e-1", "Council starts to build the bridge over the Lea", "Work on the bridge over the river Lea has begun.",
    seen=NOON + timedelta(hours=1), published=NOON + timedelta(hours=1), publisher="Hackney Post", language="en",
)  # fmt: skip
SECOND = replace(
    FIRST, id="e-2", publisher="Evening Argus", title="Building of Lea bridge under way, says council",
    summary="The council has begun to build the bridge over the river Lea, it said on Saturday.",
    seen=NOON + timedelta(hours=3), published=NOON + timedelta(hours=3),
)  # fmt: skip


def owed(
    events: Sequence[Event], *wanted: SubscriptionAdded, muted: Sequence[MuteSet] = (), silent: bool = False
) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """Return of each subscription its notices: event, lead, why it waits."""
    new = [NewEvent(f"id-{nth}", event, "judge", "c") for nth, event in enumerate(events)]
    known = Subscriptions({one.subscription: one for one in wanted}, mutes={one.mute: one for one in muted})
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for one in route(story(), new, known, NOON, silent=silent):
        found.setdefault(one.subscription, []).append((one.event_id, one.lead, one.held))
    return found


def test_a_message_is_led_by_the_first_that_its_reader_wants() -> None:
    """What one subscription is told of an entry is one message, whatever others are told of it."""
    batch = [updated(), denied(), corroborated()]
    only = replace(by_mail("d@example.org"), only=Filter(kinds=("denied", "corroborated")))
    assert owed(batch, by_mail(), only) == {
        "s-reader": [(f"id-{nth}", "id-0", None) for nth in range(3)],
        "s-d": [("id-1", "id-1", None), ("id-2", "id-1", None)],
    }


def test_what_is_urgent_takes_the_rest_of_its_entry_along() -> None:
    """In quiet hours an entry waits, leads nothing, and comes at once where one of its developments is urgent."""
    reader = replace(by_mail(), timing=NIGHT)
    assert owed([updated()], reader) == {"s-reader": [("id-0", None, "quiet")]}
    assert owed([updated(), denied()], reader) == {"s-reader": [("id-0", "id-0", None), ("id-1", "id-0", None)]}
    other = updated(entry("e2"))
    assert owed([other, denied()], reader)["s-reader"] == [("id-0", None, "quiet"), ("id-1", "id-1", None)]


def test_nobody_is_told_of_a_baseline_or_of_what_is_muted() -> None:
    """A silent batch owes nothing, nor does what is muted for all; once the mute has run out it is told."""
    assert owed([updated()], by_mail(), silent=True) == {}
    until = mute_of(story=STORY, until=NOON + timedelta(seconds=1))
    assert owed([updated()], by_mail(), muted=[until]) == {}
    assert owed([updated()], by_mail(), muted=[replace(until, until=NOON)]) == {"s-reader": [("id-0", "id-0", None)]}
    mine = mute_of(outlet="afp", subscription="s-reader")
    assert list(owed([updated()], by_mail(), by_mail("b@example.org"), muted=[mine])) == ["s-b"]


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    settings = Settings(database=Database(url=sqlite_url), worker=Worker(allow_private=("loopback",)))
    made = App(settings, SimulatedClock(NOON))
    open_story(made.log, SEED, "test")
    yield made
    made.close()


def judged(room: Newsroom, one: Entry, *, baseline: bool = False) -> Judged:
    """Return what the judge makes of an entry that comes now."""
    assert isinstance(room.clock, SimulatedClock)
    room.clock.advance(one.seen)
    room.archive.keep("f", [one], baseline=[baseline], seen=one.seen)
    (found,) = judge_pending(room)
    return found


def test_who_waits_for_a_second_source_is_told_when_it_comes(app: App, tmp_path: Path) -> None:
    """The first report is told to who wants everything; the second, a repeat, to who waits for two, and it arrives."""
    (tmp_path / "key").write_text(TEST_SECRET)
    room = app.newsroom()
    with receiver() as there:
        sure = by_webhook(there.url(), "sure", f"file:{tmp_path / 'key'}")
        for wanted in (by_mail(story="bridge"), replace(sure, only=Filter(("updated",), "corroborated"))):
            subscribe(app.log, wanted, "test")
        first, second = judged(room, FIRST), judged(room, SECOND)
        assert [(one.subscription, one.kind) for one in first.notices] == [("s-reader", "updated")]
        assert [(one.subscription, one.kind) for one in second.notices] == [("sure", "corroborated")]
        deliver(app.outbox, app.log, {"webhook": app.notifiers["webhook"]}, app.clock)
        (document,) = (json.loads(hook.body) for hook in there.hooks)
    assert document["type"] == "development.corroborated"
    assert document["data"]["claim"]["id"] == "C1"


def test_who_was_refused_an_outlet_is_told_by_the_next_one(app: App) -> None:
    """By mute or outlet: a repeat to others is told to them, once, and to nobody who refuses it as well."""
    argus, mute_it = Filter(outlets=("Evening Argus",)), mute_of(outlet="Hackney Post", subscription="s-muted")
    for only, address in ((Filter(), "all"), (argus, "argus"), (Filter(), "muted"), (Filter(languages=("fr",)), "fr")):
        subscribe(app.log, replace(by_mail(f"{address}@example.org", "bridge"), only=only), "test")
    mute(app.log, mute_it, NOON, "test")
    assert [one.subscription for one in judged(app.newsroom(), FIRST).notices] == ["s-all"]
    again = judged(app.newsroom(), SECOND)
    assert [(one.subscription, one.kind) for one in again.notices] == [
        ("s-argus", "corroborated"), ("s-muted", "corroborated")
    ]  # fmt: skip
    third = replace(
        SECOND, id="e-3", summary="Builders have begun with the bridge over the river Lea, the council said."
    )
    later = replace(third, seen=SECOND.seen + timedelta(hours=1))
    assert judged(app.newsroom(), later).notices == ()


def test_of_a_first_import_nothing_is_new_later(app: App) -> None:
    """What an outlet that is not asked for said before anybody asked is not told when another repeats it."""
    subscribe(app.log, replace(by_mail(story="bridge"), only=Filter(outlets=("Evening Argus",))), "test")
    assert judged(app.newsroom(), FIRST, baseline=True).notices == ()
    assert judged(app.newsroom(), SECOND).notices == ()


def test_a_first_import_tells_nobody_and_its_second_source_is_known(app: App) -> None:
    """Neither the baseline nor what was seen before the story was opened is told, to whoever waits for what."""
    room = app.newsroom()
    for wanted in (by_mail(story="bridge"), replace(by_mail("b@e.org", "bridge"), only=Filter((), "corroborated"))):
        subscribe(app.log, wanted, "test")
    assert judged(room, FIRST, baseline=True).notices == ()
    earlier = replace(SECOND, seen=NOON - timedelta(hours=1), published=NOON - timedelta(hours=1))
    assert judged(room, earlier).notices == ()
    assert app.outbox.search() == ()


def test_a_muted_claim_is_in_the_log_and_told_to_nobody(app: App) -> None:
    """What is muted is recorded as ever; its removal is told, once the mute is over, to who wants removals."""
    room = app.newsroom()
    subscribe(app.log, by_mail(story="bridge"), "test")
    mute(app.log, mute_of(story="bridge", claim="C1", until=NOON + timedelta(hours=2)), NOON, "test")
    silent = judged(room, FIRST)
    assert (len(silent.recorded), silent.notices) == (1, ())
    told = room.shelf.story("bridge")
    assert told is not None
    assert told.claims["C1"].sources == {"Hackney Post"}
    ref = told.entries["e-1"].ref
    gone = NewEvent("gone", EntryRemoved(ref, "gone", ("C1",)), "worker")
    later = NOON + timedelta(hours=2)
    for moment, notices in ((later - timedelta(seconds=1), 0), (later, 1)):
        assert len(route(told, [gone], room.shelf.subscriptions(), moment, silent=False)) == notices


def test_a_source_of_a_muted_story_or_outlet_fails_in_silence(app: App) -> None:
    """Sources are told to who asked; not of a muted story, nor by the name of a muted outlet; in the digest if so."""
    feed, _ = add_feed(
        app.log, app.feeds, url="https://a.example/", name="The Paper", story="bridge", now=NOON, actor="test"
    )
    subscribe(app.log, replace(by_mail(story="bridge"), sources=True, timing=Timing(every="daily")), "test")
    room, failing = app.newsroom(), NewEvent("failing", FeedFailing(feed.id, 3, "x"), "worker")
    due = datetime(2024, 6, 2, 8, tzinfo=UTC)
    expected = (Notice("s-reader", "failing", "bridge", "source", held="digest", due_at=due),)
    assert source_notices(room, feed, failing) == expected
    for muted in (mute_of(story="bridge"), mute_of(outlet="the paper")):
        mute(app.log, muted, NOON, "test")
        assert source_notices(room, feed, failing) == ()
        mute(app.log, replace(muted, until=NOON + timedelta(minutes=1)), NOON, "test")
        assert isinstance(app.clock, SimulatedClock)
        app.clock.advance(app.clock() + timedelta(minutes=1))
        assert len(source_notices(room, feed, failing)) == 1
