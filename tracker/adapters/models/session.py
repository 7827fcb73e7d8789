"""Loads a shipped ONNX model with its tokenizer, checked against its card, and feeds it token rows."""

import hashlib
import json
import os
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from tracker.domain.words import opening
from tracker.errors import TrackerError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding

TOKENIZER = "tokenizer.json"


def shipped_folder() -> Traversable:
    """The folder of models inside the installed package."""
    return resources.files(__package__) / "data"


def read_card(folder: Traversable, name: str) -> dict[str, Any]:
    """Return what `name`.json says of `name`.onnx. Raises TrackerError when the card is missing or unreadable."""
    try:
        card = json.loads(_bytes(folder, f"{name}.json"))
    except ValueError as error:
        raise TrackerError(f"model card {name}.json is damaged: install tracker again") from error
    return dict(card)


def _bytes(folder: Traversable, file: str) -> bytes:
    try:
        return (folder / file).read_bytes()
    except OSError as error:
        raise TrackerError(f"model file {file} is missing: install tracker again") from error


def checked(folder: Traversable, file: str, sha256: str) -> bytes:
    """Bytes of a model file. Raises TrackerError when they are not those that the card names."""
    content = _bytes(folder, file)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise TrackerError(f"model file {file} is damaged (its SHA-256 is not the recorded one): install tracker again")
    return content


class Model:
    """An ONNX model over word-piece tokens; rows of one call are grouped by length, so that little is padded."""

    def __init__(self, folder: Traversable, name: str, *, threads: int) -> None:
        """Read and check the files; raises TrackerError when one is missing or damaged. `threads` per operator."""
        # onnxruntime reports its use over the network unless it is told not to before it is loaded.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # noqa: PLC0415 - loaded when first needed
        from tokenizers import Tokenizer  # noqa: PLC0415 - loaded when first needed

        card = read_card(folder, name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that wait do not spin, and what a long batch took is given back: a worker is one process among others.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False
        content = checked(folder, f"{name}.onnx", card["sha256"])
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._inputs = [given.name for given in self._session.get_inputs()]
        tokens = checked(folder, TOKENIZER, card["tokenizer_sha256"])
        self._tokenizer = Tokenizer.from_str(tokens.decode("utf-8"))
        self._tokenizer.enable_truncation(card["max_tokens"])

    def run(self, texts: "Sequence[str] | Sequence[tuple[str, str]]", *, batch: int) -> "NDArray[np.float32]":
        """Return the model's rows for texts or pairs of texts, in their order, `batch` of like length at a time."""
        import numpy as np  # noqa: PLC0415 - loaded when first needed

        # Far more than the tokens that count; the tokenizer keeps all that it cuts off, in gigabytes for a long pair.
        read = [opening(text) if isinstance(text, str) else (opening(text[0]), opening(text[1])) for text in texts]
        encodings = self._tokenizer.encode_batch(read)
        by_length = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids))
        groups = _alike([(i, len(encodings[i].ids)) for i in by_length], batch)
        rows = np.concatenate([self._session.run(None, self._feed([encodings[i] for i in g]))[0] for g in groups])
        ordered = np.empty_like(rows)
        ordered[by_length] = rows
        return ordered

    def _feed(self, encodings: "Sequence[Encoding]") -> "dict[str, NDArray[np.int64]]":
        """Named inputs of shape (rows, longest row), padded with zeros on the right."""
        import numpy as np  # noqa: PLC0415 - loaded when first needed

        shape = (len(encodings), max(len(e.ids) for e in encodings))
        feed = {name: np.zeros(shape, np.int64) for name in self._inputs}
        for at, encoding in enumerate(encodings):
            values = {
                "input_ids": encoding.ids,
                "attention_mask": encoding.attention_mask,
                "token_type_ids": encoding.type_ids,
            }
            for name, array in feed.items():
                array[at, : len(encoding.ids)] = values[name]
        return feed


def _alike(lengths: Sequence[tuple[int, int]], batch: int) -> list[list[int]]:
    """Group what comes in order of length: at most `batch` a group, none of them padded by much more than a quarter."""
    groups: list[list[int]] = []
    shortest = 0
    for at, length in lengths:
        if not groups or len(groups[-1]) == batch or length > shortest * 1.25 + 2:
            groups.append([])
            shortest = length
        groups[-1].append(at)
    return groups
