"""An alert on how a source fares, in every form."""

from html import escape
from typing import Any

from tracker.domain.events import Recorded
from tracker.domain.feed_events import (
    FeedFailing,
    FeedMoved,
    FeedSilent,
)
from tracker.domain.source import Source, SourceEvent
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.alert import Letter, rfc3339
from tracker.rendering.alert_html import document, link
from tracker.rendering.alert_source_words import Said, said
from tracker.rendering.alert_text import witness
from tracker.rendering.plain import line, web_address
from tracker.rendering.view import Head

_URL = 1000
"""Characters of an address, so that a webhook's document stays under 20 kB."""


def compose_source(before: Source, recorded: Recorded, subscription: SubscriptionAdded) -> Letter:
    """Return the alert on an event of a source, which the stream left as `before` until then.

    The event is a `SourceEvent`. The same events give the same letter.
    """
    event = recorded.event
    assert isinstance(event, SourceEvent), "an event that says how a source fares"
    after = before.after(event, recorded.recorded_at)
    told, name = said(event, after), line(after.name, 80) or line(after.url, 80) or event.feed
    headline, footer = f"{told.word}: {name}", _footer(recorded, subscription)
    blocks = _blocks(event.feed, told)
    where, url = f"Source of {after.story or 'every story'}: {name}", line(after.url, _URL)
    return Letter(
        subject=line(f"[{after.story or 'tracker'}] {headline}", 120),
        text="\n\n".join((headline, *blocks, f"{where}\n{url}", "-- \n" + "\n".join(footer))) + "\n",
        html=document(after.story or "every story", headline, _markup(blocks, where, url), footer),
        payload=_payload(event, after, told, recorded, subscription),
    )


def _blocks(feed: str, told: Said) -> tuple[str, ...]:
    look = f"How it looks to tracker: tracker feed check {feed}"
    return told.what, f"Meanwhile: {told.meanwhile}", f"What you can do: {told.remedy}", look


def _markup(blocks: tuple[str, ...], where: str, url: str) -> str:
    address = web_address(url)
    shown = link(address) if address else f"<br>{escape(url)}"
    said_ = "".join(f'<p dir="auto">{escape(block)}</p>' for block in blocks)
    return f'{said_}<p dir="auto">{escape(where)}{shown}</p>'


def _footer(recorded: Recorded, subscription: SubscriptionAdded) -> tuple[str, ...]:
    of = f"the story {subscription.story}" if subscription.story else "every story"
    return (
        f"You get this because subscription {subscription.subscription} asks how the sources of {of} fare.",
        f"To end it: tracker subscription remove {subscription.subscription}",
        f"Recorded in the log at position {recorded.position}: tracker why {recorded.position} explains it.",
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
