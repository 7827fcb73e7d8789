"""What becomes of what waits for one subscription, decided on values alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.application.bundling import NOBODY, TAKEN_BACK, Waiting, decide
from tracker.domain.schedule import Held, period, quiet_until
from tracker.domain.subscription_events import Timing
from tracker.ports.log import EVERY_STORY
from tracker.ports.outbox import Bundle, Owed, Plan

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
NIGHT = datetime(2024, 6, 1, 23, tzinfo=UTC)
MORNING = datetime(2024, 6, 2, 7, tzinfo=UTC)
GROUPED = Timing(group_wait=30, group_interval=300)
QUIET = Timing(quiet=("22:00", "07:00"), urgent=("denied",))
DAILY = Timing(every="daily", at="08:00")


def after(**by: float) -> datetime:
    return NOON + timedelta(**by)


def owed(position: int, held: Held = "group", *, due: datetime = NOON, **values: Any) -> Owed:
    """Return a notice on an entry of its own that began to wait at its due time."""
    every: dict[str, Any] = {"story": "s", "entry": f"entry-{position}", "kind": "new", "created_at": due} | values
    return Owed("me", f"e-{position}", position=position, due_at=due, held=held, **every)


def made(plan: Plan) -> list[tuple[str, str, list[int]]]:
    """Return kind, story and positions of each message."""
    return [(one.kind, one.story, [notice.position for notice in one.notices]) for one in plan.bundles]


def held(plan: Plan) -> list[tuple[str, datetime, list[int]]]:
    return [(one.why, one.until, [notice.position for notice in one.notices]) for one in plan.holds]


def dropped(plan: Plan) -> list[tuple[str, list[int]]]:
    return [(one.why, [notice.position for notice in one.notices]) for one in plan.drops]


def decided(timing: Timing | None, notices: Sequence[Owed], now: datetime, **values: Any) -> Plan:
    return decide(Waiting(timing, tuple(notices), **values), now, upto=99)


def test_a_group_is_one_message() -> None:
    """What came while the first notice of a story waited travels with it, whatever its own wait; stories stay apart."""
    notices = [owed(1), owed(2, due=after(seconds=20)), owed(3, story="t")]
    assert made(decided(GROUPED, notices, NOON)) == [("group", "s", [1, 2]), ("alert", "t", [3])]
    assert decided(GROUPED, notices, NOON).bundles[0].upto == 99


def test_a_group_of_one_entry_is_an_alert() -> None:
    """Several developments of one entry are a plain alert; a correction beside a development is none."""
    entry = [owed(1, entry="e"), owed(2, entry="e", kind="denied")]
    assert made(decided(GROUPED, entry, NOON)) == [("alert", "s", [1, 2])]
    corrected = [*entry, owed(3, entry="e", kind="correction")]
    assert made(decided(GROUPED, corrected, NOON)) == [("group", "s", [1, 2, 3])]
    assert made(decided(GROUPED, corrected[2:], NOON)) == [("alert", "s", [3])]
    elsewhere = [owed(1, entry="e"), owed(2, entry=None)]
    assert made(decided(GROUPED, elsewhere, NOON)) == [("group", "s", [1, 2])]


def test_a_group_waits_for_its_interval() -> None:
    """After a message on the story the next one comes the interval later at the soonest, in one piece."""
    notices = [owed(1), owed(2, due=after(seconds=40))]
    last = {"s": after(seconds=-60), "t": NOON}
    assert held(decided(GROUPED, notices, NOON, last=last)) == [("group", after(seconds=240), [1, 2])]
    waits = [replace(one, due_at=after(seconds=240)) for one in notices]
    assert decided(GROUPED, waits, after(seconds=239), last=last) == Plan()
    assert made(decided(GROUPED, waits, after(seconds=240), last=last)) == [("group", "s", [1, 2])]


def test_a_clock_that_was_set_back_holds_up_no_group() -> None:
    """A last message of next year counts as one of now."""
    assert held(decided(GROUPED, [owed(1)], NOON, last={"s": after(days=365)})) == [("group", after(seconds=300), [1])]
    assert held(decided(GROUPED, [owed(1, due=after(days=365))], NOON)) == [("group", after(seconds=30), [1])]


def test_a_flush_ends_groups_alone() -> None:
    """Who will not be there later tells a group at once; quiet hours and digests are kept."""
    early = [owed(1, due=after(seconds=30))]
    assert made(decide(Waiting(GROUPED, tuple(early), last={"s": NOON}), NOON, 9, flush=True)) == [("alert", "s", [1])]
    night = replace(GROUPED, quiet=("22:00", "07:00"))
    assert held(decide(Waiting(night, tuple(early)), NIGHT, 9, flush=True)) == [("quiet", MORNING, [1])]
    assert held(decide(Waiting(DAILY, tuple(early)), NOON, 9, flush=True)) == [
        ("digest", datetime(2024, 6, 2, 8, tzinfo=UTC), [1])
    ]


def test_the_end_of_quiet_hours_is_one_message() -> None:
    """All that they held back, of whatever story and kind, is one catch-up; of one entry it is a plain alert."""
    night = [owed(1, "quiet", due=MORNING), owed(2, "quiet", due=MORNING, story="t"), owed(3, "group", due=MORNING)]
    source = owed(4, "quiet", due=MORNING, kind="source", entry=None)
    assert made(decided(QUIET, [*night, source], MORNING)) == [("catch-up", EVERY_STORY, [1, 2, 3, 4])]
    assert made(decided(QUIET, [night[0], night[2]], MORNING)) == [("catch-up", "s", [1, 3])]
    assert made(decided(QUIET, night[:1], MORNING)) == [("alert", "s", [1])]


def test_what_is_due_in_quiet_hours_waits_for_their_end() -> None:
    """A group whose time comes at night is held back with the rest; what is urgent takes its entry along."""
    night = replace(GROUPED, quiet=("22:00", "07:00"), urgent=("denied",))
    notices = [
        owed(1, due=NIGHT), owed(2, due=NIGHT, entry="e"), owed(3, due=NIGHT, entry="e", kind="denied"),
        owed(4, "quiet", due=MORNING),
    ]  # fmt: skip
    plan = decided(night, notices, NIGHT)
    assert held(plan) == [("quiet", MORNING, [1])]
    assert made(plan) == [("alert", "s", [2, 3])]


def test_trouble_with_a_way_travels_alone() -> None:
    """It waits for no digest and is in no catch-up: how its message fares must count as that of an endpoint."""
    troubles = [owed(1, "quiet", due=MORNING, kind="endpoint", entry=None), owed(2, "quiet", due=MORNING)]
    assert made(decided(QUIET, troubles, MORNING)) == [("alert", "s", [1]), ("alert", "s", [2])]
    assert made(decided(DAILY, troubles[:1], MORNING)) == [("alert", "s", [1])]


def test_a_source_is_in_no_group() -> None:
    """It is of no story that others could join, and is told as soon as it may be."""
    notices = [owed(1, kind="source", entry=None), owed(2)]
    assert made(decided(GROUPED, notices, NOON)) == [("alert", "s", [1]), ("alert", "s", [2])]


def test_each_period_has_its_digest() -> None:
    """After an outage each period that brought something is a digest of its own; the present one waits for its end."""
    days = [after(days=-3), after(days=-3, hours=1), after(days=-1), NOON]
    notices = [
        owed(nth, "digest", due=period(DAILY, day)[1], created_at=day, story=f"{nth}") for nth, day in enumerate(days)
    ]
    plan = decided(DAILY, notices, after(hours=1))
    assert made(plan) == [("digest", EVERY_STORY, [0, 1]), ("digest", "2", [2])]
    assert [one.period for one in plan.bundles] == [period(DAILY, days[0]), period(DAILY, days[2])]
    assert held(plan) == []
    early = replace(notices[3], due_at=NOON)
    assert held(decided(DAILY, [early], NOON)) == [("digest", period(DAILY, NOON)[1], [3])]


def test_a_late_notice_goes_into_the_next_digest() -> None:
    """What was recorded in a period but came when its digest was made is in the next one, and not forgotten."""
    span = period(DAILY, NOON)
    late = owed(1, "digest", due=span[1], created_at=span[1] - timedelta(seconds=1))
    plan = decided(DAILY, [late], span[1] + timedelta(seconds=1), digests=frozenset({span[1]}))
    assert held(plan) == [("digest", span[1] + timedelta(days=1), [1])]
    waits = replace(late, due_at=span[1] + timedelta(days=1))
    plan = decided(DAILY, [waits], waits.due_at, digests=frozenset({span[1]}))
    assert [one.period for one in plan.bundles] == [(span[1], waits.due_at)]


def test_a_digest_that_is_late_keeps_quiet_hours() -> None:
    """A worker that comes back at night makes the digest when the night is over, of the period that it is of."""
    timing = replace(DAILY, quiet=("22:00", "07:00"))
    span = period(timing, NOON - timedelta(days=1))
    late = owed(1, "digest", due=span[1], created_at=NOON - timedelta(days=1), kind="denied")
    assert held(decided(timing, [late], NIGHT)) == [("digest", MORNING, [1])]
    plan = decided(timing, [replace(late, due_at=MORNING)], MORNING)
    assert [(one.kind, one.period) for one in plan.bundles] == [("digest", span)]


def test_a_recorded_time_in_the_future_delays_no_digest() -> None:
    """Where the clock was set back the time of the event is wrong, and the period ends by the clock all the same."""
    due = period(DAILY, NOON)[1]
    plan = decided(DAILY, [owed(1, "digest", due=due, created_at=after(days=365))], due)
    assert [one.period for one in plan.bundles] == [period(DAILY, NOON)]


@pytest.mark.parametrize(
    ("timing", "said"),
    [
        (Timing(), [("catch-up", "s", [1, 2])]),
        (GROUPED, [("catch-up", "s", [1, 2])]),
        (QUIET, [("catch-up", "s", [1, 2])]),
        (Timing(every="hourly"), []),
    ],
)
def test_another_wish_decides_from_then_on(timing: Timing, said: list[tuple[str, str, list[int]]]) -> None:
    """Who wants no digest any more has all that waited for it at once, in one message; who wants another waits on."""
    due = after(hours=20)
    notices = [owed(1, "digest", due=due, created_at=NOON), owed(2, "digest", due=due, created_at=NOON)]
    plan = decided(timing, notices, NOON)
    assert made(plan) == said
    assert timing.every == "immediate" or held(plan) == [("digest", after(hours=1), [1, 2])]


def test_why_something_waits_is_kept_right() -> None:
    """Who wants a digest from now on has what waited for company in it, also where both end at the same moment."""
    end = period(DAILY, NOON)[1]
    assert held(decided(DAILY, [owed(1, "group", due=end, created_at=NOON)], NOON)) == [("digest", end, [1])]


def test_nobody_is_there_any_more() -> None:
    """What waits for a subscription that was removed is dropped, and the reason kept."""
    assert dropped(decided(None, [owed(1), owed(2)], NOON)) == [(NOBODY, [1, 2])]


def test_what_was_taken_back_is_dropped() -> None:
    """It makes no message, and the reason is kept; what else waits is told."""
    plan = decided(GROUPED, [owed(1), owed(2, kind="correction"), owed(3)], NOON, needless=frozenset({1, 2}))
    assert dropped(plan) == [(TAKEN_BACK, [1, 2])]
    assert made(plan) == [("alert", "s", [3])]


HOURS = st.sampled_from(("00:00", "06:30", "08:00", "12:00", "22:00", "23:59"))
TIMINGS = st.none() | st.builds(
    Timing,
    every=st.sampled_from(("immediate", "immediate", "hourly", "daily", "weekly")),
    at=HOURS,
    day=st.integers(0, 6),
    zone=st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kolkata")),
    quiet=st.none() | st.tuples(HOURS, HOURS),
    urgent=st.sampled_from(((), ("denied",))),
    group_wait=st.sampled_from((0.0, 30.0)),
    group_interval=st.sampled_from((0.0, 300.0)),
)
MINUTES = st.integers(-3000, 3000).map(lambda minutes: after(minutes=minutes))


@st.composite
def waitings(draw: st.DrawFn) -> Waiting:
    """Draw anything that may wait, held for whatever reason by a wish that may have changed since."""
    kinds = st.sampled_from(("new", "denied", "correction", "source", "endpoint"))
    notices = tuple(
        owed(
            position, draw(st.sampled_from(("group", "quiet", "digest"))), due=draw(MINUTES), created_at=draw(MINUTES),
            kind=draw(kinds), story=draw(st.sampled_from("st")), entry=draw(st.sampled_from((None, "e", "f"))),
        )
        for position in range(draw(st.integers(1, 8)))
    )  # fmt: skip
    timing = draw(TIMINGS)
    regular = timing is not None and timing.every != "immediate"
    digests = {period(timing, draw(MINUTES))[1] for _ in range(draw(st.integers(0, 3)))} if timing and regular else ()
    last = draw(st.dictionaries(st.sampled_from("st"), MINUTES))
    needless, elsewhere = (draw(st.frozensets(st.integers(0, 8))) for _ in range(2))
    return Waiting(timing, notices, needless, elsewhere, last, frozenset(digests))


@given(waitings(), st.integers(-4000, 4000).map(lambda minutes: after(minutes=minutes)))
def test_nothing_is_forgotten_and_nothing_told_twice(waiting: Waiting, now: datetime) -> None:
    """Each notice has one fate, and whatever waits on is due later; deciding again changes nothing."""
    plan = decide(waiting, now, 9)
    parts = [part.notices for some in (plan.bundles, plan.holds, plan.drops) for part in some]
    fates = [notice.position for part in parts for notice in part]
    assert len(fates) == len(set(fates))
    assert all(one.until > now for one in plan.holds)
    left = {one.position: one for one in waiting.notices if one.position not in set(fates)}
    assert all(one.due_at > now for one in left.values())
    on = [replace(one, due_at=hold.until, held=hold.why) for hold in plan.holds for one in hold.notices]
    again = replace(waiting, notices=tuple(sorted((*on, *left.values()), key=lambda one: one.position)))
    if again.notices:
        assert decide(again, now, 9) == Plan()


@given(waitings(), st.integers(-4000, 4000).map(lambda minutes: after(minutes=minutes)))
def test_messages_keep_the_rules(waiting: Waiting, now: datetime) -> None:
    """At night only what is urgent goes, one digest is made of a period, and none of one that is not over."""
    plan, timing = decide(waiting, now, 9), waiting.timing
    spans = [one.period[1] for one in plan.bundles if one.period]
    assert len(spans) == len(set(spans))
    assert not waiting.digests.intersection(spans)
    assert all(end <= now for end in spans)
    for one in plan.bundles:
        assert timing is not None
        assert quiet_until(timing, kinds_of(one), now) is None
        assert [notice.position for notice in one.notices] == sorted(notice.position for notice in one.notices)
        assert len(one.notices) == 1 or not waiting.elsewhere.intersection(notice.position for notice in one.notices)


def kinds_of(bundle: Bundle) -> set[str]:
    """Return the kinds that take a message through the night: a digest has none."""
    return set() if bundle.kind == "digest" else {one.kind for one in bundle.notices}
