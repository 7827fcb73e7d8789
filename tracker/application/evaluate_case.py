"""A case to evaluate the judge on: a story as it was opened, recorded items, and what careful readers say of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.application.replay import read_items
from tracker.domain.entry import Entry
from tracker.errors import UsageError
from tracker.judging.scoring import Gold, Link
from tracker.ports.seeds import Seed

EVERY_LANGUAGE = "all"
_RELEVANT, _NEWS = ("yes", "maybe", "no"), ("must", "may", "no")


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a name; `gold` holds those of its items that are scored, in the order in which they are read."""

    name: str
    seed: Seed
    items: Sequence[tuple[str, Entry]]
    gold: Sequence[Gold]


def case_of(name: str, seed: Seed, items: Iterable[str], gold: Iterable[str], language: str) -> Case:
    """Return a case from the lines of its files, scored in a language or in `EVERY_LANGUAGE`.

    Raises UsageError for a line that cannot be read, an item that was read but is not there, and where nothing is
    scored.
    """
    read = tuple(read_items(items, f"{name}/items.jsonl"))
    scored = tuple(_scored(gold, f"{name}/gold.jsonl", language))
    known = {item for item, _ in read}
    missing = [one.item for one in scored if one.item not in known]
    if missing:
        raise UsageError(f"case {name}: gold.jsonl names {missing[0]}, which items.jsonl does not hold")
    if not scored:
        raise UsageError(f"case {name}: no item is scored in the language {language}")
    return Case(name, seed, read, scored)


def _scored(lines: Iterable[str], origin: str, language: str) -> Iterator[Gold]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["scored"] and language in (EVERY_LANGUAGE, row["lang"]):
                yield _gold(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{origin}, line {number}: not a reading of an item: {error!r}") from error


def _gold(row: Mapping[str, Any]) -> Gold:
    if row["relevant"] not in _RELEVANT or row["news"] not in _NEWS:
        raise ValueError(f"relevant is one of {', '.join(_RELEVANT)}, news one of {', '.join(_NEWS)}")
    links = tuple(Link(one["claim"], bool(one["must"]), tuple(one["relations"])) for one in row["links"])
    if not all(link.relations for link in links):
        raise ValueError("a link without a relation")
    return Gold(row["id"], row["relevant"], row["news"], row["event"], links)
