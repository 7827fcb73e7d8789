"""What waits for many stories at once: for those whose marks are near the newest sighting, which most of them are.

To ask a story by itself takes half a millisecond even where nothing waits, and a turn asks all that are followed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, bindparam, exists, func, or_, select

from tracker.adapters.sql.archive.waiting import IS_KEPT, OF_VERSION, decoded
from tracker.adapters.sql.engine import reading, take_turns, writing
from tracker.adapters.sql.lookup import LOCK, found
from tracker.adapters.sql.tables import entry_version, feed, judgement, mark, sighting
from tracker.adapters.sql.upsert import insert_for, upsert
from tracker.ports.archive import Pending

NEAR = 64
"""Sightings between a mark and the newest of all, up to which a story is looked at together with others."""
_STRIDE = 16
"""Sightings that all these looks may go through in vain before the marks are moved over them."""

_fresh = (
    select(entry_version.c.number, entry_version.c.entry, entry_version.c.version, feed.c.story)
    .add_columns(sighting.c.number.label("came"))
    .select_from(sighting.join(entry_version, OF_VERSION).outerjoin(feed, feed.c.id == sighting.c.feed))
    .where(sighting.c.number > bindparam("lowest"), IS_KEPT)
    .cte("fresh")
)
_judged = exists().where(
    judgement.c.story == mark.c.story,
    judgement.c.entry == _fresh.c.entry,
    judgement.c.version == _fresh.c.version,
)
_waiting = (
    select(mark.c.story, _fresh.c.number)
    .select_from(mark.join(_fresh, _fresh.c.came > mark.c.sighting))
    .where(
        mark.c.sighting >= bindparam("lowest"),
        mark.c.sighting < bindparam("newest"),
        or_(_fresh.c.story.is_(None), _fresh.c.story == mark.c.story),
        ~_judged,
    )
    .order_by(_fresh.c.number)
)
_newest = select(func.coalesce(func.max(sighting.c.number), 0))
_marks = select(mark.c.story, mark.c.sighting)
_numbers: BindParameter[Any] = bindparam("numbers", expanding=True)
_data = select(entry_version.c.number, entry_version.c.data).where(entry_version.c.number.in_(_numbers))
_news = (
    select(entry_version.c.number, feed.c.story)
    .select_from(entry_version.join(sighting, OF_VERSION).outerjoin(feed, feed.c.id == sighting.c.feed))
    .where(entry_version.c.number.in_(_numbers), sighting.c.baseline.is_(False))
)


class SqlFresh:
    """One look for all stories that are nearly level; see `tracker.ports.archive.Waiting`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._begin = insert_for(engine, mark).on_conflict_do_nothing()
        self._advance = upsert(engine, mark)

    def fresh(self, stories: Sequence[str], limit: int) -> Mapping[str, tuple[Pending, ...]]:
        """Return what `pending` would of each story that has judged nearly all there is. Raises StoreError."""
        self._set_out(stories)
        with reading(self._engine) as connection:
            newest, marks = connection.execute(_newest).scalar_one(), _marks_of(connection)
            near = {story: marks[story] for story in stories if story in marks and newest - marks[story] <= NEAR}
            waiting = _look(connection, near, newest)
            told = _told(connection, {number for some in waiting.values() for number in some[:limit]})
        if any(newest - upto >= _STRIDE for story, upto in near.items() if story not in waiting):
            self._move_all(near, newest)
        return {story: tuple(told(story, waiting.get(story, ())[:limit])) for story in near}

    def _set_out(self, stories: Sequence[str]) -> None:
        """Give a mark to those that have none, before everything."""
        with reading(self._engine) as connection:
            marks = _marks_of(connection)
        if unmarked := [{"story": story, "sighting": 0} for story in stories if story not in marks]:
            with writing(self._engine) as connection:
                connection.execute(self._begin, unmarked)

    def _move_all(self, near: Mapping[str, int], newest: int) -> None:
        """Move the marks of those for which nothing waits, as the look tells while nothing can come or go."""
        with writing(self._engine) as connection:
            take_turns(connection, LOCK)
            marks = _marks_of(connection)
            held = {story: upto for story, upto in near.items() if marks.get(story) == upto}
            waiting = _look(connection, held, newest)
            level = [{"story": story, "sighting": newest} for story in held if story not in waiting]
            if level:
                connection.execute(self._advance, level)


def _marks_of(connection: Connection) -> dict[str, int]:
    return {row.story: row.sighting for row in connection.execute(_marks)}


def _look(connection: Connection, near: Mapping[str, int], newest: int) -> dict[str, list[int]]:
    """Return the numbers of the versions that wait for each story, in order; none for those for which none do."""
    lowest = min(near.values(), default=newest)
    waiting: dict[str, list[int]] = defaultdict(list)
    if lowest < newest:
        for story, number in connection.execute(_waiting, {"lowest": lowest, "newest": newest}):
            if story in near and number not in waiting[story][-1:]:
                waiting[story].append(number)
    return dict(waiting)


def _told(connection: Connection, numbers: Iterable[int]) -> Any:
    """Return what makes of a story and numbers of versions what is pending."""
    numbers = list(numbers)
    entries = {number: decoded(data) for number, data in found(connection, _data, "numbers", numbers)}
    news = {(number, story) for number, story in found(connection, _news, "numbers", numbers)}
    old, new = ({number: Pending(one, baseline=base) for number, one in entries.items()} for base in (True, False))

    def told(story: str, some: Sequence[int]) -> Iterable[Pending]:
        for number in some:
            if number in entries:
                yield (new if (number, None) in news or (number, story) in news else old)[number]

    return told
