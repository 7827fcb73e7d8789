"""A process that makes messages of what waits and is killed in the middle, for the tests of that."""

import os
import signal
from datetime import datetime
from typing import Any

from sqlalchemy import event

from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.application.audience import Audience
from tracker.application.bundle import Bundler


def bundle_until_killed(url: str, now: datetime, writes: int) -> None:
    """Bundle; after so many statements that write, kill -9 this process before the next, or before the commit."""
    engine = open_engine(url)
    log = SqlEventLog(engine, lambda: now)
    left = [writes]

    def write(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(("UPDATE", "INSERT")):
            left[0] -= 1
            if left[0] < 0:
                die()

    event.listen(engine, "before_cursor_execute", write)
    event.listen(engine, "commit", lambda _: die() if left[0] == 0 else None)
    Bundler(SqlOutbox(engine), log, Audience(log).now).bundle(now)
    die()


def die() -> None:
    """End as at a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)
