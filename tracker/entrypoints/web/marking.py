"""Our words as HTML: what was searched for is marked where it was found, and no date is broken at the end of a line."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from tracker.domain.words import plain

_DATE = re.compile(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?: UTC)?)?)")


def dated(text: str) -> Markup:
    """Return text as HTML whose dates and times stay on one line."""
    pieces = enumerate(_DATE.split(text))  # what the pattern found is every other one
    return Markup("").join(
        Markup('<span class="date">{}</span>').format(one) if nth % 2 else escape(one) for nth, one in pieces
    )


def marked(text: str, words: Sequence[str] = ()) -> Markup:
    """Return text as HTML with the words marked, whatever their case and accents; `words` as `plain` returns them."""
    if not words:
        return escape(text)
    spread = [(letter, at) for at, char in enumerate(text) for letter in _plain(char)]
    sought = "".join(letter for letter, _ in spread)
    hit = {spread[at][1] for word in words for begin in _found(sought, word) for at in range(begin, begin + len(word))}
    edges = [0, *(at for at in range(1, len(text)) if (at in hit) != (at - 1 in hit)), len(text)]
    return Markup("").join(_piece(text[begin:end], found=begin in hit) for begin, end in pairwise(edges))


def _plain(char: str) -> str:
    return " " if char.isspace() else plain(char)


def _found(text: str, word: str) -> Iterator[int]:
    at = text.find(word) if word else -1
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _piece(text: str, *, found: bool) -> Markup:
    return Markup("<mark>{}</mark>").format(text) if found else escape(text)
