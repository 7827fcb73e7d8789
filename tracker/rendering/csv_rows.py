"""The developments of a story as a table (CSV, RFC 4180): a row each, the oldest first."""

import csv
from collections.abc import Iterator
from typing import Final

from tracker.projections.rows import stamp
from tracker.rendering.documents.changes import development
from tracker.rendering.plain import line
from tracker.rendering.view import StatusView

FIELDS: Final = (
    "position", "kind", "claim", "headline", "field", "old", "new", "sentence", "reason", "seen", "published", "source",
    "url", "entry",
)  # fmt: skip
"""The fields of a development in the JSON document, under the same names."""
AS_OF: Final = ("story", "as_of", "as_of_position")

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")


def rows(view: StatusView) -> Iterator[str]:
    """Yield the lines of the table, the first with the names of the columns.

    Text is quoted, so that a comma or semicolon parts no cell; one that a spreadsheet would take for a formula gets an
    apostrophe before it, and so does one that begins with an apostrophe: take one away to have the text.
    """
    table = csv.writer(_Lines(), quoting=csv.QUOTE_NONNUMERIC)
    yield table.writerow((*FIELDS, *AS_OF))
    whence = (_cell(view.id), stamp(view.as_of), view.head.position)
    for told in view.developments:
        document = dict(development(told))
        yield table.writerow((*(_cell(document[name]) for name in FIELDS), *whence))


def _cell(value: object) -> str | int:
    if isinstance(value, int):
        return value
    said = line(str(value or ""))
    return f"'{said}" if said.startswith(_FORMULA) else said


class _Lines:
    """Hands a writer's lines back to whoever writes them."""

    def write(self, text: str) -> str:
        return text
