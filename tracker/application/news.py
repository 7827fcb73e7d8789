"""The developments and doubts of a story, read from their newest end: no more of them than a report shows."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.claims import Standing
from tracker.ports.views import ViewReader
from tracker.projections.developments import Developments, developments_of, doubts_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.projections.timeline import is_development
from tracker.rendering.view import Tally

_FIRST, _MORE = 64, 4
"""Rows read at first, and by how much more each time until they are enough: little is read twice."""

_CORRECTIONS = ("revised", "removed", "restored", "withdrawn", "review")


@dataclass(frozen=True, slots=True)
class Look:
    """How far a reader had got: everything up to `position`, as of `at`."""

    position: int
    at: datetime


def developments(views: ViewReader, story: str, most: int) -> list[Row]:
    """Return the latest developments of a story, oldest first, at most so many."""
    return _latest(views, developments_of(story), is_development, most)


def doubts(views: ViewReader, story: str, most: int) -> list[Row]:
    """Return the latest findings of a story that wait for a person, oldest first, at most so many."""
    return _latest(views, doubts_of(story), _waits, most)


def news(views: ViewReader, story: str, since: datetime | Look) -> list[Row]:
    """Return the developments that came to stand as they do after a moment, in the order in which they were seen.

    A reader's own look is exact to the event. What a person settled after the moment is among them, however old.
    """
    partition = developments_of(story)
    rows = _newest(views, partition, lambda rows: not _after(rows[0], since, "position", "seen"))
    first = rows[0]["position"] if rows else 0
    settled = [(partition, ordinal(row["of"])) for row in rows if row["of"] and row["of"] < first]
    older = sorted(views.load(Developments.name, settled).values(), key=lambda row: int(row["position"]))
    return [row for row in (*older, *rows) if is_development(row) and _after(row, since, "decided", "decided_at")]


def tally(fresh: Sequence[Row], claims: Sequence[Row], since: datetime | Look) -> Tally:
    """Return the news since a moment in numbers; `claims` are the rows of the ledger."""
    kinds = Counter(row["kind"] for row in fresh)
    moved = {kind: len({row["claim"] for row in fresh if row["kind"] == kind}) for kind in ("update", "confirms")}
    return Tally(
        new=kinds["new"],
        updated=moved["update"],
        confirmed=moved["confirms"],
        contested=sum(_is_disputed(row) and _is_past(row["turned"], since) for row in claims),
        resolved=sum(not _is_disputed(row) and _is_past(row["settled"], since) for row in claims),
        corrected=sum(kinds[kind] for kind in _CORRECTIONS),
    )


def _latest(views: ViewReader, partition: str, matters: Callable[[Row], bool], most: int) -> list[Row]:
    if not most:
        return []
    rows = _newest(views, partition, lambda rows: sum(map(matters, rows)) >= most)
    return [row for row in rows if matters(row)][-most:]


def _newest(views: ViewReader, partition: str, enough: Callable[[list[Row]], bool]) -> list[Row]:
    """Return the newest rows of a partition, oldest first: as many as are enough, or all."""
    many = _FIRST
    while True:
        rows = list(views.scan(Developments.name, partition, last=many))
        if len(rows) < many or enough(rows):
            return rows
        many *= _MORE


def _after(row: Row, since: datetime | Look, position: str, at: str) -> bool:
    if isinstance(since, Look):
        return bool(row[position] > since.position)
    return datetime.fromisoformat(row[at]) > since


def _is_past(mark: Row | None, since: datetime | Look) -> bool:
    return mark is not None and _after(mark, since, "position", "at")


def _is_disputed(claim: Row) -> bool:
    return bool(claim["standing"] == Standing.DISPUTED)


def _waits(row: Row) -> bool:
    return bool(row["needs_review"])
