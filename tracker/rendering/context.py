"""A sentence where it stands: with what an entry says before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.entry import Entry
from tracker.domain.revision import bare
from tracker.domain.text import sentences
from tracker.rendering.plain import line

_MOST = 9
"""Sentences shown at most."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an entry; `quoted`: it is the one that a finding rests on. `title`: it is the headline."""

    text: str
    quoted: bool
    title: bool


def context(entry: Entry, sentence: str) -> tuple[Said, ...]:
    """Return the sentences of an entry from the one before those that are quoted to the one after them.

    None where the entry does not hold them. `sentence` may have several, a line each.
    """
    sought = [f" {' '.join(words)} " for one in sentence.splitlines() if (words := bare(one))]
    body = [one.text for part in (entry.summary, entry.text) for one in sentences(part)]
    told = [(line(one), _holds(one, sought), nth == 0) for nth, one in enumerate((entry.title, *body))]
    hits = [nth for nth, (_, quoted, _) in enumerate(told) if quoted]
    if not hits:
        return ()
    first, last = max(0, hits[0] - 1), min(hits[-1] + 1, hits[0] + _MOST - 2)
    return tuple(Said(*one) for one in told[first : last + 1] if one[0])


def _holds(text: str, sought: Sequence[str]) -> bool:
    words = f" {' '.join(bare(text))} "
    return any(one in words for one in sought)
