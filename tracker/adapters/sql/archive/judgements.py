"""Judgements written down: what many stories say alike of an entry is one statement for all of them.

Nearly every entry shares nothing telling with nearly every story, so of an entry most rows differ in their story alone.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Engine, Float, Text, bindparam, cast, func, select, true
from sqlalchemy.dialects.sqlite import Insert

from tracker.adapters.sql.columns import Moment, Words
from tracker.adapters.sql.tables import judgement
from tracker.adapters.sql.upsert import upsert
from tracker.domain.erasure import ERASED
from tracker.ports.archive import Judgement

FEWEST = 4
"""Stories that say the same, from which it is one statement for all of them."""

_SAME = tuple(field.name for field in fields(Judgement) if field.name != "story")
_TYPES: dict[str, Any] = {"relevant": Boolean(), "score": Float(), "judged_at": Moment(), "reason": Words()}
_of = attrgetter(*_SAME)


class JudgementWriter:
    """Writes rows of `judgement`; a second one of the same story, entry and version replaces the first."""

    def __init__(self, engine: Engine) -> None:
        self._one = upsert(engine, judgement)
        self._many = _for_all(engine, self._one)

    def write(self, connection: Connection, judgements: Iterable[Judgement], erased: Collection[str]) -> None:
        """Write judgements; no reason is kept of an entry in `erased`: it would quote."""
        alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for one in judgements:
            alike[_of(one)].append(one.story)
        rows = [(_row(same, erased), stories) for same, stories in alike.items()]
        if few := [row | {"story": story} for row, stories in rows if len(stories) < FEWEST for story in stories]:
            connection.execute(self._one, few)
        for row, stories in rows:
            if len(stories) >= FEWEST:
                asked = {f"its_{name}": value for name, value in row.items()}
                connection.execute(self._many, asked | {"stories": json.dumps(list(dict.fromkeys(stories)))})


def _row(same: tuple[Any, ...], erased: Collection[str]) -> dict[str, Any]:
    values = dict(zip(_SAME, same, strict=True))
    return values | {"reason": ERASED} if values["entry"] in erased else values


def _for_all(engine: Engine, one: Insert) -> Insert:
    """Return the statement that writes one judgement for each of a list of stories in JSON."""
    listed = bindparam("stories", type_=Text())
    every: Any = (
        func.json_each(listed) if engine.dialect.name == "sqlite" else func.json_array_elements_text(cast(listed, JSON))
    )
    stories = every.table_valued("value")
    values = [cast(bindparam(f"its_{name}", type_=_TYPES.get(name)), _TYPES.get(name, Text())) for name in _SAME]
    # SQLite reads ON CONFLICT after a SELECT as part of a join, unless a condition stands in between.
    return one.from_select(["story", *_SAME], select(stories.c.value, *values).where(true()))
