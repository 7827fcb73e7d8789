"""Lines of claim and sentence compared one by one, in batches: a line that cannot be read stops no other."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from tracker.judging.models import PairClassifier
from tracker.judging.pairing import ANSWERS, Compared, compared

BATCH = 64


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, published on a day where one is known, and the claim that it is compared with."""

    claim: str
    sentence: str
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line, counted from 1, that is no pair, and why."""

    number: int
    why: str


def compare_all(pairs: Sequence[Pair], classifier: PairClassifier) -> list[Compared]:
    """Return what each sentence does to its claim, in the order of the pairs."""
    rows = classifier.classify([(pair.claim, pair.sentence) for pair in pairs]) if pairs else ()
    return [
        compared(pair.claim, pair.sentence, pair.published, (float(row[0]), float(row[1]), float(row[2])))
        for pair, row in zip(pairs, rows, strict=True)
    ]


def answers(
    lines: Iterable[str], classifier: PairClassifier, refused: Callable[[Unreadable], object]
) -> Iterator[dict[str, Any]]:
    """Yield a document for each line {"id", "claim", "sentence"[, "published"]}, in order; blank lines are none.

    `refused` is told of each line that is no such object, before the documents of its batch.
    """
    numbered = enumerate(lines, 1)
    while group := list(islice(numbered, BATCH)):
        read: list[tuple[str | int, Pair]] = []
        for number, line in group:
            if line.strip():
                try:
                    read.append(pair_of(line))
                except ValueError as error:
                    refused(Unreadable(number, str(error)))
        for (id_, _), one in zip(read, compare_all([pair for _, pair in read], classifier), strict=True):
            yield {"id": id_, **document(one)}


def document(one: Compared) -> dict[str, Any]:
    """Return a comparison as the JSON object that `tracker compare` writes."""
    return {
        "relation": one.relation,
        "p": {name: round(chance, 4) for name, chance in zip(ANSWERS, one.chances, strict=True)},
        "field": one.field,
        "old": one.old,
        "new": one.new,
        "reason": one.reason,
    }


def pair_of(line: str) -> tuple[str | int, Pair]:
    """Return the id and the pair of a line. Raises ValueError with what is wrong in words."""
    try:
        read = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(read, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - of a value that was handed in
    id_ = read.get("id")
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        raise ValueError("id is neither text nor a whole number")  # noqa: TRY004
    return id_, Pair(_text(read, "claim"), _text(read, "sentence"), _day(read.get("published")))


def _text(read: dict[str, Any], name: str) -> str:
    text = read.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is missing or empty")
    return text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no character


def _day(text: object) -> date | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError) as error:
        raise ValueError("published is not a date or time in ISO 8601") from error
