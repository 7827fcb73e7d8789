"""Surrogate stories: topics of the Fake News Challenge, whose bodies report one running story each."""

import collections
from dataclasses import dataclass
from pathlib import Path

from rows import part, read


@dataclass(frozen=True)
class Topic:
    """Bodies that some headline connects by a stance other than unrelated, and those headlines."""

    key: str
    bodies: list[str]
    headlines: list[str]

    @property
    def part(self) -> str:
        """train, calibration or dev: a whole topic goes to one part, so that no body is seen twice."""
        return part(self.key)


def topics(folder: Path) -> list[Topic]:
    """The connected components of related (headline, body) pairs, in a fixed order."""
    bodies = {str(record["body_id"]): record["body"] for record in read(folder, "fnc1_train_bodies")}
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for record in read(folder, "fnc1_train_stances"):
        if record["stance"] != "unrelated":
            parent[root(f"b{record['body_id']}")] = root(f"h{record['headline']}")
    groups = collections.defaultdict(list)
    for node in sorted(parent):
        groups[root(node)].append(node)
    return [
        Topic(
            min(group),
            [bodies[node[1:]] for node in group if node[0] == "b"],
            [node[1:] for node in group if node[0] == "h"],
        )
        for group in sorted(groups.values())
    ]
