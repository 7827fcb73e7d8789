"""What the judge's gate would keep out of what the whole regression takes in: to be run when its weights change.

    python training/measure_gate.py DATA [--rows N]

Rows are those of training/train_judge.py. A related row that is taken in, but falls short by its words or as a whole,
is lost: there must be none. Rows of other stories that the regression takes in by mistake are counted apart.
"""

import argparse
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from judge_rows import relevance_rows

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.judging.gate import CEILINGS, MET, OVER_WHOLE, at_most, falls_short
from tracker.judging.parameters import RELEVANCE, RELEVANT
from tracker.judging.reading import Reader
from tracker.judging.relevance import WHOLE_TO_SEED, logistic


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, help="look at so many rows only")
    given = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    nearer: dict[str, list[float]] = {name: [] for name in OVER_WHOLE}
    for row in islice(relevance_rows(given.data, Reader(MiniLmEncoder(remembered=100_000))), given.rows):
        taken = logistic(row.values, RELEVANCE) >= RELEVANT
        group = "not taken in" if not taken else "related, taken in" if row.positive else "other, taken in"
        counts[group, "all"] += 1
        for look, short in looks(row.values).items():
            counts[group, look] += short
        if taken and row.positive:
            for name, found in nearer.items():
                found.append(row.values[name] - row.values[WHOLE_TO_SEED])
    for (group, look), count in sorted(counts.items()):
        print(f"{group:18} {look:16} {count}")
    for name, found in nearer.items():
        print(f"nearer than the whole is to title and claims, at most: {max(found):.2f} {name}")


def looks(values: Mapping[str, float]) -> dict[str, bool]:
    """Say which looks of the gate keep a row out."""
    words = {name: value for name, value in values.items() if name not in CEILINGS}
    whole = {name: value for name, value in values.items() if name not in {*MET, *OVER_WHOLE}}
    return {
        "by its words": falls_short(words, CEILINGS, RELEVANCE, "") is not None,
        "as a whole": falls_short(whole, at_most(whole), RELEVANCE, "") is not None,
    }


if __name__ == "__main__":
    main()
