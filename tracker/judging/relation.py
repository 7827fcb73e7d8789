"""What a line does to a claim: the comparators first, then the pair model; a sentence of another language waits."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.claims import Claim, Relation
from tracker.domain.cues import attribution, denial, negated, status
from tracker.domain.naming import names
from tracker.domain.words import content_words
from tracker.judging.compare import OPEN, Compare, Difference, differences, names_another_day, strongest
from tracker.judging.linking import Link
from tracker.judging.reading import likeness
from tracker.judging.to_come import only_planned

SURE = 0.75
"""Probability from which the pair model is followed where no comparator speaks."""

NEAR = 0.6
"""Belief in a link from which a turned polarity is taken to be of the claim's own content."""

SURE_LINK = 0.75
"""Belief in a link from which the status of a sentence at large is taken to be of the claim's own deed."""

WITNESS = 0.5
"""Probability of refutation from which the pair model bears out a turned polarity of the sentence at large."""

CONFLICT = 0.9
"""Probability from which the pair model, against a comparator, makes the judge abstain."""

AGREES = 0.25
"""Likeness in words from which a sentence of the claim's status bears it out: much is done, much planned."""

REPEATED = 0.5
"""Likeness in words from which a sentence repeats the claim."""

WORD_FOR_WORD = 0.9
"""Likeness in words from which a sentence is the claim itself: no status read off another line beside it counts."""

Probabilities = tuple[float, float, float]
_RELATION = {"supports": Relation.CORROBORATES, "changes": Relation.UPDATES, "denies": Relation.DENIES}


@dataclass(frozen=True, slots=True)
class Related:
    """A link with the relation read out of its lines; `difference` is the comparison that decided, if one did."""

    link: Link
    relation: Relation
    difference: Difference | None
    current: Claim
    reason: str
    unsure: bool

    @property
    def another_value(self) -> bool:
        """Say whether it denies the claim or gives it another value: who tells so bears out no claim as it stands."""
        another = self.difference is not None and self.difference.field in ("quantity", "date")
        return self.relation is Relation.DENIES or (self.relation is Relation.UPDATES and another)

    @property
    def another_count(self) -> bool:
        """Say whether it gives another figure: of a happening that was told it may be another count of the same."""
        return self.relation is Relation.UPDATES and self.difference is not None and self.difference.field == "quantity"


def relate(
    link: Link, claim: Claim, published: date | None, pair: Probabilities | None, compare: Compare = differences
) -> Related:
    """Return the relation of a link's line to the claim as it stands. `pair` is (supports, refutes, neither)."""
    said = [one for line in link.lines for one in compare(claim, line.text, published)]
    again = any(one.effect == "supports" and _repeats(one, claim) for one in said)
    found = [one for one in said if _counts(one, link, claim, pair) and not (again and _at_large(one))]
    decisive = strongest(found)
    if decisive is not None:
        relation = _RELATION[decisive.effect]
        other = decisive.effect == "supports" and names_another_day(claim, decisive.sentence, published)
        unsure = _against(relation, pair) or (other and decisive.field == "status")
        reason = f"{in_words(decisive)}{denied_by(claim, decisive.sentence) if relation is Relation.DENIES else ''}"
        return Related(link, relation, decisive, decisive.current, reason, unsure)
    if pair is not None and pair[1] >= SURE:
        return _refuted(link, claim, pair[1])
    return _without_values(link, claim)


def unread(link: Link, claim: Claim, language: str) -> Related:
    """Return the relation of a line in a language that is not read: it bears on the claim, and a person says how."""
    reason = f"it is in another language ({language}), whose values are not read"
    return Related(link, Relation.CORROBORATES, None, claim, reason, unsure=True)


def _refuted(link: Link, claim: Claim, belief: float) -> Related:
    """Follow the pair model's refutation where a word of denial stands beside it; alone it is right too seldom."""
    cue = any(denial(line.text) or negated(line.text) for line in link.lines)
    words = "and a word of denial stands beside it" if cue else "but no word of denial stands beside it"
    reason = f"the pair model reads a refutation ({belief:.2f}), {words}{denied_by(claim, link.line.text)}"
    return Related(link, Relation.DENIES, None, claim, reason, unsure=not cue)


def _counts(one: Difference, link: Link, claim: Claim, pair: Probabilities | None) -> bool:
    """Say whether a comparison is of what the claim says: values and its own deed are, the rest may be of other things.

    The status of a sentence at large moves a claim only on a sure link, and bears it out only where they share words;
    its polarity counts only where the pair model bears it out as well.
    """
    if one.effect == "supports" and one.field == "status" and not one.outright:
        return _alike(link) >= AGREES
    if one.outright or one.effect == "supports" or one.field not in ("status", "polarity"):
        return True
    if one.field == "status":
        return one.effect == "denies" or link.score >= SURE_LINK
    return link.score >= NEAR and claim.polarity and (pair is None or pair[1] >= WITNESS)


def _alike(link: Link) -> float:
    """Return how much a line has of the words that the claim was tracked or changed in, in [0, 1]."""
    return max(likeness(link.line.words, line.words) for line in link.claim.lines)


def _repeats(one: Difference, claim: Claim) -> bool:
    """Say whether a line says the claim itself again, word for word or nearly so."""
    return likeness(content_words(one.sentence), content_words(claim.text)) >= WORD_FOR_WORD


def _at_large(one: Difference) -> bool:
    """Say whether a status is that of a sentence, and not of the claim's own deed."""
    return one.effect == "changes" and one.field == "status" and not one.outright


def _without_values(link: Link, claim: Claim) -> Related:
    """No value agrees or differs: words of its own say something further of the claim, the claim's words repeat it.

    Who says that a thing will not be bears out no plan of it, nor does a plan bear out what is told as done: it waits.
    """
    repeated = _alike(link) >= REPEATED
    if repeated and _called_off(claim, link.line.text):
        reason = "it says that something will not be, where the claim tells of something to come"
        return Related(link, Relation.DENIES, None, claim, reason, unsure=True)
    if not repeated:
        further = Difference("changes", "detail", claim.text, link.line.text, claim, link.line.text)
        return Related(link, Relation.UPDATES, further, claim, "it says something further of the claim", unsure=False)
    if planned := only_planned(claim.text, link.line.text):
        done, plan = (deed.words for deed in planned)
        reason = f"it only tells of what is to come ({plan}), the claim of what is done ({done})"
        return Related(link, Relation.CORROBORATES, None, claim, reason, unsure=True)
    return Related(
        link, Relation.CORROBORATES, None, claim, "it says the same, with no value that differs", unsure=False
    )


def _called_off(claim: Claim, sentence: str) -> bool:
    """Say whether a sentence tells that something to come will not be, of a claim that it may be, of who acts there."""
    if not claim.polarity or claim.status not in OPEN or status(sentence) not in OPEN or not negated(sentence):
        return False
    named = names(claim.text)
    return not named or bool(named & names(sentence))


def unmoved(one: Related) -> Related:
    """Return the relation without its change: the line bears on the claim, and says nothing new of it.

    Who says that nobody was hurt bears out no count of the injured: a person says whether it is denied.
    """
    if one.relation is Relation.CORROBORATES:
        return one
    if one.relation is Relation.DENIES and one.difference is not None and one.difference.field == "quantity":
        return replace(one, unsure=True)
    return replace(
        one,
        relation=Relation.CORROBORATES,
        difference=None,
        current=one.link.claim.tracked.current if one.link.claim.tracked else one.current,
        reason="it bears on the claim, with no value of its own",
    )


def _against(relation: Relation, pair: Probabilities | None) -> bool:
    """Say whether the pair model is sure of the opposite."""
    if pair is None:
        return False
    return (
        pair[0] >= CONFLICT
        if relation is Relation.DENIES
        else pair[1] >= CONFLICT and relation is Relation.CORROBORATES
    )


def denied_by(claim: Claim, sentence: str) -> str:
    """Return who denies a claim, to follow a reason: another party disputes it, its own source takes it back."""
    who = attribution(sentence)
    if who is None or not content_words(who):  # "an earlier report" is nobody
        return ""
    own = content_words(claim.attributed_to or "") & content_words(who)
    return f", taken back by its own source, {who}" if own else f", disputed by {who}"


def in_words(difference: Difference) -> str:
    """Return a comparison in words: "date moved: 14 June 2024 -> not before 26 June 2024"."""
    match difference.effect:
        case "changes":
            return f"{difference.field} moved: {difference.old} -> {difference.new}"
        case "denies":
            return f"{difference.field} turned: {difference.old} -> {difference.new}"
        case "supports":
            return f"same {difference.field}: {difference.new}"
