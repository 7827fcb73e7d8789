"""Events on who is told: subscriptions, mutes, and how the ways to them fare."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ALERTS = "alerts"
"""The stream of subscriptions and mutes."""

Channel = Literal["email", "webhook", "chat"]
DevelopmentKind = Literal["denied", "removed", "restored", "updated", "new", "revised", "corroborated"]
"""What kind of development: a finding by its relation, or what a publisher did to an entry."""


def endpoint_stream(endpoint: str) -> str:
    """Return the name of the stream of an endpoint."""
    return f"endpoint-{endpoint}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which developments somebody wants; an empty tuple wants all.

    `standing` "corroborated": only what at least two independent sources stand behind. `outlets` are names of sources.
    """

    kinds: tuple[DevelopmentKind, ...] = ()
    standing: Literal["reported", "corroborated"] = "reported"
    claims: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """When somebody is told. Hours are those of `zone`, an IANA name.

    `at` "HH:MM" is the time of a daily or weekly digest, `day` (0 Monday to 6 Sunday) that of a weekly one. `quiet` is
    a pair of "HH:MM", from and until; developments of the kinds `urgent` are told all the same. Of a story the first
    message waits `group_wait` seconds for company, the next one comes `group_interval` seconds later at the soonest.
    """

    every: Literal["immediate", "hourly", "daily", "weekly"] = "immediate"
    at: str = "08:00"
    day: int = 0
    zone: str = "UTC"
    quiet: tuple[str, str] | None = None
    urgent: tuple[DevelopmentKind, ...] = ()
    group_wait: float = 0.0
    group_interval: float = 0.0


@dataclass(frozen=True, slots=True)
class SubscriptionAdded:
    """Somebody wants to be told. `story` None means every story.

    `target` is a mail address, a webhook's URL, or, for chat, a reference to where the service's address is found.
    `secret` names where the webhook's signing secret is found (env:NAME or file:PATH), never the secret itself.
    `sources`: they are also told how the sources of the story fare, `endpoints`: how the ways to everybody fare.
    `person` joins the subscriptions of one person: when one way fails, they are told over the others.
    """

    subscription: str
    channel: Channel
    target: str
    story: str | None
    secret: str | None = None
    sources: bool = False
    person: str | None = None
    endpoints: bool = False
    only: Filter = Filter()
    timing: Timing = Timing()


@dataclass(frozen=True, slots=True)
class SubscriptionRemoved:
    """Somebody wants to be told no longer."""

    subscription: str


@dataclass(frozen=True, slots=True)
class MuteSet:
    """Nothing is told of a story, a claim of it (`about`), or an outlet (`about`) until a moment, None: until lifted.

    `subscription` None: nobody is told.
    """

    mute: str
    what: Literal["story", "claim", "outlet"]
    story: str | None
    about: str | None
    until: datetime | None
    subscription: str | None


@dataclass(frozen=True, slots=True)
class MuteLifted:
    """A mute ends before its time."""

    mute: str


@dataclass(frozen=True, slots=True)
class EndpointFailing:
    """Several deliveries in a row failed over a way; `since` the first of them. Retries go on."""

    endpoint: str
    channel: Channel
    target: str
    failures: int
    since: datetime
    error: str


@dataclass(frozen=True, slots=True)
class EndpointDisabled:
    """Nothing more is sent over a way: it failed for too long, or said that it is gone."""

    endpoint: str
    channel: Channel
    target: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class EndpointRecovered:
    """A way that failed or was disabled works again."""

    endpoint: str
    channel: Channel
    target: str


AlertEvent = SubscriptionAdded | SubscriptionRemoved | MuteSet | MuteLifted
EndpointEvent = EndpointFailing | EndpointDisabled | EndpointRecovered
