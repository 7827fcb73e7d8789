"""One sentence against one claim, without a story around them: corroborated, denied or neither, and by which value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.claims import Claim
from tracker.domain.cues import question
from tracker.domain.extraction import read_claim
from tracker.domain.intervals import compare
from tracker.domain.naming import names
from tracker.domain.not_quantities import is_day
from tracker.domain.quantity import quantities
from tracker.domain.when import same_day
from tracker.domain.words import content_words, fold, opening, tokens
from tracker.judging.by_value import Days, Decided, by_value, days
from tracker.judging.compare import Difference, differences, strongest
from tracker.judging.evidence import exchanged, nearest
from tracker.judging.figures import Figure, figures
from tracker.judging.named import as_written
from tracker.judging.relation import Probabilities, denied_by, in_words
from tracker.judging.to_come import only_planned

Answer = Literal["corroborates", "denies", "none"]
ANSWERS: tuple[Answer, Answer, Answer] = ("corroborates", "denies", "none")
_ASKED = re.compile(r"(?<=[?.!])\s+(?=[A-Z\"“])")
_QUOTES = ('"', "'", "”", "’", "“", "‘")
_READ = {
    "corroborates": "the sentence is read as saying what the claim says",
    "denies": "the sentence is read as refuting the claim",
    "none": "the sentence is read as neither bearing the claim out nor refuting it",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What a sentence does to a claim. `denies` covers another value, too: then `field` names it, from `old` to `new`.

    `chances` are those of ANSWERS, in this order; they sum to 1, and the greatest decides: the one that a model reads,
    or where the two differ in nothing but their values, the answer that these give.
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
    if _only_asks(claim, sentence):
        return Compared("none", (0.0, 0.0, 1.0), None, None, None, f"{_READ['none']}; it asks, and tells nothing")
    planned = only_planned(claim, sentence)
    tracked = read_claim("claim", claim, published=published)
    found = differences(tracked, sentence, published)
    said = days(claim, sentence, published)
    parted = next(_parted(claim, sentence, said), None)
    if planned is not None:  # what is to come bears out no deed, and no figure of it refutes one; another day does
        refuted = 0.0 if parted and parted[0] == "quantity" and not found else chances[1]
        chances = (0.0, refuted, 1.0 - refuted)
    decided = by_value(claim, sentence, said) if planned is None else None
    if decided is not None:
        chances = _greatest_at(decided.answer, chances)
    relation = ANSWERS[max(range(len(ANSWERS)), key=lambda at: chances[at])]
    telling = strongest([one for one in found if _answers(one) == relation])
    values = _values(telling or decided) or (parted if relation == "denies" else None)
    why = _why(relation, tracked, sentence, telling, values)
    if relation == "none" and planned is not None:
        why = f"it only tells of what is to come ({planned[1].words}), the claim of what is done ({planned[0].words})"
    reason = f"{'the two differ in nothing but their values' if decided else _READ[relation]}; {why}"
    reason += denied_by(tracked, sentence) if relation == "denies" else ""
    field, old, new = values or (None, None, None)
    return Compared(relation, chances, field, old, new, reason)


def _only_asks(claim: str, sentence: str) -> bool:
    """Say whether what a sentence has of the claim is asked: "Will the chair go? Nobody knows."."""
    parts = _ASKED.split(sentence)
    told = [part for part in parts if not _asks(part)]
    return len(told) < len(parts) and not content_words(" ".join(told)) & content_words(claim)


def _asks(part: str) -> bool:
    """Say whether it asks: a title at the end that asks, "... in the play 'Who goes?'", makes no question."""
    text = part.strip()
    return question(text) and (not text.endswith(_QUOTES) or text.startswith(_QUOTES))


def _answers(one: Difference) -> Answer | None:
    """Return what a comparison says by itself, None where it decides nothing: the state of a sentence at large.

    Another figure or day refutes the claim as it stands.
    """
    if one.field == "status" and one.effect != "denies":
        return None
    return "corroborates" if one.effect == "supports" else "denies"


def _greatest_at(decided: Answer, chances: Probabilities) -> Probabilities:
    """Return the chances with the greatest at the answer that was decided, and that one's where the greatest was."""
    found, at = list(chances), ANSWERS.index(decided)
    greatest = found.index(max(found))
    found[at], found[greatest] = found[greatest], found[at]
    return found[0], found[1], found[2]


def _values(one: Difference | Decided | None) -> tuple[str, str, str] | None:
    return (one.field, one.old, one.new) if one else None


def _parted(claim: str, sentence: str, said: Days) -> Iterator[tuple[str, str, str]]:
    """Yield fields in which the two part, as far as days, figures and words tell: none is certain by itself."""
    for day in said.claim:
        if said.sentence and all(same_day(day, other) == "different" for other in said.sentence):
            yield "date", said.words(day), said.words(said.sentence[0])
    told = _figures(sentence)
    for one in _figures(claim):
        other = nearest(one, [each for each in told if each.kind == one.kind])
        if other is not None and not one.holds(other):
            yield "date" if one.kind == "year" else "quantity", one.text, other.text
    for old, new in exchanged(claim, sentence):
        yield "name" if old[0].isupper() and new[0].isupper() else "wording", old, new


def _figures(text: str) -> list[Figure]:
    """Return the figures of a text without days of a month, which are compared as dates."""
    return [one for one in figures(text) if one.kind == "year" or not is_day(fold(text), *one.at)]


def _why(
    relation: Answer, claim: Claim, sentence: str, telling: Difference | None, values: tuple[str, str, str] | None
) -> str:
    if telling is not None:
        return in_words(telling)
    if values is not None and relation == "corroborates":
        return f"same {values[0]}: {values[2]}"
    if values is not None:
        return f"another {values[0]}: {values[1]} -> {values[2]}"
    if relation == "corroborates":
        return next(_within(claim, sentence), "no value in it differs")
    missing = as_written(names(claim.text) - names(sentence), claim.text) if relation == "none" else ()
    return f"the sentence does not name {', '.join(missing)}" if missing else "no value in it was compared"


def _within(claim: Claim, sentence: str) -> Iterator[str]:
    """Yield the figures that an open one of the claim holds: 62 refutes no "at least 40"."""
    for old in claim.quantities:
        for new in quantities(sentence):
            if compare(old, new) == "narrower":
                yield f"{new.text} is within {old.text}"
