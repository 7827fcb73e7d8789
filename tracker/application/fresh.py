"""How much has come since each of several readers loaded a story: one reading of the views for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.ports.views import ViewReader
from tracker.projections.developments import Developments, developments_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.projections.timeline import is_development

MOST = 100
"""Rows looked at: whoever has missed that many is not told how many they were."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Developments that came to stand as they do after a position; `more`: there may be others."""

    new: int
    more: bool


def fresh(views: ViewReader, story: str, positions: Iterable[int]) -> Mapping[int, Fresh]:
    """Return, for each position of the log, what is new in a story since. An unknown story has nothing new."""
    wanted = frozenset(positions)
    partition = developments_of(story)
    rows = list(views.scan(Developments.name, partition, after=ordinal(min(wanted)), last=MOST))
    first = rows[0]["position"] if rows else 0
    settled = {(partition, ordinal(row["of"])) for row in rows if row["of"] and row["of"] < first}
    every = [row for row in (*views.load(Developments.name, settled).values(), *rows) if is_development(row)]
    return {after: _since(after, first, every, whole=len(rows) < MOST) for after in wanted}


def _since(after: int, first: int, rows: Iterable[Row], *, whole: bool) -> Fresh:
    return Fresh(sum(row["decided"] > after for row in rows), more=not whole and after < first)
