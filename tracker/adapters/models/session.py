"""Loads a shipped ONNX model with its tokenizer, checked against its card, and feeds it token rows."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.domain.words import opening
from tracker.errors import TrackerError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding

TOKENIZER = "tokenizer.json"
Pair = tuple[str, str]


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

    def run(self, texts: Sequence[str], *, batch: int) -> "NDArray[np.float32]":
        """Return the model's rows for texts, in their order, `batch` of like length at a time."""
        # An opening holds far more than the tokens that count; the tokenizer keeps all that it cuts off.
        encodings = self._tokenizer.encode_batch([opening(text) for text in texts])
        return self._rows([Tokens(one.ids, one.type_ids) for one in encodings], batch)

    def run_pairs(
        self, pairs: Sequence[Pair], *, batch: int, types: "Callable[[Pair, Encoding], list[int]]"
    ) -> "NDArray[np.float32]":
        """Return the model's rows for pairs of texts, like `run`; `types` gives the type of each token of a pair."""
        read = [(opening(one), opening(other)) for one, other in pairs]  # of a long pair it would keep gigabytes
        encodings = self._tokenizer.encode_batch(read)
        return self._rows([Tokens(one.ids, types(pair, one)) for pair, one in zip(read, encodings, strict=True)], batch)

    def _rows(self, given: "Sequence[Tokens]", batch: int) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415 - loaded when first needed

        by_length = sorted(range(len(given)), key=lambda i: len(given[i].ids))
        groups = _alike([(i, len(given[i].ids)) for i in by_length], batch)
        rows = np.concatenate([self._session.run(None, self._feed([given[i] for i in g]))[0] for g in groups])
        ordered = np.empty_like(rows)
        ordered[by_length] = rows
        return ordered

    def _feed(self, given: "Sequence[Tokens]") -> "dict[str, NDArray[np.int64]]":
        """Named inputs of shape (rows, longest row), padded with zeros on the right."""
        import numpy as np  # noqa: PLC0415 - loaded when first needed

        shape = (len(given), max(len(one.ids) for one in given))
        feed = {name: np.zeros(shape, np.int64) for name in self._inputs}
        for at, one in enumerate(given):
            values = {"input_ids": one.ids, "attention_mask": [1] * len(one.ids), "token_type_ids": one.types}
            for name, array in feed.items():
                array[at, : len(one.ids)] = values[name]
        return feed


class Tokens(NamedTuple):
    """A row as the model reads it: the number of each word piece, and its type."""

    ids: Sequence[int]
    types: Sequence[int]


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
