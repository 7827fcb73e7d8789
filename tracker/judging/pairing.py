"""One sentence against one claim, without a story around them: corroborated, denied or neither, and by which value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.extraction import read_claim
from tracker.domain.naming import names
from tracker.judging.compare import Difference, differences, strongest
from tracker.judging.relation import Probabilities, denied_by, in_words

Answer = Literal["corroborates", "denies", "none"]
ANSWERS: tuple[Answer, Answer, Answer] = ("corroborates", "denies", "none")
_READ = {
    "corroborates": "the sentence is read as saying what the claim says",
    "denies": "the sentence is read as refuting the claim",
    "none": "the sentence is read as neither bearing the claim out nor refuting it",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What a sentence does to a claim. `denies` covers another value, too: then `field` names it, from `old` to `new`.

    `chances` are those of ANSWERS, in this order; they sum to 1, and the greatest decides.
    """

    relation: Answer
    chances: Probabilities
    field: str | None
    old: str | None
    new: str | None
    reason: str


def compared(claim: str, sentence: str, published: date | None, chances: Probabilities) -> Compared:
    """Return how a sentence stands to a claim; `chances` are (supports, refutes, neither) of this very pair.

    What is relative in either ("on Friday") is read against `published`.
    """
    relation = ANSWERS[max(range(len(ANSWERS)), key=lambda at: chances[at])]
    tracked = read_claim("claim", claim, published=published)
    found = differences(tracked, sentence, published)
    telling = strongest([one for one in found if _answers(one) == relation])
    reason = "; ".join([_READ[relation], *_why(relation, claim, sentence, telling)])
    reason += denied_by(tracked, sentence) if relation == "denies" else ""
    if telling is None:
        return Compared(relation, chances, None, None, None, reason)
    return Compared(relation, chances, telling.field, telling.old, telling.new, reason)


def _answers(one: Difference) -> Answer:
    """Return what a comparison says by itself: another figure or day refutes the claim as it stands."""
    if one.effect == "supports":
        return "corroborates"
    return "none" if one.effect == "changes" and one.field == "status" else "denies"


def _why(relation: Answer, claim: str, sentence: str, telling: Difference | None) -> Iterable[str]:
    if telling is not None:
        yield in_words(telling)
    elif relation == "none":
        missing = sorted(names(claim) - names(sentence))
        yield f"the sentence does not name {', '.join(missing)}" if missing else "no value in it differs"
    else:
        yield "no value in it was compared"
