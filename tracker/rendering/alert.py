"""The alert on one entry, and the message that proves a way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tracker.domain.events import Recorded
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.alert_letter import Letter, development, fill, letter, rfc3339, source
from tracker.rendering.alert_sheet import Part, Section, Sheet
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_view import Report, report
from tracker.rendering.alert_why import ending, footer
from tracker.rendering.alert_words import MOST, item
from tracker.rendering.plain import line
from tracker.rendering.view import Head


def compose(
    events: Sequence[Recorded],
    *,
    story: str,
    story_title: str,
    claims: Mapping[str, str],
    subscription: SubscriptionAdded,
) -> Letter:
    """Return the alert on the developments of one entry; `claims` holds the wording of the story's claims by id.

    The same events give the same letter, so that a retry repeats what was sent. Raises ValueError where the events
    hold no development of an entry.
    """
    told = report(events, claims)
    title, head = line(story_title, 200) or story, Head(events[0].position, events[0].hash)

    def sheet() -> Sheet:
        left = len(told.told) - MOST
        more = f"Also: {left} more of this entry: tracker timeline {line(story)}" if left > 0 else ""
        return Sheet(
            headline=told.headline,
            about=title,
            intro=(),
            parts=(Part("", (Section("", (item(told, Clockface(subscription.timing.zone)),)),), more),),
            footer=footer(subscription, story, [one.position for one in told.told], head),
        )

    return letter(told.headline, title, _payload(told, story, title, subscription, head), sheet)


def trial(subscription: SubscriptionAdded, at: datetime) -> Letter:
    """Return the message that proves a subscription's way."""
    follows = f"the story {subscription.story}" if subscription.story else "every story"
    how = ", and how the sources fare," if subscription.sources else ""
    this = f"Subscription {subscription.subscription} follows {follows}"
    sheet = Sheet(
        headline="Test message",
        about="",
        intro=(f"This is a test. {this}; developments{how} will arrive here.",),
        parts=(),
        footer=(ending(subscription),),
    )
    data = {"subscription": subscription.subscription, "story": subscription.story}
    payload = {"type": "subscription.test", "timestamp": rfc3339(at), "data": data}
    return letter(sheet.headline, "tracker", payload, lambda: sheet)


def _payload(told: Report, story: str, title: str, subscription: SubscriptionAdded, head: Head) -> dict[str, Any]:
    lead, *rest = told.told
    data: dict[str, Any] = {
        "story": {"id": line(story, 200), "title": title},
        **development(lead, told.seen, told.title),
        "also": [],
        "omitted": 0,
        "sources": [source(told)],
        "url": told.url,
        "subscription": subscription.subscription,
        "log": {"position": head.position, "head": head.hash},
    }
    fill(data, "also", (development(one, told.seen, told.title) for one in rest))
    return {"type": f"development.{lead.kind}", "timestamp": rfc3339(told.seen), "data": data}
