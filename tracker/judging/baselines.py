"""What far simpler rules say of an entry, to hold the judge against."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.domain.entry import Entry
from tracker.domain.text import names
from tracker.judging.models import Encoder
from tracker.judging.scoring import Said

SIMILAR = 0.5
"""Cosine from which an entry is taken for like a claim: fixed beforehand, and fitted to nothing."""


class Keyword:
    """Relevant and told is every entry that shares a name with the story as it was opened."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._known = frozenset().union(*map(names, texts))

    def __call__(self, entry: Entry) -> Said:
        """Return what is said of an entry."""
        hit = bool(names(_text(entry)) & self._known)
        return Said(hit, hit, {})


class Similarity:
    """Relevant and told is every entry whose meaning is near to a claim, which it is then taken to corroborate."""

    def __init__(self, encoder: Encoder, claims: Sequence[tuple[str, str]]) -> None:
        """`claims` are ids and texts."""
        self._encoder = encoder
        self._ids = [claim for claim, _ in claims]
        self._claims = encoder.encode([text for _, text in claims])

    def __call__(self, entry: Entry) -> Said:
        """Return what is said of an entry."""
        likeness = self._claims @ self._encoder.encode([_text(entry)])[0]
        near = {claim: "corroborates" for claim, cosine in zip(self._ids, likeness, strict=True) if cosine >= SIMILAR}
        return Said(bool(near), bool(near), near)


def every_relevant(said: Said) -> Said:
    """Return what is said where every entry that the judge takes to belong is told."""
    return replace(said, alert=said.relevant)


def _text(entry: Entry) -> str:
    return f"{entry.title}. {entry.summary}"
