"""A newsroom of its own for recorded items: in memory, with a clock that stands at their time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.bootstrap.app import App
from tracker.config import Database, Settings

if TYPE_CHECKING:
    from tracker.application.newsroom import Newsroom
    from tracker.application.replay import SimulatedClock
    from tracker.judging.judge import Judge
    from tracker.ports.seeds import Seed


@contextmanager
def rehearsal(seed: "Seed", judge: "Judge") -> "Iterator[tuple[Newsroom, SimulatedClock]]":
    """Give a newsroom on a fresh database in memory, which goes with it, and its clock at the beginning of a seed."""
    from tracker.application.replay import SimulatedClock, start_of

    clock = SimulatedClock(start_of(seed))
    app = App(Settings(database=Database(url="sqlite://")), clock)
    try:
        yield replace(app.newsroom(), judge=judge), clock
    finally:
        app.close()
