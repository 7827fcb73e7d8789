"""The timeline: what happened in a story, one row an event, in the order of the log."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.actors import shown
from tracker.domain.claims import Relation
from tracker.domain.erasure import ERASED
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    Finding,
    FindingEvent,
    FindingReviewed,
    Recorded,
    entry_of,
    source_behind,
)
from tracker.domain.settled import is_made_news
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import ordinal, stamp, stamp_or_none, story_of

KINDS = {"new": "new", "updates": "update", "corroborates": "confirms", "denies": "denies"}
"""The word a reader sees for each relation."""

WORDS_KEPT = 600
"""Characters kept of the old and the new text of an edited entry; the log holds all of it."""


def history_of(story: str, claim: str) -> str:
    """Return the partition that names what happened to a claim; no story id has a slash."""
    return f"{story}/history/{claim}"


class Timeline(Projection):
    """Rows under (story, ordinal of the position), and under (`history_of(story, claim)`, same key) those of a claim.

    `kind` is one of new, update, confirms, denies (findings), tracked (by seed or person), repeat (an entry that adds
    nothing), withdrawn, revised, removed, erased, review. `news`: it changes what is known. `needs_review`: the judge
    abstained, so it counts for nothing until a person has spoken. `verdict` is what a person said of it, `decided` and
    `decided_at` the position and time at which it came to stand as it does. A review that takes back or relabels what
    readers were told is news itself; what it makes an update or a denial is news from then on, see `is_made_news`.
    """

    name = "timeline"
    folds = 5

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the row of the finding that a review speaks of; every other row is new."""
        story = story_of(recorded)
        if story is None or not isinstance(recorded.event, FindingReviewed):
            return ()
        return ((story, ordinal(recorded.event.position)),)

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return the row of an event, that of the finding that it reviews, and a mark in the history of its claim."""
        story = story_of(recorded)
        if story is None:
            return {}
        changed = told(story, rows, recorded)
        return changed | _history(story, changed, recorded)


def told(story: str, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
    """Return the row of an event of a story, and the row of the finding that it reviews."""
    event = recorded.event
    if isinstance(event, FindingReviewed):
        return _review(story, rows.get((story, ordinal(event.position))), event, recorded)
    said = _said(event)
    return {(story, ordinal(recorded.position)): _row(recorded, said)} if said else {}


_FINDINGS: Mapping[type[FindingEvent], str] = {
    ClaimCorroborated: "claim.corroborated", ClaimUpdated: "claim.updated", ClaimDenied: "claim.denied",
}  # fmt: skip


def is_development(row: Row) -> bool:
    """Tell whether a row changes what is known, as things stand: news that nobody doubts or has taken back."""
    return bool(row["news"]) and not row["needs_review"] and row["verdict"] != "rejected"


def _said(event: Event) -> dict[str, Any] | None:
    """Return what an event says in the words of a row, None for events that the timeline leaves out."""
    match event:
        case ClaimTracked(claim=claim):
            told = _found(event.finding) if event.finding else {"kind": "tracked"}
            return {**told, "type": "claim.tracked", "headline": claim.text, "claim": claim.id, "text": claim.text}
        case ClaimCorroborated() | ClaimUpdated() | ClaimDenied():
            return {"type": _FINDINGS[type(event)], **_found(event.finding)}
        case EntryLinked():
            return {
                "type": "entry.linked", "kind": "repeat", "claims": list(event.claims), "score": event.score,
                "reason": event.reason, "happening": event.happening, "duplicate_of": event.duplicate_of,
            }  # fmt: skip
        case ClaimWithdrawn():
            return {
                "type": "claim.withdrawn", "kind": "withdrawn", "claim": event.claim, "reason": event.reason,
                "headline": "no longer followed", "news": True,
            }  # fmt: skip
        case EntryRevised():
            return {
                "type": "entry.revised", "kind": "revised", "field": "text", "old": event.old[:WORDS_KEPT],
                "new": event.new[:WORDS_KEPT], "reason": "the publisher edited what the story quotes", "news": True,
            }  # fmt: skip
        case EntryRemoved() | EntryRestored():
            return _gone_or_back(event)
        case EntryErased():
            return {
                "type": "entry.erased", "kind": "erased", "headline": ERASED, "entry": event.entry,
                "reason": event.reason,
            }  # fmt: skip
        case _:
            return None


def _gone_or_back(event: EntryRemoved | EntryRestored) -> dict[str, Any]:
    kind, reason = "restored", "its publisher shows it again"
    if isinstance(event, EntryRemoved):
        kind, reason = "removed", event.reason
    return {"type": f"entry.{kind}", "kind": kind, "claims": list(event.claims), "reason": reason, "news": True}


def _history(story: str, changed: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
    key = ordinal(recorded.position)
    claim = changed[story, key]["claim"] if changed else None
    return {(history_of(story, claim), key): {"position": recorded.position}} if claim else {}


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "kind": KINDS[finding.relation],
        "relation": str(finding.relation),
        "claim": finding.claim,
        "field": finding.field,
        "old": finding.old,
        "new": finding.new,
        "sentence": finding.sentence,
        "reason": finding.reason,
        "score": finding.score,
        "news": finding.news,
        "happening": finding.happening,
        "needs_review": finding.needs_review,
    }


_NOTHING: Row = {
    "kind": "", "type": "", "relation": None, "claim": None, "claims": [], "headline": "", "text": None, "field": None,
    "old": None, "new": None, "sentence": None, "reason": "", "score": None, "news": False, "needs_review": False,
    "verdict": None, "of": None, "happening": None, "duplicate_of": None,
}  # fmt: skip


def _row(recorded: Recorded, said: Row) -> dict[str, Any]:
    entry = entry_of(recorded.event)
    seen = stamp(recorded.recorded_at)
    return {
        **_NOTHING,
        **said,
        "headline": (entry.title if entry else "") or said.get("headline", ""),
        "source": source_behind(recorded.event),
        "publisher": entry.publisher if entry else None,
        "url": entry.url if entry else None,
        "entry": entry.id if entry else said.get("entry"),
        "published": stamp_or_none(entry.published if entry else recorded.published_at),
        "seen": seen,
        "actor": recorded.actor,
        "position": recorded.position,
        "decided": recorded.position,
        "decided_at": seen,
    }


def _review(story: str, target: Row | None, event: FindingReviewed, recorded: Recorded) -> dict[Key, Row]:
    decided = _decided(target, event, recorded) if target else None
    changes = bool(target and decided and decided["decided"] == recorded.position)
    about = {name: target[name] for name in ("claim", "headline", "source", "publisher", "url")} if target else {}
    verdict = event.verdict + (f" as {event.relation}" if event.relation else "")
    row = {
        **_row(recorded, {"type": "finding.reviewed", "kind": "review"}),
        **about,
        "relation": str(event.relation) if event.relation else None,
        "of": event.position,
        "old": target["relation"] if target else None,
        "new": verdict,
        "reason": f"{shown(recorded.actor)}: the finding at position {event.position} is {verdict}",
        "news": changes and bool(target and is_development(target)),
    }
    changed: dict[Key, Row] = {(story, ordinal(recorded.position)): row}
    if decided is not None:
        changed[(story, ordinal(event.position))] = decided
    return changed


def _decided(target: Row, event: FindingReviewed, recorded: Recorded) -> Row:
    """Return the row of a finding after a review of it; one that leaves it as it stands decides nothing."""
    relation = str(event.relation) if event.relation else target["relation"]
    was = target["relation"]
    made = was and relation and is_made_news(Relation(was), Relation(relation), doubted=target["needs_review"])
    after = {
        **target,
        "relation": relation,
        "kind": KINDS.get(relation or "", target["kind"]),
        "news": target["news"] or bool(made),
        "needs_review": False,
        "verdict": event.verdict,
    }
    stands = (target["needs_review"], target["verdict"] == "rejected", target["relation"])
    if stands == (after["needs_review"], after["verdict"] == "rejected", after["relation"]):
        return after
    return {**after, "decided": recorded.position, "decided_at": stamp(recorded.recorded_at)}
