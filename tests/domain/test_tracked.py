"""What is left of a claim once a finding on which others built is taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.streams import STORIES, Recorder, calm, logs
from tracker.domain.claims import Claim, Relation, Standing, Status
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    Event,
    FindingEvent,
    FindingReviewed,
    Recorded,
    StoryOpened,
    story_stream,
)
from tracker.domain.quantity import Quantity
from tracker.domain.story import fold
from tracker.domain.tracked import TrackedClaim, overturned
from tracker.domain.when import When

HURT, HURT_NOW = bridge.HURT, bridge.HURT_NOW
MORE = replace(HURT, quantities=(Quantity(20, 20, noun="person"),))
REJECTED, CONFIRMED = FindingReviewed(3, "rejected", claim=HURT.id), FindingReviewed(3, "confirmed", claim=HURT.id)


def updated(source: str, current: Claim = HURT_NOW, *, field: str | None = "quantity", sure: bool = True) -> Event:
    """Return a source with another value."""
    finding = bridge.finding(Relation.UPDATES, HURT, "So.", "more", field=field, sure=sure)
    return ClaimUpdated(bridge.entry(1, source, "More", bridge.OPENED), finding, current)


def agreed(source: str, field: str | None = "quantity") -> Event:
    """Return a source that says the same, and of what."""
    finding = bridge.finding(Relation.CORROBORATES, HURT, "The same.", "same", field=field)
    return ClaimCorroborated(bridge.entry(2, source, "Same", bridge.OPENED), finding)


def denied(source: str) -> Event:
    """Return a source that says it is not so."""
    finding = bridge.finding(Relation.DENIES, HURT, "No.", "the opposite")
    return ClaimDenied(bridge.entry(3, source, "No", bridge.OPENED), finding)


def told(*events: Event, seed: Claim = HURT) -> TrackedClaim:
    """Return the claim after events, the first of which is at position 3."""
    log = Recorder()
    for event in (StoryOpened("strike", "Strike", "en", None, None, None), ClaimTracked(seed, "seed"), *events):
        log.record(story_stream("strike"), event)
    story = fold(log.events)
    assert story is not None
    return story.claims[HURT.id]


def stands(claim: TrackedClaim) -> tuple[Claim, Standing, set[str]]:
    """Return what a claim says, and how well that stands by whom."""
    return claim.current, claim.standing, {*claim.sources}


def test_who_agreed_with_a_value_says_it_once_its_bringer_is_rejected() -> None:
    """The claim stays at the value by those alone who agreed with it, and none of them stands behind the old one."""
    one = told(updated("Post"), agreed("Gazette"), REJECTED)
    assert stands(one) == (HURT_NOW, Standing.REPORTED, {"Gazette"})
    two = told(updated("Post"), agreed("Gazette"), agreed("Herald"), REJECTED)
    assert stands(two) == (HURT_NOW, Standing.CORROBORATED, {"Gazette", "Herald"})
    later = told(updated("Post"), agreed("Gazette"), REJECTED, agreed("Herald"), FindingReviewed(4, "rejected"))
    assert stands(later) == (HURT_NOW, Standing.REPORTED, {"Herald"})


def test_nobody_stands_behind_a_value_that_they_never_met() -> None:
    """Once both who said the new value are rejected the old one is back, by those alone who agreed with that."""
    both = told(
        agreed("Herald"), updated("Post"), agreed("Gazette"), *(replace(REJECTED, position=at) for at in (4, 5))
    )
    assert stands(both) == (HURT, Standing.CORROBORATED, {"seed", "Herald"})


TWO = replace(HURT, quantities=(Quantity(3, 3, noun="dead"), *HURT.quantities))
DATED = replace(HURT, dates=(When(date(2031, 3, 3), date(2031, 3, 3)),))


@pytest.mark.parametrize(
    ("seed", "current", "field"),
    [
        (HURT, HURT_NOW, None),
        (HURT, HURT_NOW, "status"),
        (HURT, replace(HURT, status=Status.DONE), "status"),
        (TWO, replace(TWO, quantities=(TWO.quantities[0], *HURT_NOW.quantities)), "quantity"),
        (DATED, replace(DATED, dates=(When(date(2031, 3, 9), date(2031, 3, 9)),)), "quantity"),
    ],
)
def test_who_named_no_lost_value_counts_for_nothing(seed: Claim, current: Claim, field: str | None) -> None:
    """Where nobody knows which value a report agreed with, it stands neither behind the lost one nor the old one."""
    lost = told(updated("Post", current), agreed("Gazette", field), REJECTED, seed=seed)
    assert stands(lost) == (seed, Standing.REPORTED, {"seed"})
    assert [step.lapsed for step in lost.steps] == [False, True]


def test_who_named_a_value_supports_it_whatever_becomes_of_the_status() -> None:
    """A status that was misread takes along no source of the figure, which did not change."""
    done = updated("Post", replace(HURT, status=Status.DONE), field="status")
    assert stands(told(done, agreed("Gazette"), REJECTED)) == (HURT, Standing.CORROBORATED, {"seed", "Gazette"})


def test_who_said_something_further_brings_no_rejected_value_back() -> None:
    """A report that added words and no value does not say the value that the claim happened to have then."""
    further = updated("Gazette", replace(HURT_NOW, text="Fourteen were hurt, all of them on foot."), field=None)
    assert stands(told(updated("Post"), further, REJECTED)) == (HURT, Standing.REPORTED, {"seed"})


def test_what_was_denied_of_a_value_is_denied_as_long_as_it_stands() -> None:
    """Whoever denied the value denies it still when it stands by another report."""
    claim = told(updated("Post"), denied("Herald"), agreed("Gazette"), REJECTED)
    assert stands(claim) == (HURT_NOW, Standing.DISPUTED, {"Gazette"})
    assert claim.denied_by == {"Herald"}


def test_a_doubt_that_is_confirmed_is_followed_by_none_who_agreed_with_the_old_value() -> None:
    """They go on to support what they met: they neither stand behind the new value nor bring the old one back."""
    claim = told(updated("Post", sure=False), agreed("Gazette"), CONFIRMED)
    assert stands(claim) == (HURT_NOW, Standing.REPORTED, {"Post"})
    assert overturned(told(updated("Post", sure=False), agreed("Gazette")), CONFIRMED) == {}


def test_newer_values_hold_whoever_brought_the_older_ones() -> None:
    """A value that was followed by another one does not come back because its bringer is rejected."""
    claim = told(updated("Post"), agreed("Gazette"), updated("Herald", MORE), agreed("Times"), REJECTED)
    assert stands(claim) == (MORE, Standing.CORROBORATED, {"Herald", "Times"})


def test_which_other_findings_a_review_overturns() -> None:
    """Named are those that agree with nothing any more, and those that do so again; not who says the value itself."""
    claim = told(updated("Post"), agreed("Gazette"), agreed("Herald", None))
    assert overturned(claim, REJECTED) == {}  # the Gazette holds the value up, and the Herald agrees with that
    unnamed = told(updated("Post"), agreed("Herald", None))
    assert overturned(unnamed, REJECTED) == {4: True}
    assert overturned(told(updated("Post"), agreed("Herald", None), REJECTED), CONFIRMED) == {4: False}
    assert overturned(unnamed, CONFIRMED) == {}


@calm
@given(logs(), st.data())
def test_a_rejection_that_is_taken_back_leaves_no_trace(events: Sequence[Recorded], data: st.DataObject) -> None:
    """Whatever was told, rejecting a finding and confirming it again leaves every claim as it was."""
    stream = [
        recorded
        for recorded in events
        if recorded.stream == story_stream(STORIES[0])
        and not isinstance(recorded.event, FindingReviewed | ClaimWithdrawn)
    ]
    sure = [one for one in stream if isinstance(one.event, FindingEvent) and not one.event.finding.needs_review]
    if not sure:
        return
    at, last = data.draw(st.sampled_from(sure)).position, stream[-1]
    reviews = [
        replace(last, position=last.position + nth, version=last.version + nth, event=one)
        for nth, one in enumerate((FindingReviewed(at, "rejected"), FindingReviewed(at, "confirmed")), 1)
    ]
    before, after = fold(stream), fold([*stream, *reviews])
    assert before is not None
    assert after is not None
    assert before.claims == after.claims
