"""How the ways to everybody fare: what has become of them is recorded and told over others."""

from collections.abc import Collection, Iterable

from tracker.application.audience import Audience
from tracker.application.retry import retried
from tracker.domain.endpoint import Endpoint, endpoint_id, state_after, telling, turn, witnesses
from tracker.domain.events import NewEvent
from tracker.domain.ids import content_id
from tracker.domain.subscription_events import EndpointEvent, EndpointRecovered, SubscriptionAdded, endpoint_stream
from tracker.ports.clock import Clock
from tracker.ports.log import EVERY_STORY, EventLog, Notice
from tracker.ports.outbox import Outbox


def record_turns(
    outbox: Outbox, log: EventLog, clock: Clock, endpoints: Iterable[Endpoint], *, gone: Collection[str] = ()
) -> tuple[EndpointEvent, ...]:
    """Record what has become of endpoints by their last tries, with the notices owed; return it.

    `gone`: the ids of those that say they are there no more. Doing it twice changes nothing. Raises StoreError.
    """
    turns = [(one, turn(one, clock(), gone=one.id in gone)) for one in endpoints]
    recorded = [(endpoint, event) for endpoint, event in turns if event is not None]
    for endpoint, event in recorded:
        _record(log, clock, endpoint, event)
        outbox.mark(endpoint.id, state_after(event))
    return tuple(event for _, event in recorded)


def give_chance(outbox: Outbox, subscriptions: Iterable[SubscriptionAdded], clock: Clock) -> int:
    """Let what goes to subscriptions be tried again though it was disabled; return how many endpoints were.

    Success enables them; otherwise they are disabled again as they were before. Raises StoreError.
    """
    return outbox.give_chance({endpoint_id(one.channel, one.target) for one in subscriptions}, clock())


def record_success(
    outbox: Outbox, log: EventLog, clock: Clock, subscription: SubscriptionAdded, *, server: str | None = None
) -> None:
    """Record that a way works, and the mail `server` over which it led, as a test message has shown.

    Raises StoreError.
    """
    for target in filter(None, (subscription.target, server)):
        record_turns(outbox, log, clock, outbox.heard(subscription.channel, target, clock()))


@retried
def _record(log: EventLog, clock: Clock, endpoint: Endpoint, event: EndpointEvent) -> None:
    stream = endpoint_stream(endpoint.id)
    history = tuple(log.read(stream=stream))
    if history and _same(history[-1].event, event):
        return  # a worker that died, or another one, had come as far
    version = history[-1].version if history else 0
    new = NewEvent(content_id("endpoint", (endpoint.id, type(event).__name__, str(version))), event, "worker")
    notices: tuple[Notice, ...] = ()
    if telling(history).after(event, clock()).worth_telling:
        told = witnesses(endpoint, Audience(log).now())
        notices = tuple(Notice(one.subscription, new.id, EVERY_STORY, "endpoint") for one in told)
    log.append(stream, version, (new,), notices)


def _same(before: object, event: EndpointEvent) -> bool:
    """Tell whether two events speak of one trouble, or of the end of one."""
    if type(before) is not type(event):
        return False
    return isinstance(event, EndpointRecovered) or getattr(before, "since", None) == event.since
