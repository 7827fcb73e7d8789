"""What an alert says, before it has a form: text, HTML and the webhook's document are all written from this."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.claims import Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import ClaimTracked, Recorded, SubscriptionAdded, entry_of, finding_of
from tracker.rendering.plain import line
from tracker.rendering.view import Head

KIND = {
    Relation.NEW: "New",
    Relation.UPDATES: "Update",
    Relation.DENIES: "Denial",
    Relation.CORROBORATES: "Confirmed",
}
_WEIGHT = (Relation.DENIES, Relation.UPDATES, Relation.NEW, Relation.CORROBORATES)
_HTTP = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"]+", re.IGNORECASE)
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """One finding of the entry, in words, and the event that witnesses it."""

    relation: Relation
    claim: str | None
    claim_text: str
    field: str | None
    old: str | None
    new: str | None
    sentence: str
    reason: str
    score: float
    happening: str
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """One entry and all its news findings, the weightiest first. `url` is None where it is no web address.

    `head` is that of the first of them, which the delivery is about: it is the same on every retry.
    """

    story: str
    story_title: str
    headline: str
    told: tuple[Told, ...]
    entry: str
    title: str
    source: str
    publisher: str | None
    language: str | None
    published: datetime | None
    seen: datetime
    url: str | None
    subscription: str
    every_story: bool
    head: Head


def headline(relation: Relation, title: str, sentence: str = "") -> str:
    """Return the one line that names a development: its kind in words and the entry's title, or else the sentence."""
    return line(f"{KIND[relation]}: {line(title) or line(sentence)}", 160)


def view(
    events: Sequence[Recorded],
    *,
    story: str,
    story_title: str,
    claims: Mapping[str, str],
    subscription: SubscriptionAdded,
) -> AlertView:
    """Return what to say of findings of one entry; `claims` holds the wording of the story's claims by id.

    Raises ValueError where the events hold no finding of an entry.
    """
    found = [one for event in events if (one := _told(event, claims))]
    told = sorted(found, key=lambda one: _WEIGHT.index(one.relation))
    ref = entry_of(events[0].event) if events else None
    if not told or ref is None:
        raise ValueError("an alert needs a finding of an entry")
    return AlertView(
        story=story,
        story_title=line(story_title, 200) or story,
        headline=headline(told[0].relation, ref.title, told[0].sentence),
        told=tuple(told),
        entry=ref.id,
        title=line(ref.title, 300),
        source=line(ref.source, 120),
        publisher=line(ref.publisher or "", 120) or None,
        language=ref.language,
        published=ref.published,
        seen=events[0].recorded_at,
        url=_web_address(ref),
        subscription=subscription.subscription,
        every_story=subscription.story is None,
        head=Head(events[0].position, events[0].hash),
    )


def _told(recorded: Recorded, claims: Mapping[str, str]) -> Told | None:
    event, finding = recorded.event, finding_of(recorded.event)
    if finding is None:
        return None
    claim, text = finding.claim, claims.get(finding.claim or "", "")
    if isinstance(event, ClaimTracked):
        claim, text = event.claim.id, event.claim.text
    return Told(
        relation=finding.relation,
        claim=claim,
        claim_text=line(text, 400),
        field=finding.field,
        old=_value(finding.old),
        new=_value(finding.new),
        sentence=line(finding.sentence, 600),
        reason=line(finding.reason, 300),
        score=finding.score,
        happening=finding.happening,
        position=recorded.position,
        hash=recorded.hash,
    )


def _value(words: str | None) -> str | None:
    return line(words or "", 200) or None


def _web_address(ref: EntryRef) -> str | None:
    url = ref.url or ""
    return url if len(url) <= _LONGEST_URL and _HTTP.fullmatch(url) and url.isascii() else None
