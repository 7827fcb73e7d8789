"""Pairs about plans: announced, refused, left open, begun; made from actors and actions found in real news bodies.

What one wording says of a plan decides the label; the words of the actor and of the action are the same on both sides,
so the label cannot be read from likeness. The last fifth of each list of wordings is kept for the dev part.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from news_sentences import Sentence
from rows import NEITHER, REFUTES, SUPPORTS, Row

# fmt: off
PLANNED: Final = (
    "{s} plans to {v}", "{s} is planning to {v}", "{s} will {v}", "{s} intends to {v}", "{s} is set to {v}",
    "{s} has agreed to {v}", "{s} announced that it would {v}", "{s} said it will {v}", "{s} has decided to {v}",
    "{s} confirmed its plan to {v}", "{s} promised to {v}", "{s} is due to {v}", "{s} is preparing to {v}",
    "Critics attacked a plan by {s} to {v}", "{s} defended its decision to {v}", "{s} is going to {v}",
    "Opponents want {s} to give up its plan to {v}", "{s} is about to {v}",
    "{s} expects to {v}", "{s} has vowed to {v}", "{s} unveiled plans to {v}",
    "Protesters condemned the decision of {s} to {v}",
)
REFUSED: Final = (
    "{s} will not {v}", "{s} has no plans to {v}", "{s} has dropped its plan to {v}", "{s} denied that it would {v}",
    "{s} said it would not {v}", "{s} decided not to {v}", "{s} refused to {v}", "{s} cancelled its plan to {v}",
    "{s} has abandoned plans to {v}", "A plan by {s} to {v} has been called off",
    "{s} dismissed reports that it would {v}",
    "{s} never intended to {v}", "{s} is no longer going to {v}", "Reports that {s} plans to {v} are false",
    "It is not true that {s} will {v}", "{s} does not intend to {v}", "{s} ruled out any move to {v}",
    "{s} has withdrawn its promise to {v}", "{s} rejected a request to {v}",
    "{s} scrapped plans to {v}", "{s} won't {v}", "{s} rejected the suggestion that it was going to {v}",
    "The plan of {s} to {v} was shelved",
)
OPEN: Final = (
    "{s} is considering whether to {v}", "{s} has not decided whether to {v}", "{s} may {v}",
    "{s} was urged to {v}", "{s} declined to say whether it would {v}", "{s} is under pressure to {v}",
    "It is unclear whether {s} will {v}", "An ally called on {s} to {v}", "{s} would {v} only if talks fail",
    "{s} was asked whether it would {v}", "Analysts debate whether {s} should {v}", "{s} has been invited to {v}",
    "{s} might {v}", "No decision has been taken on whether {s} will {v}", "Lawmakers demanded that {s} {v}",
)
BEGUN: Final = (
    "{s} has begun to {v}", "{s} has started to {v}", "{s} managed to {v}", "{s} went ahead with its plan to {v}",
    "{s} has already moved to {v}",
    "{s} did {v}", "{s} carried out its promise to {v}",
)
OPENING: Final = (
    "", "", "", "On Tuesday, ", "Earlier this week, ", "After months of talks, ", "According to officials, ",
    "Meanwhile, ",
)
CLOSING: Final = (
    "", "", "", ", a spokesman said", ", officials said on Friday", ", according to a report", " next year",
    ", the newspaper wrote",
    ", two people familiar with the matter said",
)
_RULES: Final = (
    (PLANNED, PLANNED, SUPPORTS), (PLANNED, PLANNED, SUPPORTS), (PLANNED, REFUSED, REFUTES),
    (PLANNED, REFUSED, REFUTES),
    (PLANNED, OPEN, NEITHER), (REFUSED, REFUSED, SUPPORTS), (REFUSED, PLANNED, REFUTES), (REFUSED, OPEN, NEITHER),
    (PLANNED, BEGUN, SUPPORTS), (BEGUN, PLANNED, NEITHER), (BEGUN, REFUSED, REFUTES), (BEGUN, OPEN, NEITHER),
)
_NO_NAME = frozenset((
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "The", "A", "An", "It",
    "He", "She", "They", "This", "That", "These", "Those", "But", "And", "If", "When", "While", "In", "On", "At",
    "According", "Meanwhile", "However", "Although", "Mr", "Mrs", "Ms", "Dr", "Sept", "Oct", "Nov", "Dec", "Jan",
    "Feb", "Aug", "There", "What", "Who", "How", "Why", "As", "For", "From", "His", "Her", "Their", "Its", "Some",
    "Many", "Most", "No", "Not", "One", "Two", "Three", "Police", "Officials",
))
# fmt: on
_ACTION = re.compile(
    r"\b(?:plan|plans|planned|planning|want|wants|wanted|able|try|trying|tried|expected|set|going|decided|agreed|ha[ds]|have|needs?|"
    r"needed|forced|ready|likely|order|intends?|intended|helped|continues?|continued|began|failed|hopes?|hoping|asked|urged|allowed|"
    r"due|willing|refused|seeks?|attempts?|scheduled|threatened|managed|required|preparing|prepared|about|vowed) "
    r"to ([a-z]{3,}(?: [\w'\u2019$-]+){2,12}?)(?=[.;,]|$| (?:after|because|while|amid|as|when|if|but)\b)"
)
_ACTOR = re.compile(r"(?<=[a-z,] )((?:[A-Z][a-z]{2,}|[A-Z]{2,4})(?: [A-Z][a-z]{2,}){0,2})\b")
_FIRST_WORDS = re.compile(
    r"^(?:the|have|be|see|know|think|say|get|whom|which|what|how|when|where|him|them|his|her|do|make sure)\b"
)


def held_out(wordings: tuple[str, ...], part: str) -> tuple[str, ...]:
    """Wordings for a part: dev has the last fifth to itself."""
    border = len(wordings) * 4 // 5
    return wordings[border:] if part == "dev" else wordings[:border]


def actors(sentences: list[Sentence]) -> list[str]:
    """Names that stand inside sentences at least three times, in order of the alphabet."""
    seen: dict[str, int] = {}
    for sentence in sentences:
        for name in _ACTOR.findall(sentence.text):
            if not _NO_NAME & set(name.split()):
                seen[name] = seen.get(name, 0) + 1
    return sorted(name for name, times in seen.items() if times > 2)


def actions(sentences: list[Sentence]) -> list[str]:
    """Infinitives with their objects, as they stand in the bodies: 'open its first store in Manhattan'."""
    found = {a for s in sentences for a in _ACTION.findall(s.text)}
    return sorted(a for a in found if not _FIRST_WORDS.match(a))


def _dress(core: str, rng: random.Random) -> str:
    """A report around the core: who says it and when."""
    opening, closing = rng.choice(OPENING), rng.choice(CLOSING)
    if opening and core.startswith(
        ("Critics", "Opponents", "Protesters", "Reports", "It ", "A ", "An ", "The ", "No ", "Analysts", "Lawmakers")
    ):
        core = core[0].lower() + core[1:]
    return f"{opening}{core}{closing}."


def _pair(claim: str, sentence: str, label: int, rng: random.Random) -> Row:
    return Row(f"{claim}.", _dress(sentence, rng), label, "made: plan")


def plan_pairs(sentences: list[Sentence], part: str, count: int, rng: random.Random) -> Iterator[Row]:
    """Yield `count` pairs; a quarter changes the actor or the action, so that even a sharp denial says nothing."""
    own = [s for s in sentences if s.part == part]
    who, what = actors(own), actions(own)
    for _ in range(count):
        first, second, label = rng.choice(_RULES)
        s, v = rng.choice(who), rng.choice(what)
        claim = rng.choice(held_out(first, part)).format(s=s, v=v)
        other = rng.random()
        if other < 0.12:
            s, label = rng.choice([w for w in who if w != s]), NEITHER
        elif other < 0.25:
            v, label = rng.choice([w for w in what if w != v]), NEITHER
        yield _pair(claim, rng.choice(held_out(second, part)).format(s=s, v=v), label, rng)
