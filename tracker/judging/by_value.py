"""Two texts that differ in nothing but their values: there arithmetic decides, and no model knows better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tracker.domain.intervals import compare
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.when import When, same_day, spoken, whens
from tracker.domain.words import bag, fold, stem, tokens

_LINKS = bag("a an the on in at of")
_FIGURE, _DAY = "afigure", "aday"
_YEAR = 2020  # a leap year, that has every day


@dataclass(frozen=True, slots=True)
class Days:
    """The dates of a claim and of a sentence, on one calendar; `dated`: they are dates of a day of publication."""

    claim: tuple[When, ...]
    sentence: tuple[When, ...]
    dated: bool

    def words(self, when: When) -> str:
        """Return a date in words: as it was said where its year was guessed for comparison alone."""
        return spoken(when) if self.dated or when.resolved else when.text


@dataclass(frozen=True, slots=True)
class Decided:
    """What the values say: `field` has gone from `old` to `new`, or is the same."""

    answer: Literal["corroborates", "denies"]
    field: str
    old: str
    new: str


def days(claim: str, sentence: str, published: date | None) -> Days:
    """Return the dates of both texts. Without a day of publication those that lack a year are taken to be of one."""
    if published:
        return Days(whens(claim, published), whens(sentence, published), dated=True)
    said = [*whens(claim, None), *whens(sentence, None)]
    year = said[0].start.year if said else _YEAR
    return Days(_of_year(claim, year), _of_year(sentence, year), dated=False)


def _of_year(text: str, year: int) -> tuple[When, ...]:
    """Return the dates of a text that name their month or year themselves, those that lack a year in the given one."""
    known = {(when.offset, when.text) for when in whens(text, None)}
    read = whens(text, date(year, 1, 1))
    named = [when for when in read if not when.resolved or (when.offset, when.text) in known]
    return tuple(when if when.resolved else _moved(when, year - when.start.year) for when in named)


def _moved(when: When, years: int) -> When:
    return replace(when, start=_later(when.start, years), end=_later(when.end, years))


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def by_value(claim: str, sentence: str, said: Days) -> Decided | None:
    """Return what the values decide where all else in both texts is the same, word for word; None where it is not.

    The values stand in the same places, so that each has its counterpart. One that differs refutes the claim; all must
    agree to bear it out.
    """
    if _rest(claim, said.claim) != _rest(sentence, said.sentence):
        return None
    found = [
        *(_figure(old, new) for old, new in zip(quantities(claim), quantities(sentence), strict=True)),
        *(_day(old, new, said) for old, new in zip(said.claim, said.sentence, strict=True)),
    ]
    parted = next((one for one in found if one and one.answer == "denies"), None)
    return parted or (found[0] if found and all(found) else None)


def _figure(old: Quantity, new: Quantity) -> Decided | None:
    """Return what one figure says of another; whether a bound holds its own end is for the words to say."""
    how = compare(old, new)
    if how == "different":
        return Decided("denies", "quantity", old.text, new.text)
    closed = None not in (old.low, old.high, new.low, new.high)
    agrees = how == "narrower" or (how == "same" and closed) or old.text.lower() == new.text.lower()
    return Decided("corroborates", "quantity", old.text, new.text) if agrees else None


def _day(old: When, new: When, said: Days) -> Decided | None:
    how = same_day(old, new)
    if how == "different":
        return Decided("denies", "date", said.words(old), said.words(new))
    within = (new.start, new.end) == (old.start, old.end) or (old.start <= new.start and new.end <= old.end)
    agrees = how in ("same", "narrower") and within and old.bound == new.bound
    return Decided("corroborates", "date", said.words(old), said.words(new)) if agrees else None


def _rest(text: str, dates: Sequence[When]) -> list[str]:
    """Return the words of a text as stems, with a mark in the place of each value."""
    values = [(one.start, one.text, _FIGURE) for one in quantities(text)]
    values += [(one.offset, one.text, _DAY) for one in dates]
    left = fold(text)
    for start, said, mark in sorted(values, reverse=True):
        left = f"{left[:start]} {mark} {left[start + len(said) :]}"
    return [stem(word) for word in tokens(left) if word not in _LINKS]
