"""The worker as it runs: the app of the settings in force, which a reload replaces, and how its parts fare."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic

from tracker.application.bundle import without_zone
from tracker.application.cycle import begin
from tracker.application.declared import declare
from tracker.application.newsroom import Newsroom
from tracker.bootstrap import App
from tracker.bootstrap.renewal import renewed, retire
from tracker.config import Settings
from tracker.entrypoints.telling import logger
from tracker.errors import ConfigError

_OF_THE_ENGINE = ("fetchers", "lost_after")


@dataclass(slots=True)
class Shift:
    """An app with the room made of it, and how many jobs work there at this moment."""

    app: App
    room: Newsroom
    jobs: int = 0


class Running:
    """A worker as it runs. `app` is that of the settings in force: ask for it each time, and do not keep it.

    `stopping` tells whether the end has begun. `check` raises when the lock of the start is held no more; None where
    there is no lock. `parts` are those that give a sign of life every so often, `signs` when each gave its last.
    """

    def __init__(self, app: App, stopping: Callable[[], bool]) -> None:
        self.stopping = stopping
        self.check: Callable[[], None] | None = None
        self.parts: tuple[str, ...] = ()
        self.signs: dict[str, float] = {}
        self._first = app
        self._shifts: list[Shift] = []
        self._lock = threading.Lock()

    @property
    def app(self) -> App:
        """The app of the settings in force."""
        return self._shifts[-1].app if self._shifts else self._first

    @property
    def room(self) -> Newsroom | None:
        """The room of the settings in force.

        None until the schema is checked, the lock is held and what the config declares is there.
        """
        return self._shifts[-1].room if self._shifts else None

    def begin(self) -> None:
        """Make ready for the first job. Raises TrackerError."""
        self._first.check_channels()
        room = self._first.newsroom(self.stopping)
        begin(room, self._first.declared(), alone=self._first.alone)
        for one in without_zone(room.shelf.subscriptions()):
            logger.error(
                "subscription %s: no time zone %s on this machine, taken as UTC", one.subscription, one.timing.zone
            )
        self._shifts.append(Shift(self._first, room))

    def reload(self, settings: Settings) -> None:
        """Put other settings in force: jobs that run go on with the old ones, those that begin have the new.

        Raises TrackerError where that cannot be, and then nothing has changed.
        """
        before = self._shifts[-1]
        _refuse_fixed(before.app, settings)
        app = renewed(before.app, settings)
        app.check_channels()
        room = replace(app.newsroom(self.stopping), shelf=before.room.shelf, reach=before.room.reach)
        declare(room.log, room.feeds, app.declared(), room.clock())
        with self._lock:
            self._shifts.append(Shift(app, room))
            self._retire()

    @contextmanager
    def shift(self, part: str) -> Iterator[Shift]:
        """Give the settings in force to one job, for as long as it runs; that it begins and ends is a sign of life."""
        with self._lock:
            shift = self._shifts[-1]
            shift.jobs += 1
        self.sign(part)
        try:
            yield shift
        finally:
            self.sign(part)
            with self._lock:
                shift.jobs -= 1
                self._retire()

    def sign(self, part: str) -> None:
        """Note that a part of the worker is alive."""
        self.signs[part] = monotonic()

    def abort(self) -> None:
        """Let whatever asks the web fail at once, under old settings, too."""
        for app in [self._first, *(shift.app for shift in self._shifts)]:
            app.abort()

    def _retire(self) -> None:
        """Give back what only the old settings needed, once no job runs under them."""
        for old in self._shifts[:-1]:
            if not old.jobs:
                self._shifts.remove(old)
                retire(old.app)


def _refuse_fixed(app: App, settings: Settings) -> None:
    """Raise ConfigError for a setting that cannot change while the process lives."""
    now, wanted = app.settings, settings
    fixed: list[tuple[str, object, object]] = [
        ("database", now.database, wanted.database),
        ("web", now.web, wanted.web),
    ]
    if not app.alone:  # the engine of the jobs was told at its start
        fixed += [
            (f"worker.{name}", getattr(now.worker, name), getattr(wanted.worker, name)) for name in _OF_THE_ENGINE
        ]
    changed = [name for name, old, new in fixed if old != new]
    if changed:
        raise ConfigError(f"{' and '.join(changed)} cannot change while the worker runs: restart it")
