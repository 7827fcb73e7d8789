"""Who is told of what, what nobody is told of, and who is told of one event."""

from collections.abc import Iterable
from typing import Annotated, TypedDict, get_args

from tracker.application.explain_route import Fare, Routing
from tracker.application.wish import DAYS
from tracker.domain.schedule import Held
from tracker.domain.subscription_events import Filter, MuteSet, SubscriptionAdded, Timing
from tracker.entrypoints.documents.deliveries import ChannelWord
from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Position, Time, Version, one_of


class FilterRow(TypedDict):
    """Which developments somebody wants; an empty list wants all."""

    kinds: list[str]
    standing: str
    claims: list[str]
    languages: list[str]
    outlets: list[str]


class TimingRow(TypedDict):
    """When somebody is told, in hours of `zone`; `at` and `day` are those of a digest. Waits are in seconds."""

    every: str
    at: str | None
    day: str | None
    zone: str
    quiet: list[str] | None
    urgent: list[str]
    group_wait: float
    group_interval: float


class SubscriptionRow(TypedDict):
    """Somebody who is told; `secret` names where a webhook's signing secret is found."""

    id: str
    channel: ChannelWord
    target: str
    secret: str | None
    story: str | None
    sources: bool
    endpoints: bool
    person: str | None
    only: FilterRow
    timing: TimingRow


class Subscriptions(TypedDict):
    """Who is told of what."""

    schema_version: Version
    subscriptions: list[SubscriptionRow]


class MuteRow(TypedDict):
    """What is not told; `about` is a claim or an outlet. `subscription` null: nobody is told."""

    id: str
    what: Annotated[str, one_of(("story", "claim", "outlet"), "What is muted.")]
    story: str | None
    about: str | None
    until: Time | None
    subscription: str | None


class Mutes(TypedDict):
    """What is muted now."""

    schema_version: Version
    mutes: list[MuteRow]


class FareRow(TypedDict):
    """Whether a subscription is told of an event, why, and what became of it."""

    subscription: str
    channel: ChannelWord
    target: str
    told: bool
    reason: str
    held: Annotated[str, one_of(get_args(Held), "What it waits for.")] | None
    due_at: Time | None
    delivery: str | None
    dropped: str | None


class Route(TypedDict):
    """Who is told of an event; `nobody`: why nobody could be."""

    schema_version: Version
    position: Position
    stream: str
    recorded_at: Time
    nobody: str | None
    subscriptions: list[FareRow]


def subscriptions(current: Iterable[SubscriptionAdded]) -> Subscriptions:
    """Return who is told of what."""
    return {"schema_version": SCHEMA_VERSION, "subscriptions": [_subscription(one) for one in current]}


def mutes(current: Iterable[MuteSet]) -> Mutes:
    """Return what is muted."""
    return {"schema_version": SCHEMA_VERSION, "mutes": [_mute(one) for one in current]}


def route(found: Routing) -> Route:
    """Return who is told of an event."""
    recorded = found.recorded
    return {
        "schema_version": SCHEMA_VERSION,
        "position": recorded.position,
        "stream": recorded.stream,
        "recorded_at": stamp(recorded.recorded_at),
        "nobody": found.nobody,
        "subscriptions": [_fare(fare) for fare in found.fares],
    }


def _subscription(one: SubscriptionAdded) -> SubscriptionRow:
    return {
        "id": one.subscription,
        "channel": one.channel,
        "target": one.target,
        "secret": one.secret,
        "story": one.story,
        "sources": one.sources,
        "endpoints": one.endpoints,
        "person": one.person,
        "only": _filter(one.only),
        "timing": _timing(one.timing),
    }


def _filter(only: Filter) -> FilterRow:
    return {
        "kinds": list(only.kinds),
        "standing": only.standing,
        "claims": list(only.claims),
        "languages": list(only.languages),
        "outlets": list(only.outlets),
    }


def _timing(timing: Timing) -> TimingRow:
    """Return a timing without what has no meaning in it."""
    digest, weekly = timing.every in {"daily", "weekly"}, timing.every == "weekly"
    return {
        "every": timing.every,
        "at": timing.at if digest else None,
        "day": DAYS[timing.day] if weekly else None,
        "zone": timing.zone,
        "quiet": list(timing.quiet) if timing.quiet else None,
        "urgent": list(timing.urgent),
        "group_wait": timing.group_wait,
        "group_interval": timing.group_interval,
    }


def _mute(one: MuteSet) -> MuteRow:
    return {
        "id": one.mute,
        "what": one.what,
        "story": one.story,
        "about": one.about,
        "until": stamp_or_none(one.until),
        "subscription": one.subscription,
    }


def _fare(fare: Fare) -> FareRow:
    one, owed = fare.subscription, fare.owed
    held, until = fare.waits or (None, None)
    return {
        "subscription": one.subscription,
        "channel": one.channel,
        "target": one.target,
        "told": fare.ruling.told,
        "reason": fare.ruling.why,
        "held": held,
        "due_at": stamp_or_none(until),
        "delivery": owed.delivery if owed else None,
        "dropped": owed.dropped if owed else None,
    }
