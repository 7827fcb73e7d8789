"""Pairs of FNC-1: a headline against the sentence of the body that it rests on, and sentences that are only near."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from news_sentences import Sentence
from numpy.typing import NDArray
from rows import NEITHER, REFUTES, SUPPORTS, Row, read

from tracker.adapters.models.encoder import MiniLmEncoder

_FALSE = re.compile(
    r"\b(?:false|hoax|fake|untrue|den(?:y|ied|ies)|debunk\w*|not true|no truth|no evidence|dismiss\w*|refut\w*|made up|"
    r"fabricated)\b",
    re.IGNORECASE,
)
_FOR, _AGAINST = 0.65, 0.5  # cosine of headline and sentence from which the stance is taken to rest on it
_NEAR = (0.25, 0.6)  # cosine: same subject, another statement
_LONGEST = 45  # words


class Bodies:
    """The sentences of every body with their vectors."""

    def __init__(self, sentences: list[Sentence], encoder: MiniLmEncoder) -> None:
        self.parts = {s.body: s.part for s in sentences}
        self.texts: dict[str, list[str]] = {}
        for s in sentences:
            if 5 < len(s.text.split()) < _LONGEST and len(self.texts.setdefault(s.body, [])) < 12:
                self.texts[s.body].append(s.text)
        flat = [t for texts in self.texts.values() for t in texts]
        vectors, at = encoder.encode(flat), 0
        self.vectors: dict[str, NDArray[np.float32]] = {}
        for body, texts in self.texts.items():
            self.vectors[body] = vectors[at : at + len(texts)]
            at += len(texts)


def _headline_pair(headline: str, stance: str, text: str, cosine: float) -> Row | None:
    """A row for the best sentence, where stance and likeness leave little doubt."""
    if stance == "agree" and cosine > _FOR:
        return Row(headline, text, SUPPORTS, "fnc: agree")
    if stance == "disagree" and cosine > _AGAINST and _FALSE.search(text) and not _FALSE.search(headline):
        return Row(headline, text, REFUTES, "fnc: disagree")
    return None


def headline_pairs(folder: Path, bodies: Bodies, encoder: MiniLmEncoder) -> Iterator[tuple[str, Row]]:
    """(part, row): headlines whose body agrees or disagrees, against the sentence nearest in meaning.

    The parts are split by story (see news_sentences), so no headline stands in two of them.
    """
    for r in read(folder, "fnc1_train_stances"):
        body = f"fnc-{r['body_id']}"
        if r["stance"] not in {"agree", "disagree"} or body not in bodies.texts:
            continue
        near = bodies.vectors[body] @ encoder.encode([r["headline"]])[0]
        best = int(near.argmax())
        row = _headline_pair(r["headline"], r["stance"], bodies.texts[body][best], float(near[best]))
        if row is not None:
            yield bodies.parts[body], row


def near_pairs(bodies: Bodies, part: str, count: int, rng: random.Random) -> Iterator[Row]:
    """Two sentences of one body that speak of the same matter and say different things; every fifth from two bodies."""
    own = [b for b in bodies.texts if bodies.parts[b] == part and len(bodies.texts[b]) > 3]
    while count:
        body = rng.choice(own)
        other = rng.choice(own) if count % 5 == 0 else body
        first, second = rng.randrange(len(bodies.texts[body])), rng.randrange(len(bodies.texts[other]))
        cosine = float(bodies.vectors[body][first] @ bodies.vectors[other][second])
        if _NEAR[0] < cosine < _NEAR[1] or other != body:
            count -= 1
            yield Row(bodies.texts[body][first], bodies.texts[other][second], NEITHER, "made: near")
