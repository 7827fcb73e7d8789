"""The pair model: all-MiniLM-L6-v2 reading claim and sentence together, and a linear layer over what it read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from minilm import model_folder
from numpy.typing import NDArray
from rows import LABELS, Row
from transformers import AutoModel, AutoTokenizer, BatchEncoding

from tracker.adapters.models.marks import MARKS, token_marks

MAX_TOKENS = 128
BEARS = len(LABELS)
"""Column of the logit that the sentence bears on the claim, behind those of the labels."""

_TYPES = "body.embeddings.token_type_embeddings.weight"


class PairNet(torch.nn.Module):
    """Logits of (supports, refutes, neither, bears on it) for rows of tokens.

    A token's type is its side (0 claim, 1 sentence), or with `marked` its mark: see `tracker.adapters.models.marks`.
    """

    def __init__(self, *, marked: bool) -> None:
        super().__init__()
        self.marked = marked
        self.body = AutoModel.from_pretrained(model_folder(), attn_implementation="eager")
        if marked:
            old = self.body.embeddings.token_type_embeddings
            self.body.embeddings.token_type_embeddings = torch.nn.Embedding(2 * MARKS, old.embedding_dim)
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(self.body.config.hidden_size * 5, len(LABELS))
        self.bears = torch.nn.Linear(self.body.config.hidden_size * 5, 1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """First state, mean state of either side, and what sets the two apart."""
        read = self.body(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        hidden = read.last_hidden_state
        second = (token_type_ids >= (MARKS if self.marked else 1)).unsqueeze(-1).to(hidden.dtype)
        first = attention_mask.unsqueeze(-1).to(hidden.dtype) - second
        claim = (hidden * first).sum(1) / first.sum(1)
        sentence = (hidden * second).sum(1) / second.sum(1).clamp(min=1)
        seen = self.drop(torch.cat([hidden[:, 0], claim, sentence, (claim - sentence).abs(), claim * sentence], 1))
        return torch.cat([self.head(seen), self.bears(seen)], 1)

    def freeze_words(self) -> None:
        """Half of the weights are word vectors; they stay as they are, which saves a quarter of the time."""
        for name, weight in self.body.embeddings.named_parameters():
            weight.requires_grad_(requires_grad=self.marked and name == "token_type_embeddings.weight")


def with_marks(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights of a net without marks as those of one with them: each mark begins near its side's vector."""
    sides = state[_TYPES].repeat_interleave(MARKS, 0)
    return {**state, _TYPES: sides + 0.01 * torch.randn_like(sides) * sides.std()}


class Tokens:
    """Rows to tensors, cut at MAX_TOKENS from the longer side."""

    def __init__(self, *, marked: bool) -> None:
        self._marked = marked
        self._tokenizer = AutoTokenizer.from_pretrained(model_folder())

    def __call__(self, rows: Sequence[Row]) -> BatchEncoding:
        """Tensors of one batch, padded to its longest row."""
        pairs = [(r.claim, r.sentence) for r in rows]
        batch = self._tokenizer(
            *map(list, zip(*pairs, strict=True)),
            truncation="longest_first", max_length=MAX_TOKENS, padding=True, return_tensors="pt",
        )  # fmt: skip
        if self._marked:
            marks = [token_marks(pair, read) for pair, read in zip(pairs, batch.encodings, strict=True)]
            batch["token_type_ids"] = torch.tensor(marks)
        return batch


def length(row: Row) -> int:
    """Characters of a row: rows of like length share a batch."""
    return len(row.claim) + len(row.sentence)


def logits(net: PairNet, tokens: Tokens, rows: Sequence[Row], *, quick: bool = False) -> NDArray[np.float32]:
    """Logits of rows, shape (n, 4), without dropout; `quick` computes in 16-bit floats."""
    net.eval()
    found = np.zeros((len(rows), BEARS + 1), np.float32)
    order = sorted(range(len(rows)), key=lambda i: length(rows[i]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=quick):
        for at in range(0, len(order), 64):
            batch = order[at : at + 64]
            found[batch] = net(**tokens([rows[i] for i in batch])).float().numpy()
    return found


class _Relation(torch.nn.Module):
    """What is shipped: the logits of the labels alone."""

    def __init__(self, net: PairNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, *tokens: torch.Tensor) -> torch.Tensor:
        return self.net(*tokens)[:, :BEARS]


def export(net: PairNet, tokens: Tokens, target: Path) -> None:
    """Write the float ONNX model; it gives logits of the labels, the temperature is in the card."""
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = tokens([Row("Rain fell.", "It rained all day.", 0, ""), Row("Rain fell on Monday.", "It did.", 0, "")])
    free = {0: "pairs", 1: "tokens"}
    torch.onnx.export(
        _Relation(net).eval(),
        tuple(example[name] for name in names),
        str(target),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={**dict.fromkeys(names, free), "logits": {0: "pairs"}},
        opset_version=17,
        dynamo=False,
    )
