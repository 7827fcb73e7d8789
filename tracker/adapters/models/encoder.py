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
_ALONE = 1
_REMEMBERED = 20_000  # texts; about 30 MB of vectors


class MiniLmEncoder:
    """Sentences to vectors of length one whose dot product is their likeness in meaning (cosine).

    English only; of a longer text the first 256 word pieces count. Matrices are multiplied in 8-bit integers, with one
    scale for all that is in a call, and so one text at a time: its vector does not depend on the texts beside it.
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
        return self._model.run(texts, batch=_ALONE)

    @cached_property
    def _model(self) -> Model:
        return Model(self._folder, NAME, threads=self._threads)
