"""Train the pair model, without marks yet: `python training/train_pair.py [--data FOLDER]`; see README.md.

The checkpoint that reads the calibration part best is kept, so a run cut short still leaves one; training/mark_pair.py
goes on from it and exports what is shipped.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from pair_data import Parts, load
from pair_net import BEARS, PairNet, Tokens, length, logits
from rows import Row
from scores import figures, softmax

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
        self.net, self.tokens, self.parts, self.options = PairNet(marked=False), Tokens(marked=False), parts, options
        self.net.freeze_words()
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
        loss = torch.nn.functional.cross_entropy(found[:, :BEARS].float(), truth)
        return descend(self.net, optimiser, loss)

    def look(self, step: int) -> None:
        """Score some of the calibration part; keep the checkpoint when it is the best so far."""
        rows = random.Random(0).sample(self.parts["calibration"], min(_GLANCE, len(self.parts["calibration"])))
        found = figures(softmax(logits(self.net, self.tokens, rows, quick=True)[:, :BEARS]), rows)
        self.say(f"step {step} calibration part {found}")
        if found["macro_f1"] > self.best:
            self.best = found["macro_f1"]
            torch.save(self.net.state_dict(), self.saved)


def descend(net: PairNet, optimiser: torch.optim.AdamW, loss: torch.Tensor) -> float:
    """Take one step down a loss, the gradient's length at most 1; return the loss."""
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad()
    return float(loss.item())


def arguments(about: str | None, *, steps: int, rate: float) -> argparse.ArgumentParser:
    """Return the options that both readings have."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="labelled sets")
    parser.add_argument("--scratch", type=Path, default=REPOSITORY / "build" / "pair", help="checkpoints and log")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=steps, help="batches")
    parser.add_argument("--batch", type=int, default=32, help="rows a step")
    parser.add_argument("--rate", type=float, default=rate, help="peak learning rate of the body")
    return parser


def seeded(seed: int) -> None:
    """Let all that is drawn follow from a seed."""
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - for libraries that draw from the global generator
    torch.set_num_threads(2)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__, steps=2000, rate=1.5e-4)
    parser.add_argument("--look", type=int, default=500, help="steps between looks at the calibration part")
    parser.add_argument("--first", type=int, default=None, help="train on the first rows only: a pilot")
    return parser.parse_args()


def main() -> None:
    """Load, train, ship."""
    options = _options()
    seeded(options.seed)
    options.scratch.mkdir(parents=True, exist_ok=True)
    parts = load(options.data, options.seed)
    parts["train"] = parts["train"][: options.first]
    training = Training(parts, options)
    training.say(f"rows { ({name: len(rows) for name, rows in parts.items()}) }")
    training.run()


if __name__ == "__main__":
    main()
