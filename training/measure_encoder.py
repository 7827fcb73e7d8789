"""Compare the shipped encoder with the float model it was made from: likeness of the vectors, size, time."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
from export_encoder import export
from minilm import DATA
from numpy.typing import NDArray
from rows import plain, read
from tune_encoder import TARGET

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.session import Model

REPOSITORY = Path(__file__).resolve().parents[1]

TEXTS = 400


def float_vectors(texts: list[str]) -> NDArray[np.float32]:
    """Vectors of the float model, with the product's tokenizer and batching."""
    model = Model(DATA, "encoder", threads=2)
    with tempfile.TemporaryDirectory() as scratch:
        wide = Path(scratch) / "wide.onnx"
        export(TARGET, wide)
        model._session = onnxruntime.InferenceSession(wide, providers=["CPUExecutionProvider"])  # noqa: SLF001
        return model.run(texts, batch=32)


def main() -> None:
    """Print the figures for sentences of the factuality dev set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="labelled sets")
    texts = [plain(r["text"]) for r in read(parser.parse_args().data, "factuality_uds_ih2_dev")][:TEXTS]
    encoder = MiniLmEncoder(remembered=0)
    encoder.encode(texts[:32])
    started = time.perf_counter()
    together = encoder.encode(texts)
    between = time.perf_counter()
    alone = np.vstack([encoder.encode([text]) for text in texts])
    ended = time.perf_counter()
    likeness = (together * float_vectors(texts)).sum(1)
    print(f"{encoder.version}: {(DATA / 'encoder.onnx').stat().st_size / 1e6:.1f} MB, {len(texts)} sentences")
    print(f"cosine to the float model: mean {likeness.mean():.4f}, least {likeness.min():.4f}")
    print(f"largest difference of a number, beside others or alone: {np.abs(together - alone).max():.1e}")
    call, single = (1000 * spent / TEXTS for spent in (between - started, ended - between))
    print(f"ms a sentence: {call:.2f} in one call, {single:.2f} in calls of their own")


if __name__ == "__main__":
    main()
