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

from tracker.application.cycle import begin, gather, tell
from tracker.application.newsroom import Newsroom
from tracker.bootstrap import App
from tracker.errors import TrackerError

GRACE = 8.0
"""Seconds between the signal and the end, whatever a slow server or model does."""

logger = logging.getLogger("tracker")


def follow(app: App) -> None:
    """Follow the stories until a signal comes. Raises AlreadyRunning."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stopping = threading.Event()
    _stop_on_signal(stopping)
    with app.worker_lock():
        room = app.newsroom(stopping.is_set)
        begin(room, app.declared())
        scheduler = _schedule(app, room)
        scheduler.start()
        logger.info("following; database %s", app.shown_database())
        stopping.wait()
        _stop(app, scheduler)


def _schedule(app: App, room: Newsroom) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    now = app.clock()
    for job in (_gather, _tell):
        scheduler.add_job(
            _guarded(job), "interval", (app, room), seconds=app.settings.worker.tick, next_run_time=now, id=job.__name__
        )
    return scheduler


def _gather(app: App, room: Newsroom) -> None:
    del app
    gathered = gather(room)
    for polled in gathered.polled:
        if polled.error:
            logger.warning("feed %s: %s", polled.feed.url, polled.error)
    for judged in gathered.judged:
        for finding in judged.verdict.findings:
            if finding.news:
                logger.info("news: %s %s: %s", finding.relation, finding.claim or "a new claim", finding.sentence)


def _tell(app: App, room: Newsroom) -> None:
    told = tell(room, app.notifiers)
    if told.sent or told.failed or told.dead:
        logger.info("alerts: %d sent, %d to retry, %d given up", told.sent, told.failed, told.dead)


def _guarded(job: Callable[[App, Newsroom], None]) -> Callable[[App, Newsroom], None]:
    def run(app: App, room: Newsroom) -> None:
        try:
            job(app, room)
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


def _stop(app: App, scheduler: BackgroundScheduler) -> None:
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
        os._exit(0)
    logger.info("stopped")
