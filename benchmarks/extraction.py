"""How many phrasings of the tables are read right: quantities, dates, and cues of status, denial and source.

    python -m benchmarks.extraction [--table dates] [--part test] [--errors]

A phrasing counts where its whole reading is right: every quantity with its ends, unit and noun, every date with its
days and bound, and nothing more. Figures by kind for each part of the tables, of which `tests.domain.phrasings`
tells.
"""

import argparse
from collections.abc import Sequence

from tests.domain.phrasings import TABLES, Phrasing, misread, of_part, phrasings

PARTS = ("dev", "test", "fresh")


def main() -> None:
    """Print the table of figures, with the misread phrasings where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--table", choices=TABLES, help="this table alone")
    parser.add_argument("--part", choices=PARTS, help="this part alone")
    parser.add_argument("--errors", action="store_true", help="print what is misread, and how")
    asked = parser.parse_args()
    parts = [asked.part] if asked.part else PARTS
    print(f"{'':24}" + "".join(f"{part:>20}" for part in parts))
    for table in [asked.table] if asked.table else TABLES:
        rows = phrasings(table)
        _print(table, rows, parts)
        for kind in dict.fromkeys(row.kind for row in rows):
            _print(f"  {kind}", [row for row in rows if row.kind == kind], parts)
    if asked.errors:
        asked_for = [row for table in TABLES for row in phrasings(table) if asked.table in (None, table)]
        print(*(f"{row.kind}: {miss}" for row in asked_for if row.part in parts and (miss := misread(row))), sep="\n")


def _print(name: str, rows: Sequence[Phrasing], parts: Sequence[str]) -> None:
    print(f"{name:24}" + "".join(_figure(of_part(rows, part)) for part in parts))


def _figure(rows: Sequence[Phrasing]) -> str:
    right = sum(not misread(row) for row in rows)
    return f"{right:>8} of {len(rows):3}  {right / len(rows):.3f}" if rows else f"{'-':>20}"


if __name__ == "__main__":
    main()
