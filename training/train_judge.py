"""Fits the judge's logistic regressions and writes tracker/judging/parameters.py.

    python training/train_judge.py DATA_DIR

Relevance and happenings learn from topics of FNC-1, linking from pages of VitaminC; whole topics and pages go to one
part (train, calibration, dev). Thresholds: relevance 0.5 (weights are set so that the odds are those of a mixed feed),
the others by F1 on the calibration part. Takes about ten minutes on two cores.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from judge_rows import Row, happening_rows, linking_rows, relevance_rows

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.judging.reading import Reader

TARGET = Path(__file__).parents[1] / "tracker/judging/parameters.py"
RIDGE = 1.0
HEAD = '''"""Weights of the judge's logistic regressions: made by training/train_judge.py, which says how. Do not edit.

Data: FNC-1 (Apache-2.0) for relevance and happenings, VitaminC (CC BY-SA 3.0) for linking. No replay case was read.
"""

from collections.abc import Mapping

VERSION = "1"
'''


def fit(rows: list[Row]) -> tuple[dict[str, float], dict[str, float]]:
    """Weights by feature and "bias", and the means of the features: ridge logistic regression by Newton's method."""
    names = list(rows[0].values)
    train = [row for row in rows if row.part == "train"]
    raw = np.array([[row.values[name] for name in names] for row in train])
    target = np.array([row.positive for row in train], dtype=float)
    weight = np.array([row.weight for row in train])
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    design = np.c_[(raw - mean) / spread, np.ones(len(raw))]
    ridge = np.diag([RIDGE] * len(names) + [1e-6])
    found = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        gradient = design.T @ (weight * (p - target)) + ridge @ found
        found -= np.linalg.solve((design.T * (weight * p * (1 - p) + 1e-9)) @ design + ridge, gradient)
    scaled = found[:-1] / spread
    weights = {name: float(value) for name, value in zip(names, scaled, strict=True)}
    return {**weights, "bias": float(found[-1] - scaled @ mean)}, dict(zip(names, map(float, mean), strict=True))


def probabilities(rows: list[Row], weights: dict[str, float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The regression's probability for each row."""
    names = [name for name in weights if name != "bias"]
    odds = np.array([[row.values[name] for name in names] for row in rows]) @ [weights[name] for name in names]
    return 1 / (1 + np.exp(-np.clip(odds + weights["bias"], -30, 30)))


def best(rows: list[Row], weights: dict[str, float], at: float | None = None) -> tuple[float, float]:
    """The best weighted F1 and its threshold; or that at a given threshold."""
    p = probabilities(rows, weights)
    y, w = np.array([row.positive for row in rows], dtype=float), np.array([row.weight for row in rows])
    tried = [at] if at is not None else sorted(set(np.round(p, 2)))
    return max((float(2 * (y * w)[p >= t].sum() / (w[p >= t].sum() + (y * w).sum())), float(t)) for t in tried)


def learn(name: str, make: Callable[[], Iterator[Row]], fixed: float | None) -> tuple[str, float]:
    """Fit one regression, print how it does on each part, return its source text and threshold."""
    rows = list(make())
    weights, means = fit(rows)
    parts = {place: [row for row in rows if row.part == place] for place in ("train", "calibration", "dev")}
    at = fixed if fixed is not None else best(parts["calibration"], weights)[1]
    print(name, len(rows), "rows; F1 at", at, {place: round(best(r, weights, at)[0], 3) for place, r in parts.items()})
    table = _table(name, weights)
    return (table + _table(f"{name}_MEANS", means) if name == "RELEVANCE" else table), at


def _table(name: str, values: dict[str, float]) -> str:
    rows = "".join(f'    "{key}": {value:.4f},\n' for key, value in values.items())
    return f"\n{name}: Mapping[str, float] = {{\n{rows}}}\n"


def main(folder: Path) -> None:
    """Learn all three and write them."""
    reader = Reader(MiniLmEncoder(remembered=200_000))
    relevant, at_relevant = learn("RELEVANCE", partial(relevance_rows, folder, reader), 0.5)
    linked, _ = learn("LINKING", partial(linking_rows, folder, reader), None)
    same, _ = learn("HAPPENING", partial(happening_rows, folder, reader), 0.5)
    limits = f"\nRELEVANT = {at_relevant}\nSAME = 0.5\n"
    TARGET.write_text(HEAD + relevant + linked + same + limits, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
