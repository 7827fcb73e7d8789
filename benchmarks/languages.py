"""How well languages are read, by the length of the text.

    python benchmarks/languages.py tests/data/languages.jsonl [MORE.jsonl ...]

A file has a line {"lang","text"} or {"lang","title","summary"} for each text. Of each length there are two lines, for
English texts and for others: how many are read as what they are, as nobody knows what, and as another language.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tracker.adapters.models.language import LanguageIdentifier
from tracker.domain.entry import Entry
from tracker.judging.language import READ, spoken

LENGTHS = (30, 45, 60, 100)
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def texts(path: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the language of each text, and the text as an entry of a feed that says nothing of it."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["lang"], Entry("e", row.get("text") or row["title"], row.get("summary") or "", seen=NOW)


def main() -> None:
    """Read them all and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    model, counts, read = LanguageIdentifier(), Counter[tuple[str, int, str]](), 0
    model.read("load it")
    began = time.perf_counter()
    for wanted, entry in (row for path in arguments.files for row in texts(path)):
        found = spoken(entry, READ, model).language
        length = sum(len(entry.title) + len(entry.summary) >= least for least in LENGTHS)
        outcome = "right" if found == wanted else "another" if found else "not known"
        counts["English" if wanted == READ else "other", length, outcome] += 1
        read += 1
    each = (time.perf_counter() - began) / read
    print(f"{read} texts, {each * 1e3:.2f} ms each")
    print(f"{'':10}{'characters':>12}{'texts':>8}{'right':>8}{'not known':>11}{'another':>9}")
    names = [f"under {LENGTHS[0]}", *(f"from {least}" for least in LENGTHS)]
    for kind in ("English", "other"):
        for length, name in enumerate(names):
            right, unknown, another = (counts[kind, length, outcome] for outcome in ("right", "not known", "another"))
            print(f"{kind:10}{name:>12}{right + unknown + another:8}{right:8}{unknown:11}{another:9}")


if __name__ == "__main__":
    main()
