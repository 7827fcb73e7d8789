"""The message on a way that fails, is given up, or works again; it goes to somebody over another way."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from tracker.domain.events import Recorded
from tracker.domain.subscription_events import (
    Channel,
    EndpointDisabled,
    EndpointEvent,
    EndpointFailing,
    SubscriptionAdded,
)
from tracker.rendering.alert_letter import Letter, letter, rfc3339
from tracker.rendering.alert_sheet import Sheet
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_why import ending, witness
from tracker.rendering.phrases import count
from tracker.rendering.plain import line
from tracker.rendering.view import Head

_NAMED = 10


def compose_endpoint(
    recorded: Recorded,
    served: Sequence[SubscriptionAdded],
    subscription: SubscriptionAdded,
) -> Letter:
    """Return the message on an event of a way; `served` are the subscriptions that are told over it.

    The event is an `EndpointEvent`. The same events give the same letter.
    """
    event = recorded.event
    assert isinstance(event, EndpointEvent), "an event that says how a way fares"
    clock = Clockface(subscription.timing.zone)
    kind, word = _kind(event)
    names = _names(served)
    sheet = Sheet(
        headline=f"{word}: {way(event.channel, event.target)}",
        about="",
        intro=(*_what(event, clock), f"Over it: {names}." if served else "No subscription goes over it any more."),
        parts=(),
        footer=(
            f"You get this because subscription {subscription.subscription} is told how the other ways fare.",
            ending(subscription),
            f"Recorded in the log at position {recorded.position}: tracker why {recorded.position} explains it.",
            *witness(Head(recorded.position, recorded.hash)),
        ),
    )
    data: dict[str, Any] = {
        "endpoint": {"id": event.endpoint, "channel": event.channel, "to": way(event.channel, event.target)},
        **_details(event),
        "what": _what(event, Clockface())[0],
        "subscriptions": [one.subscription for one in served[:_NAMED]],
        "subscription": subscription.subscription,
        "log": {"position": recorded.position, "head": recorded.hash},
    }
    return letter(
        sheet, "tracker", {"type": f"endpoint.{kind}", "timestamp": rfc3339(recorded.recorded_at), "data": data}
    )


def way(channel: Channel, target: str) -> str:
    """Return a way in words. Of a web address only the host: the rest often holds a key."""
    if channel == "email":
        return line(f"mail to {target}", 120)
    if channel == "chat":
        return line(f"chat {target}", 120)
    try:
        host = urlsplit(target).hostname
    except ValueError:
        host = None
    return line(f"webhook at {host or 'an unknown host'}", 120)


def _kind(event: EndpointEvent) -> tuple[str, str]:
    match event:
        case EndpointFailing():
            return "failing", "Alerts do not arrive"
        case EndpointDisabled():
            return "disabled", "Alerts are no longer sent"
        case _:
            return "recovered", "Alerts arrive again"


_MEANWHILE = "Meanwhile: nothing is lost. tracker goes on trying, with longer and longer pauses, for some days."
_LOOK = "What you can do: see whether the other side is up and takes what is sent; tracker alert list shows what waits."
_MEND = "What you can do: mend it; tracker subscription test ID opens it, tracker alert replay sends what is owed."


def _what(event: EndpointEvent, clock: Clockface) -> tuple[str, ...]:
    match event:
        case EndpointFailing(failures=failures, since=since, error=error):
            times = f"Failed {count(failures, 'time')} in a row since {clock.moment(since)}"
            return f"{times}: {line(error, 300).rstrip('.')}.", _MEANWHILE, _LOOK
        case EndpointDisabled(reason=reason, since=since):
            why = f"{_sentence(reason)} The first failure was on {clock.moment(since)}."
            return why, "Meanwhile: nothing is sent there. What is owed is kept.", _MEND
        case _:
            return "It works again.", "What waited for it is sent now."


def _sentence(words: str) -> str:
    said = line(words, 300).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def _details(event: EndpointEvent) -> dict[str, Any]:
    match event:
        case EndpointFailing():
            return {"since": rfc3339(event.since), "failures": event.failures, "error": line(event.error, 300)}
        case EndpointDisabled():
            return {"since": rfc3339(event.since), "reason": line(event.reason, 300)}
        case _:
            return {}


def _names(served: Sequence[SubscriptionAdded]) -> str:
    named = ", ".join(f"{one.subscription} ({one.story or 'every story'})" for one in served[:_NAMED])
    rest = f" and {len(served) - _NAMED} more" if len(served) > _NAMED else ""
    return f"{count(len(served), 'subscription')}: {named}{rest}"
