"""What befell those whom a quantity of a claim counts, and whether a sentence tells that it befell none."""

import re
from dataclasses import replace
from itertools import takewhile

from tracker.domain.fates import Fate, fate
from tracker.domain.nouns import lemma, same_noun, wider_noun
from tracker.domain.quantity import Quantity
from tracker.domain.words import bag

_NONE = re.compile(
    r"\b(?P<all>nobody|no[- ]one|none|(?=no|zero))(?:no|zero)?\b"
    r"(?!\s+(?:else|others?|more|further|fewer|less|longer|new|additional)\b)(?P<rest>(?:\s+[\w'-]+){1,7})",
    re.IGNORECASE,
)
_OTHER_CLAUSE = bag(
    "that which who whom how whether what why where after when while as because since by over for in if but"
)


def harm(quantity: Quantity, sentence: str) -> Fate:
    """Return what befell those whom a quantity counts; "" where nothing is said of it.

    Its wording is looked for in the sentence: of a value that was put in, the offset is that of another sentence.
    """
    at = sentence.lower().find(quantity.text.lower(), max(0, quantity.start))
    at = at if at >= 0 else sentence.lower().find(quantity.text.lower())
    return fate(sentence, replace(quantity, start=at)) if quantity.text and not quantity.unit and at >= 0 else ""


def befallen(quantity: Quantity) -> Fate:
    """Return what befell those whom a quantity counts, by its own words: "three dead"."""
    return fate(quantity.text, replace(quantity, start=0))


def spared(old: Quantity, kind: Fate, sentence: str) -> bool:
    """Say whether a sentence tells that what befell those whom `old` counts befell none: "nobody was hurt"."""
    return bool(kind) and any(_spares(old, kind, match) for match in _NONE.finditer(sentence))


def _spares(old: Quantity, kind: Fate, none: re.Match[str]) -> bool:
    words = list(takewhile(lambda word: word not in _OTHER_CLAUSE, none["rest"].lower().split()))
    told = [_named(word) for word in words]
    first = next((at for at, name in enumerate(told) if name), None)
    if first is None or told[first] != kind:
        return False
    whom = words[:first]
    return bool(none["all"]) or not whom or any(_same(old.noun, lemma(word)) for word in whom)


def _named(word: str) -> Fate:
    return fate(word, Quantity(None, None, text=word))


def _same(one: str, other: str) -> bool:
    return same_noun(one, other) or wider_noun(one, other)
