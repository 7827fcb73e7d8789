"""What there is to tell of an entry, in harmless words: text, HTML and the webhook's document are written from this."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.entry import EntryRef
from tracker.domain.events import ClaimTracked, EntryRemoved, EntryRevised, Finding, Recorded, entry_of, finding_of
from tracker.domain.routing import kind_said
from tracker.domain.subscription_events import DevelopmentKind
from tracker.rendering.plain import line

WORD: Mapping[DevelopmentKind, str] = {
    "denied": "Denial",
    "removed": "Taken away",
    "restored": "Put back",
    "updated": "Update",
    "new": "New",
    "revised": "Edited",
    "corroborated": "Confirmed",
}
"""The word for each kind of development, the weightiest first."""
WEIGHT = {kind: weight for weight, kind in enumerate(WORD)}

_HTTP = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"]+", re.IGNORECASE)
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """One development of an entry, in words, and the event that witnesses it.

    `score` is None for what was noticed and not judged: an edit, a removal and its end.
    """

    kind: DevelopmentKind
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
class Report:
    """One entry and what is told of it, the weightiest first. `url` is None where it is no web address."""

    told: tuple[Told, ...]
    entry: str
    title: str
    source: str
    publisher: str | None
    language: str | None
    published: datetime | None
    seen: datetime
    url: str | None

    @property
    def headline(self) -> str:
        """The one line that names it."""
        return headline(self.told[0].kind, self.title, self.told[0].sentence)


def headline(kind: DevelopmentKind, title: str, sentence: str = "") -> str:
    """Return the one line that names a development: its kind in words and the entry's title, or else the sentence."""
    return line(f"{WORD[kind]}: {line(title) or line(sentence)}", 160)


def report(events: Sequence[Recorded], claims: Mapping[str, str]) -> Report:
    """Return what to say of developments of one entry; `claims` holds the wording of the story's claims by id.

    Raises ValueError where the events hold no development of an entry.
    """
    found = [one for event in events if (one := told(event, claims))]
    ref = entry_of(events[0].event) if events else None
    if not found or ref is None:
        raise ValueError("an alert needs a development of an entry")
    return Report(
        told=tuple(sorted(found, key=lambda one: WEIGHT[one.kind])),
        entry=ref.id,
        title=line(ref.title, 300),
        source=line(ref.source, 120),
        publisher=line(ref.publisher or "", 120) or None,
        language=line(ref.language or "", 35) or None,
        published=ref.published,
        seen=events[0].recorded_at,
        url=_web_address(ref),
    )


def told(recorded: Recorded, claims: Mapping[str, str]) -> Told | None:
    """Return what to say of one event, None for one that is no development."""
    event, kind = recorded.event, kind_said(recorded.event)
    if kind is None:
        return None
    finding = finding_of(event)
    if finding is None:
        return _noticed(recorded, kind)
    if isinstance(event, ClaimTracked):
        return _found(recorded, kind, finding, event.claim.id, event.claim.text)
    return _found(recorded, kind, finding, finding.claim, claims.get(finding.claim or "", ""))


def _found(recorded: Recorded, kind: DevelopmentKind, finding: Finding, claim: str | None, text: str) -> Told:
    return Told(
        kind=kind,
        claim=None if claim is None else line(claim, 200),
        claim_text=line(text, 400),
        field=line(finding.field or "", 40) or None,
        old=_value(finding.old),
        new=_value(finding.new),
        sentence=line(finding.sentence, 600),
        reason=line(finding.reason, 300),
        score=finding.score,
        happening=line(finding.happening, 200),
        position=recorded.position,
        hash=recorded.hash,
    )


def _noticed(recorded: Recorded, kind: DevelopmentKind) -> Told:
    event, old, new = recorded.event, None, None
    entry = entry_of(event)
    assert entry is not None, "what was noticed was noticed of an entry"
    reason = "its publisher shows it again"
    if isinstance(event, EntryRevised):
        reason = "its publisher edited it"
        old, new = (line(words, 600) or None for words in (event.old, event.new))
    elif isinstance(event, EntryRemoved):
        reason = line(event.reason, 300)
    return Told(
        kind=kind,
        claim=None,
        claim_text="",
        field="text" if old or new else None,
        old=old,
        new=new,
        sentence="",
        reason=reason,
        score=None,
        happening=entry.id,
        position=recorded.position,
        hash=recorded.hash,
    )


def _value(words: str | None) -> str | None:
    return line(words or "", 200) or None


def _web_address(ref: EntryRef) -> str | None:
    url = ref.url or ""
    return url if len(url) <= _LONGEST_URL and _HTTP.fullmatch(url) and url.isascii() else None
