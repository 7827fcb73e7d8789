"""Real sentences of news bodies and of the factuality sets, cut and sifted for the rules that make pairs of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from rows import part, plain, read

_END = re.compile(r"(?<=[.!?])[\"\u201d\u2019']? +(?=[\"\u201c\u2018]?[A-Z])")
_NOT_AN_END = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|U\.S|U\.N|U\.K|No|Inc|Corp|vs|[A-Z])\.$")
_PERSONAL = re.compile(r"\b(?:I|we|you|me|us|my|our|your|http\S*|click|tweet|photo|e-?mail)\b", re.IGNORECASE)
_FEWEST, _MOST = 6, 34  # words


class Sentence(NamedTuple):
    """A sentence, the body it stands in, and the part (train, calibration, dev) that the body belongs to."""

    text: str
    body: str
    part: str


def split(body: str) -> list[str]:
    """Sentences of a body; paragraphs end sentences, well-known abbreviations do not."""
    found: list[str] = []
    for paragraph in re.split(r"\n+", body):
        pieces = _END.split(re.sub(r"\s+", " ", paragraph).strip())
        carried = ""
        for piece in pieces:
            carried = f"{carried} {piece}".strip()
            if not _NOT_AN_END.search(carried):
                found.append(carried)
                carried = ""
        if carried:
            found.append(carried)
    return [s for s in found if s]


def is_plain_statement(text: str) -> bool:
    """One whole declarative sentence of a few words, with nothing quoted, asked or addressed to the reader."""
    words = text.split()
    return (
        _FEWEST <= len(words) <= _MOST
        and text[0].isupper()
        and text.endswith(".")
        and not words[0].isupper()
        and not re.search(r"[\"\u201c\u201d:;?!()\[\]@#*\u2026]", text)
        and not _PERSONAL.search(text)
    )


def _stories(folder: Path) -> dict[int, int]:
    """Body to story: bodies under one headline (not 'unrelated') tell one story, named by its lowest body."""
    story = {r["body_id"]: r["body_id"] for r in read(folder, "fnc1_train_bodies")}

    def root(body: int) -> int:
        while story[body] != body:
            body = story[body]
        return body

    under: dict[str, int] = {}
    for r in read(folder, "fnc1_train_stances"):
        if r["stance"] != "unrelated":
            low, high = sorted((root(r["body_id"]), root(under.setdefault(r["headline"], r["body_id"]))))
            story[high] = low
    return {body: root(body) for body in story}


def of_bodies(folder: Path) -> list[Sentence]:
    """Every sentence of the FNC-1 training bodies; a story stays in one part."""
    stories = _stories(folder)
    return [
        Sentence(text, f"fnc-{r['body_id']}", part(f"fnc-{stories[r['body_id']]}"))
        for r in read(folder, "fnc1_train_bodies")
        for text in split(r["body"])
    ]


def of_factuality(folder: Path) -> list[Sentence]:
    """Sentences of the factuality sets in which some event is said to have happened."""
    found = []
    for name in ("factuality_uds_ih2_train", "factuality_meantime_train"):
        for r in read(folder, name):
            if any(t["label"] > 2 for t in r["targets"]):
                group = f"{name}-{r['idx'] // 20}"  # neighbours come from one document
                found.append(Sentence(plain(r["text"]), group, part(group)))
    return found
