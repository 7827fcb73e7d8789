"""How many second opinions were asked for today, by all workers together."""

from datetime import date

from sqlalchemy import Engine

from tracker.adapters.sql.engine import writing
from tracker.adapters.sql.tables import opinion_day
from tracker.adapters.sql.upsert import insert_for


class SqlBudget:
    """The budget of a day in the table `opinion_day`; see `tracker.ports.adviser.Budget`."""

    def __init__(self, engine: Engine) -> None:
        new = insert_for(engine, opinion_day)
        self._engine = engine
        self._new = new

    def take(self, day: date, most: int) -> bool:
        """Take one question out of a day's budget of `most`, unless nothing is left of it. Raises StoreError."""
        new = self._new.values(day=day.isoformat(), asked=1)
        asked = opinion_day.c.asked
        taken = new.on_conflict_do_update(
            index_elements=[opinion_day.c.day], set_={"asked": asked + 1}, where=asked < most
        ).returning(asked)
        with writing(self._engine) as connection:
            return connection.execute(taken).first() is not None
