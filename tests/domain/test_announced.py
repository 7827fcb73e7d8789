"""Dates that claims have announced: they are known for ever by the claim, and each move is counted."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from tests.made import tunnel
from tests.made.streams import STORIES, calm, logs
from tracker.domain.announced import Announced, Fate, announced
from tracker.domain.claims import Status
from tracker.domain.events import Recorded, story_stream

EVENTS = tunnel.events()


def after(position: int) -> dict[str, tuple[int, date, Fate]]:
    """Return how each claim's first date stands after an event: sequence, first day, fate."""
    return {one.claim: (one.sequence, one.when.start, one.fate) for one in announced(EVENTS[:position])}


def test_only_dates_ahead_that_somebody_announced_are_in_it() -> None:
    """A day that had passed when it was said, a mere possibility and what will not be are no announced dates."""
    assert {one.claim: one.nth for one in announced(EVENTS[:8])} == {"T01": 1, "T02": 1, "T03": 1, "T04": 1}
    assert {one.fate for one in announced(EVENTS[:8])} == {Fate.AHEAD}


@pytest.mark.parametrize(
    ("position", "sequence", "day", "fate"),
    [
        (9, 0, date(2031, 5, 12), Fate.AHEAD),  # another source says so
        (10, 1, date(2031, 5, 26), Fate.AHEAD),  # it slips
        (11, 1, date(2031, 5, 26), Fate.AHEAD),
        (12, 2, date(2031, 6, 9), Fate.AHEAD),  # and again
        (13, 3, date(2031, 5, 26), Fate.AHEAD),  # which a person rejects: a move once more, not one less
        (16, 4, date(2031, 5, 26), Fate.DONE),
    ],
)
def test_a_date_that_slips_is_the_same_date_moved(position: int, sequence: int, day: date, fate: Fate) -> None:
    """Each change of the day, and of what became of it, counts up, also the way back."""
    assert after(position)["T01"] == (sequence, day, fate)


def test_what_falls_keeps_the_day_that_it_had() -> None:
    """A cancelled claim, though it names no day any more, and a withdrawn one leave their dates, as fallen."""
    assert after(17)["T02"] == (1, date(2031, 5, 12), Fate.OFF)
    assert after(17)["T03"] == (1, date(2031, 6, 1), Fate.OFF)
    assert [one.revised for one in announced(EVENTS) if one.claim == "T03"] == [EVENTS[14].recorded_at]


def test_what_is_done_is_told_by_its_day() -> None:
    """A report of the day after moves the date to the day on which it happened, though that is past."""
    early = tunnel.opens("2031-05-24", "24 May 2031", Status.DONE)
    done = tunnel.moved(9, 56, "City Herald", early, field="status", old="announced", new="done")
    told = next(one for one in announced((*EVENTS[:15], replace(EVENTS[15], event=done))) if one.claim == "T01")
    assert (told.when.start, told.fate, told.sequence) == (date(2031, 5, 24), Fate.DONE, 4)


def test_what_leaves_the_day_is_no_move() -> None:
    """A claim that is under way, on the day that was announced for it, has not moved its date; a second day is new."""
    begun = replace(tunnel.CLAIMS[0], status=Status.UNDER_WAY)
    twice = replace(begun, dates=(*begun.dates, tunnel.on("and on 1 July 2031", "2031-07-01")))
    for claim, expected in ((begun, [(1, 0)]), (twice, [(1, 0), (2, 0)])):
        event = tunnel.moved(9, 5, "Coast Wire", claim, field="status", old="announced", new="under way")
        stream = (*EVENTS[:9], replace(EVENTS[9], event=event))
        assert [(one.nth, one.sequence) for one in announced(stream) if one.claim == "T01"] == expected


def _by_name(dates: tuple[Announced, ...]) -> dict[tuple[str, int], Announced]:
    return {(one.claim, one.nth): one for one in dates}


@calm
@given(logs())
def test_no_date_is_ever_lost_or_counted_down(events: tuple[Recorded, ...]) -> None:
    """As a log grows no announced date goes, and each counts up if, and only if, its day or its fate has changed."""
    for story in STORIES:
        stream = [recorded for recorded in events if recorded.stream == story_stream(story)]
        before: dict[tuple[str, int], Announced] = {}
        for length in range(len(stream) + 1):
            now = _by_name(announced(stream[:length]))
            assert before.keys() <= now.keys()
            for name, old in before.items():
                same = (old.when.start, old.when.end, old.fate) == (
                    now[name].when.start, now[name].when.end, now[name].fate,
                )  # fmt: skip
                assert now[name].sequence == old.sequence + (not same)
            before = now
