"""What an alert says, before it has a form: text, HTML and the webhook's document are all written from this."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.domain.claims import Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimTracked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Finding,
    Recorded,
    entry_of,
    finding_of,
)
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.plain import line
from tracker.rendering.view import Head

Kind = Literal["denied", "removed", "restored", "updated", "new", "revised", "corroborated"]
"""What kind of development; the name after the dot in a webhook's type."""

WORD: Mapping[Kind, str] = {
    "denied": "Denial",
    "removed": "Removed",
    "restored": "Put back",
    "updated": "Update",
    "new": "New",
    "revised": "Edited",
    "corroborated": "Confirmed",
}
"""The word for each kind, the weightiest first."""

_OF: Mapping[Relation, Kind] = {
    Relation.NEW: "new",
    Relation.UPDATES: "updated",
    Relation.DENIES: "denied",
    Relation.CORROBORATES: "corroborated",
}
_WEIGHT = tuple(WORD)
_HTTP = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"]+", re.IGNORECASE)
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """One development of the entry, in words, and the event that witnesses it.

    `score` is None for what was noticed and not judged: an edit, a removal and its end.
    """

    kind: Kind
    claim: str | None
    claim_text: str
    field: str | None
    old: str | None
    new: str | None
    sentence: str
    reason: str
    score: float | None
    happening: str
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """One entry and all its developments, the weightiest first. `url` is None where it is no web address.

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


def headline(kind: Kind, title: str, sentence: str = "") -> str:
    """Return the one line that names a development: its kind in words and the entry's title, or else the sentence."""
    return line(f"{WORD[kind]}: {line(title) or line(sentence)}", 160)


def view(
    events: Sequence[Recorded],
    *,
    story: str,
    story_title: str,
    claims: Mapping[str, str],
    subscription: SubscriptionAdded,
) -> AlertView:
    """Return what to say of developments of one entry; `claims` holds the wording of the story's claims by id.

    Raises ValueError where the events hold no development of an entry.
    """
    found = [one for event in events if (one := _told(event, claims))]
    told = sorted(found, key=lambda one: _WEIGHT.index(one.kind))
    ref = entry_of(events[0].event) if events else None
    if not told or ref is None:
        raise ValueError("an alert needs a development of an entry")
    return AlertView(
        story=story,
        story_title=line(story_title, 200) or story,
        headline=headline(told[0].kind, ref.title, told[0].sentence),
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
    match event:
        case EntryRevised():
            return _noticed(recorded, "revised", event.entry, "its publisher edited it", event.old, event.new)
        case EntryRemoved():
            return _noticed(recorded, "removed", event.entry, event.reason)
        case EntryRestored():
            return _noticed(recorded, "restored", event.entry, "its publisher shows it again")
        case ClaimTracked() if finding:
            return _found(recorded, finding, event.claim.id, event.claim.text)
        case _ if finding:
            return _found(recorded, finding, finding.claim, claims.get(finding.claim or "", ""))
        case _:
            return None


def _found(recorded: Recorded, finding: Finding, claim: str | None, text: str) -> Told:
    return Told(
        kind=_OF[finding.relation],
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


def _noticed(recorded: Recorded, kind: Kind, ref: EntryRef, reason: str, *change: str) -> Told:
    old, new = (line(words, 600) or None for words in change or ("", ""))
    return Told(
        kind=kind,
        claim=None,
        claim_text="",
        field="text" if old or new else None,
        old=old,
        new=new,
        sentence="",
        reason=line(reason, 300),
        score=None,
        happening=ref.id,
        position=recorded.position,
        hash=recorded.hash,
    )


def _value(words: str | None) -> str | None:
    return line(words or "", 200) or None


def _web_address(ref: EntryRef) -> str | None:
    url = ref.url or ""
    return url if len(url) <= _LONGEST_URL and _HTTP.fullmatch(url) and url.isascii() else None
