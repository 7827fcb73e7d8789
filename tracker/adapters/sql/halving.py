"""Finding a place in the log by halving: what follows positions and versions needs no index of its own."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, cast, func, select

from tracker.adapters.sql.columns import WHOLE


def last(
    table: Table, number: ColumnElement[int], fits: ColumnElement[bool], *, among: ColumnElement[bool]
) -> Select[Any]:
    """Return the question for the last row that fits, by its number: 0 when none does, no answer when one is missing.

    The rows `among` which it is looked for are numbered from 1 without a gap, and those that fit come first.
    """
    highest = select(func.coalesce(func.max(number), 0)).where(among).scalar_subquery()
    half = select(cast(0, WHOLE).label("low"), cast(highest, WHOLE).label("high")).cte("half", recursive=True)
    middle = (half.c.low + half.c.high + 1) // 2
    low, high = case((fits, number), else_=half.c.low), case((fits, half.c.high), else_=number - 1)
    halved = (
        select(cast(low, WHOLE), cast(high, WHOLE))
        .select_from(half.join(table, (number == middle) & among))
        .where(half.c.low < half.c.high)
    )
    half = half.union_all(halved)
    return select(half.c.low).where(half.c.low == half.c.high)
