"""Figures of stances: the challenge's weighted score, F1 of each stance, and how far chance moves them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from stance_rows import STANCES, UNRELATED

FIGURES = ("weighted", "macro-F1", *STANCES, "accuracy")
_DRAWS = 1000
_MATCH, _RELATED = 0.25, 0.25  # the challenge: for the right stance; for seeing that a related pair is related
_EXACT = 0.5  # and for the right stance of a related pair
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def _worth() -> Floats:
    """What the challenge gives for (true, found)."""
    worth = np.zeros((len(STANCES),) * 2)
    worth[:UNRELATED, :UNRELATED] = _RELATED
    worth += np.diag([_MATCH + _EXACT] * UNRELATED + [_MATCH])
    return worth


def confusion(truth: Ints, found: Ints) -> Floats:
    """Counts of (true, found), shape (4, 4)."""
    size = len(STANCES)
    return np.bincount(truth * size + found, minlength=size * size).reshape(size, size).astype(np.float64)


def of_counts(counts: Floats) -> Floats:
    """FIGURES of counts of (true, found), shape (..., 4, 4): per cent of the greatest score, then shares."""
    worth, right = _worth(), np.diagonal(counts, axis1=-2, axis2=-1)
    each = 2 * right / np.maximum(counts.sum(-1) + counts.sum(-2), 1)
    weighted = 100 * (counts * worth).sum((-2, -1)) / (counts.sum(-1) * np.diag(worth)).sum(-1)
    accuracy = right.sum(-1) / counts.sum((-2, -1))
    return np.concatenate([weighted[..., None], each.mean(-1)[..., None], each, accuracy[..., None]], axis=-1)


def bounds(truth: Ints, found: Ints, groups: Ints) -> Floats:
    """The 2.5th and 97.5th percentile of FIGURES when bodies (or stories) are drawn anew, shape (2, figures)."""
    rng, names = np.random.default_rng(7), np.unique(groups)
    counts = np.stack([confusion(truth[groups == name], found[groups == name]) for name in names])
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=_DRAWS)
    return np.percentile(of_counts(np.tensordot(drawn, counts, axes=1)), [2.5, 97.5], axis=0)


def line(who: str, truth: Ints, found: Ints, groups: Ints) -> str:
    """One row of a table in Markdown: each figure with its 95 % interval below it in brackets."""
    middle, (low, high) = of_counts(confusion(truth, found)), bounds(truth, found, groups)
    cells = [
        f"{value:.1f} ({a:.1f}-{b:.1f})" if name == "weighted" else f"{value:.3f} ({a:.2f}-{b:.2f})"
        for name, value, a, b in zip(FIGURES, middle, low, high, strict=True)
    ]
    return f"| {who} | " + " | ".join(cells) + " |"
