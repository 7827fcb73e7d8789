"""A correction: what was told, what holds now, and why; in the thread of the message that it corrects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracker.domain.events import Recorded
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.alert_correction_words import Correction, Fixed, fixed
from tracker.rendering.alert_letter import Letter, development, fill, letter, rfc3339, source
from tracker.rendering.alert_sheet import Item, Part, Section, Sheet
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_view import report
from tracker.rendering.alert_why import ending, recorded, witness
from tracker.rendering.alert_words import titled_item
from tracker.rendering.plain import line
from tracker.rendering.view import Head

_WHY = "You get this because you were told before: a correction goes to everyone who was, whatever they filter or mute."
_LISTED = 5


def compose_correction(
    corrections: Sequence[Correction],
    further: Sequence[Sequence[Recorded]],
    *,
    story: str,
    story_title: str,
    claims: Mapping[str, str],
    prefix: str,
    subscription: SubscriptionAdded,
) -> Letter:
    """Return the message that corrects others, with what was told beside it.

    `further` are developments that came with the corrections, those of an entry together. `claims` is as in `compose`;
    `prefix` that of the subject of what is corrected.
    """
    clock = Clockface(subscription.timing.zone)
    found = [fixed(one, claims, clock) for one in corrections]
    lead, first = found[0], corrections[0].recorded
    reports = [report(events, claims) for events in further]
    title, head = line(story_title, 200) or story, Head(first.position, first.hash)
    beside = (Section("Told with it", tuple(titled_item(one, clock) for one in reports)),) if reports else ()
    positions = [one.recorded.position for one in corrections] + [told.position for one in reports for told in one.told]
    sheet = Sheet(
        headline=lead.subject,
        about=title,
        intro=tuple(one.intro for one in found if one.intro),
        parts=(Part("", (Section("", _items(found)), *beside)),),
        footer=(_WHY, ending(subscription), recorded(positions), *witness(head)),
    )
    also = [_document(one, of) for one, of in zip(found[1:], corrections[1:], strict=True)]
    also += [development(told, one.seen, one.title) for one in reports for told in one.told]
    data: dict[str, Any] = {
        "story": {"id": line(story, 200), "title": title},
        **_document(lead, corrections[0]),
        "also": [],
        "omitted": 0,
        "sources": [source(lead.report)] if lead.report else [],
        "url": lead.report.url if lead.report else None,
        "subscription": subscription.subscription,
        "log": {"position": head.position, "head": head.hash},
    }
    fill(data, "also", also)
    payload = {"type": "development.corrected", "timestamp": rfc3339(first.recorded_at), "data": data}
    return letter(lead.subject, prefix, payload, lambda: sheet)


def correction_item(
    correction: Correction, claims: Mapping[str, str], clock: Clockface
) -> tuple[str, Item, dict[str, Any]]:
    """Return a correction as one of many things that a message tells: its headline, in words, and for webhooks."""
    found = fixed(correction, claims, clock, brief=True)
    return found.subject, found.item, _document(found, correction)


def _items(found: Sequence[Fixed]) -> tuple[Item, ...]:
    """Return the corrections; one that is alone is named by the headline of the message."""
    if len(found) > 1:
        return tuple(one.item for one in found)
    return tuple(replace(one.item, title="") for one in found)


def _document(one: Fixed, of: Correction) -> dict[str, Any]:
    recorded, claim, relation = of.recorded, one.claim, getattr(of.recorded.event, "relation", None)
    return {
        "correction": {
            "position": recorded.position,
            "hash": recorded.hash,
            "kind": of.fix,
            "relation": str(relation) if relation else None,
            "field": one.field,
            "old": one.old,
            "new": one.new,
            "headline": one.headline,
            "reason": one.reason,
            "by": line(recorded.actor, 60),
            "seen": rfc3339(recorded.recorded_at),
        },
        "claim": {
            "id": line(claim.original.id, 200) if claim else None,
            "text": line(claim.original.text, 400) if claim else "",
            "current": line(claim.current.text, 400) if claim else "",
            "standing": str(claim.standing) if claim else None,
        },
        "corrects": [
            {"webhook_id": message, "position": told.position, "seen": rfc3339(told.recorded_at)}
            for told, message in of.said[-_LISTED:]
        ],
    }
