"""Tune the sentence encoder within stories: reports near the claims they bear on and near those of the same happening.

    .venv-train/bin/python training/tune_encoder.py

all-MiniLM-L6-v2 sees the topic of a sentence; within a story everything is of one topic. Each step reads reports of two
invented stories and asks, by cosine alone: which claims does a report bear on, which reports tell of one happening,
which belong to the story (those that do not are its look-alikes and the other story's). Cross-entropy of the cosine,
scaled; one scale and shift for each question, learnt too. Writes build/encoder/tuned.pt, which export_encoder.py
takes. Only stories of the training part are read; the rest is reported on.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from invented_stories import Item, Story, stories
from minilm import model_folder
from rows import part
from transformers import AutoModel, AutoTokenizer

from tracker.judging.reading import lines_of

TARGET = Path(__file__).resolve().parents[1] / "build" / "encoder" / "tuned.pt"
REPORTS = 20
"""Reports of a story in one step."""

LINES = 0.3
"""Share of reports read by one sentence of theirs, as the judge does, not whole."""

MAY = 0.3
"""Weight of a link that only some careful readers would make."""

MAX_TOKENS = 96
RATE = 5e-5
WARM_UP = 20


class Encoder(torch.nn.Module):
    """Mean of the last states, length one, and for each question the scale and shift of a cosine."""

    def __init__(self) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(model_folder(), attn_implementation="eager")
        self.asked = torch.nn.ParameterDict(
            {name: torch.nn.Parameter(torch.tensor([10.0, -5.0])) for name in ("link", "happening", "story")}
        )
        self._tokens = AutoTokenizer.from_pretrained(model_folder())
        for weight in self.body.embeddings.parameters():
            weight.requires_grad_(requires_grad=False)

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Vectors of texts, shape (n, 384)."""
        batch = self._tokens(list(texts), truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.body(**batch).last_hidden_state.float()
        keep = batch["attention_mask"].unsqueeze(-1)
        return torch.nn.functional.normalize((hidden * keep).sum(1) / keep.sum(1), dim=1)

    def loss(self, name: str, cosines: torch.Tensor, truth: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        """Weighted mean of the cross-entropy of one question."""
        scale, shift = self.asked[name]
        each = torch.nn.functional.binary_cross_entropy_with_logits(cosines * scale + shift, truth, reduction="none")
        return (each * weight).sum() / weight.sum().clamp(min=1e-6)


def place(story: Story) -> str:
    """The part that a story goes to, by its name."""
    return part(f"invented:{story.slug}")


def texts_of(items: Sequence[Item], rng: random.Random) -> list[str]:
    """Each report whole, or one of its sentences."""
    out = []
    for item in items:
        lines = lines_of(item.title, item.summary)
        out.append(rng.choice(lines) if rng.random() < LINES else " ".join(lines))
    return out


def step(model: Encoder, pair: Sequence[Story], rng: random.Random) -> dict[str, torch.Tensor]:
    """The losses of two stories."""
    chosen = [rng.sample(story.items, min(REPORTS, len(story.items))) for story in pair]
    claims = [[story.title, *(text for _, text in story.claims)] for story in pair]
    read = [texts_of(items, rng) for items in chosen]
    sizes = [len(part) for part in (*claims, *read)]
    vectors = model([text for part in (*claims, *read) for text in part]).split(sizes)
    out: dict[str, list[torch.Tensor]] = {"link": [], "happening": [], "story": []}
    for at, (story, items) in enumerate(zip(pair, chosen, strict=True)):
        seed, own, foreign = vectors[at], vectors[2 + at], vectors[3 - at]
        links = [{link.claim: link.must for link in item.links} for item in items]
        linked = torch.tensor([[float(claim in of) for claim, _ in story.claims] for of in links])
        sure = torch.tensor([[2.0 if of.get(c) else MAY if c in of else 1.0 for c, _ in story.claims] for of in links])
        out["link"].append(model.loss("link", own @ seed[1:].T, linked, sure))
        same = torch.tensor([[float(a.event is not None and a.event == b.event) for b in items] for a in items])
        told = torch.tensor([[float(bool(a.event and b.event) and a is not b) for b in items] for a in items])
        out["happening"].append(model.loss("happening", own @ own.T, same, told))
        near = torch.cat([(own @ seed.T).max(1).values, (foreign @ seed.T).max(1).values])
        belongs = torch.tensor([*(float(item.relevant) for item in items), *([0.0] * len(foreign))])
        out["story"].append(model.loss("story", near, belongs, torch.ones(len(near))))
    return {name: torch.stack(losses).mean() for name, losses in out.items()}


def report(model: Encoder, held: Sequence[Story]) -> dict[str, float]:
    """Mean loss of each question on stories that were not trained on."""
    model.eval()
    rng, sums = random.Random(1), dict.fromkeys(model.asked, 0.0)
    with torch.inference_mode():
        for at in range(0, len(held) - 1, 2):
            for name, loss in step(model, held[at : at + 2], rng).items():
                sums[name] += loss.item() / (len(held) // 2)
    return {name: round(value, 4) for name, value in sums.items()}


def main() -> None:
    """Tune, report and save."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--passes", type=int, default=4, help="over all stories")
    asked.add_argument("--seed", type=int, default=7)
    passes, seed = vars(asked.parse_args()).values()
    torch.manual_seed(seed)
    torch.set_num_threads(2)
    rng, model, found = random.Random(seed), Encoder(), list(stories())
    train = [story for story in found if place(story) == "train"]
    held = [story for story in found if place(story) != "train"]
    body = [weight for weight in model.body.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body}, {"params": list(model.asked.values())}], weight_decay=0.01)
    steps, done, began = passes * (len(train) // 2), 0, time.monotonic()
    print("before", report(model, held), flush=True)
    for number in range(passes):
        rng.shuffle(train)
        model.train()
        for at in range(0, len(train) - 1, 2):
            share = min(1.0, (done + 1) / WARM_UP) * (1 - done / steps)
            for group, rate in zip(optimiser.param_groups, (RATE, 2e-2), strict=True):
                group["lr"] = rate * share
            losses = step(model, train[at : at + 2], rng)
            sum(losses.values(), torch.zeros(())).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            done += 1
        print(f"pass {number + 1}, {time.monotonic() - began:.0f} s", report(model, held), flush=True)
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        torch.save(model.body.state_dict(), TARGET)


if __name__ == "__main__":
    main()
