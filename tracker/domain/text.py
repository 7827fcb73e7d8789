"""Text of an article: its sentences with offsets, its words and its names."""

import re
from dataclasses import dataclass

from tracker.domain.naming import names
from tracker.domain.words import STOP, bag, content_words, fold, normalise, tokens

__all__ = ["Sentence", "content_words", "names", "normalise", "sentences", "tokens"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: characters [start, end) of the text it was found in."""

    start: int
    end: int
    text: str


_LINE = re.compile(r"[^\r\n\u2028\u2029\x85\v\f]+")
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s)|(?<=[a-z0-9)\"'])[.!?][\"')\]]*(?=[\"'(]?[A-Z][a-z]|\"?[A-Z] )|[。！？]")
_NEXT = re.compile(r"\s*([\"'(\[-]*\s?)(\w?[\w']*)")
_LAST_WORD = re.compile(r"([\w.&'-]*\w)\.+[\"')\]]*$")
_ALWAYS_INSIDE = bag(
    """
    mr mrs ms mx dr prof gen lt col maj capt cmdr adm brig sgt cpl pvt sen rep gov pres amb rev fr hon st ste mt ft no
    nos vs fig art sec vol pp cf approx est dept assn bros messrs supt insp det atty e.g i.e viz al adj mgr mlle mme
    """
)
_SOMETIMES_INSIDE = bag(
    """
    u.s u.k u.n e.u u.s.a d.c inc corp ltd co plc llc jr sr a.m p.m etc jan feb mar apr jun jul aug sep sept oct nov
    dec mon tue tues wed thu thur thurs fri sat sun ave blvd rd univ ph.d m.d b.a m.a u.s.s.r
    """
)


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences in order. A line break ends one; text[start:end] is the sentence, free of outer blanks."""
    folded = fold(text)
    return tuple(
        Sentence(start, end, text[start:end])
        for line in _LINE.finditer(folded)
        for start, end in _trimmed(folded, _cuts(folded, line.start(), line.end()))
    )


def _cuts(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    for match in _END.finditer(folded, start, end):
        if _ends_here(folded, start, match, end):
            spans.append((start, match.end()))
            start = match.end()
    return [*spans, (start, end)]


def _trimmed(folded: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out = []
    for start, end in spans:
        piece = folded[start:end]
        left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
        if left < right:
            out.append((start + left, start + right))
    return out


def _ends_here(folded: str, start: int, match: re.Match[str], end: int) -> bool:
    after = _NEXT.match(folded, match.end(), end)
    word = after.group(2) if after else ""
    if word and not (word[0].isupper() or word[0].isdigit() or (word[0].isalpha() and not word[0].islower())):
        return False
    return not match.group().startswith(".") or not _is_abbreviation(folded[start : match.end()], word)


def _is_abbreviation(before: str, after: str) -> bool:
    last = _LAST_WORD.search(before[-40:])
    word = last.group(1).lower() if last else ""
    if word in _ALWAYS_INSIDE:
        return word != "no" or after[:1].isdigit()
    if len(word) == 1 and word.isalpha():
        return before[-40:].rstrip("\"')].")[-1:].isupper() and word != "i"
    return word in _SOMETIMES_INSIDE and after.lower() not in STOP
