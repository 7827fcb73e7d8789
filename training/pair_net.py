"""The pair model: all-MiniLM-L6-v2 reading claim and sentence together, and a linear layer over what it read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from minilm import model_folder
from numpy.typing import NDArray
from rows import LABELS, Row
from transformers import AutoModel, AutoTokenizer, BatchEncoding

MAX_TOKENS = 128


class PairNet(torch.nn.Module):
    """Logits of (supports, refutes, neither) for rows of tokens whose type is 0 in the claim and 1 in the sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(model_folder(), attn_implementation="eager")
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(self.body.config.hidden_size * 5, len(LABELS))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """First state, mean state of either side, and what sets the two apart."""
        read = self.body(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        hidden = read.last_hidden_state
        second = token_type_ids.unsqueeze(-1).to(hidden.dtype)
        first = attention_mask.unsqueeze(-1).to(hidden.dtype) - second
        claim = (hidden * first).sum(1) / first.sum(1)
        sentence = (hidden * second).sum(1) / second.sum(1).clamp(min=1)
        seen = torch.cat([hidden[:, 0], claim, sentence, (claim - sentence).abs(), claim * sentence], 1)
        return self.head(self.drop(seen))

    def freeze_embeddings(self) -> None:
        """Half of the weights are word vectors; they stay as they are, which saves a quarter of the time."""
        for weight in self.body.embeddings.parameters():
            weight.requires_grad_(requires_grad=False)


class Tokens:
    """Rows to tensors, cut at MAX_TOKENS from the longer side."""

    def __init__(self) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(model_folder())

    def __call__(self, rows: Sequence[Row]) -> BatchEncoding:
        """Tensors of one batch, padded to its longest row."""
        claims, sentences = [r.claim for r in rows], [r.sentence for r in rows]
        return self._tokenizer(
            claims, sentences, truncation="longest_first", max_length=MAX_TOKENS, padding=True, return_tensors="pt"
        )


def length(row: Row) -> int:
    """Characters of a row: rows of like length share a batch."""
    return len(row.claim) + len(row.sentence)


def logits(net: PairNet, tokens: Tokens, rows: Sequence[Row], *, quick: bool = False) -> NDArray[np.float32]:
    """Logits of rows, shape (n, 3), without dropout; `quick` computes in 16-bit floats."""
    net.eval()
    found = np.zeros((len(rows), len(LABELS)), np.float32)
    order = sorted(range(len(rows)), key=lambda i: length(rows[i]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=quick):
        for at in range(0, len(order), 64):
            batch = order[at : at + 64]
            found[batch] = net(**tokens([rows[i] for i in batch])).float().numpy()
    return found


def export(net: PairNet, tokens: Tokens, target: Path) -> None:
    """Write the float ONNX model; it gives logits, the temperature is in the card."""
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = tokens([Row("Rain fell.", "It rained all day.", 0, ""), Row("Rain fell on Monday.", "It did.", 0, "")])
    free = {0: "pairs", 1: "tokens"}
    torch.onnx.export(
        net.eval(),
        tuple(example[name] for name in names),
        str(target),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={**dict.fromkeys(names, free), "logits": {0: "pairs"}},
        opset_version=17,
        dynamo=False,
    )
