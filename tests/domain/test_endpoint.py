"""When a way to somebody fails, is disabled and recovers, what of it is told, and to whom."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.alerts import NOON, by_mail, by_webhook
from tracker.domain.endpoint import (
    DAY,
    DISABLED_AFTER,
    FAILING_AFTER,
    Endpoint,
    Telling,
    endpoint_id,
    state_after,
    turn,
    witnesses,
)
from tracker.domain.retry import TABLE, next_try
from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointEvent,
    EndpointFailing,
    EndpointRecovered,
    SubscriptionAdded,
    SubscriptionRemoved,
)

HOOK = Endpoint(endpoint_id("webhook", "https://a.example/"), "webhook", "https://a.example/")
SERVER = Endpoint(endpoint_id("email", "mail.example.org"), "email", "mail.example.org")
ABOUT = (HOOK.id, HOOK.channel, HOOK.target)
FAILING = EndpointFailing(*ABOUT, 4, NOON, "answered 500")
DISABLED = EndpointDisabled(*ABOUT, NOON, "answered 410")
RECOVERED = EndpointRecovered(*ABOUT)


def failed(endpoint: Endpoint, times: int, since: datetime = NOON) -> Endpoint:
    return replace(endpoint, failures=times, since=since, last_error="answered 500")


def test_the_fourth_failure_in_a_row_is_told_once() -> None:
    """Three failures are nothing yet, the fourth makes an endpoint failing, and further ones change nothing."""
    turns = [turn(failed(HOOK, times), NOON) for times in range(1, FAILING_AFTER + 1)]
    assert turns == [None, None, None, FAILING]
    assert turn(replace(failed(HOOK, 9), state="failing"), NOON + timedelta(hours=1)) is None


@given(st.integers(FAILING_AFTER, 99), st.timedeltas(timedelta(0), 2 * DISABLED_AFTER))
def test_five_days_of_nothing_but_failures_disable(failures: int, passed: timedelta) -> None:
    """A failing endpoint is disabled when 120 hours have passed since the first of its failures, and not before."""
    event = turn(replace(failed(HOOK, failures), state="failing"), NOON + passed)
    assert (event is not None) == (passed >= DISABLED_AFTER)


def test_gone_is_disabled_at_once_and_stays_so() -> None:
    """An endpoint that says it is gone needs no further failure; while it is disabled nothing more is recorded."""
    assert isinstance(turn(failed(HOOK, 1), NOON, gone=True), EndpointDisabled)
    assert turn(replace(failed(HOOK, 2), state="disabled"), NOON + 2 * DISABLED_AFTER, gone=True) is None


def test_a_success_ends_every_trouble() -> None:
    """What was failing or disabled and took a message has recovered; what was well has nothing to tell."""
    assert turn(HOOK, NOON) is None
    assert turn(replace(HOOK, state="failing"), NOON) == turn(replace(HOOK, state="disabled"), NOON) == RECOVERED


def test_the_mail_server_is_never_given_up() -> None:
    """Ours fails and recovers, but no time disables it: every mail needs it, and the next shows whether it is back."""
    event = turn(failed(SERVER, 4), NOON)
    assert isinstance(event, EndpointFailing)
    assert turn(replace(failed(SERVER, 99), state="failing"), NOON + 9 * DISABLED_AFTER) is None


def test_events_and_states_agree() -> None:
    """Each event leaves the state of its name."""
    assert [state_after(event) for event in (FAILING, DISABLED, RECOVERED)] == ["failing", "disabled", "active"]


def told(events: Sequence[tuple[EndpointEvent, datetime]]) -> list[bool]:
    found, telling = [], Telling()
    for event, at in events:
        telling = telling.after(event, at)
        found.append(telling.worth_telling)
    return found


def test_a_flapping_endpoint_does_not_flood() -> None:
    """Of the troubles of a day the first is told, with its end; that it is disabled is told whatever came before."""
    hours = [NOON + timedelta(hours=number) for number in range(5)]
    flapping: list[EndpointEvent] = [FAILING, RECOVERED, FAILING, RECOVERED, DISABLED]
    assert told(list(zip(flapping, hours, strict=True))) == [True, True, False, False, True]
    assert told([(FAILING, NOON), (RECOVERED, NOON), (FAILING, NOON + DAY)]) == [True, True, True]
    known = Telling(NOON, hushed=True)
    assert known.after(SubscriptionRemoved("s"), NOON) == known


@given(st.lists(st.tuples(st.sampled_from([FAILING, RECOVERED]), st.timedeltas(timedelta(0), DAY)), max_size=30))
def test_at_most_one_trouble_a_day_is_told(steps: list[tuple[EndpointEvent, timedelta]]) -> None:
    """However an endpoint comes and goes, two troubles that are told lie a day apart."""
    moment, events = NOON, []
    for event, passed in steps:
        moment += passed
        events.append((event, moment))
    begun = [at for (event, at), worth in zip(events, told(events), strict=True) if worth and event == FAILING]
    assert all(later - earlier >= DAY for earlier, later in pairwise(begun))


def of(*wanted: SubscriptionAdded) -> Subscriptions:
    return Subscriptions({one.subscription: one for one in wanted})


def test_who_is_told_of_a_failing_webhook() -> None:
    """Those are told who are the same person over another way, and who asked for it; once each, and nobody over it."""
    hook = replace(by_webhook(HOOK.target), person="ann", endpoints=True)
    ann, bob = replace(by_mail("ann@example.org"), person="ann"), replace(by_mail("bob@example.org"), person="bob")
    twice = replace(ann, subscription="s-ann-2", endpoints=True)
    desk = replace(by_mail("desk@example.org"), endpoints=True)
    assert witnesses(HOOK, of(hook, ann, bob, twice, desk)) == (ann, desk)


def test_nobody_is_told_by_mail_that_no_mail_goes_out() -> None:
    """When the mail server fails, those who depend on it are told over their other ways."""
    mail, hook = replace(by_mail(), person="ann", endpoints=True), replace(by_webhook(HOOK.target), person="ann")
    other = by_webhook("https://b.example/", "s-other")
    assert witnesses(SERVER, of(mail, hook, other)) == (hook,)


@pytest.mark.parametrize("attempts", range(1, len(TABLE)))
def test_who_has_too_much_to_do_gets_a_minute(attempts: int) -> None:
    """A burdened receiver is left alone for a minute at the least, and never less than the table says."""
    plain, spared = next_try("d", attempts, NOON), next_try("d", attempts, NOON, burdened=True)
    assert plain is not None
    assert spared is not None
    assert spared - NOON >= max(plain - NOON, timedelta(minutes=1))
    assert spared == plain or spared - NOON <= timedelta(seconds=72)
