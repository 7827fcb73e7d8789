"""Which troubles of a source are worth a message."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.alerts import NOON
from tests.made.streams import calm
from tracker.domain.feed_events import (
    FeedAdded,
    FeedEvent,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.domain.source import DAY, MOST, Source

ADDED = FeedAdded("f", "https://a.example/feed", "A", None)
FAILING = FeedFailing("f", 3, "HTTP 500")
SILENT = FeedSilent("f", NOON, 3600.0)
WELL, GONE = FeedRecovered("f"), FeedGone("f")
MOVED = FeedMoved("f", "https://a.example/feed", "https://b.example/feed")


Step = tuple[float, FeedEvent]


def told(*steps: Step) -> list[bool]:
    """Return for each event, so many hours after noon, whether it is worth telling."""
    source, worth = Source(), []
    for hours, event in steps:
        source = source.after(event, NOON + timedelta(hours=hours))
        worth.append(source.worth_telling)
    return worth


@pytest.mark.parametrize("trouble", [FAILING, SILENT, GONE])
def test_a_trouble_and_its_end_are_told_once_each(trouble: FeedEvent) -> None:
    """What begins is told, what goes on is not, what ends is told, and an end of nothing is not."""
    steps: list[Step] = [(0.0, ADDED), (1.0, trouble), (2.0, WELL), (3.0, WELL)]
    assert told(*steps) == [False, True, True, False]
    if trouble is not GONE:
        assert told((1, trouble), (2, trouble)) == [True, False]


def test_a_flapping_source_has_a_last_word() -> None:
    """The second trouble within a day is told and its end is not; then nothing is, until the day is over."""
    steps: list[Step] = [
        (0, FAILING),
        (1, WELL),
        (2, FAILING),
        (3, WELL),
        (4, FAILING),
        (5, WELL),
        (24.5, FAILING),
        (25, WELL),
    ]
    assert told(*steps) == [True, True, True, False, False, False, True, False]
    assert told(*steps, (49, SILENT), (50, WELL)) == [True, True, True, False, False, False, True, False, True, True]


def test_a_trouble_that_turns_into_another_is_told_as_the_first_was() -> None:
    """Silent and then failing is two messages of one trouble; where the first was kept back, so is the second."""
    assert told((0, SILENT), (1, FAILING), (2, WELL)) == [True, True, True]
    hushed: list[Step] = [(0, FAILING), (1, WELL), (2, FAILING), (3, WELL), (4, FAILING), (5, SILENT)]
    assert told(*hushed)[-2:] == [False, False]


def test_what_is_for_good_is_always_told() -> None:
    """That a source has moved or is gone is told however often it failed before."""
    flapping: list[Step] = [(0, FAILING), (1, WELL), (2, FAILING), (3, WELL), (4, FAILING)]
    assert told(*flapping, (5, MOVED), (6, GONE))[-2:] == [True, True]


def test_a_source_follows_its_address_and_forgets_its_troubles_with_its_removal() -> None:
    """Its address is the one it moved to; a source that was dropped and is added again is well."""
    source = Source()
    for event in (ADDED, MOVED, FAILING):
        source = source.after(event, NOON)
    assert (source.url, source.name, source.trouble, source.since) == (MOVED.new, "A", FAILING, NOON)
    assert source.after(FeedRekeyed("f", "id", "link", "no ids"), NOON).trouble == FAILING
    assert source.after(FeedRemoved("f"), NOON).trouble is None
    source = source.after(ADDED, NOON)
    assert source.trouble is None
    assert source.url == ADDED.url


steps = st.lists(st.tuples(st.floats(0, 30), st.sampled_from([FAILING, SILENT, WELL])), max_size=30)


@calm
@given(steps)
def test_no_source_floods_its_readers_and_none_is_called_well_wrongly(steps: list[Step]) -> None:
    """Whatever a source does, few messages a day are sent, and the last word is never "well" while trouble is hushed.

    A trouble may turn into one of the other kind, which is told as well; so a beginning is what comes out of health.
    """
    source, at, begun = Source(), NOON, []
    last_told: FeedEvent | None = None
    for hours, event in steps:
        at += timedelta(hours=hours)
        well = source.trouble is None
        source = source.after(event, at)
        if source.worth_telling:
            last_told = event
            begun += [at] if well else []
        if source.trouble is not None:
            assert last_told is not WELL
            assert last_told is not None
        assert len([one for one in begun if at - one < DAY]) <= MOST
