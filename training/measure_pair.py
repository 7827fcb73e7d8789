"""Score the shipped pair model, by way of the product's own class, on the parts that it was not trained on."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pair_data import load
from rows import LABELS, REFUTES, SUPPORTS, Row
from scores import figures

from tracker.adapters.models.pair import PairModel

REPOSITORY = Path(__file__).resolve().parents[1]


def by_rule(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows of a part by the set or rule that they come from."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.origin].append(row)
    return dict(sorted(found.items()))


def report(model: PairModel, name: str, rows: list[Row]) -> None:
    """Print the figures of a part, of each rule in it, and the time a pair took."""
    started = time.perf_counter()
    chances = model.classify([(r.claim, r.sentence) for r in rows]).astype(np.float64)
    spent = 1000 * (time.perf_counter() - started) / len(rows)
    print(f"{name} {figures(chances, rows)} {spent:.1f} ms a pair", flush=True)
    truth = np.array([r.label for r in rows])
    for origin, own in by_rule(rows).items():
        mine = np.array([r.origin == origin for r in rows])
        right = (chances.argmax(1) == truth)[mine].mean()
        print(f"    {origin}: {len(own)} rows, accuracy {right:.4f}", flush=True)
    thresholds(name, chances, truth)


def thresholds(name: str, chances: NDArray[np.float64], truth: NDArray[np.int64]) -> None:
    """Print how often 'supports' and 'refutes' are right, and how many are found, from several chances on."""
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        for label in (SUPPORTS, REFUTES):
            said, is_so = chances[:, label] >= least, truth == label
            precision, recall = (said & is_so).sum() / max(said.sum(), 1), (said & is_so).sum() / max(is_so.sum(), 1)
            print(
                f"    {name}, {LABELS[label]} from {least}: precision {precision:.3f}, recall {recall:.3f}", flush=True
            )


def main() -> None:
    """Report every part but the training one; the calibration part was used to choose the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="labelled sets")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    parts, model = load(options.data, options.seed), PairModel()
    print(f"model {model.version}")
    for name, rows in parts.items():
        if name != "train":
            report(model, name, rows)


if __name__ == "__main__":
    main()
