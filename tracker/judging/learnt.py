"""The learnt relation of a sentence to a claim: what can be counted of both, weighed with what the pair model reads."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tracker.judging.evidence import evidence
from tracker.judging.models import EvidenceModel, PairClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LearntRelation:
    """A pair classifier that looks at figures, days, names and words besides what another one reads."""

    def __init__(self, reader: PairClassifier, model: EvidenceModel) -> None:
        self._reader = reader
        self._model = model

    @property
    def version(self) -> str:
        """Names of both models."""
        return f"{self._model.version} over {self._reader.version}"

    def classify(self, pairs: Sequence[tuple[str, str]]) -> "NDArray[np.float32]":
        """Return calibrated probabilities of (supports, refutes, neither) for (claim, sentence), shape (n, 3)."""
        read = self._reader.classify(pairs)
        if not pairs:
            return read
        return self._model.weigh(counted(pairs), read)


def counted(pairs: Sequence[tuple[str, str]]) -> "NDArray[np.float32]":
    """Return the evidence of pairs (claim, sentence) as rows, in the order of its names."""
    return np.array([list(evidence(claim, sentence).values()) for claim, sentence in pairs], np.float32)
