"""The same article under a new id: its publisher edited the headline, and with it the guid or the address."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

from rapidfuzz.fuzz import ratio

from tracker.domain.address import article
from tracker.domain.entry import Entry
from tracker.domain.words import plain

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
        self._gone = list(gone) if len(document) > 1 else []
        self._document, self._all_gone = document, gone

    def of(self, entry: Entry) -> str | None:
        """Return the id under which the entry is held, None for one that is none of them. Each is found once."""
        address = article(entry.url) if entry.url and self._gone else None
        for one in self._gone:
            same = self._is_same_address(address, one) or self._is_same_text(_text(entry), entry, one)
            if same and as_old_as(one.published, entry.published):
                self._gone.remove(one)
                return one.id
        return None

    def _is_same_address(self, address: str | None, one: Entry) -> bool:
        """Tell whether an address is of that one, and of no other in the new document or of what is gone."""
        if not address or not one.url or article(one.url) != address:
            return False
        return self._addresses[address] == self._addresses_gone[address] == 1

    @cached_property
    def _addresses(self) -> Counter[str]:
        return Counter(article(one.url) for one in self._document if one.url)

    @cached_property
    def _addresses_gone(self) -> Counter[str]:
        return Counter(article(one.url) for one in self._all_gone if one.url)

    @cached_property
    def _texts(self) -> Counter[str]:
        return Counter(_text(one) for one in (*self._document, *self._all_gone))

    def _is_same_text(self, text: str, entry: Entry, one: Entry) -> bool:
        other = _text(one)
        alone = self._texts[text] <= 1 + (text == other) and self._texts[other] <= 1 + (text == other)
        return (
            alone
            and min(len(text), len(other)) >= _LEAST_TEXT
            and ratio(plain(entry.title), plain(one.title)) >= _TITLE_ALIKE
            and ratio(text, other) > _TEXT_ALIKE
        )


def _text(entry: Entry) -> str:
    return (entry.summary or entry.text)[:_COMPARED]
