"""Train the pair model and export it: `python training/train_pair.py [--data FOLDER]`; see README.md.

The checkpoint that reads the calibration part best is the one exported, so a run cut short still leaves a model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from eight_bit import shrink
from minilm import DATA, LICENCE, NAME
from pair_data import Parts, load
from pair_net import MAX_TOKENS, PairNet, Tokens, export, length, logits
from rows import LABELS, Row
from scores import figures, softmax, temperature

REPOSITORY = Path(__file__).resolve().parents[1]
_POOL = 40  # batches whose rows are sorted by length together
_GLANCE = 1500  # rows of the calibration part that a look scores


def batches(rows: Sequence[Row], size: int, rng: random.Random) -> Iterator[list[Row]]:
    """Batches without end: pass after pass over the rows in random order, rows of like length side by side."""
    while True:
        shuffled = rng.sample(rows, len(rows))
        pools = [sorted(shuffled[at : at + size * _POOL], key=length) for at in range(0, len(rows), size * _POOL)]
        groups = [pool[at : at + size] for pool in pools for at in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from groups


def _optimiser(net: PairNet, rate: float) -> torch.optim.AdamW:
    """AdamW; the fresh head learns five times as fast as the body."""
    body = [w for w in net.body.parameters() if w.requires_grad]
    groups = [{"params": body, "lr": rate}, {"params": list(net.head.parameters()), "lr": rate * 5}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _share(step: int, steps: int) -> float:
    """Learning rate as a share of its peak: up over the first 6 per cent, then down to zero in a line."""
    return min(1.0, (step + 1) / (0.06 * steps + 1)) * max(0.0, 1 - step / steps)


class Training:
    """One run: its network, its rows, and the best checkpoint so far."""

    def __init__(self, parts: Parts, options: argparse.Namespace) -> None:
        self.net, self.tokens, self.parts, self.options = PairNet(), Tokens(), parts, options
        self.net.freeze_embeddings()
        self.best, self.saved = -1.0, options.scratch / "pair.pt"
        self.log = (options.scratch / "log.txt").open("a", encoding="utf-8")

    def say(self, text: str) -> None:
        """Print a line and keep it."""
        print(text, flush=True)
        self.log.write(text + "\n")
        self.log.flush()

    def run(self) -> None:
        """Take the steps, looking at the calibration part now and then."""
        options, steps = self.options, self.options.steps
        optimiser = _optimiser(self.net, options.rate)
        plan = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share(step, steps))
        started, total = time.monotonic(), 0.0
        drawn = islice(batches(self.parts["train"], options.batch, random.Random(options.seed)), steps)
        for step, batch in enumerate(drawn, 1):
            total += self._step(batch, optimiser)
            plan.step()
            if step % 100 == 0:
                self.say(f"step {step}/{steps} loss {total / 100:.3f} {time.monotonic() - started:.0f} s")
                total = 0.0
            if step % options.look == 0 or step == steps:
                self.look(step)

    def _step(self, batch: list[Row], optimiser: torch.optim.AdamW) -> float:
        self.net.train()
        truth = torch.tensor([r.label for r in batch])
        with torch.autocast("cpu", torch.bfloat16):  # four times as fast where the processor has the instructions
            found = self.net(**self.tokens(batch))
        loss = torch.nn.functional.cross_entropy(found.float(), truth)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        return float(loss.item())

    def look(self, step: int) -> None:
        """Score some of the calibration part; keep the checkpoint when it is the best so far."""
        rows = random.Random(0).sample(self.parts["calibration"], min(_GLANCE, len(self.parts["calibration"])))
        found = figures(softmax(logits(self.net, self.tokens, rows, quick=True)), rows)
        self.say(f"step {step} calibration part {found}")
        if found["macro_f1"] > self.best:
            self.best = found["macro_f1"]
            torch.save(self.net.state_dict(), self.saved)


def ship(training: Training) -> None:
    """Export the best checkpoint with its temperature, and write its card."""
    net, tokens, parts = training.net, training.tokens, training.parts
    net.load_state_dict(torch.load(training.saved, weights_only=True))
    heat = temperature(logits(net, tokens, parts["calibration"]), parts["calibration"])
    DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wide = Path(scratch) / "wide.onnx"
        export(net, tokens, wide)
        shrink(wide, DATA / "pair.onnx")
    (DATA / "pair.json").write_text(json.dumps(_card(training, heat), indent=2) + "\n", encoding="utf-8")
    reported = {name: rows for name, rows in parts.items() if name not in {"train", "calibration"}}
    for name, rows in reported.items():
        training.say(f"fp32 {name} {figures(softmax(logits(net, tokens, rows), heat), rows)}")


def _card(training: Training, heat: float) -> dict[str, object]:
    options = training.options
    return {
        "name": "minilm-pair",
        "labels": list(LABELS),
        "temperature": heat,
        "max_tokens": MAX_TOKENS,
        "weights": "8-bit per channel, computed in 32-bit floats",
        "started_from": f"{NAME} ({LICENCE})",
        "licence": "CC BY-SA 3.0 data shaped it: see NOTICE",
        "training": {"seed": options.seed, "steps": options.steps, "batch": options.batch, "rate": options.rate},
        "rows": dict(sorted(Counter(r.origin for r in training.parts["train"]).items())),
        "sha256": _digest("pair.onnx"),
        "tokenizer_sha256": _digest("tokenizer.json"),
    }


def _digest(file: str) -> str:
    return hashlib.sha256((DATA / file).read_bytes()).hexdigest()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="labelled sets")
    parser.add_argument("--scratch", type=Path, default=REPOSITORY / "build" / "pair", help="checkpoint and log")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=2000, help="batches; a pass over the rows is about 1,660")
    parser.add_argument("--batch", type=int, default=32, help="rows a step")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="peak learning rate of the body")
    parser.add_argument("--look", type=int, default=500, help="steps between looks at the calibration part")
    parser.add_argument("--first", type=int, default=None, help="train on the first rows only: a pilot")
    parser.add_argument("--export-only", action="store_true", help="ship the checkpoint that is in the scratch folder")
    return parser.parse_args()


def main() -> None:
    """Load, train, ship."""
    options = _options()
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)  # noqa: NPY002 - for libraries that draw from the global generator
    torch.set_num_threads(2)
    options.scratch.mkdir(parents=True, exist_ok=True)
    parts = load(options.data, options.seed)
    parts["train"] = parts["train"][: options.first]
    training = Training(parts, options)
    training.say(f"rows { ({name: len(rows) for name, rows in parts.items()}) }")
    if not options.export_only:
        training.run()
    ship(training)


if __name__ == "__main__":
    main()
