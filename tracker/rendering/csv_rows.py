"""The developments of a story as a table (CSV, RFC 4180): a row each, the oldest first."""

import csv
from collections.abc import Iterator
from typing import Final

from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.plain import line
from tracker.rendering.view import Change, StatusView

COLUMNS: Final = (
    "position", "kind", "claim", "headline", "old", "new", "seen", "published", "source", "url", "reason",
    "story", "as_of", "as_of_position", "as_of_head",
)  # fmt: skip
"""The fields of a development in the JSON document, under the same names, then as of when the table is."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")


def rows(view: StatusView) -> Iterator[str]:
    """Yield the lines of the table, the first with the names of the columns.

    Text is quoted, so that a comma or semicolon parts no cell; one that a spreadsheet would take for a formula gets an
    apostrophe before it, and so does one that begins with an apostrophe: take one away to have the text.
    """
    table = csv.writer(_Lines(), quoting=csv.QUOTE_NONNUMERIC)
    yield table.writerow(COLUMNS)
    whence = (_cell(view.id), stamp(view.as_of), view.head.position, view.head.hash)
    for told in view.developments:
        yield table.writerow((*_cells(told), *whence))


def _cells(told: Change) -> tuple[object, ...]:
    return (
        told.position,
        *map(_cell, (told.kind, told.claim, told.headline, told.old, told.new)),
        stamp(told.seen),
        stamp_or_none(told.published),
        *map(_cell, (told.source, told.url, told.reason)),
    )


def _cell(text: str | None) -> str:
    said = line(text)
    return f"'{said}" if said.startswith(_FORMULA) else said


class _Lines:
    """Hands a writer's lines back to whoever writes them."""

    def write(self, text: str) -> str:
        return text
