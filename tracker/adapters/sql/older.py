"""Exports of older schemas: what they lack, and what takes its place. Such files are read for ever.

Schema 1 knew no pages, no quarantine and no removals, less of a source, and sightings without numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Connection, func, select, update

from tracker.adapters.sql.tables import entry_version, feed, page, quarantine, removal, sighting
from tracker.adapters.sql.transfer import Part
from tracker.ports.pages import host_of

_NEW_IN_2 = (page, quarantine, removal)
_SINCE_2: Mapping[str, frozenset[str]] = {
    feed.name: frozenset((
        "options", "folder", "checked_at", "document_at", "last_new_at", "brought", "interval", "gap", "ttl",
        "criterion", "trouble", "silent", "moved_to", "moves", "moved_since", "host",
    )),
    entry_version.name: frozenset(("turns", "muted")),
    sighting.name: frozenset(("number", "page", "own", "missing_at")),
}  # fmt: skip
_ORDER_1 = {sighting.name: ("entry", "version", "feed")}

_came = select(
    sighting.c.number,
    func.row_number()
    .over(order_by=(sighting.c.first_seen, sighting.c.entry, sighting.c.version, sighting.c.feed))
    .label("nth"),
).subquery()
_number = update(sighting).where(sighting.c.number == _came.c.number).values(number=_came.c.nth)


def parts_of(schema: int, newest: Sequence[Part]) -> Sequence[Part]:
    """Return what an export of a schema is made of, in order."""
    if schema > 1:
        return newest
    return tuple(
        replace(part, lacks=_SINCE_2.get(part.name, ()), order=_ORDER_1.get(part.name, ()))
        for part in newest
        if part.table not in _NEW_IN_2
    )


def completed(part: Part, row: dict[str, Any], nth: int) -> dict[str, Any]:
    """Return the `nth` row of a part with every column that its table has now."""
    missing = (column for column in part.table.columns if column.name in part.lacks)
    return row | {column.name: _instead(column, row, nth) for column in missing}


def put_in_order(connection: Connection, schema: int) -> None:
    """Number sightings that came without numbers in the order in which they were made, as far as their times tell."""
    if schema == 1:
        connection.execute(_number)


def _instead(column: Column[Any], row: Mapping[str, Any], nth: int) -> Any:
    if column is sighting.c.number:
        return -nth  # out of the way of the numbers to come
    if column is feed.c.host:
        return host_of(row["url"])
    return getattr(column.default, "arg", None)
