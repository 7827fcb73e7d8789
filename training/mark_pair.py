"""Train the pair model further, with marks on its tokens, and export it: `python training/mark_pair.py`; see README.md.

It begins with what training/train_pair.py left. Two tasks take turns: two batches of labelled pairs, one of reports and
claims of the invented stories, to tell whether the report bears on the claim.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import torch
from eight_bit import shrink
from invented_stories import Story, stories
from minilm import DATA, LICENCE, NAME
from number_pairs import number_pairs
from pair_data import Parts, load
from pair_net import BEARS, MAX_TOKENS, PairNet, Tokens, export, logits, with_marks
from rows import LABELS, NEITHER, REFUTES, SUPPORTS, Row, part, vitaminc
from scores import figures, softmax, temperature
from train_pair import arguments, batches, descend, seeded

from tracker.judging.reading import lines_of

_REAL = 3  # times that a labelled pair of a real revision is read in a pass, where all others are read once
_NUMBERS, _OTHER = 5_000, 14_000  # pairs of moved numbers for each of two labels; rows of the other sets
_EACH = 6  # numbers moved in a row that allows it
_ASKED = {True: 0.45, False: 0.1}  # share of the claims that a report does not bear on, if it belongs, if it does not
_OPTIONAL, _BEARING = 0.3, 2.0  # weight of a link that a reader may leave out; of any link beside none
_REFRESH = 200  # steps between two drawings of what a report does not bear on
_TURN = 3
_SMOOTH = 0.02


class Bearing(NamedTuple):
    """A report and a claim; `bears`: 0 or 1; how much it counts."""

    row: Row
    bears: float
    weight: float


def labelled(folder: Path, parts: Parts, rng: random.Random) -> list[Row]:
    """Rows of one pass: those of real revisions several times, since they are what the model is for."""
    held = {page for page, _ in vitaminc(folder, "vitaminc_real_dev")}
    real, made = (
        [row for page, row in vitaminc(folder, name) if part(page) != "calibration" and page not in held]
        for name in ("vitaminc_real_train", "vitaminc_synthetic")
    )
    moved = sorted(set(number_pairs([*real, *made], _EACH, rng)))
    numbers = [_some([row for row in moved if row.label == label], _NUMBERS, rng) for label in (SUPPORTS, REFUTES)]
    other = [row for row in parts["train"] if not row.origin.startswith("vitaminc")]
    return [*real * _REAL, *made, *numbers[0], *numbers[1], *_some(other, _OTHER, rng)]


def _some(rows: list[Row], count: int, rng: random.Random) -> list[Row]:
    return rng.sample(rows, min(len(rows), count))


def bearing(told: list[Story], rng: random.Random) -> list[Bearing]:
    """Reports with claims that they bear on, and with some of those that they do not; in random order."""
    found = [one for story in told for one in _of_story(story, rng)]
    rng.shuffle(found)
    return found


def _of_story(story: Story, rng: random.Random) -> Iterator[Bearing]:
    for item in story.items:
        text, links = " ".join(lines_of(item.title, item.summary)), {link.claim: link.must for link in item.links}
        for claim, words in story.claims:
            if claim in links:
                weight = _BEARING * (1.0 if links[claim] else _OPTIONAL)
                yield Bearing(Row(words, text, NEITHER, "invented"), 1.0, weight)
            elif rng.random() <= _ASKED[item.relevant]:
                yield Bearing(Row(words, text, NEITHER, "invented"), 0.0, 1.0)


class Marking:
    """One run: its network and its rows."""

    def __init__(self, options: argparse.Namespace, parts: Parts) -> None:
        self.net, self.tokens, self.options = PairNet(marked=True), Tokens(marked=True), options
        before = torch.load(options.scratch / "pair.pt", weights_only=True)
        self.net.load_state_dict(with_marks(before), strict=False)  # the second head begins here
        self.net.freeze_words()
        self._rng = random.Random(options.seed)
        self.rows = labelled(options.data, parts, self._rng)
        self._told = [one for one in stories() if part(f"invented:{one.slug}") == "train"]
        self._optimiser = self._steps_of()

    def _steps_of(self) -> torch.optim.AdamW:
        marks = self.net.body.embeddings.token_type_embeddings.weight
        body = [weight for weight in self.net.body.parameters() if weight.requires_grad and weight is not marks]
        heads = [*self.net.head.parameters(), *self.net.bears.parameters()]
        groups = [
            {"params": body, "lr": self.options.rate},
            {"params": heads, "lr": self.options.rate * 3.3},
            {"params": [marks], "lr": self.options.rate * 12.5, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, weight_decay=0.01)

    def run(self) -> None:
        """Take the steps: the rate goes up over the first hundred and then down in a line."""
        steps, asked, losses = self.options.steps, list[Bearing](), Counter[str]()
        plan = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser, lambda step: min(1.0, (step + 1) / 100) * max(0.0, 1 - step / steps)
        )
        drawn = islice(batches(self.rows, self.options.batch, random.Random(self.options.seed)), steps)
        for step, batch in enumerate(drawn, 1):
            if step % _REFRESH == 1:
                asked = bearing(self._told, self._rng)
            if step % _TURN:
                losses["relation"] += descend(self.net, self._optimiser, self._relation(batch))
            else:
                asked, some = asked[self.options.batch :], asked[: self.options.batch]
                losses["bears"] += descend(self.net, self._optimiser, self._bears(some))
            plan.step()
            if step % 100 == 0:
                print(f"step {step}/{steps} {dict(losses)}", flush=True)
                losses.clear()

    def _relation(self, batch: list[Row]) -> torch.Tensor:
        truth = torch.tensor([row.label for row in batch])
        return torch.nn.functional.cross_entropy(self._read(batch)[:, :BEARS], truth, label_smoothing=_SMOOTH)

    def _bears(self, batch: list[Bearing]) -> torch.Tensor:
        found = self._read([one.row for one in batch])[:, BEARS]
        truth, weight = torch.tensor([one.bears for one in batch]), torch.tensor([one.weight for one in batch])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(found, truth, reduction="none")
        return (loss * weight).mean()

    def _read(self, rows: list[Row]) -> torch.Tensor:
        self.net.train()
        with torch.autocast("cpu", torch.bfloat16):  # four times as fast where the processor has the instructions
            return self.net(**self.tokens(rows)).float()


def ship(run: Marking, parts: Parts) -> None:
    """Export the model with its temperature, write its card, and report on the parts that are only reported on."""
    net, tokens, scratch = run.net, run.tokens, run.options.scratch
    heat = temperature(logits(net, tokens, parts["calibration"])[:, :BEARS], parts["calibration"])
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        wide = Path(folder) / "wide.onnx"
        export(net, tokens, wide)
        shrink(wide, DATA / "pair.onnx")
    card = json.dumps(_card(run, heat), indent=2)
    (DATA / "pair.json").write_text(f"{card}\n", encoding="utf-8")
    for name, rows in parts.items():
        if name not in {"train", "calibration"}:
            print(f"fp32 {name} {figures(softmax(logits(net, tokens, rows)[:, :BEARS], heat), rows)}", flush=True)


def _card(run: Marking, heat: float) -> dict[str, object]:
    options = run.options
    return {
        "name": "minilm-pair-marked",
        "labels": list(LABELS),
        "temperature": heat,
        "max_tokens": MAX_TOKENS,
        "weights": "8-bit per channel, computed in 32-bit floats",
        "started_from": f"{NAME} ({LICENCE}), trained by train_pair.py",
        "licence": "CC BY-SA 3.0 data shaped it: see NOTICE",
        "training": {"seed": options.seed, "steps": options.steps, "batch": options.batch, "rate": options.rate},
        "rows": dict(sorted(Counter(row.origin for row in run.rows).items())),
        "sha256": _digest("pair.onnx"),
        "tokenizer_sha256": _digest("tokenizer.json"),
    }


def _digest(file: str) -> str:
    return hashlib.sha256((DATA / file).read_bytes()).hexdigest()


def _options() -> argparse.Namespace:
    parser = arguments(__doc__, steps=2560, rate=1.2e-4)
    parser.add_argument(
        "--export-only", action="store_true", help="ship the checkpoint marked.pt of the scratch folder"
    )
    return parser.parse_args()


def main() -> None:
    """Load, train, ship."""
    options = _options()
    seeded(options.seed)
    parts = load(options.data, options.seed)
    run = Marking(options, parts)
    kept = options.scratch / "marked.pt"
    if options.export_only:
        run.net.load_state_dict(torch.load(kept, weights_only=True))
    else:
        run.run()
        torch.save(run.net.state_dict(), kept)
    ship(run, parts)


if __name__ == "__main__":
    main()
