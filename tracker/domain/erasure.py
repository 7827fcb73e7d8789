"""Erasure: which parts of an event are an entry's words and go, and which are what we read in them and stay.

Words go: title, summary and address of the entry, sentences, reasons (which quote), what a revision held, and the words
of a claim that the entry was the first to say: its text, who it is attributed to, the sentence it came from. What we
read stays: relation, status, quantities and dates with their own wording, names of sources, ids, times, scores. So the
same claims stand as before, from the same sources, with less to read.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace

from tracker.domain.claims import Claim
from tracker.domain.entry import Entry, EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    entry_of,
    finding_of,
)

ERASED = "[erased]"
"""What stands where words were."""

LEAST_QUOTE = 12
"""Characters from which a text of the entry is looked for in what was recorded of others: a shorter one is no quote."""

_VALUES = frozenset({"quantity", "date", "status"})


def redact(event: Event, entry: str, *, born: bool = False) -> Event:
    """Return an event as it stands once an entry's words are gone; doing it twice changes nothing more.

    Of an event that rests on the entry all words go; of another those that may quote it. `born`: the entry was the
    first to say the claim that the event bears on, so the claim's words go as well.
    """
    if isinstance(event, ClaimUpdated) and born:
        event = replace(event, current=bare(event.current))
    return _own(event) if rests_on(event, entry) else _quoting(event)


def rests_on(event: Event, entry: str) -> bool:
    """Tell whether an event was recorded because of an entry."""
    ref = entry_of(event)
    return ref is not None and ref.id == entry


def bare(claim: Claim) -> Claim:
    """Return a claim without its words: two claims that are equal then say the same, as far as we read it."""
    evidence = claim.evidence
    if evidence is not None:
        evidence = replace(evidence, document=gone(evidence.document), sentence=gone(evidence.sentence))
    attributed_to = None if claim.attributed_to is None else gone(claim.attributed_to)
    return replace(claim, text=gone(claim.text), attributed_to=attributed_to, evidence=evidence)


def bare_ref(ref: EntryRef) -> EntryRef:
    """Return what an event says of its entry, without the words."""
    return replace(ref, title=gone(ref.title), summary=gone(ref.summary), url=None)


def bare_entry(entry: Entry) -> Entry:
    """Return an entry without its words."""
    return replace(
        entry, title=gone(entry.title), summary=gone(entry.summary), text=gone(entry.text), url=None
    )  # fmt: skip


def bare_finding(finding: Finding) -> Finding:
    """Return a finding without the words of the entry that it rests on."""
    return replace(unquoted(finding), sentence=gone(finding.sentence), new=_value(finding, finding.new))


def unquoted(finding: Finding) -> Finding:
    """Return a finding without what it may quote of other entries: its reason, and what stood before in words."""
    opinion = replace(finding.opinion, reason=gone(finding.opinion.reason)) if finding.opinion else None
    doubt = gone(finding.doubt) if finding.doubt else None
    reason, old = gone(finding.reason), _value(finding, finding.old)
    return replace(finding, reason=reason, old=old, opinion=opinion, doubt=doubt)


class Redaction:
    """Finds what an entry's erasure leaves of the events of one stream, shown to it in the order of the log.

    `words` are texts of the entry; those found in its own events are added to them, for the events that follow.
    """

    def __init__(self, entry: str, words: set[str]) -> None:
        self._entry = entry
        self._words = words
        self._first: dict[str, str | None] = {}
        self._proposed: dict[int, tuple[str, str | None]] = {}

    def left(self, event: Event, position: int) -> Event | None:
        """Return what is left of an event, None for one that stays as it is."""
        born = self._is_born(event, position)
        left = redact(event, self._entry, born=born)
        if left == event:
            return None
        lost = tuple(texts_lost(event, left))
        if rests_on(event, self._entry):
            self._words.update(lost)
        elif not born and not quotes(lost, self._words):
            return None
        return left

    def _is_born(self, event: Event, position: int) -> bool:
        """Follow by whom each claim was first told, as `story.evolve` does, and tell whether this one's was by us."""
        if isinstance(event, ClaimTracked):
            told = (event.claim.id, event.entry.id if event.entry else None)
            if event.finding and event.finding.needs_review:
                self._proposed[position] = told
            else:
                self._first.update([told])
        elif isinstance(event, FindingReviewed):
            answered = self._proposed.pop(event.position, None)
            if answered is not None and event.verdict != "rejected":
                self._first.update([answered])
        finding = finding_of(event)
        return finding is not None and self._first.get(finding.claim or "") == self._entry


def texts_lost(old: object, new: object) -> Iterator[str]:
    """Yield the texts of a value that another one of its shape holds no more."""
    if old == new:
        return
    if isinstance(old, str):
        yield old
    elif is_dataclass(old) and is_dataclass(new):
        for one in fields(old):
            yield from texts_lost(getattr(old, one.name), getattr(new, one.name))


def quotes(texts: Iterable[str], words: Collection[str]) -> bool:
    """Tell whether one of the texts holds some of the words, each long enough to be known again."""
    return any(one in text for text in texts for one in words if len(one) >= LEAST_QUOTE)


def _own(event: Event) -> Event:
    match event:
        case ClaimTracked():
            finding = bare_finding(event.finding) if event.finding else None
            entry = bare_ref(event.entry) if event.entry else None
            return replace(event, claim=bare(event.claim), entry=entry, finding=finding)
        case ClaimCorroborated() | ClaimUpdated() | ClaimDenied():
            return replace(event, entry=bare_ref(event.entry), finding=bare_finding(event.finding))
        case EntryLinked() | EntryRemoved():
            return replace(event, entry=bare_ref(event.entry), reason=gone(event.reason))
        case EntryRestored():
            return replace(event, entry=bare_ref(event.entry))
        case EntryRevised():
            return replace(event, entry=bare_ref(event.entry), old=gone(event.old), new=gone(event.new))
        case _:
            raise AssertionError(f"{type(event).__name__} rests on no entry")


def _quoting(event: Event) -> Event:
    match event:
        case ClaimCorroborated() | ClaimUpdated() | ClaimDenied():
            return replace(event, finding=unquoted(event.finding))
        case ClaimTracked(finding=Finding() as finding):
            return replace(event, finding=unquoted(finding))
        case EntryLinked() | ClaimWithdrawn():
            return replace(event, reason=gone(event.reason))
        case _:
            return event


def _value(finding: Finding, value: str | None) -> str | None:
    """Return a value that we read, a wording erased."""
    return value if value is None or finding.field in _VALUES else gone(value)


def gone(text: str) -> str:
    """Return what stands where a text of an erased entry was."""
    return ERASED if text else text
