"""What a correction says: what was told, what holds now, and why."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.domain.actors import shown
from tracker.domain.claims import Relation
from tracker.domain.events import (
    ClaimDenied,
    ClaimTracked,
    ClaimWithdrawn,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    FindingReviewed,
    Recorded,
    entry_of,
)
from tracker.domain.number_words import NUMERAL
from tracker.domain.subscription_events import DevelopmentKind
from tracker.domain.tracked import TrackedClaim, differing
from tracker.rendering.alert_sheet import Change, Item, Point, Tone, Words
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_view import Report, Told, report
from tracker.rendering.alert_words import changed, source_line, stands, titled_item
from tracker.rendering.edit import edit
from tracker.rendering.plain import line, quoted

Fix = Literal["rejected", "confirmed", "relabelled", "withdrawn", "retracted", "revised", "removed", "restored"]

_LISTED, _VALUE = 3, 300
_TOLD, _NOW = "You were told", "Holds now"
_KIND: Mapping[DevelopmentKind, str] = {
    "denied": "a denial",
    "removed": "that its publisher took it away",
    "restored": "that its publisher put it back",
    "updated": "an update",
    "new": "something new",
    "revised": "an edit",
    "corroborated": "a confirmation",
}
_RELATION: Mapping[Relation, str] = {
    Relation.UPDATES: "an update",
    Relation.DENIES: "a denial",
    Relation.CORROBORATES: "a confirmation",
    Relation.NEW: "something new",
}

WORDS: Mapping[Fix, str] = {
    "rejected": "Taken back",
    "confirmed": "Holds after all",
    "relabelled": "Something else",
    "withdrawn": "No longer followed",
    "retracted": "Taken back by who said it",
    "revised": "Edited by its publisher",
    "removed": "Taken away by its publisher",
    "restored": "Put back by its publisher",
}
_BOUND = re.compile(r"(At (least|most)|More than|(Less|Fewer) than|Up to|About|Around|Nearly|Almost|Over) ")
_TONE: Mapping[Fix, Tone] = {"confirmed": "settled", "restored": "settled"}


@dataclass(frozen=True, slots=True)
class Correction:
    """An event that corrects what somebody was told.

    `said`: the developments of which they were told, each with the id of its message, in order. `claims`: those that
    it bears on, by id, as they stand now.
    """

    recorded: Recorded
    said: tuple[tuple[Recorded, str], ...]
    claims: Mapping[str, TrackedClaim]

    @property
    def fix(self) -> Fix:
        """What kind of correction it is."""
        match self.recorded.event:
            case FindingReviewed(verdict=verdict):
                return verdict
            case ClaimWithdrawn():
                return "withdrawn"
            case ClaimDenied():
                return "retracted"
            case EntryRevised():
                return "revised"
            case EntryRemoved():
                return "removed"
            case _:
                return "restored"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A correction in words. `old` is what was told, `new` what holds, where both are values.

    `report` is the entry of what was told last, or else the one that the correction itself is on; None where nothing is
    known of it. `subject` is the headline of mails, `headline` that of documents for webhooks.
    """

    subject: str
    headline: str
    intro: str
    item: Item
    reason: str
    claim: TrackedClaim | None
    report: Report | None
    field: str | None = None
    old: str | None = None
    new: str | None = None


def fixed(correction: Correction, claims: Mapping[str, str], clock: Clockface, *, brief: bool = False) -> Fixed:
    """Return a correction in words; `claims` holds the wording of the story's claims by id, `brief` is for lists."""
    said = [report([recorded], claims) for recorded, _ in correction.said]
    last = said[-1] if said else None
    claim = next(iter(correction.claims.values())) if len(correction.claims) == 1 else None
    moved, reason = _moved(correction, last, claim), _reason(correction)
    why = f"{reason}, {clock.moment(correction.recorded.recorded_at)}"
    about = last or _itself(correction, claims)
    title = _title(about, claim) or "an entry"
    lines = (*_was(said, clock), *_now(correction, moved, last), Words(why, "Why"))
    tone = _TONE.get(correction.fix, "corrected")
    point = Point("", line(claim.original.text, 400) if claim else "", lines, tone)
    what = _what(correction, last)
    return Fixed(
        subject=_subject(correction, moved, what, title),
        headline=_headline(correction, moved, title),
        intro=_intro(said, clock),
        item=Item(
            (point,),
            _whence(about, clock, brief=brief),
            about.url if about else None,
            line(f"{what[:1].upper()}{what[1:]}: {title}", 160),
            title,
        ),
        reason=reason,
        claim=claim,
        report=about,
        field=moved.field if moved else None,
        old=moved.old if moved else None,
        new=moved.new if moved else None,
    )


def _itself(correction: Correction, claims: Mapping[str, str]) -> Report | None:
    """Return the entry that was edited, taken away or put back: what is told of it may come in this very message."""
    removed = isinstance(correction.recorded.event, EntryRevised | EntryRemoved | EntryRestored)
    return report([correction.recorded], claims) if removed else None


def _what(correction: Correction, last: Report | None) -> str:
    """Return what became of what was told, in a few words."""
    relation = getattr(correction.recorded.event, "relation", None)
    if correction.fix != "relabelled" or relation is None:
        return WORDS[correction.fix].lower()
    was, now = _KIND[last.told[0].kind] if last else "", _RELATION[relation]
    return f"{now}, not {was}" if was not in ("", now) else f"now taken for {now}"


def _subject(correction: Correction, moved: Change | None, what: str, title: str) -> str:
    """Return what is wrong in one line; of a rejected value, the one that holds and the one that was told."""
    values = _values(correction, moved, _inside)
    return line(f"Correction: {values or f'{what}: {title}'}", 160)


def _values(correction: Correction, moved: Change | None, inside: Callable[[str], str] = str) -> str | None:
    """Return in one line which value holds where another was told, or the same for other reasons; None for neither."""
    if correction.fix != "rejected" or not moved or not moved.old or not moved.new:
        return None
    if _still_holds(moved):
        return f"a report counts no more, {inside(moved.new)} still holds"
    return f"{moved.new}, not {inside(moved.old)}"


def _still_holds(moved: Change) -> bool:
    """Tell whether the value that was told is the one that holds."""
    return (moved.old or "").casefold() == (moved.new or "").casefold()


def _inside(value: str) -> str:
    """Return a value as it is written inside a sentence: a number in words begins small, a name does not."""
    return f"{value[:1].lower()}{value[1:]}" if NUMERAL.match(value) or _BOUND.match(value) else value


def _headline(correction: Correction, moved: Change | None, title: str) -> str:
    """Return what is wrong in one line; what was told is not said again as if it were so."""
    return line(f"Correction: {_values(correction, moved) or f'{WORDS[correction.fix].lower()}: {title}'}", 160)


def _whence(last: Report | None, clock: Clockface, *, brief: bool) -> str:
    if last is None:
        return ""
    return titled_item(last, clock).whence if brief else source_line(last, clock)


def _title(last: Report | None, claim: TrackedClaim | None) -> str:
    words = last.title or last.told[0].sentence if last else ""
    return line(words, 160) or (line(claim.current.text, 160) if claim else "")


def _intro(said: Sequence[Report], clock: Clockface) -> str:
    if not said:
        return ""
    *before, last = said
    more = f", and {len(before)} more of what you were told before" if before else ""
    return f"This is a correction of what you were told on {clock.moment(last.seen)}: “{last.headline}”{more}."


def _was(said: Sequence[Report], clock: Clockface) -> Iterator[Words | Change]:
    """Yield what the reader was told: of one finding what it said, of several what they were called."""
    if len(said) == 1:
        told = said[0].told[0]
        yield changed(told, _TOLD) or Words(_KIND[told.kind], _TOLD)
        if told.sentence:
            yield Words(quoted(told.sentence), quote=True)
        return
    yield from (Words(one.headline, f"You were told on {clock.brief(one.seen)}") for one in said[-_LISTED:])


def _now(correction: Correction, moved: Change | None, last: Report | None) -> Iterator[Words | Change]:
    """Yield what holds now."""
    event = correction.recorded.event
    if isinstance(event, EntryRevised):
        yield Words(edit(line(event.old, 600), line(event.new, 600)), "It now reads")
    elif moved and moved.new:
        yield Change(None, None, moved.new, _NOW)
        if last and _still_holds(moved):
            yield Words(f"the report of {last.source or 'unnamed'} counts no more", "What changed")
    if isinstance(event, FindingReviewed) and event.relation:
        yield Words(_RELATION[event.relation], "It is now taken for")
    if _is_void(correction):
        yield Words("nothing of it", _NOW)
        return
    for claim in [*correction.claims.values()][:_LISTED]:
        if moved and moved.new and claim.current.text == claim.original.text:
            yield Words(stands(claim), "Stands")
            continue
        label = "The claim" if moved and moved.new else _NOW
        yield Words(f"{line(claim.current.text, 300)} ({stands(claim)})", label)


def _is_void(correction: Correction) -> bool:
    """Tell whether nothing is left: the claim is given up, or it was new and what brought it is rejected."""
    brought = any(isinstance(recorded.event, ClaimTracked) for recorded, _ in correction.said)
    return correction.fix == "withdrawn" or (correction.fix == "rejected" and brought)


def _moved(correction: Correction, last: Report | None, claim: TrackedClaim | None) -> Change | None:
    """Return the value that was told and the one that holds; None where what was told is no value."""
    event = correction.recorded.event
    if isinstance(event, EntryRevised):
        return Change("text", line(event.old, _VALUE) or None, line(event.new, _VALUE) or None)
    told = last.told[0] if last else None
    if not isinstance(event, FindingReviewed) or event.verdict != "rejected" or claim is None or told is None:
        return None
    if told.kind != "updated" or not told.new:
        return None
    same = _is_upheld(claim, event.position, told.field)
    return Change(told.field, told.new, told.new if same else _value(claim, told) or None, _NOW)


def _is_upheld(claim: TrackedClaim, position: int, field: str | None) -> bool:
    """Tell whether others say the value that a finding gave a claim, which it is followed in no more."""
    given = next((step.current for step in claim.steps if step.position == position), None)
    return given is not None and field in differing(given, claim.original) - differing(given, claim.current)


def _value(claim: TrackedClaim, told: Told) -> str | None:
    """Return what the claim says now where something else was told."""
    said = [step.finding.new for step in claim.steps if step.says and step.finding.field == told.field]
    return line(said[-1] if said else told.old, 200)


def _is_of_another(correction: Correction, position: int) -> bool:
    """Tell whether the reader was told of no finding of the entry whose finding is reviewed."""
    steps = (step for claim in correction.claims.values() for step in claim.steps)
    reviewed = next((step.entry.id for step in steps if step.position == position), None)
    told = {ref.id for recorded, _ in correction.said if (ref := entry_of(recorded.event))}
    return reviewed is not None and bool(told) and reviewed not in told


def _reason(correction: Correction) -> str:
    recorded, event = correction.recorded, correction.recorded.event
    by = line(shown(recorded.actor), 60)
    match event:
        case FindingReviewed(verdict=verdict, position=position):
            rested = ", with which it agreed" if _is_of_another(correction, position) else ""
            return f"{by} {verdict} the finding at position {position}{rested}"
        case ClaimWithdrawn(reason=reason) | EntryRemoved(reason=reason):
            return line(reason, 300) or "no reason was given"
        case ClaimDenied():
            return line(event.finding.reason, 300)
        case EntryRevised():
            return "its publisher edited it"
        case _:
            return "its publisher shows it again"
