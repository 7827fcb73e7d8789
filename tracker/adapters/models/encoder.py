"""The sentence encoder all-MiniLM-L6-v2, run by onnxruntime."""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from tracker.adapters.models.memory import RowMemory
from tracker.adapters.models.session import Model, read_card, shipped_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "encoder"
DIMENSIONS = 384
_BATCH = 32
_REMEMBERED = 20_000  # texts; about 30 MB of vectors


class MiniLmEncoder:
    """Sentences to vectors of length one whose dot product is their likeness in meaning (cosine).

    English only; of a longer text the first 256 word pieces count. The weights are stored in 8 bits and computed in
    32-bit floats: the vector of a text does not depend on the texts beside it, up to rounding of the last digits.
    """

    def __init__(self, folder: Traversable | None = None, *, threads: int = 2, remembered: int = _REMEMBERED) -> None:
        """Open no file yet: the model is loaded at the first text that is not remembered."""
        self._folder = folder or shipped_folder()
        self._threads = threads
        self._memory: RowMemory[str] = RowMemory(remembered)

    @cached_property
    def version(self) -> str:
        """Name and first digits of the file's SHA-256. Raises TrackerError when the model card is missing."""
        card = read_card(self._folder, NAME)
        return f"{card['name']}@{card['sha256'][:12]}"

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return rows of unit length, shape (len(texts), 384). Raises TrackerError when a model file is unusable."""
        return self._memory.rows(texts, self._computed, width=DIMENSIONS)

    def _computed(self, texts: list[str]) -> "NDArray[np.float32]":
        return self._model.run(texts, batch=_BATCH)

    @cached_property
    def _model(self) -> Model:
        return Model(self._folder, NAME, threads=self._threads)
