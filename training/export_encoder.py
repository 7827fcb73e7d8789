"""Export the tuned encoder to the ONNX file that tracker ships: `python training/export_encoder.py [TUNED]`.

TUNED is what tune_encoder.py wrote, by default build/encoder/tuned.pt.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import torch
from eight_bit import quicken
from minilm import DATA, LICENCE, NAME, SOURCE, model_folder, write_tokenizer
from transformers import AutoModel
from tune_encoder import TARGET

DIMENSIONS = 384
MAX_TOKENS = 256


class MeanPooled(torch.nn.Module):
    """Mean of the last hidden states over the real tokens, scaled to length one (the model card's recipe)."""

    def __init__(self, tuned: Path) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(model_folder(), attn_implementation="eager").eval()
        self.body.load_state_dict(torch.load(tuned, weights_only=True))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Vectors of rows of tokens, shape (texts, 384)."""
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        keep = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * keep).sum(1) / keep.sum(1), dim=1)


def export(tuned: Path, target: Path) -> None:
    """Write the float model of MeanPooled; both axes of the inputs stay free."""
    free = {0: "texts", 1: "tokens"}
    example = (torch.full((2, 16), 2000), torch.ones(2, 16, dtype=torch.long))
    torch.onnx.export(
        MeanPooled(tuned),
        example,
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_axes={"input_ids": free, "attention_mask": free, "vectors": {0: "texts"}},
        opset_version=17,
        dynamo=False,
    )


def card(model: Path, tokenizer: Path) -> dict[str, object]:
    """What the product needs to know of the file, and what it checks."""
    return {
        "name": f"{NAME}-stories",
        "source": SOURCE,
        "licence": LICENCE,
        "dimensions": DIMENSIONS,
        "max_tokens": MAX_TOKENS,
        "weights": "7-bit per channel, multiplied in integers, one text at a time",
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(tokenizer.read_bytes()).hexdigest(),
    }


def main() -> None:
    """Write encoder.onnx, tokenizer.json and encoder.json into the product's folder of models."""
    torch.manual_seed(0)
    DATA.mkdir(parents=True, exist_ok=True)
    model = DATA / "encoder.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        wide = Path(scratch) / "wide.onnx"
        export(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET, wide)
        quicken(wide, model)
    facts = card(model, write_tokenizer(DATA))
    (DATA / "encoder.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"{model.name}: {model.stat().st_size / 1e6:.1f} MB, sha256 {facts['sha256']}")


if __name__ == "__main__":
    main()
