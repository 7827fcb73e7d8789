"""When an entry's page is looked at again, and whether what is left of it can be all of it."""

import re
from datetime import timedelta

_STEPS = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(minutes=30)),
    (timedelta(days=7), timedelta(hours=2)),
    (timedelta(days=30), timedelta(days=1)),
)
"""Up to which age a page is looked at how often."""
_LONGEST_BACK_OFF = timedelta(hours=4)
_TORSO = 0.4
# Who takes back what he wrote leaves little of it, and that is news.
_TAKEN_BACK = re.compile(
    r"\b(?:this|the|our) (?:\w+ ){0,3}?(?:article|story|report|post|piece|page)\b[^.]{0,60}?"
    r"\b(?:has been|was|is) (?:\w+ )?(?:withdrawn|retracted|removed|deleted|taken down)\b"
    r"|\b(?:retraction|we (?:have )?(?:retracted|withdrawn|withdrew) (?:this|the|our|an?) )"
    r"|\b(?:dieser|der) (?:artikel|bericht|beitrag|text)\b[^.]{0,60}?\b(?:zurückgezogen|gelöscht|entfernt)\b"
    r"|\b(?:cet|l.) ?article\b[^.]{0,60}?\b(?:retiré|supprimé|dépublié)\b",
    re.IGNORECASE,
)


def recheck_in(age: timedelta, failures: int = 0) -> timedelta | None:
    """Return after how long the page of an entry of an age is looked at again; None: never, it is past that.

    `failures` in a row double it, up to four hours where it is not longer anyway.
    """
    every = next((every for until, every in _STEPS if age < until), None)
    return None if every is None else max(every, min(every * 2 ** min(failures, 8), _LONGEST_BACK_OFF))


def is_torso(before: int, text: str) -> bool:
    """Tell whether a text is so much shorter than the `before` characters of its last reading that it is a wall's.

    It is none that says of itself that the article was taken back.
    """
    return len(text) <= _TORSO * before and not _TAKEN_BACK.search(text)
