"""What a sentence says of a claim's values: quantities, dates, status and polarity, each compared by its own rule."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.claims import Claim, Status
from tracker.domain.cues import TAKES_BACK, delayed, denial, hedged, negated, question
from tracker.domain.cues import status as status_of
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.when import When, same_day, spoken, whens
from tracker.domain.words import content_words
from tracker.judging.counting import RISE, Effect, count
from tracker.judging.harm import befallen, harm, spared
from tracker.judging.predicate import Step, step
from tracker.judging.put_aside import put_aside
from tracker.judging.wording import behind_numeral, put_in

_LADDER = (Status.POSSIBLE, Status.PLANNED, Status.ANNOUNCED, Status.UNDER_WAY, Status.DONE)
LATER = "later"
NONE = "none"
_CLAUSE = re.compile(r"[,;:.]\s+|\s+(?:and|but|while|as|after|before)\s+")
_UNDONE = (Status.CANCELLED, Status.DENIED)
OPEN = frozenset(_LADDER[:4])


@dataclass(frozen=True, slots=True)
class Difference:
    """One comparison of a sentence with a claim: what it does to the claim, in which field, from what to what.

    `current` is the claim with the new value in place, `sentence` the one compared. `outright`: it moves the claim even
    hours after another report: a count that runs on, a day that is put off, the very deed of the claim done or undone.
    """

    effect: Effect
    field: str
    old: str
    new: str
    current: Claim
    sentence: str
    outright: bool = False

    @property
    def decisive(self) -> bool:
        """Say whether a value was compared with another: a turned polarity alone may be of another thing."""
        return self.field != "polarity" or self.outright

    @property
    def moves(self) -> bool:
        """Say whether the claim cannot stay as it is: another value, or taken back.

        A step of status is none unless it is of the claim's own deed: "begins" after "plans" may be a matter of words.
        """
        if self.effect == "changes":
            return self.outright or (self.field in ("quantity", "date") and self.new != LATER)
        return self.effect == "denies" and self.decisive


Compare = Callable[[Claim, str, date | None], tuple[Difference, ...]]
"""What finds the differences between a claim and a sentence that was published on a day."""


def differences(claim: Claim, sentence: str, published: date | None) -> tuple[Difference, ...]:
    """Return what the comparators find between a claim and a sentence that bears on it; a question tells nothing."""
    if question(sentence):
        return ()
    deed = step(claim.text, sentence)
    return (
        *_quantities(claim, sentence),
        *_dates(claim, sentence, published, deed),
        *(_deed(claim, deed, sentence) if deed else (*_status(claim, sentence), *_polarity(claim, sentence))),
    )


def _deed(claim: Claim, deed: Step, sentence: str) -> Iterator[Difference]:
    """Compare the state of the deed that the claim itself speaks of.

    Of a claim that was taken back since, its words still say that it is so: who says that it is not bears it out. One
    that is a denial in its own words is refuted by who says that it is so.
    """
    old, new = deed.old, deed.new
    if deed.turned:
        undone = old.so and claim.status in (Status.CANCELLED, Status.DENIED)
        effect: Effect = "supports" if undone else "denies"
        yield Difference(effect, "polarity", old.words, new.words, claim, sentence, outright=not undone)
    elif deed.advanced and claim.status in OPEN and new.status is not claim.status:
        current = replace(claim, status=new.status)
        yield Difference("changes", "status", str(claim.status), str(new.status), current, sentence, outright=True)
    elif old.status is new.status or claim.status is new.status:
        yield Difference("supports", "status", str(new.status), str(new.status), claim, sentence)


def _quantities(claim: Claim, sentence: str) -> Iterator[Difference]:
    said = [(new, harm(new, sentence)) for new in quantities(sentence) if not put_aside(sentence, new.start)]
    effects = {
        old: [(new, count(old, (new, befell), claim, sentence)) for new, befell in said] for old in claim.quantities
    }
    repeated = {new for found in effects.values() for new, effect in found if effect == "supports"}
    for old, found in effects.items():
        if agreeing := [new for new, effect in found if effect == "supports"]:
            yield Difference("supports", "quantity", old.text, agreeing[0].text, claim, sentence)
        elif claim.polarity and spared(old, harm(old, claim.text), sentence):
            yield Difference("denies", "quantity", old.text, NONE, claim, sentence)
        elif moving := [new for new, effect in found if effect == "changes" and new not in repeated]:
            current = _with_quantity(claim, old, moving[0])
            runs_on = not old.unit and (old.low or 0) * RISE < (moving[0].low or 0)
            yield Difference("changes", "quantity", old.text, moving[0].text, current, sentence, outright=runs_on)


def _with_quantity(claim: Claim, old: Quantity, new: Quantity) -> Claim:
    bare = bool(befallen(new)) and not befallen(old)  # "five dead" of "three workers were killed" are five workers
    if bare:
        new = replace(new, noun=old.noun, text=new.text.removesuffix(behind_numeral(new.text)))
    said = f"{new.text}{behind_numeral(old.text)}" if bare or (old.noun and not new.noun) else new.text
    return replace(
        claim,
        text=put_in(claim.text, old.text, said),
        quantities=tuple(replace(new, text=said) if one == old else one for one in claim.quantities),
    )


def _dates(claim: Claim, sentence: str, published: date | None, deed: Step | None) -> Iterator[Difference]:
    said = tuple(when for when in whens(sentence, published) if not put_aside(sentence, when.offset))
    for old in claim.dates:
        found = [(new, same_day(old, new)) for new in said]
        if agreeing := [new for new, how in found if how in ("same", "narrower") and not _settled(old, new, how)]:
            yield Difference("supports", "date", spoken(old), spoken(agreeing[0]), claim, sentence)
            continue
        if not _movable(claim, old, published):
            continue
        differing = [
            new
            for new, how in found
            if (how == "different" and (new.end >= old.start or (len(said) == 1 and _earlier(new, published, deed))))
            or _settled(old, new, how)
        ]
        if differing:
            new = differing[0]
            put_off = new.start > old.end + timedelta(days=1)
            current = _with_date(claim, old, new)
            yield Difference("changes", "date", _told(old), spoken(new), current, sentence, outright=put_off)
        elif delayed(sentence) and not said:
            yield _put_off(claim, old, sentence)


def _earlier(new: When, published: date | None, deed: Step | None) -> bool:
    """Say whether a date before the claim's is of the claim's own deed, which is still to come."""
    if deed is None or deed.turned or published is None:
        return False
    return deed.new.status in OPEN and new.bound == "on" and new.start >= published


def names_another_day(claim: Claim, sentence: str, published: date | None) -> bool:
    """Say whether a sentence names a day to come, and none of the claim's: of the same thing, or of another."""
    said = whens(sentence, published)
    coming = any(published is not None and new.start >= published for new in said)
    apart = all(same_day(old, new) == "different" for old in claim.dates for new in said)
    return coming and apart and any(_movable(claim, old, published) for old in claim.dates)


def _put_off(claim: Claim, old: When, sentence: str) -> Difference:
    """Return a delay to a day that nobody names: the claim reads "later than" its old one, which told again agrees."""
    if old.text.startswith(LATER):
        return Difference("supports", "date", old.text, old.text, claim, sentence)
    day = old.end + timedelta(days=1)
    later = When(day, day, "not before", f"{LATER} than {spoken(replace(old, bound='on'))}")
    return Difference("changes", "date", spoken(old), LATER, _with_date(claim, old, later), sentence)


def _told(when: When) -> str:
    """Return a date in words, one that was only put off as it was said."""
    return when.text if when.text.startswith(LATER) else spoken(when)


def _settled(old: When, new: When, how: str) -> bool:
    """Say whether an open date is followed by a day: "not before 26 June" and then "on 28 June" sets it."""
    return how == "narrower" and old.bound == "not before" and new.bound == "on" and new.start > old.end


def _movable(claim: Claim, old: When, published: date | None) -> bool:
    """Say whether a date can still move: that of a thing to come could; that of a thing done is what it is."""
    return claim.status in (*OPEN, Status.FACT) and (published is None or claim.status in OPEN or old.end >= published)


def _with_date(claim: Claim, old: When, new: When) -> Claim:
    """Return the claim with another date, in its text as well; "on" goes where the new date has a bound of its own.

    The date is kept in the wording that it has in the claim, where the next one will look for it.
    """
    words = _told(new)
    place = (
        re.compile(rf"(?:\b(?:on|in) )?{re.escape(old.text)}") if new.bound != "on" else re.compile(re.escape(old.text))
    )
    single = old.text.startswith(LATER) and new.bound == "on" and new.start == new.end
    text = place.sub(lambda _: f"on {words}" if single else words, claim.text, count=1) if old.text else claim.text
    said = replace(new, text=words)
    return replace(claim, text=text, dates=tuple(said if one == old else one for one in claim.dates))


def _status(claim: Claim, sentence: str) -> Iterator[Difference]:
    new = status_of(sentence)
    old = claim.status
    if taken_back(sentence):
        new = Status.CANCELLED
    if new is Status.DENIED and not claim.polarity:
        return  # who denies says what a claim that something is not so says
    if new in _UNDONE and old not in _UNDONE and _of_the_claim(claim, sentence):
        yield Difference("denies", "status", str(old), str(new), replace(claim, status=new), sentence)
    elif old in _LADDER and new in _LADDER and not (claim.polarity and _says_no(sentence)):
        if _LADDER.index(new) > _LADDER.index(old) and not hedged(sentence):
            yield Difference("changes", "status", str(old), str(new), replace(claim, status=new), sentence)
        elif new == old:
            yield Difference("supports", "status", str(old), str(new), claim, sentence)


def _of_the_claim(claim: Claim, sentence: str) -> bool:
    """Say whether what is taken back or denied has a word of the claim beside it: "hiring halted" ends no strike."""
    own = content_words(claim.text)
    ends = (clause for clause in _CLAUSE.split(sentence) if TAKES_BACK.search(clause) or status_of(clause) in _UNDONE)
    return any(own & content_words(clause) for clause in ends)


def _polarity(claim: Claim, sentence: str) -> Iterator[Difference]:
    said = not _says_no(sentence)
    if said != claim.polarity:
        old, new = _sign(claim.polarity), _sign(said)
        yield Difference("denies", "polarity", old, new, claim, sentence)


def _says_no(sentence: str) -> bool:
    """Say whether a sentence tells that something is not so: its "will" is no step towards the deed, but away."""
    return negated(sentence) or denial(sentence)


def _sign(polarity: bool) -> str:  # noqa: FBT001 - it is the claim's own field
    return "it is so" if polarity else "it is not so"


def taken_back(sentence: str) -> bool:
    """Say whether a sentence tells that something said, done or planned holds no longer."""
    return bool(TAKES_BACK.search(sentence)) and not negated(sentence)


def strongest(found: Sequence[Difference]) -> Difference | None:
    """Return the difference that decides: what is taken back, a value that moved, a denial, a change, an agreement.

    A value that moved goes before a turned polarity: "will not reopen before 12 March" puts the day off.
    """
    return min(found, key=_rank, default=None)


def _rank(one: Difference) -> int:
    if one.effect == "denies":
        return 2 if one.field == "polarity" else 0
    if one.effect == "changes":
        return 1 if one.outright and one.field in ("quantity", "date") else 3
    return 4
