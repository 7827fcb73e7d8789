"""The dates of a sentence with what binds them: "no earlier than", "by", "about", "or later"."""

import re
from collections.abc import Iterator
from datetime import date

from tracker.domain.dates import Reading, readings
from tracker.domain.when import Bound, When
from tracker.domain.words import fold

_CLOCK = r"(?:\d{1,2}(?:[:.]\d\d\s*|\s*(?=[ap]))(?:[ap]\.?m\.?)?|noon|midnight|dawn|dusk)"
_LINK = rf"\s+(?:(?:on|in|the|of|about|at|around|least|{_CLOCK})\s+)*"
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "not before",
        re.compile(
            r"\b(?:no earlier than|not earlier than|not before|no sooner than|not until|at the earliest|earliest"
            rf"|as early as|as soon as|after){_LINK}$",
            re.IGNORECASE,
        ),
    ),
    (
        "by",
        re.compile(
            r"\b(?:by|no later than|not later than|at the latest|before|until|till|up to(?: and including)?|up until"
            r"|prior to"
            rf"|ahead of|(?<![0-9] )through){_LINK}$",
            re.IGNORECASE,
        ),
    ),
    (
        "about",
        re.compile(
            r"\b(?:about|around|circa|roughly|approximately|some ?time(?: in| on)?|on or (?:about|around)"
            rf"|probably){_LINK}$",
            re.IGNORECASE,
        ),
    ),
)
_BEHIND: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("not before", re.compile(r",?\s+(?:at the (?:very )?earliest|or later|or after|onwards?)\b", re.IGNORECASE)),
    ("by", re.compile(r",?\s+(?:at the (?:very )?latest|or earlier|or before|or sooner)\b", re.IGNORECASE)),
)
_WITHIN = re.compile(r"within|in\s+(?:less|under)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|no|cannot)\b|n't\b", re.IGNORECASE)
_UNTIL = re.compile(r"before|until|till", re.IGNORECASE)


def dates_said(sentence: str, published: date | None) -> Iterator[When]:
    """Yield the dates and periods of a sentence; see `whens`."""
    text = fold(sentence)
    return (_when(sentence, text, reading) for reading in readings(text, published))


def _when(sentence: str, text: str, reading: Reading) -> When:
    bound: Bound = "by" if _WITHIN.match(text, reading.start) else "on"
    start, end = reading.start, reading.end
    before = text[max(0, start - 40) : start]
    for name, pattern in _BEFORE:
        match = pattern.search(before)
        if match:
            start -= len(before) - match.start()
            bound = (
                "not before" if _NOT.search(text[max(0, start - 40) : start]) and _UNTIL.match(match.group()) else name
            )
            break
    for name, pattern in _BEHIND:
        match = pattern.match(text, end)
        if match:
            bound, end = name, match.end()
    return When(*reading.days, bound, sentence[start:end], start, reading.resolved)
