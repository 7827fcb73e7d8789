"""Is an entry about this story: a logistic regression over likeness in words, names and meaning."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from operator import mul
from typing import TYPE_CHECKING

import numpy as np

from tracker.domain.words import stem
from tracker.judging.background import weight
from tracker.judging.outline import PLACES, Outline
from tracker.judging.profile import Profile
from tracker.judging.reading import UNLIKE, Reading, Seed, Worded, by_weight, held, likeness, mass

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE_TO_SEED = "meaning of the best line to title and claims"
LINE_TO_KNOWN = "meaning of the best line to the entries known"
WHOLE_TO_SEED = "meaning of the whole to title and claims"
"""Names of evidence that the gate asks for one after the other."""

_LATEST = 500
"""Entries of which is remembered what is the same beside every story."""
_LIGHTEST = 1e-9


def features(reading: Reading, profile: Profile) -> dict[str, float]:
    """Return the evidence by name; every value lies within a few units of zero."""
    return read_features(reading, profile) | word_features(reading, profile)


def read_features(reading: Reading, profile: Profile) -> dict[str, float]:
    """Return the part of the evidence that takes an encoder."""
    return met_features(reading, profile) | near_features(reading, profile)


def met_features(reading: Reading, profile: Profile) -> dict[str, float]:
    """Return the part of the evidence that takes the vector of each word: shares in [0, 1]."""
    soft, claim = met(reading, profile)
    return {"its words met in meaning by the seed": soft, "best claim's words met in meaning": claim}


def near_features(reading: Reading, profile: Profile) -> dict[str, float]:
    """Return the part of the evidence that takes the vectors of the whole and of each line: cosines."""
    return (
        whole_features(reading.whole, profile.seed)
        | seed_features(reading, profile.seed)
        | known_features(reading, profile.known_vectors)
    )


def whole_features(whole: "NDArray[np.float32]", seed: Seed) -> dict[str, float]:
    """Return the part of the evidence that takes the vector of the whole entry: cosines."""
    return {
        "meaning of the whole to the middle of the story": float(whole @ seed.centre),
        WHOLE_TO_SEED: float((whole @ seed.vectors.T).max()),
    }


def seed_features(reading: Reading, seed: Seed) -> dict[str, float]:
    """Return the part of the evidence that sets each line beside title and claims: a cosine."""
    return {LINE_TO_SEED: float((reading.vectors @ seed.vectors.T).max())}


def known_features(reading: Reading, known: "NDArray[np.float32] | None") -> dict[str, float]:
    """Return the part of the evidence that takes the vectors of the lines of the entries known, if any: a cosine."""
    best = float((reading.vectors @ known.T).max()) if known is not None and len(known) else 0.0
    return {LINE_TO_KNOWN: best}


def word_features(entry: Worded, story: Outline) -> dict[str, float]:
    """Return the part of the evidence that words alone tell."""
    known = entry.words & story.ledger_words
    keys = sorted(map(story.keys.__getitem__, known), reverse=True)
    actors, places = _apart(entry.names)
    named = sorted((_key_of(name, story) for name in actors & story.ledger_names), reverse=True)
    seed, total = known & story.seed_words, _mass(entry.words)
    shared = by_weight(seed)
    return {
        "words like one claim": _most_alike(entry.bags, story.claim_bags, seed),
        "words like one entry known": _most_alike([entry.words], story.known_bags, known),
        "share of its words that the seed holds": mass(seed) / max(total, _LIGHTEST),
        "share of its words that the story holds": mass(known) / max(total, _LIGHTEST),
        "rarest word shared with the seed": weight(shared[0]) if shared else 0.0,
        "second rarest word shared with the seed": weight(shared[1]) if len(shared) > 1 else 0.0,
        "most telling word of the story": keys[0] if keys else 0.0,
        "three most telling words of the story": sum(keys[:3]),
        "telling words of the story, of its weight": math.fsum(keys) / max(total, 1.0),
        "most telling name of the story": named[0] if named else 0.0,
        "telling names of the story": math.log1p(sum(named)),
        "words shared with the seed": math.log1p(len(shared)),
        "names shared with the seed": math.log1p(len(actors & story.seed_names)),
        "countries shared with the seed": math.log1p(len(places & story.seed_names)),
        "countries unknown to the seed": math.log1p(len(places - story.seed_names)),
        "share of its names that the story holds": held(actors, story.ledger_names) if actors else 0.5,
        "names unknown to the story": math.log1p(len(actors - story.ledger_names)),
        "length": math.log1p(len(entry.words)),
        "entries known": 1.0 if story.known_bags else 0.0,
    }


def met(reading: Reading, profile: Profile) -> tuple[float, float]:
    """Return how far the entry's words are met in meaning by the seed's, and the best claim's words by the entry's.

    Soft alignment, a vector a word: "trainers" meets "instructors". Words weigh by their rarity.
    """
    mine, theirs = reading.spoken, profile.spoken
    if not (mine.stems and theirs.stems):
        return 0.0, 0.0
    near = np.clip((mine.vectors @ theirs.vectors.T - UNLIKE) / (1 - UNLIKE), 0, 1)
    weights = np.array([weight(stem) for stem in mine.stems])
    column = near.max(axis=0)
    claims = [float(column[places] @ worth / worth.sum()) for places, worth in profile.claim_words]
    return float(near.max(axis=1) @ weights / weights.sum()), max(claims, default=0.0)


def _most_alike(ones: Sequence[frozenset[str]], others: Sequence[frozenset[str]], shared: frozenset[str]) -> float:
    """The greatest likeness of two bags; `shared` holds every word of both sides, and whatever has none is unlike."""
    some, rest = ([bag for bag in bags if not shared.isdisjoint(bag)] for bags in (ones, others))
    return max((likeness(one, other) for one, other in product(some, rest)), default=0.0)


@lru_cache(maxsize=_LATEST)
def _apart(names: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Part names into actors and countries: where news happens tells stories less apart than who it happens to."""
    places = frozenset(name for name in names if name in PLACES)
    return names - places, places


def _key_of(name: str, story: Outline) -> float:
    """How telling a name is: that of its most telling word."""
    return max((story.keys.get(stem(part), 0.0) for part in name.split()), default=0.0)


@lru_cache(maxsize=_LATEST)
def _mass(words: frozenset[str]) -> float:
    return mass(words)


def logistic(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the probability of a logistic regression; `weights` holds one weight a feature, and "bias"."""
    total = weights["bias"] + math.fsum(map(mul, map(weights.__getitem__, values), values.values()))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
