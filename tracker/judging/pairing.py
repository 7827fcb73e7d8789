"""One sentence against one claim, without a story around them: corroborated, denied or neither, and by which value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.claims import Claim
from tracker.domain.extraction import read_claim
from tracker.domain.naming import names
from tracker.domain.when import same_day, spoken, whens
from tracker.domain.words import opening, tokens
from tracker.judging.compare import Difference, differences, strongest
from tracker.judging.evidence import exchanged, nearest
from tracker.judging.figures import figures
from tracker.judging.named import as_written
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

    What is relative in either ("on Friday") is read against `published`. Of a text without an end the opening is read.
    """
    claim, sentence = opening(claim), opening(sentence)
    if not (tokens(claim) and tokens(sentence)):
        return Compared("none", (0.0, 0.0, 1.0), None, None, None, f"{_READ['none']}; one of them holds no words")
    relation = ANSWERS[max(range(len(ANSWERS)), key=lambda at: chances[at])]
    tracked = read_claim("claim", claim, published=published)
    found = differences(tracked, sentence, published)
    telling = strongest([one for one in found if _answers(one) == relation])
    values: tuple[str, str, str] | None = (telling.field, telling.old, telling.new) if telling else None
    if relation == "denies":
        values = values or next(_parted(tracked, sentence, published), None)
    reason = "; ".join([_READ[relation], _why(relation, claim, sentence, telling, values)])
    reason += denied_by(tracked, sentence) if relation == "denies" else ""
    field, old, new = values or (None, None, None)
    return Compared(relation, chances, field, old, new, reason)


def _answers(one: Difference) -> Answer:
    """Return what a comparison says by itself: another figure or day refutes the claim as it stands."""
    if one.effect == "supports":
        return "corroborates"
    return "none" if one.effect == "changes" and one.field == "status" else "denies"


def _parted(claim: Claim, sentence: str, published: date | None) -> Iterator[tuple[str, str, str]]:
    """Yield fields in which the two part, as far as days, figures and words tell: none is certain by itself."""
    days = whens(sentence, published)
    for day in claim.dates:
        if days and all(same_day(day, other) == "different" for other in days):
            yield "date", spoken(day), spoken(days[0])
    told = figures(sentence)
    for one in figures(claim.text):
        other = nearest(one, [each for each in told if each.kind == one.kind])
        if other is not None and not one.holds(other):
            yield "date" if one.kind == "year" else "quantity", one.text, other.text
    for old, new in exchanged(claim.text, sentence):
        yield "name" if old[0].isupper() and new[0].isupper() else "wording", old, new


def _why(
    relation: Answer, claim: str, sentence: str, telling: Difference | None, values: tuple[str, str, str] | None
) -> str:
    if telling is not None:
        return in_words(telling)
    if values is not None:
        return f"another {values[0]}: {values[1]} -> {values[2]}"
    missing = as_written(names(claim) - names(sentence), claim) if relation == "none" else ()
    return f"the sentence does not name {', '.join(missing)}" if missing else "no value in it was compared"
