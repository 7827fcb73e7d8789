"""Stories that never happened, written and labelled for training: read, check and count them.

usage: invented_stories.py FILE...
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.judging.scoring import Link

FOLDER = Path(__file__).parent / "invented"
RELATIONS = {"corroborates", "updates", "denies"}


@dataclass(frozen=True, slots=True)
class Item:
    """A report as a feed carries it, and the reading of it."""

    published: datetime
    publisher: str
    title: str
    summary: str
    relevant: bool
    event: str | None
    links: tuple[Link, ...]
    news: str


@dataclass(frozen=True, slots=True)
class Story:
    """Claims as they stood at the start, and what was reported since, in order of time."""

    slug: str
    title: str
    as_of: datetime
    claims: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]


def stories(folder: Path = FOLDER) -> Iterator[Story]:
    """All stories of a folder, by name."""
    return (story(path) for path in sorted(folder.glob("*.jsonl")))


def story(path: Path) -> Story:
    """Read one story.

    :raises ValueError: a line is not what the README of the folder says
    """
    head, *rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    claims = tuple((claim["id"], claim["text"]) for claim in head["claims"])
    items = tuple(_item(row, {claim for claim, _ in claims}) for row in rows)
    if head["story"] != path.stem or [item.published for item in items] != sorted(item.published for item in items):
        raise ValueError("the story's name is not the file's, or items are not in order of time")
    return Story(path.stem, head["title"], datetime.fromisoformat(head["as_of"]), claims, items)


def _item(row: dict[str, object], claims: set[str]) -> Item:
    links = tuple(Link(link["claim"], link["must"], tuple(link["relations"])) for link in row["links"])
    known = {link for link in links if link.claim in claims and link.relations and RELATIONS.issuperset(link.relations)}
    wrong = [link for link in links if link not in known]
    relevant = row["kind"] == "relevant"
    if wrong or row["kind"] not in {"relevant", "hard_negative"} or row["news"] not in {"must", "may", "no"}:
        raise ValueError(f"{row['title']}: {wrong or (row['kind'], row['news'])}")
    if not relevant and (links or row["event"] or row["news"] != "no"):
        raise ValueError(f"{row['title']}: what does not belong has no links, no event and is no news")
    if relevant and row["news"] == "must" and not row["event"]:
        raise ValueError(f"{row['title']}: news without a happening")
    moment = datetime.fromisoformat(str(row["published"]))
    texts = [str(row[name]) for name in ("publisher", "title", "summary")]
    return Item(moment, texts[0], texts[1], texts[2], relevant, row["event"], links, row["news"])


def main(paths: list[str]) -> int:
    """Say of each file what it holds, or what is wrong."""
    failed = 0
    for path in map(Path, paths):
        try:
            read = story(path)
        except (ValueError, KeyError, TypeError) as error:
            failed, _ = 1, print(f"{path.name}: WRONG: {type(error).__name__}: {error}")
            continue
        relevant = [item for item in read.items if item.relevant]
        relations = Counter(link.relations[0] for item in relevant for link in item.links)
        print(
            f"{path.name}: {len(read.claims)} claims, {len(relevant)} relevant, {len(read.items) - len(relevant)} not,"
            f" {len({item.event for item in relevant if item.event})} happenings,"
            f" {sum(item.news == 'must' for item in relevant)} news, links {dict(relations)},"
            f" {sum(not item.links for item in relevant)} without"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
