"""The laws of how often a source is asked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.pace import (
    DAY,
    WALL,
    WEEK,
    Pace,
    first_gap,
    is_silence,
    next_gap,
    spread,
    unconditional,
    within_a_day,
)
from tracker.errors import Trouble

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
QUARTER = 900.0
USUAL = Pace(QUARTER, DAY)
anything = st.floats(0, 1e15)
gaps = st.none() | anything
troubles = st.sampled_from(get_args(Trouble))
paces = st.tuples(st.floats(0.01, WEEK), st.floats(0.01, WEEK)).map(lambda two: Pace(min(two), max(two)))
moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
names = st.text(min_size=1, max_size=20)


@given(pace=paces, gap=gaps, idle=anything, asked=anything, blind=st.booleans())
def test_an_interval_is_within_the_bounds(
    *, pace: Pace, gap: float | None, idle: float, asked: float, blind: bool
) -> None:
    """Whatever was observed and whatever a server asks for, the interval is one that was allowed."""
    assert pace.least <= pace.interval(gap, idle, asked, blind=blind) <= pace.most


@given(gap=gaps, idle=anything, asked=st.floats(0, DAY), blind=st.booleans())
def test_a_server_is_left_alone_as_long_as_it_asks(
    *, gap: float | None, idle: float, asked: float, blind: bool
) -> None:
    """Up to a day, a source is asked again no sooner than the server wants."""
    assert USUAL.interval(gap, idle, asked, blind=blind) >= asked


@given(gap=gaps, idle=st.tuples(anything, anything).map(sorted))
def test_the_longer_a_source_is_still_the_less_it_is_asked(gap: float | None, idle: list[float]) -> None:
    """More silence never makes an interval shorter, and a dead source is asked once a day."""
    short, long = (USUAL.interval(gap, one, 0, blind=False) for one in idle)
    assert short <= long
    assert USUAL.interval(gap, 8 * DAY, 0, blind=False) == DAY


def test_intervals_as_they_are_meant() -> None:
    """Half of the gap, an hour for who sends everything each time, and an eighth of a night's silence."""
    hour = 3600.0
    assert USUAL.interval(None, 0, 0, blind=False) == QUARTER
    assert USUAL.interval(2 * hour, 0, 0, blind=False) == hour
    assert USUAL.interval(60, 0, 0, blind=True) == hour
    assert USUAL.interval(60, 0, 2 * hour, blind=False) == 2 * hour
    assert USUAL.interval(hour, 8 * hour, 0, blind=False) == hour


@given(seconds=st.floats(0.01, WEEK), most=st.floats(0.01, WEEK), feed=names, moment=moments)
def test_spread_is_small_and_stays_within_the_bound(seconds: float, most: float, feed: str, moment: datetime) -> None:
    """A wait becomes longer by a tenth at the most; only at the bound it may become shorter, by as much."""
    waited = spread(seconds, most, feed, moment).total_seconds()
    tick = 2e-6
    assert min(seconds, most / 1.1) - tick <= waited <= min(seconds * 1.1, most) + tick
    assert spread(seconds, most, feed, moment) == spread(seconds, most, feed, moment)


def test_what_was_polled_together_is_not_polled_together_again() -> None:
    """A thousand sources of one moment and interval come due over the whole of a tenth of it, also at the bound."""
    for most in (DAY, QUARTER):
        waits = sorted(spread(QUARTER, most, f"f-{n}", NOON).total_seconds() for n in range(1000))
        longest_row = max(later - earlier for earlier, later in pairwise(waits))
        assert waits[-1] - waits[0] > 0.09 * QUARTER
        assert longest_row < 2
        assert waits[500] - waits[0] > 0.04 * QUARTER


@given(trouble=troubles, failures=st.integers(1, 10**9), interval=st.none() | st.floats(0.01, DAY), asked=gaps)
def test_a_pause_never_lasts_for_ever(
    trouble: Trouble, failures: int, interval: float | None, asked: float | None
) -> None:
    """Whatever is wrong, and for however long, a source is asked again: within a day, or a week where it is gone."""
    pause = USUAL.pause(trouble, failures, interval, asked)
    assert 0 < pause <= (WEEK if trouble == "gone" else DAY)
    assert pause <= USUAL.pause(trouble, failures + 1, interval, asked)
    if trouble != "gone":
        assert pause >= min(asked or 0, DAY)


@given(
    trouble=troubles,
    failures=st.integers(1, 10**9),
    interval=st.none() | st.floats(QUARTER, DAY),
    asked=gaps,
    pace=paces,
)
def test_who_fails_is_not_asked_more_often_than_the_least(
    *, trouble: Trouble, failures: int, interval: float | None, asked: float | None, pace: Pace
) -> None:
    """Only who is not reached is tried sooner, for two tries."""
    sooner = 2 ** max(0, 3 - failures) if trouble == "unreachable" else 1
    assert pace.pause(trouble, failures, interval, asked) >= min(pace.least / sooner, pace.most)


@given(trouble=st.sampled_from(["unreachable", "refused", "broken", "unasked", "wall"]))
def test_what_fails_is_known_to_fail_within_hours(trouble: Trouble) -> None:
    """Also of a source that is asked once a day the third failure comes within an hour, at a wall within eight."""
    first, second = (USUAL.pause(trouble, n, DAY) for n in (1, 2))
    assert first + second <= (2 * WALL if trouble == "wall" else 3600)


def test_pauses_as_they_are_meant() -> None:
    """They double from the least; who is not reached is tried within minutes at first, a wall after four hours."""
    for trouble in ("refused", "broken"):
        assert [USUAL.pause(trouble, n, DAY) for n in (1, 2, 3)] == [QUARTER, 2 * QUARTER, 4 * QUARTER]
        assert USUAL.pause(trouble, 99, None) == DAY
    assert [USUAL.pause("unreachable", n, DAY) for n in (1, 2, 3)] == [QUARTER / 4, QUARTER / 2, QUARTER]
    assert USUAL.pause("unreachable", 99, None) == DAY
    assert [USUAL.pause("unasked", n, DAY) for n in (1, 2, 3, 99)] == [QUARTER, 2 * QUARTER, 3600, 3600]
    assert USUAL.pause("wall", 1, None) == WALL
    assert USUAL.pause("rate limited", 1, None, 7200) == 7200
    assert [USUAL.pause("rate limited", n, 7200) for n in (1, 2)] == [7200, 14_400]
    assert USUAL.pause("gone", 1, None) == WEEK


def test_an_outage_of_an_hour_is_over_within_an_hour() -> None:
    """Who could not be reached for an hour is asked at least once in the hour after it."""
    down, n = 0.0, 0
    while down < 3600:
        n += 1
        down += USUAL.pause("unreachable", n, QUARTER)
    assert down <= 2 * 3600


@given(gap=st.floats(1, 1e9), fresh=st.integers(1, 10**6), since=anything)
def test_one_observation_moves_the_gap_by_a_factor_of_two_at_most(gap: float, fresh: int, since: float) -> None:
    """Neither thirty entries at once nor a year of silence throws away what is known."""
    assert gap / 2 * 0.999 <= next_gap(gap, fresh, since) <= gap * 2 * 1.001


@given(start=st.floats(1, 1e7), steady=st.floats(60, 1e6), fresh=st.integers(1, 50))
def test_the_gap_comes_to_what_is_observed(start: float, steady: float, fresh: int) -> None:
    """A source that brings something steadily is soon known to, whatever was believed before."""
    gap = start
    for _ in range(40):
        gap = next_gap(gap, fresh, steady * fresh)
    assert abs(gap - steady) < 0.01 * steady
    assert abs(next_gap(None, fresh, steady * fresh) - steady) < 1e-6 * steady


@given(
    gap=st.integers(4, 400).map(lambda n: n * QUARTER),
    count=st.integers(8, 40),
    wrong=st.lists(st.tuples(st.integers(0, 39), moments), max_size=2),
    burst=st.integers(0, 30),
)
def test_dates_tell_the_gap_though_some_are_wrong(
    gap: float, count: int, wrong: list[tuple[int, datetime]], burst: int
) -> None:
    """Two wrong dates of eight, or thirty entries of one moment, do not change what the others tell."""
    dates = [NOON - timedelta(seconds=gap * n) for n in range(count)]
    dates += [dates[0]] * burst
    for place, moment in wrong:
        dates[place % count] = moment
    found = first_gap(dates, NOON)
    assert found is not None
    assert gap / 2 <= found <= gap * 2


@given(dates=st.lists(moments), now=moments)
def test_any_dates_tell_something_usable_or_nothing(dates: list[datetime], now: datetime) -> None:
    """Dates of the future count for nothing; a gap is a time between a quarter of an hour and a year."""
    found = first_gap(dates, now)
    assert found is None or QUARTER <= found <= 365 * DAY
    assert first_gap((one for one in dates if one > now), now) is None


@given(feed=names)
def test_some_polls_ask_for_the_whole_document(feed: str) -> None:
    """About one poll of a hundred is unconditional, at moments that differ between sources; the first has no need."""
    moments = [NOON + timedelta(minutes=15 * n) for n in range(1000)]
    assert 1 <= sum(unconditional(feed, one) for one in moments) <= 30
    assert not unconditional(feed, None)


@given(gap=anything, idle=anything, brought=st.integers(0, 100))
def test_silence_is_long(gap: float, idle: float, brought: int) -> None:
    """No source is silent that has hardly brought anything, or that rests over a weekend, or as long as it used to."""
    allowed = brought >= 10 and idle > 3 * DAY and idle > 7 * gap
    assert is_silence(gap, idle, brought) == allowed
    assert not is_silence(None, idle, brought)


@given(st.floats() | st.none())
def test_what_servers_ask_for_is_granted_up_to_a_day(seconds: float | None) -> None:
    """Negative times, infinite ones and no numbers at all become something between nothing and a day."""
    assert 0 <= within_a_day(seconds) <= DAY
