"""Which entries their words alone tell not to belong: nothing of them is encoded.

Nineteen in twenty entries of a feed share next to nothing with a story. Relevance is a regression whose costly features
are cosines: were all of them as high as `CEILINGS`, and the entry still short of belonging, no encoder can change that.
The ceilings are the highest values measured on entries that share as little; `python -m benchmarks.judge` looks again.
"""

from collections.abc import Mapping

from tracker.judging import parameters
from tracker.judging.background import weight
from tracker.judging.outline import PLACES, Outline
from tracker.judging.reading import Worded
from tracker.judging.relevance import logistic, word_features
from tracker.judging.verdict import Stage

CEILINGS: Mapping[str, float] = {
    "meaning of the best line to title and claims": 0.65,
    "meaning of the best line to the entries known": 0.70,
    "meaning of the whole to the middle of the story": 0.50,
    "meaning of the whole to title and claims": 0.55,
    "its words met in meaning by the seed": 0.60,
    "best claim's words met in meaning": 0.65,
}
"""The highest that words which say next to nothing of the story leave possible; the lowest is 0."""

LEAST = 0.7
"""Weight of the words shared with a story from which an entry can belong; a name shared is enough by itself."""

_ECHO = 0.15
"""Likeness in words to a known entry from which an entry may be a copy of it, and is read in full."""


def shut_out(entry: Worded, story: Outline, weights: Mapping[str, float]) -> tuple[float, Stage] | None:
    """Return score and stage of an entry that cannot belong, None for one that may: it is to be read in full.

    The score is what the entry has with the meaning of an ordinary entry; `weights` are those of the regression.
    """
    shared = entry.words & story.ledger_words
    if not telling(entry, story, shared):
        return 0.0, Stage("relevance", "does not belong", f"shares nothing telling with the story{_listed(shared)}")
    values = word_features(entry, story)
    if values["words like one entry known"] >= _ECHO:
        return None
    most = logistic({**values, **_highest(weights)}, weights)
    if most >= parameters.RELEVANT:
        return None
    means = {name: parameters.RELEVANCE_MEANS[name] for name in CEILINGS}
    detail = f"shares too little with the story{_listed(shared)}: at most {most:.2f}, however near in meaning"
    return logistic(values | means, weights), Stage("relevance", "does not belong", detail, values)


def telling(entry: Worded, story: Outline, shared: frozenset[str]) -> bool:
    """Say whether an entry shares with a story words of any weight, or the name of a person or body."""
    return sum(map(weight, shared)) >= LEAST or not (entry.names - PLACES).isdisjoint(story.ledger_names)


def _highest(weights: Mapping[str, float]) -> Mapping[str, float]:
    """What cannot be exceeded: the ceiling of a feature that speaks for belonging, 0 of one that speaks against it."""
    return {name: ceiling if weights[name] > 0 else 0.0 for name, ceiling in CEILINGS.items()}


def _listed(shared: frozenset[str]) -> str:
    rarest = sorted(shared, key=lambda word: (-weight(word), word))[:3]
    return f" but {', '.join(rarest)}" if rarest else ""
