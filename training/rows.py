"""One row of the pair task, the labelled sets as rows, and the honest splits.

Labels: 0 supports, 1 refutes, 2 neither; `claim` is what is tracked, `sentence` what a report says.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

LABELS = ("supports", "refutes", "neither")
SUPPORTS, REFUTES, NEITHER = range(3)
_FACT = {"SUPPORTS": SUPPORTS, "REFUTES": REFUTES, "NOT ENOUGH INFO": NEITHER}
_NLI = {"entailment": SUPPORTS, "contradiction": REFUTES, "neutral": NEITHER}
_SPELLED = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"', "\ufffd": " ", "--": "\u2013"}
_DEV, _CALIBRATION = 10, 20  # per cent of the groups: up to 10 dev, up to 20 calibration, the rest training


class Row(NamedTuple):
    """One labelled pair; `origin` names the set (and the rule) that it comes from."""

    claim: str
    sentence: str
    label: int
    origin: str


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    """All records of a gzip-compressed JSON Lines file."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def plain(text: str) -> str:
    """Undo the tokenised spelling of the treebank (" ,", "-LRB-", "did n't"), so that it looks like news."""
    for spelled, sign in _SPELLED.items():
        text = text.replace(spelled, sign)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[$\u00a3\u20ac]) ", r"\1", text)
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    text = re.sub(r"(\w) - (\w)", r"\1-\2", text)
    return re.sub(r'" ([^"]*?) "', r'"\1"', text)


def part(group: str) -> str:
    """Which part a page, body or story belongs to: dev, calibration or train; a pure function of its name."""
    share = int(hashlib.md5(group.encode()).hexdigest(), 16) % 100  # noqa: S324 - a spread, not a secret
    return "dev" if share < _DEV else "calibration" if share < _CALIBRATION else "train"


def vitaminc(folder: Path, name: str) -> list[tuple[str, Row]]:
    """(page, row) of a VitaminC file."""
    return [
        (r["page"], Row(plain(r["claim"]), plain(r["evidence"]), _FACT[r["label"]], name)) for r in read(folder, name)
    ]


def fever_symmetric(folder: Path) -> list[Row]:
    """FEVER symmetric: every claim with a supporting and a refuting sentence."""
    records = read(folder, "fever_symmetric")
    return [Row(plain(r["claim"]), plain(r["evidence"]), _FACT[r["label"]], "fever_symmetric") for r in records]


def negation(folder: Path, name: str) -> Iterator[tuple[str, Row]]:
    """(part, row) of a negation set: neighbouring records share their wording, so the last fifth is the dev part."""
    records = read(folder, name)
    border = len(records) * 4 // 5
    for at, r in enumerate(records):
        if border - 6 <= at < border or r["label"] not in _NLI:  # the six before the border may share a premise with it
            continue
        yield "train" if at < border else "dev", Row(r["hypothesis"], r["premise"], _NLI[r["label"]], name)


def edits(folder: Path) -> Iterator[tuple[str, Row]]:
    """(part, row) of SummEdits, a summary against its edited self: an inserted fact is neither, other edits refute."""
    for path in sorted(folder.glob("summedits_*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        records = read(folder, name)
        originals = {r["id"].removesuffix("_og"): r["summary"] for r in records if r["id"].endswith("_og")}
        for r in records:
            story, _, version = r["id"].rpartition("_")
            if version == "og" or story not in originals:
                continue
            inserted = r["edit_types"] == ["hallucinated_fact_insertion"]
            label = SUPPORTS if r["consistent"] else NEITHER if inserted else REFUTES
            yield part(story), Row(plain(r["summary"]), plain(originals[story]), label, name)
