"""Exports of older schemas: what they lack, and what takes its place. Such files are read for ever.

Schema 1 knew no pages, no quarantine and no removals, less of a source, and sightings without numbers. Schema 2 knew no
notices apart from the deliveries, each of which was of one, no endpoints, and less of a delivery and of a try.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Connection, func, insert, literal, null, select, update

from tracker.adapters.sql.tables import (
    attempt,
    delivery,
    endpoint,
    entry_version,
    feed,
    notice,
    page,
    quarantine,
    removal,
    sighting,
)
from tracker.adapters.sql.transfer import Part
from tracker.ports.pages import host_of

_NEW_IN = {2: (page, quarantine, removal), 3: (notice, endpoint)}
_SINCE_2: Mapping[str, frozenset[str]] = {
    feed.name: frozenset((
        "options", "folder", "checked_at", "document_at", "last_new_at", "brought", "interval", "gap", "ttl",
        "criterion", "trouble", "silent", "moved_to", "moves", "moved_since", "host",
    )),
    entry_version.name: frozenset(("turns", "muted")),
    sighting.name: frozenset(("number", "page", "own", "missing_at")),
}  # fmt: skip
_SINCE_3: Mapping[str, frozenset[str]] = {
    delivery.name: frozenset(("kind", "upto", "period_start", "period_end", "corrects", "leased_at")),
    attempt.name: frozenset(("started_at", "target", "answer")),
}
_SINCE = {2: _SINCE_2, 3: _SINCE_3}
_ORDER_1 = {sighting.name: ("entry", "version", "feed")}

_came = select(
    sighting.c.number,
    func.row_number()
    .over(order_by=(sighting.c.first_seen, sighting.c.entry, sighting.c.version, sighting.c.feed))
    .label("nth"),
).subquery()
_number = update(sighting).where(sighting.c.number == _came.c.number).values(number=_came.c.nth)

_stood_for = select(
    delivery.c.subscription, delivery.c.event_id, delivery.c.story, delivery.c.position, null(), literal(""),
    delivery.c.created_at, delivery.c.created_at, null(), delivery.c.id, null(),
)  # fmt: skip
_notices = insert(notice).from_select([column.name for column in notice.columns], _stood_for)


def parts_of(schema: int, newest: Sequence[Part]) -> Sequence[Part]:
    """Return what an export of a schema is made of, in order."""
    later = [number for number in _NEW_IN if number > schema]
    new = [table for number in later for table in _NEW_IN[number]]
    return tuple(
        replace(
            part,
            lacks=frozenset().union(*(_SINCE[number].get(part.name, frozenset()) for number in later)),
            order=_ORDER_1.get(part.name, ()) if schema == 1 else (),
        )
        for part in newest
        if part.table not in new
    )


def completed(part: Part, row: dict[str, Any], nth: int) -> dict[str, Any]:
    """Return the `nth` row of a part with every column that its table has now."""
    missing = (column for column in part.table.columns if column.name in part.lacks)
    return row | {column.name: _instead(column, row, nth) for column in missing}


def put_in_order(connection: Connection, schema: int) -> None:
    """Number sightings that came without numbers in the order in which they were made, as far as their times tell.

    A delivery that came without a notice gets the one that it stands for.
    """
    if schema == 1:
        connection.execute(_number)
    if schema < 3:  # noqa: PLR2004 - the first schema with notices
        connection.execute(_notices)


def _instead(column: Column[Any], row: Mapping[str, Any], nth: int) -> Any:
    if column is sighting.c.number:
        return -nth  # out of the way of the numbers to come
    if column is feed.c.host:
        return host_of(row["url"])
    if column is delivery.c.upto:
        return row["position"]
    return getattr(column.default, "arg", None)
