"""Scores what was said of the items of a case against careful readings of them, as counts that add up.

What both readings hold is required, what only one holds is allowed: a finding is right when either holds it, and missed
only where both do. Counts of items add up to those of a case, and to those of any sample of its items.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

RELATIONS = ("corroborates", "updates", "denies")
Counts = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Link:
    """A claim that an item touches: `must` by both readings; `relations` are those of either."""

    claim: str
    must: bool
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """What careful readers say of an item: "maybe" and "may" where they differ. `event` names the happening."""

    item: str
    relevant: Literal["yes", "maybe", "no"]
    news: Literal["must", "may", "no"]
    event: str | None
    links: tuple[Link, ...]

    @property
    def happening(self) -> str:
        """Return the name of what it reports; an item that reports nothing named is a happening of its own."""
        return self.event or self.item


@dataclass(frozen=True, slots=True)
class Said:
    """What is scored of a verdict: whether the item belongs, the relation to each tracked claim, whether it is told."""

    relevant: bool
    alert: bool
    links: Mapping[str, str]


class Marks(NamedTuple):
    """The five figures that goals are set for, each in [0, 1]; of duplicates less is better."""

    relevance: float
    links: float
    relation: float
    news: float
    duplicates: float


class Rates(NamedTuple):
    """Precision over what was said, recall over what is so, and their harmonic mean."""

    f1: float
    precision: float
    recall: float
    said: int
    true: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What counts come to. `relation` is a macro-F1 over linked pairs, `duplicates` a share of all alerts."""

    relevance: Rates
    links: Rates
    relation: float
    pairs: int
    news: Rates
    duplicates: float

    @property
    def marks(self) -> Marks:
        """Return the five figures that goals are set for."""
        return Marks(self.relevance.f1, self.links.f1, self.relation, self.news.f1, self.duplicates)


def counts(gold: Sequence[Gold], said: Mapping[str, Said]) -> tuple[Counts, ...]:
    """Return the counts of each item, in the order in which they were read. Raises KeyError for one without verdict."""
    told: set[str] = set()
    required = {one.event for one in gold if one.event and one.news == "must"}
    met: set[str] = set()
    out = []
    for one in gold:
        verdict = said[one.item]
        tally: Counts = Counter()
        if one.relevant != "maybe":
            tally["relevant", one.relevant, "yes" if verdict.relevant else "no"] += 1
        tally.update(_links(one, verdict))
        if one.event in required and one.happening not in met:
            met.add(one.happening)
            tally["news", "true"] += 1
        if verdict.alert:
            tally.update(_alert(one, told, required))
            told.add(one.happening)
        out.append(tally)
    return tuple(out)


def _links(gold: Gold, verdict: Said) -> Iterator[tuple[str, ...]]:
    want = {link.claim: link for link in gold.links}
    for claim, relation in verdict.links.items():
        yield ("links", "said")
        if claim in want:
            right = relation in want[claim].relations
            yield ("links", "right said")
            yield ("relation", relation if right else want[claim].relations[-1], relation)
            yield ("confusion", "/".join(want[claim].relations), relation)
    for claim, link in want.items():
        if link.must:
            yield ("links", "true")
            if claim in verdict.links:
                yield ("links", "right true")


def _alert(gold: Gold, told: Collection[str], required: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Yield what an alert counts for: right is the first of a happening that either reading calls news."""
    yield ("news", "said")
    if gold.happening in told:
        yield ("news", "repeat")
        return
    if gold.news != "no":
        yield ("news", "right said")
    if gold.happening in required:
        yield ("news", "right true")


def figures(tally: Mapping[tuple[str, ...], int]) -> Figures:
    """Return what counts come to; a share of nothing is 0."""
    both = tally.get(("relevant", "yes", "yes"), 0)
    said, true = (
        sum(tally.get(("relevant", *one), 0) for one in ends)
        for ends in ((("yes", "yes"), ("no", "yes")), (("yes", "yes"), ("yes", "no")))
    )
    pairs = {(key[1], key[2]): number for key, number in tally.items() if key[0] == "relation" and number}
    alerts = tally.get(("news", "said"), 0)
    return Figures(
        relevance=_rates(both, said, both, true),
        links=_named_rates(tally, "links"),
        relation=_macro_f1(pairs),
        pairs=sum(pairs.values()),
        news=_named_rates(tally, "news"),
        duplicates=tally.get(("news", "repeat"), 0) / alerts if alerts else 0.0,
    )


def confusion(tally: Mapping[tuple[str, ...], int]) -> Mapping[tuple[str, str], int]:
    """Return how often linked pairs of which a relation is held, or either of several ("updates/denies"), got which."""
    return {(key[1], key[2]): number for key, number in sorted(tally.items()) if key[0] == "confusion"}


def mean(marks: Iterable[Marks]) -> Marks:
    """Return the mean of each figure over stories, of which there is one at least."""
    return Marks(*(sum(column) / len(column) for column in zip(*marks, strict=True)))


def _named_rates(tally: Mapping[tuple[str, ...], int], name: str) -> Rates:
    said, true, right_said, right_true = (
        tally.get((name, one), 0) for one in ("said", "true", "right said", "right true")
    )
    return _rates(right_said, said, right_true, true)


def _rates(right_said: int, said: int, right_true: int, true: int) -> Rates:
    p = right_said / said if said else 0.0
    r = right_true / true if true else 0.0
    return Rates(2 * p * r / (p + r) if p + r else 0.0, p, r, said, true)


def _macro_f1(pairs: Mapping[tuple[str, str], int]) -> float:
    """Return the mean F1 of the relations that are held of some pair."""
    per = []
    for one in RELATIONS:
        right = pairs.get((one, one), 0)
        said = sum(number for (_, got), number in pairs.items() if got == one)
        true = sum(number for (want, _), number in pairs.items() if want == one)
        if true:
            per.append(2 * right / (said + true))
    return sum(per) / len(per) if per else 0.0
