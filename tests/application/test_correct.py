"""Whoever was told of something is told that it is not so any more: the same readers, and once."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from sqlalchemy import Engine

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
    taken_back,
    updated,
)
from tests.made.story_desk import StoryDesk
from tracker.adapters.sql.engine import open_engine
from tracker.application.bundle import Bundler
from tracker.application.corrected import corrections
from tracker.application.drafts import Drafts
from tracker.application.mute import mute, mute_of
from tracker.application.quiet import let_sleep
from tracker.application.review import review
from tracker.application.subscribe import subscriptions, unsubscribe
from tracker.application.withdraw import withdraw
from tracker.domain.claims import Relation, Standing
from tracker.domain.correction import History
from tracker.domain.entry import Entry
from tracker.domain.events import (
    RETRACTED,
    WITHDRAWN,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    story_stream,
)
from tracker.domain.subscription_events import Filter, SubscriptionAdded, Timing
from tracker.errors import NotFound, UsageError
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Attempt, Drop, Owed, Plan, Tried

STREAM = story_stream(STORY)
GONE = EntryRemoved(entry(), "its page is gone (HTTP 404)", ("S01",))
BACK = EntryRestored(entry(), ("S01",))
EDITED = EntryRevised(entry(), "France sends 100.", "France sends 300.")
MAIL, HOOK = "s-reader", "s-hook"
Told = list[tuple[str, int, str]]
"""Notices: whose, on the event of which position, of what kind."""


class Desk(StoryDesk):
    """A desk that can be asked who is told what."""

    def told(self, after: int = 0) -> Told:
        """Return who is owed what was recorded after a position, in order."""
        return [(one.subscription, one.position, one.kind) for one in self.owed() if one.position > after]

    def correction(self, position: int) -> dict[str, Any]:
        """Return the correction that the reader of mails gets at a position, as webhooks bear it."""
        (message,) = (one.delivery or "" for one in self.owed() if (one.position, one.subscription) == (position, MAIL))
        data: dict[str, Any] = (
            Drafts(self.log, self.outbox).draft(self.outbox.beginning(message, 1)[0])[1].payload["data"]
        )
        return data


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    engine = open_engine(sqlite_url)
    yield Desk(engine)
    engine.dispose()


def daily(wanted: SubscriptionAdded) -> SubscriptionAdded:
    return replace(wanted, timing=Timing(every="daily", at="18:00"))


def test_who_was_told_is_corrected_at_every_real_change_once(desk: Desk) -> None:
    """Rejected, confirmed again, given another relation twice: each change is owed once, saying it again nothing."""
    desk.add(by_mail(), by_webhook("https://hook.example/"))
    at = desk.report(updated())
    said = [
        review(desk, at, "rejected", "ann"),
        review(desk, at, "confirmed", "ann"),
        review(desk, at, "relabelled", "ann", Relation.DENIES),
        review(desk, at, "relabelled", "ann", Relation.CORROBORATES),
    ]
    for _ in range(2):
        review(desk, at, "relabelled", "ann", Relation.CORROBORATES)
    assert desk.told(at) == [(who, one.position, CORRECTION) for one in said for who in (HOOK, MAIL)]
    by_delivery = {one.delivery for one in desk.owed()}
    assert None not in by_delivery
    assert len(by_delivery) == 10


def test_confirming_what_stands_tells_nobody(desk: Desk) -> None:
    """A review that changes nothing of what was told is recorded, and no more."""
    desk.add(by_mail())
    at = desk.report(updated())
    review(desk, at, "confirmed", "ann")
    review(desk, at, "relabelled", "ann", Relation.UPDATES)
    assert desk.told() == [(MAIL, at, "updated")]


def test_a_correction_asks_for_no_wish(desk: Desk) -> None:
    """Whoever was told is corrected though they mute the story and want other kinds now; who came later is not."""
    desk.add(by_mail(), by_webhook("https://hook.example/"), by_mail("gone@example.org"))
    at = desk.report(updated())
    desk.add(replace(by_mail(), only=Filter(kinds=("new",))), by_mail("late@example.org"))
    mute(desk.log, mute_of(story=STORY), NOON, "person")
    unsubscribe(desk.log, "s-gone", "person")
    said = review(desk, at, "rejected", "ann")
    assert desk.told(at) == [(HOOK, said.position, CORRECTION), (MAIL, said.position, CORRECTION)]


def test_a_doubt_becomes_news_when_a_person_confirms_it(desk: Desk) -> None:
    """Nobody is told of a doubt; confirmed it is told to whoever wants it, and rejected later it is taken back."""
    desk.add(replace(by_mail(), only=Filter(kinds=("denied",))), by_webhook("https://hook.example/"))
    desk.add(replace(by_mail("new@example.org"), only=Filter(kinds=("new",))))
    at = desk.report(denied(needs_review=True))
    assert desk.told() == []
    confirmed = review(desk, at, "confirmed", "ann").position
    assert desk.told() == [(HOOK, confirmed, "denied"), (MAIL, confirmed, "denied")]
    assert {one.entry for one in desk.owed()} == {"e1"}
    rejected = review(desk, at, "rejected", "ann").position
    assert desk.told(confirmed) == [(HOOK, rejected, CORRECTION), (MAIL, rejected, CORRECTION)]


def test_a_doubt_that_is_rejected_is_told_to_nobody(desk: Desk) -> None:
    """Nothing was told of it, so nothing is taken back; confirmed after all, it is told for the first time."""
    desk.add(by_mail())
    at = desk.report(discovered(needs_review=True))
    review(desk, at, "rejected", "ann")
    assert desk.told() == []
    confirmed = review(desk, at, "confirmed", "ann").position
    assert desk.told() == [(MAIL, confirmed, "new")]


def test_a_doubt_is_told_as_what_a_person_says_it_is(desk: Desk) -> None:
    """A denial that is none is told as the update that it is."""
    desk.add(replace(by_mail(), only=Filter(kinds=("updated",))))
    at = desk.report(denied(needs_review=True))
    said = review(desk, at, "relabelled", "ann", Relation.UPDATES).position
    assert desk.told() == [(MAIL, said, "updated")]


def test_a_person_makes_news_of_what_the_judge_took_for_none(desk: Desk) -> None:
    """What the judge did not think news is told once a person calls it an update or a denial, and said again is not."""
    desk.add(by_mail())
    doubt = desk.report(updated(needs_review=True, news=False))
    other = desk.report(updated(entry("e2"), needs_review=True, news=False))
    repeat = desk.report(corroborated(entry("e3"), news=False))
    doubted = desk.report(corroborated(entry("e4"), needs_review=True, news=False))
    assert desk.told() == []
    said = [review(desk, doubt, "confirmed", "ann").position]
    said += [review(desk, at, "relabelled", "ann", Relation.DENIES).position for at in (other, repeat)]
    review(desk, doubted, "confirmed", "ann")
    review(desk, doubt, "confirmed", "ben")
    kinds = ("updated", "denied", "denied")
    assert desk.told() == [(MAIL, at, kind) for at, kind in zip(said, kinds, strict=True)]


def test_who_was_not_told_before_hears_of_it_as_what_it_is(desk: Desk) -> None:
    """Given another relation, a finding is a correction to whoever was told, and news to who wants that kind alone."""
    desk.add(by_mail(), replace(by_webhook("https://hook.example/"), only=Filter(kinds=("denied",))))
    at = desk.report(updated())
    said = review(desk, at, "relabelled", "ann", Relation.DENIES).position
    assert desk.told() == [(MAIL, at, "updated"), (HOOK, said, "denied"), (MAIL, said, CORRECTION)]


def test_a_doubt_about_what_was_there_before_is_no_news(desk: Desk) -> None:
    """An entry of a first import was told to nobody, and neither is what a person makes of it; a later one is news."""
    desk.add(by_mail())
    for nth, (version, baseline) in enumerate((("old", True), ("new", False))):
        held = Entry(version, "France", "300.", NOON + timedelta(hours=1), language="en")
        desk.archive.keep(f"f{nth}", [held], baseline=[baseline], seen=NOON + timedelta(hours=1))
        doubt = denied(entry(version, version=held.version), needs_review=True, news=not baseline)
        at = desk.report(doubt, silent=baseline)
        review(desk, at, "confirmed", "ann")
        assert len(desk.told()) == nth


def test_who_is_told_late_is_not_told_what_was_taken_back(desk: Desk) -> None:
    """While the finding waits for its digest, its correction waits for the same one; given another kind, as that."""
    desk.add(daily(by_mail()))
    at = desk.report(updated())
    review(desk, at, "rejected", "ann")
    review(desk, at, "relabelled", "ann", Relation.DENIES)
    first, taken_back, other = desk.owed()
    assert [first.kind, taken_back.kind, other.kind] == ["updated", CORRECTION, "denied"]
    assert {(one.held, one.due_at, one.delivery) for one in desk.owed()} == {("digest", first.due_at, None)}


def test_a_correction_comes_when_its_original_would_come(desk: Desk) -> None:
    """Told at once it is corrected at once; told urgently at night, at night; what waits for the morning, then."""
    night = Timing(quiet=("22:00", "07:00"), urgent=("denied",))
    desk.add(replace(by_mail(), timing=night))
    at = desk.report(updated(), denied())
    desk.times[0] = NOON.replace(hour=23)
    review(desk, at, "rejected", "ann")
    review(desk, at + 1, "rejected", "ann")
    quiet, urgent = desk.owed()[2:]
    assert (quiet.held, quiet.due_at) == ("quiet", NOON.replace(day=2, hour=7))
    assert urgent.held is None


@pytest.mark.parametrize(("hour", "mails"), [(23, 2), (12, 1)])
def test_what_was_told_urgently_is_corrected_at_night(desk: Desk, hour: int, mails: int) -> None:
    """A correction that may disturb is sent at night; one recorded by day that comes due at night waits."""
    desk.add(replace(by_mail(), timing=Timing(quiet=("22:00", "07:00"), urgent=("denied",))))
    desk.times[0] = NOON.replace(hour=hour)
    at = desk.report(denied())
    review(desk, at, "rejected", "ann")
    night, sent = NOON.replace(hour=23), 0
    while claimed := desk.outbox.claim(night, 9, timedelta(minutes=2)):
        let_go = let_sleep(desk.outbox, subscriptions(desk.log).current, claimed, night)
        desk.outbox.settle([Tried(one, Attempt("delivered", ""), night, night) for one in let_go])
        sent += len(let_go)
    assert sent == mails


def test_a_withdrawn_claim_is_told_to_who_was_told_of_it(desk: Desk) -> None:
    """Only those who were told of one of its findings, once; withdrawing it again records nothing."""
    desk.add(replace(by_mail(), only=Filter(claims=("S01",))), replace(by_webhook("https://h.example/"), story=None))
    desk.add(replace(by_mail("other@example.org"), only=Filter(claims=("S02",))))
    desk.report(updated())
    at = desk.report(denied(entry("e2")), corroborated(entry("e2")))
    assert withdraw(desk, STORY, "S01", reason=" a\nhoax ", actor="ann")
    assert not withdraw(desk, STORY, "S01", reason="a hoax", actor="ann")
    assert [(who, kind) for who, _, kind in desk.told(at + 1)] == [(HOOK, CORRECTION), (MAIL, CORRECTION)]
    assert desk.stream()[-1].event == ClaimWithdrawn("S01", "a hoax")
    assert desk.story().claims["S01"].standing is Standing.WITHDRAWN


@pytest.mark.parametrize(("how", "source"), [(WITHDRAWN, "TASS"), (RETRACTED, "AFP")])
def test_what_its_own_source_takes_back_is_corrected_once(desk: Desk, how: str, source: str) -> None:
    """Whoever was told hears that it is taken back, whatever they ask for; the others hear of a denial."""
    desk.add(replace(by_mail(), only=Filter(kinds=("updated",))), by_webhook("https://h.example/"))
    at = desk.report(updated())
    desk.add(by_mail("late@example.org"))
    back = desk.report(taken_back(entry("e2", source=source), how=how))
    assert desk.told(at) == [(HOOK, back, CORRECTION), ("s-late", back, "denied"), (MAIL, back, CORRECTION)]
    desk.report(taken_back(entry("e3", source=source), how=how, news=False))
    assert not desk.told(back)


def test_a_report_that_another_outlet_retracts_is_denied_and_no_more(desk: Desk) -> None:
    """TASS takes back its own report: what AFP said stands as denied, which corrects nothing."""
    desk.add(by_mail())
    at = desk.report(updated())
    back = desk.report(taken_back(entry("e2", source="TASS"), how=RETRACTED))
    assert desk.told(at) == [(MAIL, back, "denied")]


def test_what_a_person_takes_for_taken_back_is_corrected_once(desk: Desk) -> None:
    """A doubtful retraction is told to nobody; confirmed, it corrects as a plain one does, by its own words."""
    desk.add(replace(by_mail(), only=Filter(kinds=("updated",))))
    at = desk.report(updated())
    desk.add(by_mail("late@example.org"))
    doubted = desk.report(taken_back(entry("e2"), needs_review=True))
    assert not desk.told(at)
    back = review(desk, doubted, "confirmed", "ann").position
    assert desk.told(doubted) == [("s-late", back, "denied"), (MAIL, back, CORRECTION)]
    said = desk.correction(back)
    assert (said["correction"]["kind"], [one["position"] for one in said["corrects"]]) == ("retracted", [at])
    assert said["correction"]["reason"].endswith("settled by a person")
    undone = review(desk, doubted, "rejected", "ann").position
    assert desk.told(back) == [("s-late", undone, CORRECTION), (MAIL, undone, CORRECTION)]
    again = review(desk, doubted, "confirmed", "ann").position
    assert desk.correction(again)["correction"]["kind"] == "confirmed"


def test_a_retraction_that_was_nothing_before_a_person_said_so_is_one(desk: Desk) -> None:
    """Whatever a person said of it first: who was told what it takes back is owed the correction."""
    desk.add(replace(by_mail(), only=Filter(kinds=("updated",))))
    desk.report(updated())
    doubted = desk.report(taken_back(entry("e2"), needs_review=True))
    review(desk, doubted, "relabelled", "ann", Relation.CORROBORATES)
    back = review(desk, doubted, "relabelled", "ann", Relation.DENIES).position
    assert desk.told(doubted) == [(MAIL, back, CORRECTION)]
    assert desk.correction(back)["correction"]["kind"] == "retracted"


def test_what_is_taken_back_while_it_waits_is_told_with_it(desk: Desk) -> None:
    """A digest that holds neither yet tells both, as a development each."""
    desk.add(daily(by_mail()))
    at = desk.report(updated())
    back = desk.report(taken_back())
    assert desk.told() == [(MAIL, at, "updated"), (MAIL, back, "denied")]


def test_only_a_claim_that_is_there_is_withdrawn_and_for_a_reason(desk: Desk) -> None:
    """An unknown story or claim is not found, a reason without words is refused, and nothing is recorded."""
    head = desk.log.head()
    with pytest.raises(NotFound, match="no story x"):
        withdraw(desk, "x", "S01", reason="a hoax", actor="ann")
    with pytest.raises(NotFound, match="no claim S09"):
        withdraw(desk, STORY, "S09", reason="a hoax", actor="ann")
    with pytest.raises(UsageError, match="for a reason"):
        withdraw(desk, STORY, "S01", reason=" \n", actor="ann")
    assert desk.log.head() == head


def test_an_entry_taken_away_is_a_correction_to_whoever_was_told_of_it(desk: Desk) -> None:
    """They are told in the thread whatever they want, others as far as they want removals, and nobody twice."""
    desk.add(replace(by_mail(), only=Filter(kinds=("updated",))), by_webhook("https://hook.example/"))
    desk.add(replace(by_mail("removals@example.org"), only=Filter(kinds=("removed",))))
    desk.add(replace(by_mail("denials@example.org"), only=Filter(kinds=("denied",))))
    at = desk.report(updated())
    for event, known in ((GONE, ("removed",)), (BACK, (CORRECTION,)), (GONE, (CORRECTION,))):
        gone = desk.report(event)
        told = desk.told(gone - 1)
        assert told == [(HOOK, gone, CORRECTION), (MAIL, gone, CORRECTION), ("s-removals", gone, *known)]
    assert desk.told()[:2] == [(HOOK, at, "updated"), (MAIL, at, "updated")]


def test_an_edit_and_what_it_says_anew_travel_together(desk: Desk) -> None:
    """Whoever was told of the entry gets one message on the edit and on what is new in it, also in a silent batch."""
    desk.add(by_mail(), replace(by_webhook("https://hook.example/"), only=Filter(kinds=("denied",))))
    desk.report(updated())
    at = desk.report(EDITED, denied())
    assert desk.told(at - 1) == [(MAIL, at, CORRECTION), (HOOK, at + 1, "denied"), (MAIL, at + 1, "denied")]
    mine = [one.delivery for one in desk.owed() if one.position >= at and one.subscription == MAIL]
    assert len(mine) == 2
    assert len({*mine}) == 1
    at = desk.report(EDITED, denied(), silent=True)
    assert desk.told(at - 1) == [(HOOK, at, CORRECTION), (MAIL, at, CORRECTION)]


def test_an_entry_of_which_nothing_was_told_is_an_ordinary_development(desk: Desk) -> None:
    """A removal is told as one to whoever wants it where its finding was told to nobody, or was taken back."""
    desk.add(by_mail())
    at = desk.report(updated(), silent=True)
    gone = desk.report(GONE)
    assert desk.told(at) == [(MAIL, gone, "removed")]
    at = desk.report(updated(entry("e2")))
    review(desk, at, "rejected", "ann")
    gone = desk.report(replace(GONE, entry=entry("e2")))
    assert desk.told(gone - 1) == [(MAIL, gone, "removed")]


def test_what_was_dropped_was_not_told(desk: Desk) -> None:
    """Of what was dropped before it was told nothing is taken back, and it is news when it stands after all."""
    desk.add(daily(by_mail()))
    at = desk.report(updated())
    review(desk, at, "rejected", "ann")
    drop(desk, desk.owed())
    again = review(desk, at, "confirmed", "ann").position
    assert desk.told(again - 1) == [(MAIL, again, "updated")]
    drop(desk, desk.owed()[-1:])
    review(desk, at, "rejected", "ann")
    assert desk.told(again) == []


def drop(desk: Desk, notices: Sequence[Owed]) -> None:
    """Let notices that wait never be sent, as the bundler does."""
    desk.outbox.carry_out([Plan(drops=(Drop(tuple(notices), "taken back before it was told"),))], NOON)


def told_in_messages(desk: Desk) -> list[tuple[int, str]]:
    """Return what travels in messages, by position and kind."""
    return [(one.position, one.kind) for one in desk.owed() if one.delivery]


def bundler(desk: Desk) -> Bundler:
    return Bundler(desk.outbox, desk.log, lambda: subscriptions(desk.log))


@pytest.mark.parametrize("end", ["reject", "withdraw", "remove"])
def test_a_digest_leaves_out_what_was_taken_back(desk: Desk, end: str) -> None:
    """A finding that was rejected, withdrawn, or taken away and overtaken is in no digest, nor is what took it back."""
    desk.add(daily(by_mail()))
    at = desk.report(updated())
    stays = desk.report(denied(entry("e2")))
    if end == "reject":
        review(desk, at, "rejected", "ann")
    elif end == "withdraw":
        withdraw(desk, STORY, "S01", reason="a hoax", actor="ann")
    else:
        desk.report(GONE)
        overtaken(desk)
    bundler(desk).bundle(NOON + timedelta(days=1))
    assert told_in_messages(desk) == [(stays, "denied")]


def overtaken(desk: Desk) -> int:
    """Let the first claim move on by what is told to nobody; return where."""
    moved = ClaimUpdated(entry("e9"), updated(news=False).finding, replace(SENDS, polarity=False))
    return desk.report(moved)


@pytest.mark.parametrize("others", [0, 1])
def test_what_was_taken_away_and_still_stands_is_in_the_digest(desk: Desk, others: int) -> None:
    """Whether others say the same or nobody does: the claim stands so, and is told with the removal, once."""
    desk.add(daily(by_mail()))
    at = desk.report(updated())
    for nth in range(others):
        desk.report(corroborated(entry(f"o{nth}", source=f"Other {nth}"), news=False))
    gone = desk.report(GONE)
    for days in (1, 2):
        bundler(desk).bundle(NOON + timedelta(days=days))
        assert told_in_messages(desk) == [(at, "updated"), (gone, CORRECTION)]
    assert len({one.delivery for one in desk.owed()}) == 1


def test_what_overtook_it_is_rejected_and_it_is_told_after_all(desk: Desk) -> None:
    """Dropped as taken away and overtaken, a finding is in the next digest with its removal once it stands again."""
    desk.add(daily(by_mail()))
    at = desk.report(updated())
    gone = desk.report(GONE)
    moved = overtaken(desk)
    bundler(desk).bundle(NOON + timedelta(days=1))
    assert told_in_messages(desk) == []
    desk.times[0] = NOON + timedelta(days=2)
    review(desk, moved, "rejected", "ann")
    bundler(desk).bundle(NOON + timedelta(days=3))
    assert told_in_messages(desk) == [(at, "updated"), (gone, CORRECTION)]


@pytest.mark.parametrize("only", [Filter(), Filter(kinds=("updated",))])
def test_what_was_dropped_with_its_entry_is_owed_again_once_that_is_back(desk: Desk, only: Filter) -> None:
    """Whatever they want: the finding is in the next digest, once, and its correction is owed from then on."""
    desk.add(replace(daily(by_mail()), only=only), replace(by_mail("gone@example.org"), timing=Timing(every="daily")))
    at = desk.report(updated())
    overtaken(desk)
    gone = desk.report(GONE)
    for days in (1, 2):
        desk.times[0] = NOON + timedelta(days=days)
        bundler(desk).bundle(desk.times[0])
        assert told_in_messages(desk) == []
        if days == 1:
            unsubscribe(desk.log, "s-gone", "person")
            desk.report(BACK)
            desk.report(GONE)
    desk.report(BACK)
    bundler(desk).bundle(NOON + timedelta(days=3))
    assert told_in_messages(desk) == [(at, "updated")]
    assert {one.dropped for one in desk.owed() if one.position >= gone} == {"taken back before it was told"}
    desk.report(GONE)
    back = desk.report(BACK)
    bundler(desk).bundle(NOON + timedelta(days=9))
    assert told_in_messages(desk) == [(at, "updated")]
    assert {one.kind for one in desk.owed() if one.position == back} == {CORRECTION}


def test_what_is_owed_again_comes_when_it_would_come_now(desk: Desk) -> None:
    """Who has no digest any more is told with the next messages that are made; who was told already is not."""
    desk.add(daily(by_mail()), by_mail("now@example.org"))
    at = desk.report(updated())
    overtaken(desk)
    desk.report(GONE)
    bundler(desk).bundle(NOON + timedelta(days=1))
    desk.add(by_mail())
    desk.times[0] = NOON + timedelta(days=2)
    back = desk.report(BACK)
    assert desk.told(back - 1) == [("s-now", back, CORRECTION)]
    bundler(desk).bundle(desk.times[0])
    mine = [one for one in desk.owed() if one.subscription == MAIL and one.delivery]
    assert [(one.position, one.kind) for one in mine] == [(at, "updated")]


@pytest.mark.parametrize("stands", [True, False])
def test_what_waits_is_told_after_its_removal_if_it_stands(desk: Desk, *, stands: bool) -> None:
    """Of two findings the urgent one is told at night, their removal at once, and the other one by day if it is so."""
    desk.times[0] = NOON.replace(hour=23)
    desk.add(replace(by_mail(), timing=Timing(quiet=("22:00", "07:00"), urgent=("denied",))))
    urgent = desk.report(denied())
    calm = desk.report(updated())
    gone = desk.report(GONE)
    assert [one.held for one in desk.owed()] == [None, "quiet", None]
    if not stands:
        overtaken(desk)
    bundler(desk).bundle(NOON + timedelta(days=1))
    assert told_in_messages(desk) == [(urgent, "denied"), *([(calm, "updated")] if stands else []), (gone, CORRECTION)]
    (fate,) = (one.dropped for one in desk.owed() if one.position == calm)
    assert fate == (None if stands else "taken back before it was told")


def test_whichever_is_first_whoever_is_told_is_corrected(engine: Engine) -> None:
    """While reviews and messages are made at the same moment, a finding is told with its correction, or neither is."""
    desk = Desk(engine)
    desk.add(*(replace(by_mail(f"r{nth}@example.org"), timing=Timing(group_wait=1.0)) for nth in range(3)))
    for nth in range(12):
        at = desk.report(updated(entry(f"e{nth}")))
        desk.times[0] += timedelta(seconds=2)
        start = threading.Barrier(3)

        def make(maker: Bundler, start: threading.Barrier = start, late: float = nth % 4 * 0.01) -> None:
            start.wait()
            time.sleep(late)
            maker.bundle(desk.clock())

        with ThreadPoolExecutor(2) as others:
            made = [others.submit(make, maker) for maker in (bundler(desk), bundler(desk))]
            start.wait()
            review(desk, at, "rejected", "ann")
        for done in made:
            done.result()
        bundler(desk).bundle(desk.times[0] + timedelta(hours=1))
    fates: dict[tuple[str, str | None], list[bool]] = {}
    for one in desk.owed():
        assert one.delivery or one.dropped
        fates.setdefault((one.subscription, one.entry), []).append(one.delivery is not None)
    assert len(fates) == 3 * 12
    assert {tuple(fate) for fate in fates.values()} <= {(True, True), (False, False)}


@pytest.mark.parametrize("end", ["delivered", "transient", "permanent"])
def test_a_correction_waits_for_what_it_corrects(
    engine: Engine, end: Literal["delivered", "transient", "permanent"]
) -> None:
    """While the alert is under way or due again its correction is not taken; it is once the alert was sent, or dead."""
    desk, lease = Desk(engine), timedelta(minutes=2)
    desk.add(by_mail())
    at = desk.report(updated())
    review(desk, at, "rejected", "ann")
    desk.report(denied(entry("e2")))
    now = NOON + timedelta(seconds=1)
    first, other = desk.outbox.claim(now, 10, lease)
    assert [first.position, other.position] == [at, at + 2]
    assert desk.outbox.due(now) == frozenset()
    again = now + timedelta(hours=1) if end == "transient" else None
    desk.outbox.settle([Tried(first, Attempt(end, "", retry_at=again), now, now)])
    taken = desk.outbox.claim(now, 10, lease)
    assert [one.position for one in taken] == ([] if again else [at + 1])


def test_who_is_owed_a_correction_can_be_asked(desk: Desk) -> None:
    """The question names subscriptions and what they were told, for events of the past too, and changes nothing."""
    desk.add(by_mail(), by_webhook("https://hook.example/"))
    at = desk.report(updated())
    unsubscribe(desk.log, HOOK, "person")
    said = review(desk, at, "rejected", "ann")
    before = desk.told()
    found = corrections(desk.outbox, History(desk.stream()[:-1]), said.event, subscriptions(desk.log))
    assert [(one.subscription.subscription, [owed.position for owed in one.before]) for one in found] == [(MAIL, [at])]
    assert corrections(desk.outbox, History(desk.stream()), updated(), subscriptions(desk.log)) == ()
    assert desk.told() == before
