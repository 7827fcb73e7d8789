"""Does a text name another place, person or body in the place of one that a second text names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from tracker.domain.naming import names, shouts
from tracker.domain.places import SEAT
from tracker.domain.text import tokens
from tracker.domain.words import STOP
from tracker.judging.background import weight

_SPELLED_ALIKE = 80.0
"""Likeness of two words from which they spell one name: "Odessa" and "Odesa"."""

_RARE = 1.0  # a word that the background does not hold
_PUBLISHER = re.compile(r"\s+[-–—|]\s+([A-Z][\w.']*(?:\s+[A-Z&][\w.']*){0,3})$")
_MARKS = ".,;:!?\"'()[]“”‘’…"
_LONGEST = 4  # words: more of them in the place of others are another sentence, not another name


def another_headline(one: str, other: str) -> bool:
    """Tell whether each of two headlines names what the other does not, wherever in it: words may change places."""
    one, other = (_PUBLISHER.sub("", title) for title in (one, other))
    return _apart(_named(one) - _said(other), _named(other) - _said(one))


def another_address(title: str, slug: str) -> bool:
    """Tell whether the words of an address have another word for a name in a headline, and the headline has not it."""
    said = _said(title)
    extra = {word for word in tokens(slug) if word not in STOP and word.isalpha()} - said
    return _apart(_named(_PUBLISHER.sub("", title)) - _said(slug), extra)


def another_text(one: str, other: str) -> bool:
    """Tell whether a name in a text stands where the other text has another name, between words that both have.

    The first and the last words of a text are of its publisher: a line put before it, a sentence cut.
    """
    mine, theirs = _named(one) - _said(other), _named(other) - _said(one)
    swaps = _swapped(tokens(one), tokens(other))
    return any(_apart(mine & set(gone), theirs & set(new)) for gone, new in swaps)


def as_written(keys: Iterable[str], text: str) -> list[str]:
    """Return names by the words that a text has for their keys, in its order: "Peru's" of "peru"; a part goes whole."""
    words = [word.strip(_MARKS) for word in text.split()]
    found = {key: spot for key in keys if (spot := _spot(key, words))}
    whole = [spot for spot in set(found.values()) if not any(_within(spot, other) for other in found.values())]
    return [" ".join(words[start:end]) for start, end in sorted(whole)]


def _spot(key: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Return where the fewest words stand that give a name's key."""
    spots = ((at, at + length) for length in range(1, _LONGEST + 2) for at in range(len(words) - length + 1))
    return next((spot for spot in spots if key in names("in " + " ".join(words[spot[0] : spot[1]]))), None)


def _within(spot: tuple[int, int], other: tuple[int, int]) -> bool:
    return spot != other and other[0] <= spot[0] and spot[1] <= other[1]


def _swapped(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for how, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        inside = i > 0 and k > 0 and j < len(one) and m < len(other)
        if how == "replace" and inside and max(j - i, m - k) <= _LONGEST:
            yield one[i:j], other[k:m]


def _apart(mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Tell whether names are left on both sides, those aside that are only spelled otherwise."""
    mine, theirs = set(mine), set(theirs)
    alike = {(a, b) for a in mine for b in theirs if _one_name(a, b)}
    return bool(mine - {a for a, _ in alike}) and bool(theirs - {b for _, b in alike})


def _one_name(one: str, other: str) -> bool:
    if one in _COUNTRIES or other in _COUNTRIES:
        return one == other
    return (one in SEAT and SEAT[one] == SEAT.get(other)) or ratio(one, other) >= _SPELLED_ALIKE


_COUNTRIES = frozenset(SEAT.values())


def _said(text: str) -> frozenset[str]:
    """The words of a text, those of its names in the one spelling that keys have among them."""
    return frozenset(tokens(text)) | _words(names(text))


@lru_cache(maxsize=2_000)
def _named(text: str) -> frozenset[str]:
    """The words of the names in a text; of one that writes every word large, only those that hardly anybody writes."""
    found = _words(names(text))
    if not shouts(text):
        return found
    return frozenset(word for word in found if weight(word) >= _RARE or word in _COUNTRIES or word in SEAT)


def _words(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(word for key in keys for word in key.split() if word not in STOP)
