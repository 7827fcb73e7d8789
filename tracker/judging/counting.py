"""What a figure of a sentence does to a figure of a claim, where both count the same."""

from dataclasses import replace
from typing import Literal

from tracker.domain.claims import Claim
from tracker.domain.fates import Fate
from tracker.domain.intervals import compare
from tracker.domain.quantity import Quantity
from tracker.judging.harm import harm
from tracker.judging.to_come import moment

Effect = Literal["supports", "changes", "denies"]
RISE = 1.1
"""Ratio from which a greater figure of a running count is another one, and no other rounding."""

_SPANS = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})


def count(old: Quantity, said: tuple[Quantity, Fate], claim: Claim, sentence: str) -> Effect | None:
    """What a figure does to a claim's, where both count the same: those killed are none of the injured.

    What is planned moves no figure of what is done and bears none out; what was done so far moves no figure of a plan.
    """
    effect = _counted(old, said, claim)
    if effect is None:
        return None
    mine = moment(claim.text, claim.text.lower().find(old.text.lower()), old.text)
    theirs = moment(sentence, said[0].start, said[0].text)
    if mine == "done" and theirs == "to come":
        return None
    return None if effect == "changes" and mine == "to come" and theirs == "done" else effect


def _counted(old: Quantity, said: tuple[Quantity, Fate], claim: Claim) -> Effect | None:
    """Compare the figures alone.

    Where the claim holds several counts of people, a figure that does not say what befell them moves none of them.
    """
    new, befell = said
    mine = harm(old, claim.text)
    if mine and befell:
        return _figure(replace(old, noun=mine), replace(new, noun=mine), claim) if mine == befell else None
    effect = _figure(old, new, claim)
    counts = {harm(one, claim.text) for one in claim.quantities} - {""}
    return None if effect == "changes" and mine and len(counts) > 1 else effect


def _figure(old: Quantity, new: Quantity, claim: Claim) -> Effect | None:
    """What a figure does to a claim's: an open one agrees only with one as open, for "at least 62" holds 212 too."""
    how = compare(old, new)
    if how == "incomparable":
        return None
    if how == "different":
        return "changes" if _told_of(old, claim) else None
    if how == "narrower" and _risen(old, new):
        return "changes"
    return "supports" if (new.low is None) <= (old.low is None) and (new.high is None) <= (old.high is None) else None


def _risen(old: Quantity, new: Quantity) -> bool:
    """Say whether a figure leaves an open one behind: "at least 40" and then 62 is no agreement but a new toll."""
    if old.high is None and old.low is not None and new.low is not None and old.unit == new.unit:
        return new.low > old.low * RISE
    if old.low is None and old.high is not None and new.high is not None and old.unit == new.unit:
        return new.high < old.high / RISE
    return False


def _told_of(old: Quantity, claim: Claim) -> bool:
    """Say whether a quantity is what the claim is about: a span of time beside a figure only says over how long."""
    return old.unit not in _SPANS or all(one.unit in _SPANS for one in claim.quantities)
