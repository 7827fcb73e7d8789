"""How a way to somebody fares: when it counts as failing, when nothing more is sent over it, and what of it is told.

An endpoint is what one subscription or several share: a webhook's address, a mail address, the mail server itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from tracker.domain.events import Event, Recorded
from tracker.domain.ids import content_id
from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import (
    Channel,
    EndpointDisabled,
    EndpointEvent,
    EndpointFailing,
    EndpointRecovered,
    SubscriptionAdded,
)

FAILING_AFTER = 4
"""Failures in a row after which an endpoint counts as failing."""
DISABLED_AFTER = timedelta(hours=120)
"""How long nothing but failures come before nothing more is sent."""
DAY = timedelta(days=1)
"""Within it one trouble of an endpoint is told, and its end; a flapping endpoint must not flood."""

Fare = Literal["active", "failing", "disabled"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint after its last try. `failures` in a row, the first of them at `since`."""

    id: str
    channel: Channel
    target: str
    state: Fare = "active"
    failures: int = 0
    since: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str | None = None

    @property
    def is_server(self) -> bool:
        """Whether this is the mail server, over which all mail goes, and not one address."""
        return self.channel == "email" and "@" not in self.target


@lru_cache(maxsize=1024)  # asked at every try of all that go one way
def endpoint_id(channel: Channel, target: str) -> str:
    """Return the id of an endpoint."""
    return content_id("w", (channel, target))


def turn(endpoint: Endpoint, now: datetime, *, gone: bool = False) -> EndpointEvent | None:
    """Return what has become of an endpoint by its last try, None where it is as it was.

    `gone`: it said itself that it is there no more. The mail server is never disabled: it is ours, every mail needs it,
    and the next one shows whether it is back.
    """
    about = (endpoint.id, endpoint.channel, endpoint.target)
    if endpoint.since is None:
        return None if endpoint.state == "active" else EndpointRecovered(*about)
    error = endpoint.last_error or ""
    if endpoint.state == "disabled":
        return None
    if gone:
        return EndpointDisabled(*about, endpoint.since, error)
    if endpoint.failures < FAILING_AFTER:
        return None
    if now - endpoint.since >= DISABLED_AFTER and not endpoint.is_server:
        return EndpointDisabled(*about, endpoint.since, f"nothing but failures for five days; the last: {error}")
    if endpoint.state == "active":
        return EndpointFailing(*about, endpoint.failures, endpoint.since, error)
    return None


_AFTER: Mapping[type[EndpointEvent], Fare] = {
    EndpointFailing: "failing",
    EndpointDisabled: "disabled",
    EndpointRecovered: "active",
}


def state_after(event: EndpointEvent) -> Fare:
    """Return the state in which an event leaves an endpoint."""
    return _AFTER[type(event)]


@dataclass(frozen=True, slots=True)
class Telling:
    """What was told of an endpoint. `told`: when its last trouble was; `hushed`: the present trouble was not.

    `worth_telling`: whether anybody is to be told of the last event.
    """

    told: datetime | None = None
    hushed: bool = False
    worth_telling: bool = False

    def after(self, event: Event, at: datetime) -> "Telling":
        """Return what is told after an event of the endpoint's stream at a moment. That it is disabled always is."""
        match event:
            case EndpointFailing():
                hushed = self.told is not None and at - self.told < DAY
                return Telling(self.told if hushed else at, hushed, not hushed)
            case EndpointDisabled():
                return Telling(at, hushed=False, worth_telling=True)
            case EndpointRecovered():
                return Telling(self.told, hushed=False, worth_telling=not self.hushed)
            case _:
                return self


def telling(events: Iterable[Recorded]) -> Telling:
    """Return what was told of an endpoint, by the events of its stream."""
    told = Telling()
    for recorded in events:
        told = told.after(recorded.event, recorded.recorded_at)
    return told


def witnesses(endpoint: Endpoint, subscribed: Subscriptions) -> tuple[SubscriptionAdded, ...]:
    """Return who is told how an endpoint fares, over another way: one subscription of each address.

    They are the same persons by their other subscriptions, and whoever asked to be told of endpoints.
    """
    over_it = [one for one in subscribed.current.values() if reaches(endpoint, one)]
    persons = {one.person for one in over_it} - {None}
    told = {
        (one.channel, one.target): one
        for one in reversed(tuple(subscribed.current.values()))
        if (one.endpoints or one.person in persons) and not reaches(endpoint, one)
    }
    return tuple(reversed(told.values()))


def reaches(endpoint: Endpoint, subscription: SubscriptionAdded) -> bool:
    """Tell whether a subscription is served over an endpoint."""
    same = endpoint.target == subscription.target or endpoint.is_server
    return endpoint.channel == subscription.channel and same
