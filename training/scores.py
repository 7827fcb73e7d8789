"""Figures of a pair classifier: accuracy, F1, what it gets right where it is surer, calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rows import LABELS, Row
from sklearn.metrics import accuracy_score, f1_score, log_loss


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float64]:
    """Probabilities of logits divided by the temperature."""
    scaled = logits.astype(np.float64) / temperature
    raised = np.exp(scaled - scaled.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def temperature(logits: NDArray[np.float32], rows: Sequence[Row]) -> float:
    """The temperature of least log loss (Guo et al. 2017), to two digits, found on a grid from 0.5 to 4."""
    truth = [r.label for r in rows]
    grid = np.arange(0.5, 4.0, 0.01)
    losses = [log_loss(truth, softmax(logits, t), labels=range(len(LABELS))) for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 2)


def calibration_error(chances: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Expected calibration error over ten bins of the top probability."""
    top, right = chances.max(1), chances.argmax(1) == truth
    bins = np.minimum((top * 10).astype(int), 9)
    gaps = [abs(top[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(np.sum(gaps))


def figures(chances: NDArray[np.float64], rows: Sequence[Row]) -> dict[str, float]:
    """Accuracy, macro-F1, F1 of each label, accuracy of the surer half, calibration error, and the row count."""
    truth, found = np.array([r.label for r in rows]), chances.argmax(1)
    surer = np.argsort(-chances.max(1), kind="stable")[: len(rows) // 2]
    labels = sorted(set(truth.tolist()))
    each = f1_score(truth, found, labels=labels, average=None, zero_division=0)
    return {
        "rows": len(rows),
        "accuracy": round(float(accuracy_score(truth, found)), 4),
        "macro_f1": round(float(np.mean(each)), 4),
        **{f"f1_{LABELS[label]}": round(float(f1), 4) for label, f1 in zip(labels, each, strict=True)},
        "accuracy_surer_half": round(float(accuracy_score(truth[surer], found[surer])), 4),
        "calibration_error": round(calibration_error(chances, truth), 4),
    }
