"""A new value in the words of a claim."""

import re

from tracker.domain.number_words import NUMERAL

_PERCENT = re.compile(r"\s*(?:%|percent|per cent)")
_WORD = re.compile(r"[A-Z](?=[a-z]|\s)")


def behind_numeral(text: str) -> str:
    """Return what a quantity's wording says behind its last numeral: " people" of "at least 40 people"."""
    numerals = list(NUMERAL.finditer(text))
    rest = text[numerals[-1].end() :] if numerals else ""
    return _PERCENT.sub("", rest, count=1) if _PERCENT.match(rest) else rest


def put_in(text: str, old: str, new: str) -> str:
    """Return a text with a wording replaced, found in any case, the new one in the case of its place."""
    place = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", text, re.IGNORECASE) if old else None
    if place is None:
        return text
    said = _WORD.sub(lambda first: first.group().lower(), new, count=1) if _WORD.match(new) else new
    if not text[: place.start()].strip("\"'“‘ "):
        said = new[:1].upper() + new[1:]
    return text[: place.start()] + said + text[place.end() :]
