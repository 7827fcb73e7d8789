"""Write the invented stories that were kept back as cases for `tracker evaluate`.

    python training/invented_cases.py FOLDER

Into each story forty reports of other stories are mixed, which do not belong to it.
"""

import json
import random
import sys
from pathlib import Path
from typing import Any

from invented_stories import FOLDER
from rows import part

NOISE = 40
Document = dict[str, Any]
Pairs = list[tuple[Document, Document]]


def seed(story: Document) -> str:
    """The story as a curated seed; a string of JSON is one of TOML."""
    lines = ["schema = 1", "[story]", f'id = "{story["story"]}"', f"title = {_quoted(story['title'])}"]
    lines += ['language = "en"', f"as_of = {story['as_of']}"]
    for claim in story["claims"]:
        lines += ["[[claim]]", f'id = "{claim["id"]}"', f"text = {_quoted(claim['text'])}"]
        lines += [f"attributed_to = {_quoted(claim['attributed_to'])}"] if claim["attributed_to"] else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def rows(
    slug: str, items: list[Document], noise: list[Document], rng: random.Random
) -> list[tuple[Document, Document]]:
    """(item, gold) in the order in which they are read; what is of another story takes the time of the one before."""
    mixed = [(item, True) for item in items]
    for item in noise:
        mixed.insert(rng.randint(0, len(mixed)), (item, False))
    moment, out = items[0]["published"], []
    for number, (item, own) in enumerate(mixed):
        moment = item["published"] if own else moment
        told = {name: item[name] for name in ("publisher", "title", "summary")}
        there = {"id": f"{slug}-{number}", "published": moment, "url": f"https://news.example/{number}", "lang": "en"}
        read = {name: item[name] for name in ("kind", "event", "links", "news")}
        other = {"kind": "noise", "event": None, "links": [], "news": "no"}
        belongs = "yes" if own and item["kind"] == "relevant" else "no"
        scored = {"id": there["id"], "scored": True, "lang": "en", "relevant": belongs}
        out.append((told | there, scored | (read if own else other)))
    return out


def main(target: Path) -> None:
    """Write a folder for each story that was kept back."""
    rng, found = random.Random(5), {}
    for path in sorted(FOLDER.glob("*.jsonl")):
        found[path.stem] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for slug, (story, *items) in found.items():
        others = [item for other, told in found.items() if other != slug for item in told[1:]]
        if part(f"invented:{slug}") == "train":
            continue
        folder = target / slug
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "seed.toml").write_text(seed(story), encoding="utf-8")
        pairs = rows(slug, items, rng.sample(others, NOISE), rng)
        for at, name in enumerate(("items.jsonl", "gold.jsonl")):
            text = "".join(json.dumps(pair[at], ensure_ascii=False) + "\n" for pair in pairs)
            (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
