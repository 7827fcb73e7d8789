"""Mutes: set, lifted, run out, and what they cover."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.alerts import NOON, by_mail
from tracker.domain.events import Event, Recorded
from tracker.domain.mutes import Subject, in_force, in_words, mute_id, muting
from tracker.domain.routing import NOBODY, Subscriptions, fold_subscriptions
from tracker.domain.subscription_events import ALERTS, AlertEvent, MuteLifted, MuteSet, SubscriptionRemoved

HOUR = timedelta(hours=1)
names = st.sampled_from(["m-1", "m-2", "m-3"])
ends = st.none() | st.integers(-3, 3).map(lambda hours: NOON + hours * HOUR)
whose = st.none() | st.sampled_from(["s-reader", "s-other"])
about_stories = st.builds(MuteSet, names, st.just("story"), st.sampled_from(["x", "y"]), st.none(), ends, whose)
about_claims = st.builds(MuteSet, names, st.just("claim"), st.just("x"), st.sampled_from(["S01", "S02"]), ends, whose)
about_outlets = st.builds(
    MuteSet, names, st.just("outlet"), st.none() | st.just("x"), st.sampled_from(["AFP", "tass"]), ends, whose
)
mutes = st.one_of(about_stories, about_claims, about_outlets)
changes: st.SearchStrategy[AlertEvent] = st.one_of(
    mutes, st.builds(MuteLifted, names), st.just(by_mail()), st.just(SubscriptionRemoved("s-reader"))
)
subjects = st.builds(
    Subject,
    st.none() | st.sampled_from(["x", "y"]),
    st.lists(st.sampled_from(["S01", "S02"]), unique=True).map(tuple),
    st.lists(st.sampled_from(["AFP", "TASS", "Le Quotidien"]), unique=True).map(tuple),
)


def recorded(events: list[AlertEvent]) -> list[Recorded]:
    def one(version: int, event: Event) -> Recorded:
        return Recorded(9 * version, ALERTS, version, f"id-{version}", event, "person", None, None, NOON, "")

    return [one(version, event) for version, event in enumerate(events, 1)]


@given(st.lists(changes), st.integers(0, 9))
def test_folding_on_is_folding_anew(events: list[AlertEvent], cut: int) -> None:
    """Who is told, and what is muted, is the same whether the stream is folded at once or in two steps."""
    told = recorded(events)
    assert fold_subscriptions(told[cut:], fold_subscriptions(told[:cut])) == fold_subscriptions(told)


@given(st.lists(mutes | st.builds(MuteLifted, names)))
def test_the_last_word_on_a_mute_holds(events: list[AlertEvent]) -> None:
    """A mute is there when it was set after it was last lifted, and then as it was last set."""
    last = {event.mute: event for event in events if isinstance(event, MuteSet | MuteLifted)}
    held = {name: event for name, event in last.items() if isinstance(event, MuteSet)}
    assert fold_subscriptions(recorded(events)).mutes == held


def test_folding_leaves_what_it_goes_on_from() -> None:
    """Whoever holds an earlier fold sees nothing of what came later."""
    before = fold_subscriptions(recorded([by_mail()]))
    after = fold_subscriptions(recorded([MuteSet("m-1", "story", "x", None, None, None)]), before)
    assert (before.mutes, NOBODY) == ({}, Subscriptions())
    assert list(after.mutes) == ["m-1"]
    assert after.current == before.current


def test_a_mute_is_over_at_its_end() -> None:
    """Until its last moment a mute holds, from then on it does not; one without end holds."""
    ending, endless = (MuteSet(f"m-{end}", "story", "x", None, end, None) for end in (NOON, None))
    assert in_force([ending, endless], NOON - timedelta(microseconds=1)) == (ending, endless)
    assert in_force([ending, endless], NOON) == (endless,)


@given(st.lists(mutes, max_size=4), subjects, st.sampled_from(["s-reader", "s-other"]))
def test_more_mutes_never_tell_more(held: list[MuteSet], about: Subject, subscription: str) -> None:
    """What one mute silences stays silent when others come; a mute for somebody else changes nothing."""
    whole = muting(held, subscription, about)
    for one in held:
        if muting([one], subscription, about):
            assert whole is not None
    others = [one for one in held if one.subscription in (None, subscription)]
    assert muting(others, subscription, about) == whole


@pytest.mark.parametrize(
    ("mute", "about", "silent"),
    [
        (MuteSet("m", "story", "x", None, None, None), Subject("x"), True),
        (MuteSet("m", "story", "x", None, None, None), Subject("y"), False),
        (MuteSet("m", "story", "x", None, None, None), Subject(None), False),
        (MuteSet("m", "story", "x", None, None, "s-other"), Subject("x"), False),
        (MuteSet("m", "claim", "x", "S01", None, None), Subject("x", ("S01",)), True),
        (MuteSet("m", "claim", "x", "S01", None, None), Subject("x", ("S01", "S02")), False),
        (MuteSet("m", "claim", "x", "S01", None, None), Subject("x"), False),
        (MuteSet("m", "claim", "x", "S01", None, None), Subject("y", ("S01",)), False),
        (MuteSet("m", "outlet", None, "afp", None, None), Subject("x", (), ("Le Quotidien", "AFP")), True),
        (MuteSet("m", "outlet", None, "afp", None, None), Subject(None, (), ("AFP",)), True),
        (MuteSet("m", "outlet", "x", "AFP", None, None), Subject("y", (), ("AFP",)), False),
        (MuteSet("m", "outlet", None, "AF", None, None), Subject("x", (), ("AFP",)), False),
    ],
)
def test_a_mute_covers_what_it_names(mute: MuteSet, about: Subject, silent: bool) -> None:  # noqa: FBT001
    """A story, a claim of it where nothing else is said, an outlet however it is written; for whom it is meant."""
    assert (muting([mute], "s-reader", about) == mute) is silent


def test_two_muted_claims_are_silent_together() -> None:
    """What bears on two claims is told while one of them is not muted, and not when both are."""
    first, second = (MuteSet(f"m-{claim}", "claim", "x", claim, None, None) for claim in ("S01", "S02"))
    both = Subject("x", ("S01", "S02"))
    assert muting([first], "s", both) is None
    assert muting([first, second], "s", both) == first


def test_a_mute_in_words_says_what_for_whom_and_until_when() -> None:
    """Each part is there that was given, and the id tells two mutes apart by each of them but the end."""
    full = MuteSet("m", "claim", "x", "S01", NOON, "s-1")
    assert in_words(full) == "claim S01 of story x for s-1, until 2024-06-01 12:00 UTC"
    assert in_words(MuteSet("m", "outlet", None, "AFP", None, None)) == "outlet AFP, until it is lifted"
    parts = [
        ("story", "x", None, None),
        ("story", "y", None, None),
        ("claim", "x", "S01", None),
        ("story", "x", None, "s"),
    ]
    assert len({mute_id(*part) for part in parts}) == len(parts)
