"""The worker: two static jobs on APScheduler; which feed is due is a question to the database.

    gather   poll due feeds, judge, bring the views level
    tell     deliver what the outbox holds due

On SIGTERM or SIGINT running fetches are aborted, the current entry is finished and committed, and the process ends
within `GRACE` seconds; whatever was not done is done at the next start. A second signal ends at once.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from tracker.application.cycle import Gathered, begin, gather_some, tell
from tracker.application.newsroom import Newsroom
from tracker.bootstrap import App
from tracker.errors import AlreadyRunning, DatabaseRemoved, TrackerError

GRACE = 8.0
"""Seconds between the signal and the end, whatever a slow server or model does."""

logger = logging.getLogger("tracker")


def follow(app: App) -> None:
    """Follow the stories until a signal comes.

    Raises AlreadyRunning when another worker has the lock, now or later, DatabaseRemoved when the file is gone.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # That a job is skipped while it still runs is how it is meant to be, and no warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    stopping = threading.Event()
    _stop_on_signal(stopping)
    lost: list[TrackerError] = []

    def lose(error: TrackerError) -> None:
        lost.append(error)
        stopping.set()

    with app.worker_lock() as lock:
        room = app.newsroom(stopping.is_set)
        begin(room, app.declared())
        scheduler = _schedule(app, room, lock.check, lose)
        scheduler.start()
        logger.info("following; database %s", app.shown_database())
        stopping.wait()
        _stop(app, scheduler, status=1 if lost else 0)
    if lost:
        raise lost[0]


def _schedule(
    app: App, room: Newsroom, check: Callable[[], None], lose: Callable[[TrackerError], None]
) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    now = app.clock()
    for job in (_gather, _tell):
        run = _guarded(job, check, lose)
        scheduler.add_job(
            run, "interval", (app, room), seconds=app.settings.worker.tick, next_run_time=now, id=job.__name__
        )
    return scheduler


def _gather(app: App, room: Newsroom) -> None:
    del app
    gathered = gather_some(room)
    _log(gathered)
    while gathered.judged and not room.stopping():
        gathered = gather_some(room)
        _log(gathered)


def _log(gathered: Gathered) -> None:
    for polled in gathered.polled:
        if polled.error:
            logger.warning("feed %s: %s", polled.feed.url, polled.error)
    for judged in gathered.judged:
        if judged.fault:
            logger.error("entry %s: %s", judged.verdict.entry.id, judged.fault)
        for finding in judged.verdict.findings:
            if finding.news:
                logger.info("news: %s %s: %s", finding.relation, finding.claim or "a new claim", finding.sentence)


def _tell(app: App, room: Newsroom) -> None:
    told = tell(room, app.notifiers)
    if told.sent or told.failed or told.dead:
        logger.info("alerts: %d sent, %d to retry, %d given up", told.sent, told.failed, told.dead)


def _guarded(
    job: Callable[[App, Newsroom], None], check: Callable[[], None], lose: Callable[[TrackerError], None]
) -> Callable[[App, Newsroom], None]:
    def run(app: App, room: Newsroom) -> None:
        try:
            check()
            job(app, room)
        except (AlreadyRunning, DatabaseRemoved) as error:
            lose(error)
        except TrackerError as error:
            logger.error("%s: %s; trying again at the next tick", job.__name__, error)  # noqa: TRY400 - one line

    return run


def _stop_on_signal(stopping: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        if stopping.is_set():
            os._exit(128 + number)
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _stop(app: App, scheduler: BackgroundScheduler, status: int) -> None:
    logger.info("stopping")
    app.http.abort()
    # The scheduler's own shutdown waits without limit: wait beside it, and leave when the time is up. Everything
    # that matters is committed; the log and the outbox stand as at a crash, which loses nothing.
    waiter = threading.Thread(target=scheduler.shutdown, daemon=True)
    waiter.start()
    waiter.join(GRACE)
    if waiter.is_alive():
        logger.warning("a job did not end in time; it is taken up again at the next start")
        logging.shutdown()
        os._exit(status)
    logger.info("stopped")
