"""The small models that the judge reads with."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encoder(Protocol):
    """Turns sentences into vectors whose dot product is their likeness in meaning."""

    @property
    def version(self) -> str:
        """Name of the model file, so that a score can be traced to it."""

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return rows of unit length, shape (len(texts), dimension)."""


class PairClassifier(Protocol):
    """Says whether a sentence supports or refutes a claim."""

    @property
    def version(self) -> str:
        """Name of the model file, so that a score can be traced to it."""

    def classify(self, pairs: Sequence[tuple[str, str]]) -> "NDArray[np.float32]":
        """Return calibrated probabilities of (supports, refutes, neither) for (claim, sentence), shape (n, 3)."""


class LanguageModel(Protocol):
    """Names the language of a text."""

    def read(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of a text, as an ISO 639-1 code, and the belief in it, 0 to 1."""


class EvidenceModel(Protocol):
    """Weighs what was counted of a claim and a sentence with what a pair classifier reads."""

    @property
    def version(self) -> str:
        """Name of the model file, so that a score can be traced to it."""

    def weigh(self, evidence: "NDArray[np.float32]", read: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return calibrated probabilities of (supports, refutes, neither), shape (n, 3).

        From rows of evidence and of the classifier's probabilities.
        """
