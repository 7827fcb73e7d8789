"""The worker on SQLite: one process, four static jobs on APScheduler; what is due is a question to the database.

gather   poll due feeds, judge, bring the views level
read     read the pages of new entries, where their feeds ask for it
bundle   make messages of what has waited long enough
tell     deliver what the outbox holds due
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from tracker.application.cycle import MESSAGES, bundle, gather_some, read, tell_some
from tracker.entrypoints.following import Following
from tracker.entrypoints.running import Running
from tracker.entrypoints.signals import Stop
from tracker.entrypoints.telling import Telling, logger
from tracker.errors import AlreadyRunning, DatabaseRemoved, TrackerError


@contextmanager
def embedded(running: Running, stop: Stop, telling: Telling) -> Iterator[Following]:
    """Follow the stories as the only worker, whose lock is held."""
    # That a job is skipped while it still runs is how it is meant to be, and no warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    running.begin()
    running.parts = tuple(_JOBS)
    scheduler = _schedule(running, stop, telling)
    scheduler.start()
    yield Following(scheduler.shutdown, lambda: _retime(scheduler, running))


def _schedule(running: Running, stop: Stop, telling: Telling) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(_JOBS))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    app = running.app
    for name in _JOBS:
        run = _guarded(name, running, stop, telling)
        scheduler.add_job(run, "interval", seconds=app.settings.worker.tick, next_run_time=app.clock(), id=name)
    return scheduler


def _retime(scheduler: BackgroundScheduler, running: Running) -> None:
    for name in _JOBS:
        scheduler.reschedule_job(name, trigger="interval", seconds=running.app.settings.worker.tick)


def _gather(running: Running, telling: Telling) -> None:
    while not running.stopping():
        with running.shift("gather") as shift:
            gathered = gather_some(shift.room)
        telling.gathered(gathered)
        if not gathered.judged:
            return


def _read(running: Running, telling: Telling) -> None:
    with running.shift("read") as shift:
        telling.gathered(read(shift.room))


def _bundle(running: Running, telling: Telling) -> None:
    del telling
    with running.shift("bundle") as shift:
        bundle(shift.room)


def _tell(running: Running, telling: Telling) -> None:
    tried = MESSAGES
    while tried >= MESSAGES and not running.stopping():
        tried = 0
        with running.shift("tell") as shift:
            for told in tell_some(shift.room, shift.app.notifiers):
                tried += len(told.results)
                telling.told(told)
                running.sign("tell")


_JOBS: dict[str, Callable[[Running, Telling], None]] = {
    "gather": _gather,
    "read": _read,
    "bundle": _bundle,
    "tell": _tell,
}


def _guarded(name: str, running: Running, stop: Stop, telling: Telling) -> Callable[[], None]:
    def run() -> None:
        try:
            if running.check:
                running.check()
            _JOBS[name](running, telling)
        except (AlreadyRunning, DatabaseRemoved) as error:
            stop.because(error)
        except TrackerError as error:
            logger.error("%s: %s; trying again at the next tick", name, error)

    return run
