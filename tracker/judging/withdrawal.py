"""Does its own holder take a claim back: then it is withdrawn, where a denial by another party only disputes it."""

import re
from dataclasses import replace

from tracker.domain.claims import Claim, Relation
from tracker.domain.cues import TAKES_BACK, negated
from tracker.domain.text import content_words
from tracker.judging.compare import Difference
from tracker.judging.relation import Related

_SPOKEN = re.compile(
    r"\b(?:claim|allegation|accusation|charge|statement|report|remark|figure|estimate)s?\b", re.IGNORECASE
)
_FIRST = 3
"""Content words at the start of a claim among which its actor is looked for, where nobody is named as its source."""

WITHDRAWN = "withdrawn"


def withdrawn(one: Related) -> Related:
    """Return what a line does to a claim, said as a withdrawal where the claim's own holder takes it back.

    "Orland withdraws its claim that Vesk did it" tells the deed as the claim does, and is a withdrawal all the same.
    """
    sentence = one.difference.sentence if one.difference else one.link.line.text
    who = _taker(sentence, one.current)
    if who is None:
        return one
    reason = f"{one.reason}, withdrawn by {who}, whose own it was"
    if one.relation is Relation.DENIES:
        return replace(one, reason=reason)
    match = TAKES_BACK.search(sentence)
    if (
        one.relation is Relation.UPDATES
        or match is None
        or not _SPOKEN.search(sentence[match.start() : match.end() + 20])
    ):
        return one
    told = Difference("denies", "status", str(one.current.status), WITHDRAWN, one.current, sentence)
    return replace(one, relation=Relation.DENIES, difference=told, reason=f"withdrawn by {who}, whose own it was")


def takes_back(sentence: str) -> bool:
    """Say whether a sentence tells that somebody took something back."""
    return bool(TAKES_BACK.search(sentence)) and not negated(sentence)


def _taker(sentence: str, claim: Claim) -> str | None:
    """Return who takes something back in a sentence, where that is who holds the claim, else who acts in it."""
    match = TAKES_BACK.search(sentence)
    if match is None or negated(sentence):
        return None
    actor = sentence[: match.start()].rsplit(": ", maxsplit=1)[-1].strip(" ,")
    first = " ".join([word for word in claim.text.split() if content_words(word)][:_FIRST])
    holder = content_words(claim.attributed_to or first)
    return actor if actor and content_words(actor) & holder else None
