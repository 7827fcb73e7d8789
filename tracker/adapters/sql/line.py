"""Whether the line to a server still stands: asked before it is used, but by those who try again by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

_asks: ContextVar[bool] = ContextVar("asks", default=True)


@contextmanager
def unasked() -> Iterator[None]:
    """Take connections as they are, which saves a question to the server: each costs as much as a statement."""
    before = _asks.set(False)
    try:
        yield
    finally:
        _asks.reset(before)


def ask_before_use(engine: Engine) -> None:
    """Let every connection that has lain idle be asked; where one is lost, all that lie idle are made anew."""

    def lay_down(_driver: Any, record: Any) -> None:
        record.info["was_used"] = True

    def take_up(driver: Any, record: Any, _fairy: Any) -> None:
        if not (_asks.get() and record.info.get("was_used")):
            return
        error: Any = engine.dialect.loaded_dbapi
        try:
            engine.dialect.do_ping(driver)
        except error.Error as lost:
            raise InvalidatePoolError from lost

    event.listen(engine, "checkin", lay_down)
    event.listen(engine, "checkout", take_up)
