"""The message on a way that fails, is given up, or works again; it goes to somebody over another way."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
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
from tracker.rendering.alert_why import recorded as stands_at
from tracker.rendering.phrases import count
from tracker.rendering.plain import line
from tracker.rendering.view import Head

_NAMED = 10


def compose_endpoint(
    recorded: Recorded,
    served: Sequence[SubscriptionAdded],
    subscription: SubscriptionAdded,
    before: EndpointEvent | None = None,
) -> Letter:
    """Return the message on an event of a way; `served` are the subscriptions that are told over it.

    The event is an `EndpointEvent`, `before` the one before it on this way. The same events give the same letter.
    """
    event = recorded.event
    assert isinstance(event, EndpointEvent), "an event that says how a way fares"
    clock = Clockface(subscription.timing.zone)
    kind, word = _kind(event)
    names = _names(served)
    sheet = Sheet(
        headline=f"{word}: {way(event.channel, event.target)}",
        about="",
        intro=(
            _what(event, clock),
            *_remedy(event, before, served),
            f"Over it: {names}." if served else "No subscription goes over it any more.",
        ),
        parts=(),
        footer=(
            f"You get this because subscription {subscription.subscription} is told how the other ways fare.",
            ending(subscription),
            stands_at([recorded.position]),
            *witness(Head(recorded.position, recorded.hash)),
        ),
    )
    data: dict[str, Any] = {
        "endpoint": {"id": event.endpoint, "channel": event.channel, "to": way(event.channel, event.target)},
        **_details(event),
        "what": _what(event, Clockface()),
        "subscriptions": [one.subscription for one in served[:_NAMED]],
        "subscription": subscription.subscription,
        "log": {"position": recorded.position, "head": recorded.hash},
    }
    payload = {"type": f"endpoint.{kind}", "timestamp": rfc3339(recorded.recorded_at), "data": data}
    return letter(sheet.headline, "tracker", payload, lambda: sheet)


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
_REST = "Meanwhile: nothing is sent there. What comes for it is given up, and kept so that it can be sent later."
_MEND = "What you can do: mend it. Then try it, and send what was given up:"
_OWED = "What was given up is not sent by itself. To send it:"
_COMMANDS = 3


def _what(event: EndpointEvent, clock: Clockface) -> str:
    match event:
        case EndpointFailing(failures=failures, since=since, error=error):
            times = f"Failed {count(failures, 'time')} in a row since {clock.moment(since)}"
            return f"{times}: {line(error, 300).rstrip('.')}."
        case EndpointDisabled(reason=reason, since=since):
            return f"{_sentence(reason)} The first failure was on {clock.moment(since)}."
        case _:
            return "It works again."


def _remedy(event: EndpointEvent, before: EndpointEvent | None, served: Sequence[SubscriptionAdded]) -> Iterator[str]:
    """Yield what becomes of what is owed over the way, and what a person can do."""
    match event, before:
        case EndpointFailing(), _:
            yield from (_MEANWHILE, _LOOK)
        case EndpointDisabled(since=since), _:
            yield _REST
            if served:
                test = f"tracker subscription test {served[0].subscription}"
                yield "\n".join((_MEND, test, *_replays(served, since)))
        case _, EndpointDisabled(since=since):
            if served:
                yield "\n".join((_OWED, *_replays(served, since)))
        case _:
            yield "What waited for it is sent now."


def _replays(served: Sequence[SubscriptionAdded], since: datetime) -> Iterator[str]:
    """Yield the commands that send what was given up; what failed first was owed a little before it failed."""
    day = f"{(since - timedelta(hours=1)).astimezone(UTC):%Y-%m-%d}"
    for one in served[:_COMMANDS]:
        yield f"tracker alert replay --since {day} --subscription {one.subscription} --state dead"
    if len(served) > _COMMANDS:
        yield f"and so for {count(len(served) - _COMMANDS, 'more subscription')}"


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
