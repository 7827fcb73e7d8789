"""Which language an entry is written in: by its script, else by its words, else as its feed says.

Feeds lie, or say nothing. Headlines are short and full of foreign names, and to take an English one for foreign costs
most: it would wait for a person. So a reading counts only where there is enough text, where it is sure, and where the
text without its names reads the same; anything less is no reading, and the feed's word holds.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tracker.domain.entry import Entry
from tracker.domain.words import bag
from tracker.judging.models import LanguageModel

READ = "en"
"""The language that the comparators and the models of the judge read."""

LEAST = 12
"""Letters of a text from which its words tell a language; its script tells from the first."""

SURE = 0.5
"""Belief from which a reading is followed where the words that are no names read the same."""

VERY_SURE = 0.8
"""Belief from which a reading is followed where hardly any word is no name."""

_MOST = 1000  # characters that are read: more of them tell no more
_FEW = 8  # characters of words that are no names, below which they tell nothing

_WORD = re.compile(r"[^\W\d_]+")
_CLOSED = bag(
    """
    the and that said says with from would could should not have has were been are this which their his its after before
    who when how than more but they it of to
    """
)
"""Words of English that say nothing of the world, and of which other languages share hardly one."""
_CLOSED_KINDS = 2
_CLOSED_SHARE = 0.15

_ALIKE = tuple(
    frozenset(group.split())
    for group in ("da no", "bs hr sr", "id ms", "cs sk", "be bg mk ru uk", "es gl", "gl pt", "ca es", "ja zh", "hi mr")
)
"""Languages of which a short text is taken for one another: who says it is one of them is believed."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language of an entry, None where nobody knows, and why in words."""

    language: str | None
    why: str


def spoken(entry: Entry, story: str, model: LanguageModel | None) -> Spoken:
    """Return the language of an entry of a story in the language `story`: the text's own, where that is sure."""
    declared = primary(entry.language)
    said = f"its feed says {declared}" if declared else "its feed does not say"
    read = _read(f"{entry.title}. {entry.summary or entry.text}"[:_MOST], model)
    if read is None:
        return Spoken(declared, f"its words do not tell the language for sure; {said}")
    expected = declared or primary(story)
    if any({read, expected} <= group for group in _ALIKE):
        return Spoken(expected, f"its words read like {read}, which is easily taken for {expected}; {said}")
    return Spoken(read, f"its words are {read}; {said}")


def foreign(entry: str | None, story: str) -> bool:
    """Tell whether an entry is in another language than its story, or in one that the judge does not read."""
    theirs, ours = primary(entry) or primary(story), primary(story)
    return theirs != ours or theirs != READ


@lru_cache(maxsize=1_000)
def primary(tag: str | None) -> str | None:
    """Return the language of a tag without its region, in lower case: "pt" of "pt-BR"; None where there is none."""
    return re.split("[-_]", tag)[0].lower() or None if tag else None


def _read(text: str, model: LanguageModel | None) -> str | None:
    """Return the language that a text's own words tell, None where they do not."""
    letters = [letter for letter in text if letter.isalpha()]
    if english(text):
        return READ
    if model is None or not letters:
        return None
    if sum(map(_latin, letters)) * 2 < len(letters):
        return model.read(text)[0]
    if len(letters) < LEAST:
        return None
    language, belief = model.read(text)
    return language if belief >= SURE and _without_names(text, language, belief, model) else None


def english(text: str) -> bool:
    """Tell whether a text's little words are those of English: enough of them, and of more than one kind."""
    words = [word.lower() for word in _WORD.findall(text)]
    closed = [word for word in words if word in _CLOSED]
    return len(set(closed)) >= _CLOSED_KINDS and len(closed) >= _CLOSED_SHARE * len(words)


def _without_names(text: str, language: str, belief: float, model: LanguageModel) -> bool:
    """Tell whether the text is in the language also by the words that are no names: those in lower case."""
    rest = " ".join(word for word in text.split() if word.lower() == word)
    return model.read(rest)[0] == language if len(rest) >= _FEW else belief >= VERY_SURE


def _latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"
