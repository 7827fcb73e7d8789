"""Which entries their words alone tell not to belong: nothing of them is encoded.

Nineteen in twenty entries of a feed share next to nothing with a story. Relevance is a regression whose costly features
are cosines: were all of them as high as `CEILINGS`, and the entry still short of belonging, no encoder can change that.
The ceilings are measured: together they add 7.9 to the log-odds, where 0 belongs, and of 1,823 related entries of the
training rows that the whole regression takes in none needs more than 7.7. training/measure_gate.py looks again.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from math import fsum

from tracker.domain.words import fold, plain_word, stem
from tracker.judging import parameters
from tracker.judging.background import weight
from tracker.judging.outline import PLACES, Outline
from tracker.judging.reading import Worded
from tracker.judging.relevance import LINE_TO_KNOWN, LINE_TO_SEED, WHOLE_TO_SEED, logistic
from tracker.judging.verdict import Stage

CEILINGS: Mapping[str, float] = {
    LINE_TO_SEED: 0.80,
    LINE_TO_KNOWN: 0.70,
    "meaning of the whole to the middle of the story": 0.65,
    WHOLE_TO_SEED: 0.65,
    "its words met in meaning by the seed": 0.60,
    "best claim's words met in meaning": 0.65,
}
"""The highest that words which say next to nothing of the story leave possible; the lowest is 0."""

MET: Mapping[str, float] = {
    "its words met in meaning by the seed": 1.0,
    "best claim's words met in meaning": 1.0,
}
"""The features that take the vector of each word, and the most that they can be."""

UNREAD: Mapping[str, float] = {**MET, LINE_TO_KNOWN: 1.0}
"""Those besides that take the vectors of the entries that a story knows: a cosine is 1 at most."""

OVER_WHOLE: Mapping[str, float] = {LINE_TO_SEED: 0.3, LINE_TO_KNOWN: 0.45}
"""How much nearer to title and claims, or to the entries known, a line may be than the whole is to title and claims.

Measured: of the same 1,823 rows none falls short as a whole with these. In a round-up one line may say all.
"""
FEW = 3
"""Lines of an entry of which the whole is telling."""

LEAST = 0.7
"""Weight of the words shared with a story from which an entry can belong; a name shared is enough by itself."""

_LISTED = 3
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
NOTHING = 0.0, Stage("relevance", "does not belong", "shares nothing telling with the story")
"""Score and stage of an entry that shares nothing telling."""
_ECHO = 0.15
"""Likeness in words to a known entry from which an entry may be a copy of it, and is read in full."""


def shut_out(
    entry: Worded, story: Outline, values: Mapping[str, float], weights: Mapping[str, float]
) -> tuple[float, Stage] | None:
    """Return score and stage of an entry that shares something telling but cannot belong, None for one that may.

    That is to be read in full. The score is what the entry has with the meaning of an ordinary entry; `values` are its
    word features, `weights` those of the regression.
    """
    if values["words like one entry known"] >= _ECHO or _most(values, CEILINGS, weights) >= parameters.RELEVANT:
        return None
    words = listed(entry, entry.words & story.ledger_words)
    return falls_short(values, CEILINGS, weights, f"shares too little with the story ({words or 'a name'})")


def at_most(values: Mapping[str, float]) -> Mapping[str, float]:
    """Return the most that the evidence of each line and word can be, given that of the whole."""
    return {**MET, **{name: min(1.0, values[WHOLE_TO_SEED] + over) for name, over in OVER_WHOLE.items()}}


def falls_short(
    values: Mapping[str, float], ceilings: Mapping[str, float], weights: Mapping[str, float], reason: str
) -> tuple[float, Stage] | None:
    """Return score and stage of an entry that does not belong whatever the features not in `values`, else None."""
    most = _most(values, ceilings, weights)
    if most >= parameters.RELEVANT:
        return None
    means = {name: parameters.RELEVANCE_MEANS[name] for name in ceilings}
    detail = f"{reason}: at most {most:.2f}, however near in meaning"
    return logistic({**values, **means}, weights), Stage("relevance", "does not belong", detail, values)


def _most(values: Mapping[str, float], ceilings: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the most that the regression can come to, however near in meaning."""
    best = {name: ceiling if weights[name] > 0 else 0.0 for name, ceiling in ceilings.items()}
    return logistic({**values, **best}, weights)


def telling(entry: Worded, story: Outline) -> bool:
    """Say whether an entry shares with a story words of any weight, or the name of a person or body.

    An index answers this for many stories at once: see `index.Index`.
    """
    shared = entry.words & story.ledger_words  # summed without rounding, since a set has no order of its own
    return fsum(map(weight, shared)) >= LEAST or not (entry.names - PLACES).isdisjoint(story.ledger_names)


def listed(entry: Worded, shared: frozenset[str]) -> str:
    """Return the rarest words shared, as the text of the entry or its address writes them; "" where there are none."""
    written = _written(entry.texts, entry.address)
    rarest = sorted(shared & written.keys(), key=lambda root: (-weight(root), root))[:_LISTED]
    return ", ".join(f"'{written[root]}'" for root in rarest)


@lru_cache(maxsize=64)  # one entry is looked at for every story in turn
def _written(texts: tuple[str, ...], address: str) -> Mapping[str, str]:
    """Each stem as the first text that has it writes it."""
    return {
        stem(plain_word(word).removesuffix("'s")): word.removesuffix("'s")
        for text in reversed((*texts, address))
        for word in _WORD.findall(fold(text))
    }
