"""Fit the learnt relation: evidence of a pair weighed with the pair model's chances; write relation.onnx and its card.

    .venv-train/bin/pip install lightgbm
    OMP_NUM_THREADS=1 .venv-train/bin/python training/train_relation.py

Trees over the evidence are fitted on the pages of VitaminC's real revisions that the pair model was trained on too, on
the negation sets, and on made pairs of news (plans dropped, statements denied, figures and names exchanged), for a
revised page hardly ever negates. How far each of the two is to be believed is fitted on calibration pages and bodies,
which neither has seen. The dev pages are reported on, and nothing was chosen by them. To be run again whenever
pair.onnx or the evidence changes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import onnx
from news_sentences import of_bodies, of_factuality
from numpy.typing import NDArray
from plan_pairs import plan_pairs
from relation_graph import graph, layers
from rows import LABELS, NEITHER, REFUTES, SUPPORTS, Row, edits, negation, part, vitaminc
from scores import figures
from sklearn.linear_model import LogisticRegression
from statement_pairs import statement_pairs

from tracker.adapters.models.pair import PairModel
from tracker.adapters.models.relation import NAME, RelationModel
from tracker.domain.extraction import read_claim
from tracker.judging.compare import differences, strongest
from tracker.judging.evidence import ONE_DENIES, evidence
from tracker.judging.learnt import counted

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "tracker" / "adapters" / "models" / "data"
ROUNDS = 250
MADE = 1 / 3
SETTINGS = {
    "objective": "multiclass", "num_class": len(LABELS), "learning_rate": 0.06, "num_leaves": 15, "lambda_l2": 5,
    "min_data_in_leaf": 40, "feature_fraction": 0.3, "seed": 7, "deterministic": True, "num_threads": 1, "verbose": -1,
}  # fmt: skip
Floats = NDArray[np.float32]


def rows_of(rows: Sequence[Row], processes: int) -> Floats:
    """Evidence of rows, counted in several processes."""
    pairs = [(row.claim, row.sentence) for row in rows]
    with Pool(processes) as pool:
        return np.concatenate(pool.map(counted, [pairs[at : at + 200] for at in range(0, len(pairs), 200)]))


def read_by(model: PairModel, rows: Sequence[Row]) -> Floats:
    """Chances of the pair model."""
    return model.classify([(row.claim, row.sentence) for row in rows])


def truth(rows: Sequence[Row]) -> NDArray[np.int64]:
    """Labels of rows."""
    return np.array([row.label for row in rows])


def fitted(
    trees: lightgbm.Booster, seen: Floats, read: Floats, labels: NDArray[np.int64], weights: NDArray[np.float64]
) -> LogisticRegression:
    """How far each reading is to be believed, on pages that neither was fitted on."""
    denies = seen[:, list(evidence("A claim.", "A sentence.")).index(ONE_DENIES)]
    weighed = layers(np.asarray(trees.predict(seen)), read, denies)
    return LogisticRegression(C=1.0, max_iter=5000).fit(weighed, labels, weights)


def by_comparators(rows: Sequence[Row]) -> NDArray[np.float64]:
    """What the comparators alone say: neither where none of them speaks."""
    said = np.full((len(rows), len(LABELS)), 1 / 6)
    for at, row in enumerate(rows):
        one = strongest(differences(read_claim("row", row.claim), row.sentence, None))
        label = NEITHER if one is None else SUPPORTS if one.effect == "supports" else REFUTES
        said[at, label] = 2 / 3
    return said


def write(trees: lightgbm.Booster, weighed: LogisticRegression, names: Sequence[str], card: dict[str, Any]) -> None:
    """Write the model and its card."""
    made = graph(trees.dump_model(), weighed.coef_.T, weighed.intercept_, names)
    onnx.checker.check_model(made)
    content = made.SerializeToString()
    (FOLDER / f"{NAME}.onnx").write_bytes(content)
    card = {**card, "sha256": hashlib.sha256(content).hexdigest()}
    (FOLDER / f"{NAME}.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"relation.onnx: {len(content) / 1e6:.2f} MB", flush=True)


def report(name: str, rows: Sequence[Row], processes: int, *, comparators: bool) -> dict[str, Any]:
    """Print and return what the comparators, the evidence, the pair model and all together make of a part."""
    seen, read = rows_of(rows, processes), read_by(PairModel(), rows)
    model = RelationModel()
    even = np.full_like(read, 1 / 3)
    said = {"comparators": by_comparators(rows)} if comparators else {}
    said |= {"evidence": model.weigh(seen, even), "pair model": read, "all": model.weigh(seen, read)}
    found = {who: figures(np.asarray(chances, np.float64), rows) for who, chances in said.items()}
    for who, each in found.items():
        print(f"{name}, {who}: {each}", flush=True)
    return found["all"]


def main() -> None:
    """Fit, write, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="labelled sets")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--report", action="store_true", help="fit nothing, report on what is shipped")
    options = parser.parse_args()
    started = time.perf_counter()
    if not options.report:
        train(options.data, options.processes)
    dev = [row for _, row in vitaminc(options.data, "vitaminc_real_dev")]
    report("VitaminC real dev", dev, options.processes, comparators=True)
    for name in ("negation_mnli", "negation_snli"):
        report(name, [row for where, row in negation(options.data, name) if where == "dev"], 1, comparators=True)
    report("SummEdits dev", [row for where, row in edits(options.data) if where == "dev"], 1, comparators=True)
    print(f"{time.perf_counter() - started:.0f} s")


def parts_of(data: Path) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Rows to fit the trees on, and rows to weigh the readings by, by the set that they come from."""
    fit: dict[str, list[Row]] = {"vitaminc_real": [], "negation": [], "made": []}
    weigh: dict[str, list[Row]] = {"vitaminc_real": [], "made": []}
    for page, row in vitaminc(data, "vitaminc_real_train"):
        (weigh if part(page) == "calibration" else fit)["vitaminc_real"].append(row)
    for name in ("negation_mnli", "negation_snli"):
        fit["negation"] += [row for where, row in negation(data, name) if where == "train"]
    rng, news, other = random.Random(SETTINGS["seed"]), of_bodies(data), of_factuality(data)
    for rows, where, scale in ((fit, "train", 0.4), (weigh, "calibration", 0.08)):
        rows["made"] += plan_pairs(news, where, round(5000 * scale), rng)
        rows["made"] += statement_pairs(news + other, where, scale, rng)
    return fit, weigh


def joined(parts: dict[str, list[Row]]) -> tuple[list[Row], NDArray[np.float64]]:
    """All rows with their weights: a made pair counts a third, since its wording is one of few."""
    rows = [row for each in parts.values() for row in each]
    weights = [MADE if name == "made" else 1.0 for name, each in parts.items() for _ in each]
    return rows, np.array(weights)


def train(data: Path, processes: int) -> None:
    """Fit the trees, then the weight of either reading, and write the files."""
    fit, weigh = parts_of(data)
    (rows, weights), (held, held_weights) = joined(fit), joined(weigh)
    names = list(evidence("A claim.", "A sentence."))
    seen = lightgbm.Dataset(rows_of(rows, processes), truth(rows), weight=weights, feature_name=_plain(names))
    trees, pairs = lightgbm.train(SETTINGS, seen, ROUNDS), PairModel()
    weighed = fitted(trees, rows_of(held, processes), read_by(pairs, held), truth(held), held_weights)
    card = {
        "name": "relation",
        "labels": list(LABELS),
        "over": pairs.version,
        "licence": "CC BY-SA 3.0 data shaped it: see NOTICE",
        "fitted on rows": {name: len(each) for name, each in fit.items()},
        "weighed by rows": {name: len(each) for name, each in weigh.items()},
        "training": {"rounds": ROUNDS, "weight of made rows": MADE, **SETTINGS},
        "limits": "English; fitted on revisions of Wikipedia sentences. See training/README.md",
        "evidence": names,
    }
    write(trees, weighed, names, card)


def _plain(names: Sequence[str]) -> list[str]:
    return [name.replace(" ", "_") for name in names]


if __name__ == "__main__":
    main()
