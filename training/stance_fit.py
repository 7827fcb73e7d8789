"""The gated stages: related or not, then agree, discuss or disagree; and the decision that weighs their chances."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GroupKFold
from stance_rows import UNRELATED
from stance_scores import confusion, of_counts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = NDArray[np.float32]
SEEDS = (7, 8, 9)
_FOLDS = 5
_SHARED = {"learning_rate": 0.04, "lambda_l2": 5.0, "bagging_freq": 1, "bagging_fraction": 0.7, "deterministic": True,
           "force_row_wise": True, "num_threads": 1, "verbose": -1}  # fmt: skip
GATE = {**_SHARED, "objective": "binary", "num_leaves": 15, "min_data_in_leaf": 60, "feature_fraction": 0.6}
STANCE = {**_SHARED, "objective": "multiclass", "num_class": UNRELATED, "num_leaves": 7, "min_data_in_leaf": 40,
          "feature_fraction": 0.2}  # fmt: skip
GATE_ROUNDS, STANCE_ROUNDS = 250, 250


def folds(groups: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Five pairs of (rows to fit on, rows to predict), no group on both sides."""
    yield from GroupKFold(_FOLDS, shuffle=True, random_state=7).split(groups, groups=groups)


def trees(settings: dict[str, object], rounds: int, columns: Columns, labels: Ints) -> list[lightgbm.Booster]:
    """Boosted trees, one for each of SEEDS; their mean is less a matter of chance than one of them."""
    return [lightgbm.train({**settings, "seed": seed}, lightgbm.Dataset(columns, labels), rounds) for seed in SEEDS]


def mean_of(boosters: Sequence[lightgbm.Booster], columns: Columns) -> Floats:
    """The mean of what trees predict."""
    return np.mean([np.asarray(booster.predict(columns)) for booster in boosters], axis=0)


def of_texts(texts: Sequence[str], fit: Ints, labels: Ints, groups: Ints) -> Columns:
    """Chances of agree, discuss, disagree for every text, by a linear reading of its words fitted on rows `fit`.

    The rows fitted on are read by models of the other groups, as rows not fitted on are.
    """
    each, place = np.unique(np.array(texts, dtype=object), return_inverse=True)
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=4, sublinear_tf=True, max_features=20_000, tokenizer=str.split, token_pattern=None
    )
    seen = words.fit(each[np.unique(place[fit])]).transform(each)[place]
    found = np.asarray(_reader(seen[fit], labels, seen), np.float32)
    for others, held in folds(groups):
        found[fit[held]] = _reader(seen[fit[others]], labels[others], seen[fit[held]])
    return found


def _reader(known: csr_matrix, labels: Ints, asked: csr_matrix) -> Floats:
    model = SGDClassifier(
        loss="log_loss", alpha=1e-4, class_weight="balanced", average=True, max_iter=8, tol=None, random_state=7
    )
    return np.asarray(model.fit(known, labels).predict_proba(asked))


class Decision(NamedTuple):
    """What the chances of agree, disagree and unrelated are multiplied by before the greatest is taken; discuss: 1."""

    agree: float
    disagree: float
    unrelated: float

    def of(self, chances: Floats) -> Ints:
        """The stance of every row of chances of STANCES."""
        return np.asarray((chances * np.array([self.agree, 1.0, self.disagree, self.unrelated])).argmax(1))


def decision(chances: Floats, truth: Ints) -> Decision:
    """The decision of the greatest sum of weighted score (1 for all) and macro-F1, out of a fixed grid."""
    grid = itertools.product(np.geomspace(0.5, 2, 9), np.geomspace(0.5, 8, 17), np.geomspace(0.4, 2.5, 5))

    return max((Decision(*map(float, each)) for each in grid), key=lambda one: worth(truth, one.of(chances)))


def worth(truth: Ints, found: Ints) -> float:
    """What a decision is chosen by: the share of the greatest weighted score and macro-F1 together, at most 2."""
    figures = of_counts(confusion(truth, found))
    return float(figures[0] / 100 + figures[1])


def joined(related: Floats, stances: Floats) -> Floats:
    """Chances of STANCES out of the chance of being related and those of the related stances."""
    return np.concatenate([related[:, None] * stances, 1 - related[:, None]], axis=1)
