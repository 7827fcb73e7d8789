"""An alert in every form: subject, text, HTML, and the document that webhooks get."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from tracker.domain.events import Recorded
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.alert_html import alert_html
from tracker.rendering.alert_text import alert_text
from tracker.rendering.alert_view import AlertView, Told, headline, view
from tracker.rendering.plain import line

_SUBJECT = 120
_TITLE_IN_SUBJECT = 50
_ROOM = 19_000


@dataclass(frozen=True, slots=True)
class Letter:
    """An alert written out. `payload` stays under 20 kB as JSON, as the Standard Webhooks specification asks."""

    subject: str
    text: str
    html: str
    payload: dict[str, Any]


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
    alert = view(events, story=story, story_title=story_title, claims=claims, subscription=subscription)
    prefix = line(alert.story_title, _TITLE_IN_SUBJECT)
    subject = line(f"[{prefix}] {alert.headline}", _SUBJECT)
    return Letter(subject, alert_text(alert), alert_html(alert), _payload(alert))


def trial(subscription: SubscriptionAdded, at: datetime) -> Letter:
    """Return the message that proves a subscription's way."""
    follows = f"the story {subscription.story}" if subscription.story else "every story"
    how = ", and how the sources fare," if subscription.sources else ""
    text = (
        f"This is a test. Subscription {subscription.subscription} follows {follows};\n"
        f"developments{how} will arrive here.\n\nTo end it: tracker subscription remove {subscription.subscription}\n"
    )
    html = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line)
    data = {"subscription": subscription.subscription, "story": subscription.story}
    payload = {"type": "subscription.test", "timestamp": rfc3339(at), "data": data}
    return Letter("[tracker] Test message", text, f"<!DOCTYPE html><html><body>{html}</body></html>\n", payload)


def _payload(alert: AlertView) -> dict[str, Any]:
    lead, *rest = alert.told
    data: dict[str, Any] = {
        "story": {"id": alert.story, "title": alert.story_title},
        **_finding(lead, alert),
        "also": [],
        "omitted": 0,
        "sources": [
            {
                "entry": alert.entry,
                "source": alert.source,
                "publisher": alert.publisher,
                "title": alert.title,
                "published": rfc3339(alert.published) if alert.published else None,
                "language": alert.language,
                "url": alert.url,
            }
        ],
        "url": alert.url,
        "subscription": alert.subscription,
        "log": {"position": alert.head.position, "head": alert.head.hash},
    }
    _add_while_it_fits(data, [_finding(told, alert) for told in rest])
    return {"type": f"development.{lead.kind}", "timestamp": rfc3339(alert.seen), "data": data}


def _add_while_it_fits(data: dict[str, Any], rest: Sequence[dict[str, Any]]) -> None:
    size = _bytes(data)
    for finding in rest:
        size += _bytes(finding)
        if size > _ROOM:
            data["omitted"] = len(rest) - len(data["also"])
            return
        data["also"].append(finding)


def _finding(told: Told, alert: AlertView) -> dict[str, Any]:
    return {
        "development": {
            "position": told.position,
            "hash": told.hash,
            "kind": told.kind,
            "field": told.field,
            "old": told.old,
            "new": told.new,
            "headline": headline(told.kind, alert.title, told.sentence),
            "sentence": told.sentence,
            "reason": told.reason,
            "score": None if told.score is None else round(told.score, 4),
            "happening": told.happening,
            "seen": rfc3339(alert.seen),
        },
        "claim": {"id": told.claim, "text": told.claim_text},
    }


def _bytes(value: Mapping[str, Any]) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def rfc3339(when: datetime) -> str:
    """Return a time in UTC to the second, as webhooks bear it."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
