"""Does an entry tell of another place than a claim: instructors for one country are none for another.

Only where the claim and the entry name a place in the same part, as that which something is sent to or happens at:
who acts may act anywhere. And only where the entry names none of the claim's places, and the story none of the entry's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tracker.domain.claims import Relation
from tracker.domain.naming import names, shouts
from tracker.domain.places import COUNTRY, SEAT
from tracker.domain.words import content_words, fold
from tracker.judging.case import Case
from tracker.judging.relation import Related

_AIMED = re.compile(
    r"\b((?i:to|for|in|into|inside|at|near|off|on|onto|against|across))\s+(?:the\s+)?([A-Z][\w'-]*(?:\s+[A-Z][\w'-]*)*)"
)
_COUNTRIES = frozenset(COUNTRY.values()) - {"europe", "africa", "asia", "european union", "united nations"}


@dataclass(frozen=True, slots=True)
class Aimed:
    """A place that a text names behind a preposition: its keys, as it is written, and the words beside it."""

    preposition: str
    written: str
    keys: frozenset[str]
    beside: frozenset[str]

    @property
    def countries(self) -> frozenset[str]:
        """The countries, also those that a capital stands for."""
        return self.keys & _COUNTRIES


def placed(one: Related, case: Case) -> Related:
    """Return what is said of a claim; of another place than the claim's, it waits, and bears the claim out at most."""
    reason = of_another_place(one, case)
    if reason is None:
        return one
    claim = case.story.claims[one.link.claim.id].current
    return replace(one, relation=Relation.CORROBORATES, difference=None, current=claim, reason=reason, unsure=True)


def of_another_place(one: Related, case: Case) -> str | None:
    """Return why lines are of another place than their claim; one that names no place is of that of the story."""
    text = one.link.claim.original.text
    return elsewhere(text if aimed(text) else case.story.title, [line.text for line in one.link.lines], case)


def elsewhere(said: str, lines: Sequence[str], case: Case) -> str | None:
    """Return in words that lines and headline tell of another place than a claim or title, None where none does."""
    told = [place for line in dict.fromkeys((case.reading.texts[0], *lines)) for place in aimed(line)]
    for mine in aimed(said):
        if _named(mine, case):
            continue
        theirs = [place for place in told if _in_its_place(mine, place, said, case)]
        if theirs and all(place.keys.isdisjoint(case.profile.seed_names) for place in theirs):
            return f"it names {theirs[0].written} where {mine.written} is tracked: perhaps of another place"
    return None


def _in_its_place(mine: Aimed, place: Aimed, said: str, case: Case) -> bool:
    """Tell whether a place may stand for the other: a country for a country, else one with the same words beside it.

    What names a person or body of the claim may happen anywhere about it, within a country.
    """
    if mine.countries or place.countries:
        return bool(mine.countries and place.countries)
    about = (names(said) & case.reading.names) - _COUNTRIES - SEAT.keys()
    return mine.preposition == place.preposition and not mine.beside.isdisjoint(place.beside) and not about


def _named(place: Aimed, case: Case) -> bool:
    """Tell whether the entry names a place anywhere, in its address too."""
    keys = place.countries or place.keys
    return any(key in case.reading.names or content_words(key) <= case.reading.words for key in keys)


@lru_cache(maxsize=2_000)
def aimed(text: str) -> tuple[Aimed, ...]:
    """Return the places that stand behind a preposition; where every word is written large, only countries."""
    found = [_aimed(match) for match in _AIMED.finditer(fold(text))]
    if shouts(text):
        found = [replace(one, keys=one.countries, written=", ".join(sorted(one.countries)).title()) for one in found]
    return tuple(one for one in found if one.keys)


def _aimed(match: re.Match[str]) -> Aimed:
    beside = (match.string[: match.start()].split()[-1:], match.string[match.end() :].split()[:1])
    words = content_words(" ".join(word for side in beside for word in side))
    return Aimed(match[1].lower(), match[2], names(f"in {match[2]}"), words)
