"""The slider over a story's time."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.made.streams import BEGIN
from tracker.entrypoints.web.scale import moment, scale_of
from tracker.projections.rows import stamp

spans = st.integers(0, 10 * 365 * 86400).map(lambda seconds: timedelta(seconds=seconds))


@given(spans, spans)
def test_every_place_is_a_moment_of_the_story(length: timedelta, later: timedelta) -> None:
    """From after the opening to after the newest event, in at most 500 steps; any moment has a place near it."""
    end = BEGIN + length
    scale = scale_of({"opened_at": stamp(BEGIN), "last_seen": stamp(end)})
    assert BEGIN < scale.begin <= BEGIN + timedelta(minutes=1)
    assert moment(scale.last) > end
    assert (scale.last - scale.first) % scale.step == 0
    assert 1 <= (scale.last - scale.first) // scale.step <= 500
    near = scale.nearest(min(BEGIN + later, end))
    assert (near - scale.first) % scale.step == 0
    assert abs(moment(near) - min(BEGIN + later, end)) <= timedelta(minutes=scale.step)


@given(spans, st.integers(-(10**6), 10**9))
def test_a_place_leads_to_its_moment(length: timedelta, minute: int) -> None:
    """A place leads as of its minute, one before the opening to the opening, the last and any beyond to now."""
    scale = scale_of({"opened_at": stamp(BEGIN), "last_seen": stamp(BEGIN + length)})
    query = scale.as_of(minute)
    if minute >= scale.last:
        assert query == {}
    else:
        assert datetime.fromisoformat(query["as_of"]) == moment(max(minute, scale.first))
