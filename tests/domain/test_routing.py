"""Who is to be told, and when a failed delivery is tried again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.alerts import NOON, SENDS, by_mail, by_webhook, corroborated, denied, discovered, entry, updated
from tracker.domain.events import (
    ClaimTracked,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    Recorded,
    StoryClosed,
)
from tracker.domain.retry import TABLE, next_try
from tracker.domain.routing import fold_subscriptions, same_way, subscription_id, worth_telling
from tracker.domain.subscription_events import ALERTS, AlertEvent, SubscriptionAdded, SubscriptionRemoved

ids = st.sampled_from(["s-1", "s-2", "s-3"])
changes: st.SearchStrategy[AlertEvent] = st.one_of(
    st.builds(
        SubscriptionAdded, ids, st.just("email"), st.sampled_from(["a@x.org", "b@x.org"]), st.none() | st.just("x")
    ),
    st.builds(SubscriptionRemoved, ids),
)


def recorded(events: list[Event]) -> list[Recorded]:
    return [
        Recorded(9 * version, ALERTS, version, f"id-{version}", event, "person", None, None, NOON, "")
        for version, event in enumerate(events, 1)
    ]


@given(st.lists(changes))
def test_the_last_word_on_a_subscription_holds(events: list[SubscriptionAdded | SubscriptionRemoved]) -> None:
    """A subscription is current when it was added after it was last removed, and then as it was last added."""
    folded = fold_subscriptions(recorded([*events]))
    last = {event.subscription: event for event in events}
    assert folded.current == {one: event for one, event in last.items() if isinstance(event, SubscriptionAdded)}
    assert folded.removed == {one for one, event in last.items() if isinstance(event, SubscriptionRemoved)}
    assert folded.version == len(events)


@given(st.lists(changes), st.integers(0, 9))
def test_a_way_is_known_by_the_wish_that_held(
    events: list[SubscriptionAdded | SubscriptionRemoved], minutes: int
) -> None:
    """At each moment a subscription went the way of the last wish before it, unless its id was removed since then."""
    told = [replace(one, recorded_at=NOON + timedelta(minutes=nth)) for nth, one in enumerate(recorded([*events]))]
    folded, at = fold_subscriptions(told), NOON + timedelta(minutes=minutes, seconds=30)
    assert folded == fold_subscriptions(told[minutes:], fold_subscriptions(told[:minutes]))
    for name, now in folded.current.items():
        mine = [(one.recorded_at, one.event) for one in told if getattr(one.event, "subscription", None) == name]
        then = next((event for seen, event in reversed(mine) if seen <= at), None)
        removed = any(isinstance(event, SubscriptionRemoved) for seen, event in mine if seen > at)
        if isinstance(then, SubscriptionAdded) and same_way(then, now):
            assert folded.way_at(name, at) == now
        elif isinstance(then, SubscriptionAdded):
            assert folded.way_at(name, at) == (None if removed else replace(now, target=then.target))


def test_a_stream_may_hold_events_of_other_kinds() -> None:
    """An event that is none of a subscription counts in the version and changes nothing else."""
    folded = fold_subscriptions(recorded([by_mail(), StoryClosed("x")]))
    assert (list(folded.current), folded.version) == (["s-reader"], 2)


def test_a_story_is_told_to_its_own_followers_and_to_those_of_every_story() -> None:
    """A subscription to another story is passed over."""
    everything, other = by_webhook("https://hook.example/"), replace(by_mail("o@example.org"), story="strike")
    folded = fold_subscriptions(recorded([by_mail(), everything, other]))
    assert folded.to_story("instructors") == (by_mail(), everything)


def test_an_id_is_that_of_channel_target_and_story() -> None:
    """The same wish has the same id, and each part of it counts."""
    wishes = [
        ("email", "a@x.org", None),
        ("email", "a@x.org", "x"),
        ("email", "b@x.org", None),
        ("webhook", "a@x.org", None),
    ]
    assert len({subscription_id(*wish) for wish in wishes}) == len(wishes)
    assert subscription_id(*wishes[0]) == subscription_id(*wishes[0])


def test_sources_are_told_to_those_who_asked() -> None:
    """A story's source is told to its followers and those of every story, a source of every story to each; if asked."""
    asked = [
        replace(by_mail("a@example.org"), sources=True),
        replace(by_mail("b@example.org", story=None), sources=True),
        replace(by_mail("c@example.org", story="strike"), sources=True),
    ]
    folded = fold_subscriptions(recorded([by_mail("d@example.org"), by_mail("e@example.org", story=None), *asked]))
    assert folded.to_source("instructors") == tuple(asked[:2])
    assert folded.to_source("strike") == tuple(asked[1:])
    assert folded.to_source(None) == tuple(asked)


@pytest.mark.parametrize(
    "event",
    [
        updated(),
        denied(),
        corroborated(),
        discovered(),
        EntryRevised(entry(), "a", "b"),
        EntryRemoved(entry(), "gone"),
        EntryRestored(entry()),
    ],
)
def test_a_development_is_worth_telling(event: Event) -> None:
    """Each of the four kinds of finding is told, and what a publisher does to what the story relies on."""
    assert worth_telling(event)


@pytest.mark.parametrize(
    "event",
    [
        updated(news=False),
        updated(needs_review=True),
        discovered(news=False),
        replace(discovered(), origin="person"),
        ClaimTracked(SENDS, "seed"),
        EntryLinked(entry(), 0.9, "the same words", "e0", ("S01",), "e0"),
        StoryClosed("x"),
    ],
)
def test_repeats_doubts_and_other_events_are_not_worth_telling(event: Event) -> None:
    """What is no news, waits for a person, or comes from a person or a seed raises no alert."""
    assert not worth_telling(event)


@given(st.text(max_size=9), st.integers(0, len(TABLE) - 1))
def test_a_retry_comes_within_a_fifth_of_the_table(delivery: str, attempts: int) -> None:
    """The wait before the next attempt is that of the table, 20 % more or less, and the same whenever it is asked."""
    due = next_try(delivery, attempts, NOON)
    assert due is not None
    assert 0.8 * TABLE[attempts] <= due - NOON <= 1.2 * TABLE[attempts]
    assert next_try(delivery, attempts, NOON) == due


def test_the_table_ends_after_three_days() -> None:
    """Ten attempts are made, over 72 to 96 hours, and none after them."""
    assert next_try("d", len(TABLE), NOON) is None
    assert next_try("d", len(TABLE) + 1, NOON) is None
    assert timedelta(hours=72) < sum(TABLE, timedelta()) < timedelta(hours=96)


def test_deliveries_that_failed_together_are_tried_apart() -> None:
    """A hundred deliveries that fail at one moment come due over more than half of the span that the jitter allows."""
    due = [next_try(f"d-{number}", 2, NOON) for number in range(100)]
    moments = [moment for moment in due if moment]
    assert max(moments) - min(moments) > 0.2 * TABLE[2]


@given(st.text(max_size=9), st.integers(1, len(TABLE) - 1), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_receiver_may_ask_for_up_to_twice_the_wait(delivery: str, attempts: int, asked: timedelta) -> None:
    """Retry-After is honoured between once and twice the wait of the table: never sooner, never for ever."""
    plain, wished = next_try(delivery, attempts, NOON), next_try(delivery, attempts, NOON, NOON + asked)
    assert plain is not None
    assert wished is not None
    assert plain <= wished <= NOON + 2 * (plain - NOON)
    if plain - NOON <= asked <= 2 * (plain - NOON):
        assert wished == NOON + asked
