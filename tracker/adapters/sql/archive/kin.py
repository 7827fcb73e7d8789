"""The same article under a new id: its publisher edited the headline, and with it the guid or the address."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from rapidfuzz.fuzz import ratio

from tracker.domain.address import article
from tracker.domain.entry import Entry
from tracker.domain.words import plain

MOST_GONE = 50
"""Entries that may leave a feed at once, and one of them still be taken for an edited one that stands there now."""
_SAME_ISSUE = timedelta(days=1)
_TITLE_ALIKE, _TEXT_ALIKE = 75, 98
"""In percent, from which on two titles and two texts are of one item."""
_LEAST_TEXT = 40  # characters; a shorter text is a rubric's, or none
_COMPARED = 2_000


def as_old_as(one: datetime | None, other: datetime | None) -> bool:
    """Tell two copies from two issues of what keeps its address and title, such as a daily briefing."""
    return one is None or other is None or abs(one - other) < _SAME_ISSUE


class Kin:
    """Finds which of the entries that a feed shows no more an unknown one of its new document is.

    What tells must tell one item: an address or a text that several of the document share, as in live tickers and
    portals, tells nothing. Nor does a document of a single item, which has nothing to be told apart from.
    """

    def __init__(self, document: Sequence[Entry], gone: Sequence[Entry]) -> None:
        self._gone = [_Known.of(entry) for entry in gone] if len(document) > 1 else []
        self._document, self._all_gone = document, gone

    def of(self, entry: Entry) -> str | None:
        """Return the id under which the entry is held, None for one that is none of them. Each is found once."""
        wanted = _Known.of(entry) if self._gone else None
        for one in self._gone if wanted else ():
            if wanted and as_old_as(one.published, entry.published) and self._is_one(one, wanted):
                self._gone.remove(one)
                return one.entry
        return None

    def _is_one(self, one: "_Known", other: "_Known") -> bool:
        if one.address and one.address == other.address:
            return self._addresses[one.address] == (1, 1)
        if min(len(one.text), len(other.text)) < _LEAST_TEXT or ratio(one.title, other.title) < _TITLE_ALIKE:
            return False
        same = one.text == other.text
        alone = self._texts[one.text] <= 1 + same and self._texts[other.text] <= 1 + same
        return alone and ratio(one.text, other.text, score_cutoff=_TEXT_ALIKE) > _TEXT_ALIKE

    # Counted only where one is found again: to take addresses apart costs more than all the rest.
    @cached_property
    def _addresses(self) -> Mapping[str, tuple[int, int]]:
        """How often each address stands in the new document, and among what is gone."""
        shown, gone = (Counter(article(one.url) for one in of if one.url) for of in (self._document, self._all_gone))
        return {address: (times, gone[address]) for address, times in shown.items()}

    @cached_property
    def _texts(self) -> Counter[str]:
        return Counter(_text(one) for one in (*self._document, *self._all_gone))


@dataclass(frozen=True, slots=True)
class _Known:
    """What of an entry is compared."""

    entry: str
    address: str | None
    title: str
    text: str
    published: datetime | None

    @classmethod
    def of(cls, entry: Entry) -> "_Known":
        address = article(entry.url) if entry.url else None
        return cls(entry.id, address, plain(entry.title), _text(entry), entry.published)


def _text(entry: Entry) -> str:
    return (entry.summary or entry.text)[:_COMPARED]
