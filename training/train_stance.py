"""Measure what the judge's parts tell of the stance of a body to a headline (Fake News Challenge): print a table.

    OMP_NUM_THREADS=1 nice -n 19 .venv-train/bin/python training/train_stance.py [--report]

Two stages: trees that tell related pairs from unrelated ones, then trees that part agree, discuss and disagree, over
words shared, nearness in meaning (encoder.onnx), cues of denial and doubt, a linear reading of the manner of the
texts, and what pair.onnx and relation.onnx say of the headline against its nearest sentence and its nearest denial.
Decisions are chosen on the calibration part; the dev part is reported on, and nothing was chosen by it. No model is
written: the product has no use for the stance of a whole body. Needs `pip install lightgbm`. What the models read is
kept under build/stance. With --report also what the second trees lean on, and five splits of either kind, so that every
pair is once a dev pair.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import stance_features as features
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from stance_fit import (
    GATE,
    GATE_ROUNDS,
    STANCE,
    STANCE_ROUNDS,
    Floats,
    decision,
    joined,
    mean_of,
    of_texts,
    trees,
    worth,
)
from stance_models import Shipped
from stance_rows import STANCES, UNRELATED, Challenge, Parts
from stance_scores import FIGURES, line
from stance_words import masked

REPOSITORY = Path(__file__).resolve().parents[1]
OVERLAP = ("met", "met in lead", "runs of 2 met")
_LEANED_ON = 20
Ints = NDArray[np.int64]


class Seen(NamedTuple):
    """What is counted once for all pairs, whichever of them are fitted on."""

    challenge: Challenge
    nearness: features.Nearness
    shared: features.Columns
    cued: features.Columns
    read: features.Columns


def seen_of(data: Path, models: Shipped) -> Seen:
    """Count and read everything that does not depend on a split."""
    challenge = Challenge(data)
    nearness = features.Nearness(challenge, models)
    shared = {**features.shared(challenge), **features.meant(challenge, nearness)}
    cued, read = features.cued(challenge, nearness), features.read_pairs(challenge, nearness, models)
    return Seen(challenge, nearness, shared, cued, read)


def manner(seen: Seen, fit: Ints, groups: Ints) -> features.Columns:
    """Chances that linear readings of headline, best sentences and body give, their matter masked and as written."""
    challenge, near = seen.challenge, np.flatnonzero(seen.nearness.near())
    rows = np.union1d(near, fit)
    heads, bodies = challenge.headline[rows], challenge.body[rows]
    best = [" . ".join(seen.nearness.best(int(at))) for at in rows]
    titles = [challenge.headlines[h] for h in heads]
    texts = {
        "headline": [masked(title, "") for title in titles],
        "best": [masked(*both) for both in zip(best, titles, strict=True)],
        "body": [masked(challenge.bodies[b], "") for b in bodies],
        "headline as written": titles,
        "body as written": [challenge.bodies[b].lower() for b in bodies],
    }
    inside, found = np.searchsorted(rows, fit), {}
    for name, each in texts.items():
        chances = of_texts(each, inside, challenge.stance[fit], groups[fit])
        for at, stance in enumerate(STANCES[:UNRELATED]):
            found[f"{name}: {stance}"] = column = np.full(len(challenge.stance), np.nan, np.float32)
            column[rows] = chances[:, at]
    return found


def table(columns: features.Columns) -> NDArray[np.float32]:
    """Columns side by side."""
    return np.stack(list(columns.values()), axis=1)


def chances_of(seen: Seen, parts: Parts, groups: Ints, *, report: bool) -> dict[str, Floats]:
    """Chances of STANCES for every pair, fitted on the training part: without the pair model, and with it."""
    challenge, train = seen.challenge, parts.train
    base = {**seen.shared, **features.far(challenge, seen.nearness, train), **features.tfidf(challenge, train)}
    wide, truth = table(base), challenge.stance
    related = (truth[train] != UNRELATED).astype(np.int64)
    gate = mean_of(trees(GATE, GATE_ROUNDS, wide[train], related), wide)
    fit = train[truth[train] != UNRELATED]
    without = {**base, **seen.cued, **manner(seen, fit, groups)}
    found = {}
    for who, columns in (("without pair model and relation", without), ("all", {**without, **seen.read})):
        wide = table(columns)
        second = trees(STANCE, STANCE_ROUNDS, wide[fit], truth[fit])
        found[who] = joined(gate, mean_of(second, wide))
    if report:
        gain = np.mean([booster.feature_importance("gain") for booster in second], axis=0)
        names = np.array(list(columns))[np.argsort(-gain)[:_LEANED_ON]]
        print(f"\nleans on: {'; '.join(names)}")
    return found


def by_overlap(seen: Seen, parts: Parts) -> Floats:
    """Chances of STANCES by the share of the headline's words and pairs of words that the body has."""
    columns = table({name: seen.shared[name] for name in OVERLAP})
    model = LogisticRegression(max_iter=1000).fit(columns[parts.train], seen.challenge.stance[parts.train])
    return np.asarray(model.predict_proba(columns))


def found_by(chances: Floats, truth: Ints, parts: Parts) -> Ints:
    """Stances of the dev part, by the decision of the calibration part."""
    chosen = decision(chances[parts.calibration], truth[parts.calibration])
    return chosen.of(chances[parts.dev])


def measured(name: str, seen: Seen, parts: Parts, groups: Ints, *, report: bool) -> None:
    """Print the table of one split."""
    truth, dev = seen.challenge.stance, parts.dev
    found = chances_of(seen, parts, groups, report=report)
    counts = " / ".join(str(count) for count in np.bincount(truth[dev], minlength=len(STANCES)))
    print(f"\n{name}: {len(parts.train)} / {len(parts.calibration)} / {len(dev)} pairs, dev {counts}\n")
    print(f"| dev part read by | {' | '.join(FIGURES)} |\n|{' --- |' * (len(FIGURES) + 1)}")
    print(line("all unrelated", truth[dev], np.full(len(dev), UNRELATED), groups[dev]))
    print(line("overlap alone", truth[dev], found_by(by_overlap(seen, parts), truth, parts), groups[dev]), flush=True)
    for who, chances in found.items():
        print(line(who, truth[dev], found_by(chances, truth, parts), groups[dev]), flush=True)
    for who, chances in found.items():
        kept = decision(chances[parts.calibration], truth[parts.calibration])
        value = worth(truth[parts.calibration], kept.of(chances[parts.calibration]))
        print(f"{who}: {kept}, worth {value:.3f} on the calibration part", flush=True)


def in_turn(name: str, seen: Seen, groups: Ints, *, by_story: bool) -> None:
    """Print the figures of all pairs: five splits, each with another fifth as its dev part."""
    truth, every = seen.challenge.stance, {}
    for parts in seen.challenge.turns(by_story=by_story):
        for who, chances in chances_of(seen, parts, groups, report=False).items():
            every.setdefault(who, np.zeros_like(truth))[parts.dev] = found_by(chances, truth, parts)
    for who, found in every.items():
        print(line(f"{name}, {who}", truth, found, groups), flush=True)


def main() -> None:
    """Count, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="labelled sets")
    parser.add_argument("--models", type=Path, help="folder of the model files (default: those shipped)")
    parser.add_argument("--report", action="store_true", help="also what the trees lean on, and five splits")
    options = parser.parse_args()
    started = time.perf_counter()
    seen = seen_of(options.data, Shipped(options.models))
    challenge = seen.challenge
    measured("Split by body", seen, challenge.by_body(), challenge.body, report=options.report)
    stories = challenge.stories[challenge.body]
    measured("Split by story", seen, challenge.by_story(), stories, report=options.report)
    if options.report:
        in_turn("each body in turn", seen, challenge.body, by_story=False)
        in_turn("each story in turn", seen, stories, by_story=True)
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
