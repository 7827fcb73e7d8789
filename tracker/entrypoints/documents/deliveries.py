"""What went out, what waits to, and how the ways to everybody fare."""

from collections.abc import Iterable
from typing import Annotated, TypedDict, get_args

from tracker.domain.endpoint import Endpoint, Fare
from tracker.domain.schedule import Held
from tracker.domain.subscription_events import Channel
from tracker.ports.outbox import Delivery, Outcome, Owed, Parcel, State, Try
from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Position, Time, Version, one_of

ChannelWord = Annotated[str, one_of(get_args(Channel), "By which means somebody is told.")]


class DeliveryRow(TypedDict):
    """A message to a subscription; `position` is that of the first event in it. `period_*`: of a digest."""

    id: str
    kind: Annotated[str, one_of(get_args(Parcel), "What kind of message.")]
    state: Annotated[str, one_of(get_args(State), "Whether it went out; dead: it was given up.")]
    subscription: str
    story: str | None
    position: Position
    attempts: Count
    created_at: Time | None
    due_at: Time | None
    delivered_at: Time | None
    last_error: str | None
    period_start: Time | None
    period_end: Time | None


class NoticeRow(TypedDict):
    """That a subscription is owed an event that is in no message yet, and why that waits."""

    position: Position
    kind: str | None
    subscription: str
    story: str | None
    entry: str | None
    created_at: Time
    waits_for: Annotated[str, one_of(get_args(Held), "What it waits for.")] | None
    due_at: Time


class TryRow(TypedDict):
    """How a try at a delivery ended."""

    started_at: Time | None
    ended_at: Time
    outcome: Annotated[str, one_of(get_args(Outcome), "How it ended.")]
    code: int | None
    detail: str
    target: str | None
    answer: str | None


class EndpointRow(TypedDict):
    """A way to somebody, and how it fares: `failures` in a row `since`."""

    id: str
    channel: ChannelWord
    target: str
    state: Annotated[str, one_of(get_args(Fare), "How it fares.")]
    failures: Count
    since: Time | None
    last_ok_at: Time | None
    last_error: str | None


class Deliveries(TypedDict):
    """Deliveries, the newest first."""

    schema_version: Version
    deliveries: list[DeliveryRow]


class Notices(TypedDict):
    """What is in no message yet, the newest first."""

    schema_version: Version
    waiting: list[NoticeRow]


class Message(TypedDict):
    """A message as it goes out."""

    to: str
    subject: str
    text: str


class Shown(TypedDict):
    """A delivery with its tries, what it tells of, and the message, null where that cannot be made any more."""

    schema_version: Version
    delivery: DeliveryRow
    attempts: list[TryRow]
    notices: list[NoticeRow]
    message: Message | None


class Endpoints(TypedDict):
    """The ways that were ever tried."""

    schema_version: Version
    endpoints: list[EndpointRow]


def deliveries(found: Iterable[Delivery]) -> Deliveries:
    """Return deliveries."""
    return {"schema_version": SCHEMA_VERSION, "deliveries": [delivery_row(one) for one in found]}


def notices(found: Iterable[Owed]) -> Notices:
    """Return what waits."""
    return {"schema_version": SCHEMA_VERSION, "waiting": [_notice(one) for one in found]}


def endpoints(found: Iterable[Endpoint]) -> Endpoints:
    """Return how the ways to everybody fare."""
    return {"schema_version": SCHEMA_VERSION, "endpoints": [_endpoint(one) for one in found]}


def shown(one: Delivery, tries: Iterable[Try], holds: Iterable[Owed], message: Message | None) -> Shown:
    """Return everything on a delivery."""
    return {
        "schema_version": SCHEMA_VERSION,
        "delivery": delivery_row(one),
        "attempts": [_try(attempt) for attempt in tries],
        "notices": [_notice(notice) for notice in holds],
        "message": message,
    }


def delivery_row(one: Delivery) -> DeliveryRow:
    """Return a delivery."""
    start, end = one.period or (None, None)
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "subscription": one.subscription,
        "story": one.story or None,
        "position": one.position,
        "attempts": one.attempts,
        "created_at": stamp_or_none(one.created_at),
        "due_at": stamp_or_none(one.due_at) if one.state == "pending" else None,
        "delivered_at": stamp_or_none(one.delivered_at),
        "last_error": one.last_error,
        "period_start": stamp_or_none(start),
        "period_end": stamp_or_none(end),
    }


def _notice(one: Owed) -> NoticeRow:
    return {
        "position": one.position,
        "kind": one.kind or None,
        "subscription": one.subscription,
        "story": one.story or None,
        "entry": one.entry,
        "created_at": stamp(one.created_at),
        "waits_for": one.held,
        "due_at": stamp(one.due_at),
    }


def _try(one: Try) -> TryRow:
    return {
        "started_at": stamp_or_none(one.started_at),
        "ended_at": stamp(one.ended_at),
        "outcome": one.outcome,
        "code": one.code,
        "detail": one.detail,
        "target": one.target,
        "answer": one.answer,
    }


def _endpoint(one: Endpoint) -> EndpointRow:
    return {
        "id": one.id,
        "channel": one.channel,
        "target": one.target,
        "state": one.state,
        "failures": one.failures,
        "since": stamp_or_none(one.since),
        "last_ok_at": stamp_or_none(one.last_ok_at),
        "last_error": one.last_error,
    }
