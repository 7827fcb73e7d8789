"""Does its own holder take a claim back: then it is withdrawn, where a denial by another party only disputes it.

So it is where an outlet takes back its own report. Where what is taken back was said, and not done, whoever was told of
it is told that it was wrong.
"""

import re
from dataclasses import replace

from tracker.domain.claims import Claim, Relation
from tracker.domain.cues import TAKES_BACK, negated
from tracker.domain.events import RETRACTED, WITHDRAWN
from tracker.domain.text import content_words
from tracker.domain.tracked import TrackedClaim
from tracker.judging.case import Case
from tracker.judging.compare import Difference
from tracker.judging.relation import Related
from tracker.judging.sources import source_of

_SPOKEN = re.compile(
    r"\b(?:claim|allegation|accusation|charge|statement|report|remark|figure|estimate)s?\b", re.IGNORECASE
)
_FIRST = 3
"""Content words at the start of a claim among which its actor is looked for, where nobody is named as its source."""


def withdrawn(one: Related, case: Case) -> Related:
    """Return what a line does to a claim, said as a withdrawal where the claim's own holder takes it back.

    "Orland withdraws its claim that Vesk did it" tells the deed as the claim does, and is a withdrawal all the same.
    """
    sentence = one.difference.sentence if one.difference else one.link.line.text
    who, spoken = _taker(sentence, one.current), _spoken(sentence)
    if who is None:
        return _retracted(one, case, sentence) if spoken else one
    if spoken and one.relation is not Relation.UPDATES:
        return _said(one, case, WITHDRAWN, f"withdrawn by {who}, whose own it was")
    reason = f"{one.reason}, withdrawn by {who}, whose own it was"
    return replace(one, reason=reason) if one.relation is Relation.DENIES else one


def _retracted(one: Related, case: Case, sentence: str) -> Related:
    """Return the retraction of a report by who brought it, else the relation as it is."""
    source, tracked = source_of(case.entry), case.story.claims[one.link.claim.id]
    if one.relation is not Relation.DENIES or source not in _bearers(tracked):
        return one
    names = content_words(f"{source} {case.entry.publisher or ''}")
    match = _match(sentence)
    actor = content_words(sentence[: match.start()] if match else "")
    mine = bool(actor & names) or not actor
    return _said(one, case, RETRACTED, f"retracted by {source}, whose own report it was") if mine else one


def _bearers(claim: TrackedClaim) -> set[str]:
    """Return who brought a claim, or what it says now."""
    return {step.entry.source for step in claim.steps if step.says} | ({claim.first_source} if claim.entry else set())


def _said(one: Related, case: Case, how: str, reason: str) -> Related:
    current = case.story.claims[one.link.claim.id].current
    sentence = one.difference.sentence if one.difference else one.link.line.text
    told = Difference("denies", "status", str(current.status), how, current, sentence)
    return replace(one, relation=Relation.DENIES, difference=told, reason=reason)


def _match(sentence: str) -> re.Match[str] | None:
    """Return the words by which somebody takes something back, None where nobody does."""
    match = TAKES_BACK.search(sentence)
    return match if match and not negated(sentence) else None


def _spoken(sentence: str) -> bool:
    """Say whether what is taken back was said: a claim, a statement, a report; and not an offer, or a plan."""
    match = _match(sentence)
    if match is None:
        return False
    return match[0].casefold().startswith("retract") or bool(_SPOKEN.search(sentence[match.start() : match.end() + 20]))


def takes_back(sentence: str) -> bool:
    """Say whether a sentence tells that somebody took something back."""
    return _match(sentence) is not None


def _taker(sentence: str, claim: Claim) -> str | None:
    """Return who takes something back in a sentence, where that is who holds the claim, else who acts in it."""
    match = _match(sentence)
    if match is None:
        return None
    actor = sentence[: match.start()].rsplit(": ", maxsplit=1)[-1].strip(" ,")
    first = " ".join([word for word in claim.text.split() if content_words(word)][:_FIRST])
    holder = content_words(claim.attributed_to or first)
    return actor if actor and content_words(actor) & holder else None
