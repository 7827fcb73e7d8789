"""Pairs about one real sentence: confirmed, denied, left open, negated, with another number, with another actor."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Final

from news_sentences import Sentence, is_plain_statement
from plan_pairs import actors, held_out
from rows import NEITHER, REFUTES, SUPPORTS, Row

# fmt: off
CONFIRMED: Final = (
    "Officials confirmed that {c}.", "{C}, police said.", "{C}, according to two people with knowledge of the matter.",
    "The report said that {c}.", "Reports that {c} were confirmed on Monday.", "A spokeswoman said: {C}.",
    "It is true that {c}.", "Witnesses said {c}, and a second outlet carried the same account.",
    "The newspaper stood by its report that {c}.", "Asked about the matter, the agency confirmed that {c}.",
    "A statement released on Thursday acknowledged that {c}.", "The ministry no longer disputes that {c}.",
)
DENIED: Final = (
    "Officials denied that {c}.", "It is not true that {c}.", "Reports that {c} are false.",
    "The claim that {c} was a hoax.",
    "A spokesman dismissed reports that {c}.", "Police said there was no truth to reports that {c}.",
    "The story that {c} turned out to be fake.", "The outlet retracted its report that {c}.",
    "The company rejected the allegation that {c}.", "Contrary to earlier reports, it is not the case that {c}.",
    "No evidence supports the rumour that {c}, and the authorities called it invented.",
    "The ministry called the assertion that {c} untrue.", "The account that {c} has been debunked.",
    "Early reports that {c} proved to be wrong.",
)
UNSETTLED: Final = (
    "It is unclear whether {c}.", "Police are investigating whether {c}.",
    "Asked whether {c}, the spokesman declined to comment.",
    "The agency could not verify whether {c}.", "Rumours that {c} have not been confirmed.",
    "If {c}, the inquiry will be widened.",
    "Relatives want to know whether {c}.", "Officials would neither confirm nor deny that {c}.",
    "A committee will look into whether {c}.", "The question is whether {c}.",
)
_RULES: Final = ((CONFIRMED, SUPPORTS), (DENIED, REFUTES), (UNSETTLED, NEITHER))
# fmt: on
_ATTRIBUTED = re.compile(
    r"\b(?:said|says|told|according|reported(?:ly)?|"
    r"claim\w*|den(?:y|ied|ies)|confirm\w*|alleged\w*|rumou?r\w*|if|whether)\b",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^(?:The|A|An|Police|Officials|Authorities|[A-Z][a-z]+(?: [A-Z][a-z]+)+|"
    r"[A-Z][a-z]+ (?:is|was|has|had|will|are|were))\b"
)
_AUXILIARY = re.compile(r"\b(is|was|are|were|has|have|had|will|can|could|would|did|does)\b(?! (?:not|never|no)\b)")
_NEGATIVE = re.compile(r"\b(?:not|n't|never|no|none|nobody|nothing|cannot|without)\b|n['\u2019]t\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d+)(?![\w.,-]*\d)(?!(?:th|st|nd|rd|s|G|K|D)\b)(?![-/:.]\w)")
_BOUNDED = re.compile(
    r"(?:than|least|most|about|around|nearly|almost|over|under|some|to|approximately|roughly|between|and)\s+\$?$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]{2,3}\.)\s+$"
)
_YEARS = range(1900, 2100)
_LEADING_NAME = re.compile(
    r"^((?:[A-Z][a-z]+|[A-Z]{2,4})(?: [A-Z][a-z]+)*)"
    r"(?= (?:is|was|has|had|will|said|told|plans|made|took|won|began|announced)\b)"
)


def _lowered(text: str) -> str:
    """The sentence as a subordinate clause: an article or common noun loses its capital, a name keeps it."""
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first in {"The", "A", "An", "Police", "Officials", "Authorities"} else text


def negated(text: str) -> str | None:
    """The sentence with 'not' behind its first auxiliary; None where there is none, or where it is negative already."""
    if _NEGATIVE.search(text) or not (found := _AUXILIARY.search(text)):
        return None
    return f"{text[: found.end()]} not{text[found.end() :]}"


def _said(base: str, part: str, rng: random.Random) -> Row:
    """The sentence inside a confirmation, a denial or an open question; at times the claim is its negation."""
    wordings, label = rng.choice(_RULES)
    clause = base.rstrip(".")
    told = rng.choice(held_out(wordings, part)).format(c=_lowered(clause), C=clause)
    turned = negated(base) if rng.random() < 0.2 else None
    if turned is not None:
        label = {SUPPORTS: REFUTES, REFUTES: SUPPORTS, NEITHER: NEITHER}[label]
    return Row(turned or base, told, label, "made: said")


def _turned(base: str, _part: str, rng: random.Random) -> Row | None:
    """The sentence against its negation, either way round; at times the same negative sentence on both sides."""
    turned = negated(base)
    if turned is None:
        return None
    pair = [base, turned]
    rng.shuffle(pair)
    if rng.random() < 0.3:
        return Row(turned, turned, SUPPORTS, "made: negation")
    return Row(pair[0], pair[1], REFUTES, "made: negation")


def _written(value: int, like: str) -> str:
    return f"{value:,}" if "," in like else str(value)


def _other_value(value: int, rng: random.Random) -> int:
    """A value clearly different: at least a quarter more or a fifth less, a year by one to nine."""
    if value in _YEARS:
        return value + rng.choice([-1, 1]) * rng.randint(1, 9)
    changed = round(value * (rng.uniform(1.25, 3) if rng.random() < 0.5 else rng.uniform(0.3, 0.8)))
    return changed if changed != value else value + 1


def _counted(base: str, _part: str, rng: random.Random) -> Row | None:
    """The claim names another value, or a bound that the sentence's value keeps or breaks."""
    found = [m for m in _NUMBER.finditer(base) if len(m[1]) < 10]
    if not found:
        return None
    spot = rng.choice(found)
    value, before = int(spot[1].replace(",", "")), base[: spot.start()]
    free = value > 4 and value not in _YEARS and not (_BOUNDED.search(before) or _DATED.search(before))
    if not free or rng.random() < 0.5:
        other = _other_value(value, rng)
        return Row(before + _written(other, spot[1]) + base[spot.end() :], base, REFUTES, "made: number")
    limit = _written(_other_value(value, rng), spot[1])
    above = rng.random() < 0.5
    words = rng.choice(("more than", "at least", "over") if above else ("fewer than", "at most", "under"))
    holds = (value > int(limit.replace(",", ""))) == above
    money = "$" if before.endswith("$") else ""
    claim = f"{before.removesuffix('$')}{words} {money}{limit}{base[spot.end() :]}"
    return Row(claim, base, SUPPORTS if holds else REFUTES, "made: bound")


def _swapped(names: list[str]) -> Callable[[str, str, random.Random], Row | None]:
    """Rule: the same told of another actor says nothing about the first."""

    def rule(base: str, _part: str, rng: random.Random) -> Row | None:
        found = _LEADING_NAME.match(base)
        if not found or found[1] in {"The", "It", "He", "She", "They", "This", "That", "There"}:
            return None
        return Row(rng.choice(names) + base[found.end() :], base, NEITHER, "made: actor")

    return rule


def _same(base: str, _part: str, _rng: random.Random) -> Row:
    return Row(base, base, SUPPORTS, "made: same")


def statement_pairs(sentences: list[Sentence], part: str, scale: float, rng: random.Random) -> Iterator[Row]:
    """Yield pairs of every rule for a part; `scale` 1 gives about 8,000 rows where the part has the sentences."""
    own = [s.text for s in sentences if s.part == part and is_plain_statement(s.text)]
    told = [t for t in own if _OPENERS.match(t) and not _ATTRIBUTED.search(t)]
    rules = (
        (_said, 4000, told),
        (_turned, 900, told),
        (_counted, 2200, own),
        (_swapped(actors(sentences)), 700, own),
        (_same, 400, own),
    )
    for rule, count, bases in rules:
        left = round(count * scale)
        for base in rng.sample(bases, len(bases)) * 3:
            row = rule(base, part, rng) if left else None
            if row is not None:
                left -= 1
                yield row
