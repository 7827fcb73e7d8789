"""The worker on SQLite: one process, three static jobs on APScheduler; what is due is a question to the database.

gather   poll due feeds, judge, bring the views level
read     read the pages of new entries, where their feeds ask for it
tell     deliver what the outbox holds due
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from tracker.application.cycle import begin, gather_some, read, tell
from tracker.application.newsroom import Newsroom
from tracker.bootstrap import App
from tracker.entrypoints.daemon import Stop, logger, tell_gathered, tell_told
from tracker.errors import AlreadyRunning, DatabaseRemoved, TrackerError


@contextmanager
def embedded(app: App, stop: Stop) -> Iterator[Callable[[], None]]:
    """Follow the stories as the only worker; see `daemon.Following`. Raises AlreadyRunning."""
    # That a job is skipped while it still runs is how it is meant to be, and no warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    with app.worker_lock() as lock:
        room = app.newsroom(stop.asked.is_set)
        begin(room, app.declared(), alone=True)
        scheduler = _schedule(app, room, lock.check, stop)
        scheduler.start()
        yield scheduler.shutdown


def _schedule(app: App, room: Newsroom, check: Callable[[], None], stop: Stop) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(3)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    now = app.clock()
    for job in (_gather, _read, _tell):
        run = _guarded(job, check, stop)
        scheduler.add_job(
            run, "interval", (app, room), seconds=app.settings.worker.tick, next_run_time=now, id=job.__name__
        )
    return scheduler


def _gather(app: App, room: Newsroom) -> None:
    del app
    gathered = gather_some(room)
    tell_gathered(gathered)
    while gathered.judged and not room.stopping():
        gathered = gather_some(room)
        tell_gathered(gathered)


def _read(app: App, room: Newsroom) -> None:
    del app
    tell_gathered(read(room))


def _tell(app: App, room: Newsroom) -> None:
    tell_told(tell(room, app.notifiers))


def _guarded(
    job: Callable[[App, Newsroom], None], check: Callable[[], None], stop: Stop
) -> Callable[[App, Newsroom], None]:
    def run(app: App, room: Newsroom) -> None:
        try:
            check()
            job(app, room)
        except (AlreadyRunning, DatabaseRemoved) as error:
            stop.because(error)
        except TrackerError as error:
            logger.error("%s: %s; trying again at the next tick", job.__name__, error)

    return run
