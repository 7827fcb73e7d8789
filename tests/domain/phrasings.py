"""The tables of phrasings under tests/data/phrasings: what a careful reader reads, put down before any code read it.

A row has the columns that its table's head names. `part` is "dev" for those that the readers were mended on; "test" for
those put down with the first of them and looked at only when that was done (225 of 235 were right then; what was not
was mended after); "fresh" for those written last and read once, of which nothing was mended. `reading` is in the
notation of `tests.domain.tables`, several of one sentence with ";" between them, "-" for none. Of cues, `kind` names
the cue: who says it, the status, or a question with "true" or "false" for its answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.domain.tables import PUBLISHED, dates_differ, quantities_differ
from tracker.domain import cues

TABLES = ("quantities", "dates", "cues")
_DATA = Path(__file__).parent.parent / "data" / "phrasings"
_CUES: dict[str, Callable[[str], object]] = {
    "status": cues.status,
    "who": cues.attribution,
    "denial": cues.denial,
    "negated": cues.negated,
    "delayed": cues.delayed,
    "hedged": cues.hedged,
    "question": cues.question,
}


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A row of a table; `published` is the day that dates are read against."""

    table: str
    part: str
    kind: str
    sentence: str
    reading: str
    published: date = PUBLISHED


def phrasings(table: str) -> tuple[Phrasing, ...]:
    """Return the rows of a table in order."""
    head, *lines = (_DATA / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(_phrasing(table, dict(zip(head.split("\t"), line.split("\t"), strict=True))) for line in lines)


def _phrasing(table: str, cells: dict[str, str]) -> Phrasing:
    published = date.fromisoformat(cells.get("published", str(PUBLISHED)))
    return Phrasing(table, cells["part"], cells["kind"], cells["sentence"], cells["reading"], published)


def misread(row: Phrasing) -> str:
    """Return what a row expects and what was read, "" where they agree in every value, unit, noun, day and bound."""
    wanted = [] if row.reading == "-" else row.reading.split(";")
    if row.table == "quantities":
        return quantities_differ({"s": row.sentence, "q": wanted})
    if row.table == "dates":
        return dates_differ({"s": row.sentence, "w": wanted, "published": row.published})
    found = _said(_CUES[row.kind](row.sentence))
    return "" if found == row.reading else f"{row.sentence}\n   wants {row.kind} {row.reading}\n   reads {found}"


def _said(answer: object) -> str:
    return "-" if answer is None else str(answer).lower() if isinstance(answer, bool) else str(answer)


def of_part(rows: Iterable[Phrasing], part: str) -> tuple[Phrasing, ...]:
    """Return the rows of a part."""
    return tuple(row for row in rows if row.part == part)
