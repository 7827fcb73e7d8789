"""What somebody was refused for its outlet or language, and is told by the first report that they let through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.alerts import NOON, SENDS, STORY, by_mail, corroborated, denied, discovered, entry, opening, updated
from tests.made.streams import calm
from tracker.domain.entry import EntryRef
from tracker.domain.events import ClaimUpdated, Event, FindingEvent, FindingReviewed, Recorded, story_stream
from tracker.domain.mutes import in_force
from tracker.domain.quantity import Quantity
from tracker.domain.routing import fold_subscriptions
from tracker.domain.ruling import developments, rule
from tracker.domain.story import fold
from tracker.domain.subscription_events import (
    ALERTS,
    AlertEvent,
    Filter,
    MuteLifted,
    MuteSet,
    SubscriptionRemoved,
)
from tracker.domain.unheard import Refused

LEA = replace(by_mail(), only=Filter(outlets=("Lea Gazette",)))
"""Who wants one outlet."""
HACKNEY, GAZETTE, POST = "Hackney Post", "Lea Gazette", "Morning Post"
NAME = LEA.subscription


class House:
    """A log of wishes and reports in one order, and how each report is ruled when it comes."""

    def __init__(self, *wished: AlertEvent) -> None:
        self.log: list[Recorded] = []
        self.there: set[str] = set()
        self.entries = 0
        for new in opening():
            self.record(story_stream(STORY), new.event)
        self.wish(*wished)

    def record(self, stream: str, event: Event) -> int:
        at = len(self.log) + 1
        version = sum(one.stream == stream for one in self.log) + 1
        seen = NOON + timedelta(minutes=at)
        self.log.append(Recorded(at, stream, version, f"id-{at}", event, "judge", None, None, seen, ""))
        return at

    def wish(self, *events: AlertEvent) -> None:
        for event in events:
            self.record(ALERTS, event)

    def why(self, event: Event, wanted: str = NAME) -> str:
        """Record a report, and return how a subscription fares with it, with a sign before it."""
        story = fold(one for one in self.log if one.stream != ALERTS)
        assert story is not None
        known = fold_subscriptions(one for one in self.log if one.stream == ALERTS)
        now = NOON + timedelta(minutes=len(self.log) + 1)
        (found,) = developments(story, [event], now)
        self.record(story_stream(STORY), event)
        if found is None or wanted not in known.current:
            return "- nothing to tell, or nobody to tell it to"
        refused = Refused(story, known, lambda ref: ref.id in self.there)
        whole = known.current[wanted]
        (ruling,) = rule([found], STORY, whole, in_force(known.mutes.values(), now), refused.to(whole))
        return f"{'+' if ruling.told else '-'} {ruling.why}"

    def by(self, outlet: str, **changes: str | None) -> EntryRef:
        self.entries += 1
        return entry(f"e{self.entries}", publisher=outlet, source=outlet, **changes)


def said(ref: EntryRef, number: int = 300, *, news: bool = True) -> FindingEvent:
    """Return an update that gives the first claim a number."""
    claim = replace(SENDS, quantities=(Quantity(number, number, "", "instructor"),))
    return ClaimUpdated(ref, updated(news=news).finding, claim)


def again(ref: EntryRef, claim: str = "S01") -> FindingEvent:
    """Return a report that repeats what a claim says by now."""
    return replace(corroborated(ref, news=False), finding=replace(corroborated(ref, news=False).finding, claim=claim))


def muted(outlet: str = HACKNEY, whose: str | None = NAME, minutes: int = 60) -> MuteSet:
    return MuteSet(f"m-{outlet}", "outlet", None, outlet, NOON + timedelta(minutes=minutes), whose)


@pytest.mark.parametrize(
    ("wishes", "first", "reason"),
    [
        ([LEA], {}, "outlet Hackney Post: wants only Lea Gazette"),
        ([by_mail(), muted()], {}, "muted: outlet Hackney Post for s-reader, until 2024-06-01 13:00 UTC"),
        ([by_mail(), muted(whose=None)], {}, "muted: outlet Hackney Post, until 2024-06-01 13:00 UTC"),
        ([replace(by_mail(), only=Filter(languages=("en",)))], {"language": "fr"}, "language fr: wants only en"),
        ([replace(LEA, only=replace(LEA.only, kinds=("updated",)))], {}, "outlet Hackney Post: wants only Lea Gazette"),
    ],
)
def test_what_was_refused_for_its_outlet_is_told_by_the_next(
    wishes: list[AlertEvent], first: dict[str, str], reason: str
) -> None:
    """Muted, another outlet or another language: the first report let through is told, and says why; once."""
    house = House(*wishes)
    assert house.why(said(house.by(HACKNEY, **first))) == f"- {reason}"
    assert house.why(again(house.by(HACKNEY, **first))).startswith("- ")
    assert house.why(again(house.by(GAZETTE))) == f"+ the first report of it that they let through; before it: {reason}"
    assert house.why(again(house.by(GAZETTE))).startswith(("- repeats what is known", "- kind corroborated"))


def test_to_others_it_is_a_repeat() -> None:
    """Who was told by the first report, or is told of everything, is not told by the second."""
    house = House(LEA, by_mail("all@example.org"), muted(POST))
    assert house.why(said(house.by(HACKNEY)), "s-all").startswith("+ follows")
    assert house.why(again(house.by(GAZETTE)), "s-all") == "- repeats what is known"
    house = House(LEA)
    assert house.why(said(house.by(GAZETTE))).startswith("+ follows")
    assert house.why(again(house.by(HACKNEY))).startswith("- outlet")
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"


def test_new_claims_and_denials_are_told_so_too() -> None:
    """A claim that a refused report brought in, and a denial by one, are new to whoever hears of them first now."""
    house = House(LEA)
    house.why(discovered(house.by(HACKNEY)))
    assert house.why(again(house.by(GAZETTE), "N-1")).startswith("+ the first report")
    assert house.why(denied(house.by(HACKNEY))).startswith("- outlet")
    assert house.why(again(house.by(GAZETTE), "S02")) == "- repeats what is known"
    assert house.why(denied(house.by(GAZETTE), news=False)).startswith("+ the first report")
    assert house.why(denied(house.by(GAZETTE), news=False)) == "- repeats what is known"


def test_each_value_is_told_for_itself() -> None:
    """Once the claim moves on, what was refused before is past; what it says now is told by the first let through."""
    house = House(LEA)
    house.why(said(house.by(HACKNEY), 300))
    assert house.why(said(house.by(GAZETTE), 400)).startswith("+ follows")
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
    house.why(said(house.by(HACKNEY), 500))
    assert house.why(again(house.by(GAZETTE))).startswith("+ the first report")
    house.why(ClaimUpdated(house.by(HACKNEY), updated().finding, SENDS))  # it says again what it said at first
    assert house.why(again(house.by(GAZETTE))).startswith("+ the first report")
    house.why(discovered(house.by(HACKNEY)))
    house.why(replace(said(house.by(POST)), finding=replace(updated().finding, claim="N-1")))
    assert house.why(again(house.by(GAZETTE), "N-1")).startswith("+ the first report")


def test_what_nobody_was_told_is_told_to_nobody() -> None:
    """A repeat, what was there before anybody asked, and what came before they subscribed is not told after all."""
    house = House(LEA)
    house.why(said(house.by(HACKNEY), news=False))
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
    house = House(LEA)
    house.there.add("e1")
    house.why(said(house.by(HACKNEY)))
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
    house = House()
    house.why(said(house.by(HACKNEY)))
    house.wish(LEA)
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"


def test_a_baseline_between_takes_nothing_away() -> None:
    """What a first import says is told to nobody: the report after it is the first that they hear."""
    house = House(LEA)
    house.why(said(house.by(HACKNEY)))
    house.there.add("e2")
    house.why(again(house.by(GAZETTE)))
    assert house.why(again(house.by(GAZETTE))).startswith("+ the first report")


def test_what_was_muted_for_itself_is_not_told_later() -> None:
    """A muted claim or story, and a kind nobody asked for, are not wanted from any outlet."""
    for mute in (
        MuteSet("m", "story", STORY, None, None, None),
        MuteSet("m", "claim", STORY, "S01", None, None),
    ):
        house = House(LEA, mute)
        house.why(said(house.by(HACKNEY)))
        house.wish(MuteLifted("m"))
        assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
        house.why(said(house.by(HACKNEY), 400))
        house.wish(mute)
        assert house.why(again(house.by(GAZETTE))).startswith("- muted")
        house.wish(MuteLifted("m"))
        assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
    house = House(replace(LEA, only=replace(LEA.only, kinds=("denied",))))
    house.why(said(house.by(HACKNEY)))
    assert house.why(again(house.by(GAZETTE))).startswith("- kind corroborated")


def test_the_wish_of_the_time_decides() -> None:
    """Told by a wider wish is told; refused by a mute that is over is new; who begins anew was refused nothing."""
    house = House(by_mail())
    house.why(said(house.by(HACKNEY)))
    house.wish(LEA)
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
    house = House(LEA)
    house.why(said(house.by(HACKNEY)))
    house.wish(by_mail())
    assert house.why(again(house.by(HACKNEY))).startswith("+ the first report")
    for end in (MuteLifted(f"m-{HACKNEY}"), muted(minutes=0)):
        house = House(by_mail(), muted())
        house.why(said(house.by(HACKNEY)))
        house.wish(end)
        assert house.why(again(house.by(HACKNEY))).startswith("+ the first report")
    house = House(LEA)
    house.why(said(house.by(HACKNEY)))
    house.wish(SubscriptionRemoved(NAME))
    house.why(again(house.by(GAZETTE)))
    house.wish(LEA)
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"


def test_who_waits_for_two_sources_hears_of_them_once() -> None:
    """They were refused the second source for its outlet: the third tells them; what one alone said is not awaited."""
    sure = replace(LEA, only=Filter(standing="corroborated", outlets=(GAZETTE,), kinds=("updated",)))
    house = House(sure)
    assert house.why(said(house.by(HACKNEY))).startswith("- outlet")
    assert house.why(again(house.by(POST))).startswith("- ")
    assert house.why(again(house.by(GAZETTE))).startswith("+ the first report")
    assert house.why(again(house.by(GAZETTE))).startswith("- ")


def test_what_a_person_settles_is_refused_when_it_is_settled() -> None:
    """A doubt was told to nobody; confirmed, it is refused for its outlet, and told by the next report."""
    house = House(LEA)
    at = len(house.log) + 1
    doubtful = said(house.by(HACKNEY))
    house.why(replace(doubtful, finding=replace(doubtful.finding, needs_review=True)))
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"
    house.record(story_stream(STORY), FindingReviewed(at, "confirmed", None, "S01"))
    assert house.why(again(house.by(GAZETTE))).startswith("+ the first report")
    house.record(story_stream(STORY), FindingReviewed(at, "rejected", None, "S01"))
    house.record(story_stream(STORY), FindingReviewed(at, "confirmed", None, "S01"))
    house.record(story_stream(STORY), FindingReviewed(at, "confirmed", None, "S01"))
    assert house.why(again(house.by(GAZETTE))) == "- repeats what is known"


outlets = st.sampled_from([HACKNEY, GAZETTE, POST])
steps = st.one_of(
    st.tuples(st.just("say"), outlets, st.sampled_from([300, 400])),
    st.tuples(st.just("say"), outlets, st.just(0)),
    st.tuples(st.just("want"), st.lists(outlets, max_size=2, unique=True).map(tuple), st.just(0)),
    st.tuples(st.just("mute"), outlets, st.sampled_from([0, 60])),
)


@calm
@given(st.lists(steps, max_size=14))
def test_each_value_is_heard_once_as_soon_as_it_is_let_through(happened: Sequence[tuple[str, object, int]]) -> None:
    """Whatever they mute or want meanwhile: of each value they are told by the first report let through, and once."""
    house, heard, value = House(by_mail()), True, 0
    only: object = ()
    muted_now: set[object] = set()
    for what, which, number in happened:
        if what == "want":
            assert isinstance(which, tuple)
            only = which
            house.wish(replace(by_mail(), only=Filter(outlets=which)))
        elif what == "mute":
            muted_now = muted_now | {which} if number else muted_now - {which}
            house.wish(muted(str(which)) if number else MuteLifted(f"m-{which}"))
        else:
            ref = house.by(str(which))
            moves = number not in (0, value)
            heard, value = (heard, value) if not moves else (False, number)
            told = house.why(said(ref, number) if moves else again(ref)).startswith("+")
            lets_through = which not in muted_now and (not only or which in only)  # type: ignore[operator]
            assert told == (lets_through and not heard)
            heard = heard or told


def test_a_value_that_another_report_upholds_is_new_to_who_refused_both() -> None:
    """Who brought it is rejected and another held it up: the first report let through tells it, after all."""
    house = House(LEA)
    at = len(house.log) + 1
    house.why(said(house.by(HACKNEY), 300))
    agreed = again(house.by(POST))
    house.why(replace(agreed, finding=replace(agreed.finding, field="quantity", old="300", new="300")))
    house.record(story_stream(STORY), FindingReviewed(at, "rejected", None, "S01"))
    assert house.why(again(house.by(GAZETTE))).startswith("+ the first report")
