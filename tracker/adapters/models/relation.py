"""The learnt relation: trees over the evidence of a pair, weighed with the pair model's chances; run by onnxruntime."""

import os
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from tracker.adapters.models.session import checked, read_card, shipped_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "relation"


class RelationModel:
    """Chances that a sentence supports a claim, refutes it or does neither, from its evidence and a first reading."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Open no file yet: the model is loaded when it is first asked."""
        self._folder = folder or shipped_folder()

    @cached_property
    def version(self) -> str:
        """Name and first digits of the file's SHA-256. Raises TrackerError when the model card is missing."""
        card = read_card(self._folder, NAME)
        return f"{card['name']}@{card['sha256'][:12]}"

    def weigh(self, evidence: "NDArray[np.float32]", read: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return chances of (supports, refutes, neither), shape (n, 3), row by row.

        `evidence` has the columns that the card names, `read` the pair model's chances. Raises TrackerError when a file
        is missing or damaged.
        """
        chances: NDArray[np.float32] = self._session.run(None, {"evidence": evidence, "read": read})[0]
        return chances

    @cached_property
    def _session(self) -> Any:
        # onnxruntime reports its use over the network unless it is told not to before it is loaded.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # noqa: PLC0415 - loaded when first needed

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        content = checked(self._folder, f"{NAME}.onnx", read_card(self._folder, NAME)["sha256"])
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
