"""What befell those that a quantity counts: 12 killed and 12 injured are two figures, though both count persons."""

import re
from typing import Literal

from tracker.domain.quantity import Quantity
from tracker.domain.words import fold

Fate = Literal["", "dead", "injured", "missing", "arrested", "displaced", "rescued", "released", "sick"]

_WORDS: dict[Fate, str] = {
    "dead": r"kill(?:s|ed|ing)?|dead|die[sd]?|dying|deaths?|fatalit\w+|drown(?:s|ed|ing)?|lives|bodies|perish\w*",
    "injured": r"injur(?:es|ed|ing|ies|y)|wound(?:s|ed|ing)?|hurt(?:s|ing)?|hospitali[sz]ed",
    "missing": r"missing|unaccounted for|disappeared",
    "arrested": r"arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?|jail(?:s|ed|ing)?|in custody",
    "displaced": r"displac(?:es|ed|ing)|evacuat(?:es|ed|ing)|homeless|fled|flee|fleeing",
    "rescued": r"rescu(?:es|ed|ing)|sav(?:es|ed|ing)|survivors?|surviv(?:e|ed)|pulled from",
    "released": r"freed|fre(?:es|eing)|releas(?:es|ed|ing)",
    "sick": r"sicken(?:s|ed|ing)|infect(?:s|ed|ing)|ill|hospitali[sz]ed|diagnosed",
}
_FATE = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _WORDS.items()), re.IGNORECASE)
_ENDS = re.compile(r"[.;,:]|\s+(?:and|but|while|when|after|as|with)\s|\d", re.IGNORECASE)
_ACTIVE = re.compile(
    r"\b(?:kill|injur|wound|arrest|detain|displac|evacuat|rescu|sav|fre|releas|sicken|infect|drown)(?:s|es|ed|ing)\b"
)
_PREPOSITION = re.compile(r"\b(?:in|on|at|by|after|since|for|from)\s*$")
_REACH = 70  # characters
_NEAR = 3  # words between the verb and the quantity: "killing as many as"


def fate(sentence: str, quantity: Quantity) -> Fate:
    """Return what befell those that a quantity of the sentence counts; "" where nothing is said of it.

    The words of the quantity tell first ("12 dead"), then the rest of its clause ("people were killed"), then a verb
    before it ("killing 12").
    """
    text = fold(sentence)
    end = quantity.start + len(quantity.text)
    after, before = text[end : end + _REACH], text[max(0, quantity.start - _REACH) : quantity.start]
    cut = _ENDS.search(after)
    return _named(quantity.text) or _named(after[: cut.start()] if cut else after) or _verb(before)


def _named(text: str) -> Fate:
    match = _FATE.search(text)
    return next((name for name in _WORDS if match and match[name]), "")


def _verb(before: str) -> Fate:
    """Return the fate that the last verb of the clause before tells, where it takes the quantity as its object."""
    clause = re.split(r"[.;,:]|\d", before)[-1]
    verbs = list(_ACTIVE.finditer(clause))
    near = verbs and len(clause[verbs[-1].end() :].split()) <= _NEAR
    if near and not _PREPOSITION.search(clause):
        return _named(verbs[-1].group())
    return "dead" if re.search(r"\btoll\b", clause) else ""
