"""All rows of the pair model, by part, drawn with one seed."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

from news_pairs import Bodies, MiniLmEncoder, headline_pairs, near_pairs
from news_sentences import of_bodies, of_factuality
from plan_pairs import plan_pairs
from rows import Row, edits, fever_symmetric, negation, part, vitaminc
from statement_pairs import statement_pairs

SYNTHETIC = 8000  # rows of VitaminC's synthetic revisions: more would outweigh the real ones
_SCALE = {"train": 1.0, "calibration": 0.12, "dev": 0.12}
Parts = dict[str, list[Row]]


def _labelled(folder: Path, rng: random.Random) -> Parts:
    """VitaminC by page, FEVER symmetric, the negation sets and SummEdits.

    `vitaminc_real_dev` is a part of its own, only reported on; a page of it is in no other part.
    """
    parts: Parts = defaultdict(list)
    reported = vitaminc(folder, "vitaminc_real_dev")
    parts["vitaminc_real_dev"] = [row for _, row in reported]
    for page, row in vitaminc(folder, "vitaminc_real_train"):
        parts["calibration" if part(page) == "calibration" else "train"].append(row)
    held = {page for page, _ in reported}
    synthetic = [
        row for page, row in vitaminc(folder, "vitaminc_synthetic") if page not in held and part(page) != "calibration"
    ]
    parts["train"] += rng.sample(synthetic, SYNTHETIC) + fever_symmetric(folder)
    for name in ("negation_mnli", "negation_snli"):
        for where, row in negation(folder, name):
            parts[where if where == "train" else f"{name}_dev"].append(row)
    for where, row in edits(folder):
        parts["edits_dev" if where == "dev" else where].append(row)
    return parts


def _made(folder: Path, parts: Parts, rng: random.Random) -> None:
    """Add the pairs made of news sentences and FNC-1 headlines."""
    news, other = of_bodies(folder), of_factuality(folder)
    encoder = MiniLmEncoder()
    bodies = Bodies(news, encoder)
    for where, scale in _SCALE.items():
        target = parts["made_dev" if where == "dev" else where]
        target += plan_pairs(news, where, round(5000 * scale), rng)
        target += statement_pairs(news + other, where, scale, rng)
        target += near_pairs(bodies, where, round(2500 * scale), rng)
    for where, row in headline_pairs(folder, bodies, encoder):
        parts["fnc_dev" if where == "dev" else where].append(row)
    dev = [row for row in parts["made_dev"] if row.origin == "made: near"]
    parts["fnc_dev"] += dev
    parts["made_dev"] = [row for row in parts["made_dev"] if row.origin != "made: near"]


def load(folder: Path, seed: int) -> Parts:
    """Rows of the parts train, calibration, and the dev parts that are only reported on."""
    rng = random.Random(seed)
    parts = _labelled(folder, rng)
    _made(folder, parts, rng)
    rng.shuffle(parts["train"])
    return parts
