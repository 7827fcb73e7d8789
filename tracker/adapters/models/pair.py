"""The sentence-pair model: does a sentence support a claim, refute it, or do neither; run by onnxruntime."""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from tracker.adapters.models.marks import token_marks
from tracker.adapters.models.memory import RowMemory
from tracker.adapters.models.session import Model, read_card, shipped_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "pair"
LABELS = ("supports", "refutes", "neither")
_BATCH = 32
_REMEMBERED = 20_000  # pairs


class PairModel:
    """Chances that a sentence supports a claim, refutes it, or does neither.

    It is told of each word whether the other text holds it, and of each number how it compares (see `marks`). English
    only; of a pair the first 128 word pieces count, cut from the longer side. The chances are calibrated with
    one temperature (Guo et al. 2017, "On calibration of modern neural networks"), which is in the model card.
    """

    def __init__(self, folder: Traversable | None = None, *, threads: int = 2, remembered: int = _REMEMBERED) -> None:
        """Open no file yet: the model is loaded at the first pair that is not remembered."""
        self._folder = folder or shipped_folder()
        self._threads = threads
        self._memory: RowMemory[tuple[str, str]] = RowMemory(remembered)

    @cached_property
    def version(self) -> str:
        """Name and first digits of the file's SHA-256. Raises TrackerError when the model card is missing."""
        card = read_card(self._folder, NAME)
        return f"{card['name']}@{card['sha256'][:12]}"

    def classify(self, pairs: Sequence[tuple[str, str]]) -> "NDArray[np.float32]":
        """Return chances of (supports, refutes, neither) for each (claim, sentence), shape (len(pairs), 3).

        Raises TrackerError when a model file is missing or damaged.
        """
        return self._memory.rows(pairs, self._computed, width=len(LABELS))

    def _computed(self, pairs: list[tuple[str, str]]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415 - loaded when first needed

        scaled = self._model.run_pairs(pairs, batch=_BATCH, types=token_marks) / np.float32(self._temperature)
        raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)

    @cached_property
    def _temperature(self) -> float:
        return float(read_card(self._folder, NAME)["temperature"])

    @cached_property
    def _model(self) -> Model:
        return Model(self._folder, NAME, threads=self._threads)
