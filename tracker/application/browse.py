"""A stretch of a story's developments, those that are wanted; no more is read than is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tracker.application.report import change_of
from tracker.domain.words import plain
from tracker.ports.views import ViewReader
from tracker.projections.developments import Developments, developments_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.projections.timeline import is_development
from tracker.rendering.view import Change

FURTHEST = 2_000
"""Rows looked through for one stretch: who wants few of many gets what is among these, and goes on from there."""
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What developments must have, each None for anything: kind, claim id, source, standing of the claim, and words.

    `words` are sought in headline, sentence, text and values, whatever their case and accents; all must be there.
    """

    kind: str | None = None
    claim: str | None = None
    source: str | None = None
    standing: str | None = None
    words: str | None = None


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Developments, the newest first, and where to go on, None at either end.

    `older`: the position before which more may be, `newer`: the position after which more may be. `whole`: the search
    ended because enough were found or there are no more, not because it had looked at `furthest` rows.
    """

    developments: tuple[Change, ...]
    older: int | None
    newer: int | None
    whole: bool = True


def browse(
    views: ViewReader,
    story: str,
    wanted: Wanted = EVERYTHING,
    *,
    before: int | None = None,
    after: int | None = None,
    most: int = 50,
    furthest: int = FURTHEST,
) -> Stretch:
    """Return developments of a story that are wanted, at most `most`, from at most `furthest` rows looked through.

    They are the newest, or the newest of positions less than `before`, or the oldest of positions greater than `after`.
    An unknown story has none.
    """
    rows = _backwards(views, story, before) if after is None else _forwards(views, story, after)
    found, last, more = _taken(rows, _test(views, story, wanted), most, furthest)
    whole = not more or len(found) == most
    if after is None:
        return Stretch(tuple(found), last if more else None, None if before is None else before - 1, whole)
    return Stretch(tuple(reversed(found)), after + 1, last if more else None, whole)


def _taken(
    rows: Iterator[Row], test: Callable[[Row], bool], most: int, furthest: int
) -> tuple[list[Change], int, bool]:
    """Return what was found, the position looked at last, and whether there are rows beyond it."""
    found: list[Change] = []
    last = 0
    for looked, row in enumerate(rows):
        if len(found) == most or looked == furthest:
            return found, last, True
        last = row["position"]
        if is_development(row) and test(row):
            found.append(change_of(row))
    return found, last, False


def _backwards(views: ViewReader, story: str, before: int | None) -> Iterator[Row]:
    partition, end = developments_of(story), None if before is None else ordinal(before)
    while rows := list(views.scan(Developments.name, partition, before=end, last=_CHUNK)):
        yield from reversed(rows)
        end = ordinal(rows[0]["position"])


def _forwards(views: ViewReader, story: str, after: int) -> Iterator[Row]:
    partition, begin = developments_of(story), ordinal(after)
    while rows := list(views.scan(Developments.name, partition, after=begin, first=_CHUNK)):
        yield from rows
        begin = ordinal(rows[-1]["position"])


def _test(views: ViewReader, story: str, wanted: Wanted) -> Callable[[Row], bool]:
    exact = {name: value for name in ("kind", "claim", "source") if (value := getattr(wanted, name)) is not None}
    standing = None if wanted.standing is None else _standing(views, story, wanted.standing)
    words = plain(wanted.words or "").split()

    def test(row: Row) -> bool:
        return (
            all(row[name] == value for name, value in exact.items())
            and (standing is None or row["claim"] in standing)
            and (not words or _holds(row, words))
        )

    return test


def _standing(views: ViewReader, story: str, standing: str) -> frozenset[str]:
    return frozenset(row["id"] for row in views.scan("ledger", story) if row["standing"] == standing)


def _holds(row: Row, words: list[str]) -> bool:
    text = plain(" ".join(row[name] or "" for name in ("headline", "sentence", "text", "old", "new")))
    return all(word in text for word in words)
