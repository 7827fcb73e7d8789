"""What the judge's gate would keep out of what the whole regression takes in: to be run when its weights change.

    python training/measure_gate.py DATA [--rows N]

Rows are those of training/train_judge.py. A related row that is taken in, but falls short by its words, is lost: there
must be none. Rows of other stories that the regression takes in by mistake are counted apart.
"""

import argparse
from itertools import islice
from pathlib import Path

from judge_rows import relevance_rows

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.judging.gate import CEILINGS, falls_short
from tracker.judging.parameters import RELEVANCE, RELEVANT
from tracker.judging.reading import Reader
from tracker.judging.relevance import logistic


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, help="look at so many rows only")
    given = parser.parse_args()
    shut = {True: 0, False: 0}
    taken = {True: 0, False: 0}
    out = far = 0
    for row in islice(relevance_rows(given.data, Reader(MiniLmEncoder(remembered=100_000))), given.rows):
        words = {name: value for name, value in row.values.items() if name not in CEILINGS}
        short = falls_short(words, CEILINGS, RELEVANCE, "") is not None
        if logistic(row.values, RELEVANCE) >= RELEVANT:
            taken[row.positive] += 1
            shut[row.positive] += short
        else:
            far += 1
            out += short
    print(f"related rows taken in {taken[True]}, of them lost {shut[True]}")
    print(f"other rows taken in {taken[False]}, of them kept out by the gate {shut[False]}")
    print(f"rows not taken in {far}, of them kept out by the gate {out / max(far, 1):.3f}")


if __name__ == "__main__":
    main()
