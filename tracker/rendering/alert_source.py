"""An alert on how a source fares, in every form."""

from typing import Any

from tracker.domain.events import Recorded
from tracker.domain.feed_events import (
    FeedFailing,
    FeedMoved,
    FeedSilent,
)
from tracker.domain.source import Source, SourceEvent
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.alert_letter import Letter, letter, rfc3339
from tracker.rendering.alert_sheet import Item, Part, Section, Sheet
from tracker.rendering.alert_source_words import Said, said
from tracker.rendering.alert_why import ending, witness
from tracker.rendering.alert_why import recorded as stands_at
from tracker.rendering.plain import line, web_address
from tracker.rendering.view import Head

_URL = 1000
"""Characters of an address, so that a webhook's document stays under 20 kB."""


def compose_source(before: Source, recorded: Recorded, subscription: SubscriptionAdded) -> Letter:
    """Return the alert on an event of a source, which the stream left as `before` until then.

    The event is a `SourceEvent`. The same events give the same letter.
    """
    event, after = _after(before, recorded)
    told, name = said(event, after), _name(event, after)
    where, url = f"Source of {after.story or 'every story'}: {name}", line(after.url, _URL)
    address = web_address(url)
    at = Item((), where if address else f"{where}\n{url}", address)
    sheet = Sheet(
        headline=f"{told.word}: {name}",
        about="",
        intro=_blocks(event.feed, told),
        parts=(Part("", (Section("", (at,)),)),),
        footer=_footer(recorded, subscription),
    )
    payload = _payload(event, after, told, recorded, subscription)
    return letter(sheet.headline, after.story or "tracker", payload, lambda: sheet)


def source_note(before: Source, recorded: Recorded) -> tuple[str, str]:
    """Return an event of a source as one of many things that a message tells: its kind, and a line."""
    event, after = _after(before, recorded)
    told = said(event, after)
    return told.kind, f"{told.word}: {_name(event, after)}. {told.what}"


def _after(before: Source, recorded: Recorded) -> tuple[SourceEvent, Source]:
    event = recorded.event
    assert isinstance(event, SourceEvent), "an event that says how a source fares"
    return event, before.after(event, recorded.recorded_at)


def _name(event: SourceEvent, after: Source) -> str:
    return line(after.name, 80) or line(after.url, 80) or event.feed


def _blocks(feed: str, told: Said) -> tuple[str, ...]:
    look = f"How it looks to tracker: tracker feed check {feed}"
    return told.what, f"Meanwhile: {told.meanwhile}", f"What you can do: {told.remedy}", look


def _footer(recorded: Recorded, subscription: SubscriptionAdded) -> tuple[str, ...]:
    of = f"the story {subscription.story}" if subscription.story else "every story"
    return (
        f"You get this because subscription {subscription.subscription} asks how the sources of {of} fare.",
        ending(subscription),
        stands_at([recorded.position]),
        *witness(Head(recorded.position, recorded.hash)),
    )


def _payload(
    event: SourceEvent, after: Source, told: Said, recorded: Recorded, subscription: SubscriptionAdded
) -> dict[str, Any]:
    since = event.since if isinstance(event, FeedSilent) else after.since or after.began or recorded.recorded_at
    name = line(after.name, 300) or None
    data: dict[str, Any] = {
        "source": {"id": event.feed, "name": name, "url": line(after.url, _URL), "story": after.story},
        "since": rfc3339(since),
        "what": told.what,
        **_details(event),
        "check": f"tracker feed check {event.feed}",
        "subscription": subscription.subscription,
        "log": {"position": recorded.position, "head": recorded.hash},
    }
    return {"type": f"source.{told.kind}", "timestamp": rfc3339(recorded.recorded_at), "data": data}


def _details(event: SourceEvent) -> dict[str, Any]:
    match event:
        case FeedFailing(trouble=trouble, failures=failures, last_ok_at=read):
            error = line(event.error, 300)
            return {
                "trouble": trouble, "error": error, "failures": failures, "last_ok_at": rfc3339(read) if read else None
            }  # fmt: skip
        case FeedSilent():
            return {"gap": event.gap}
        case FeedMoved():
            return {"old": line(event.old, _URL), "new": line(event.new, _URL)}
        case _:
            return {}
