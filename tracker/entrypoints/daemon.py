"""The worker: what it does depends on the database; how it starts, stops and speaks does not.

    SQLite       one process on a schedule of its own (`embedded`)
    PostgreSQL   any number of processes that are handed jobs (`fleet`)

On SIGTERM or SIGINT running fetches are aborted, the current entry is finished and committed, and the process ends
within `GRACE` seconds; whatever was not done is done at the next start. A second signal ends at once.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FrameType

from tracker.application.alert import Delivered
from tracker.application.cycle import Gathered
from tracker.bootstrap import App
from tracker.errors import TrackerError

GRACE = 8.0
"""Seconds between the signal and the end, whatever a slow server or model does."""

logger = logging.getLogger("tracker")


class Stop:
    """When to stop, and the error because of which; a signal stops without one."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.error: TrackerError | None = None

    def because(self, error: TrackerError) -> None:
        """Stop for an error, of which the first counts."""
        self.error = self.error or error
        self.asked.set()


Following = AbstractContextManager[Callable[[], None]]
"""Follows the stories inside of the block; gives what takes no more work and waits until what runs has ended."""


def follow(app: App) -> None:
    """Follow the stories until a signal comes.

    Raises AlreadyRunning when another worker has the lock, now or later, DatabaseRemoved when the file is gone.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = Stop()
    _stop_on_signal(stop.asked)
    with _following(app, stop) as end:
        logger.info("following; database %s", app.shown_database())
        stop.asked.wait()
        _end(app, end, status=1 if stop.error else 0)
    if stop.error:
        raise stop.error


def tell_gathered(gathered: Gathered) -> None:
    """Log what polls, pages and judgements brought."""
    for polled in gathered.polled:
        if polled.error:
            logger.warning("feed %s: %s", polled.feed.url, polled.error)
    for looked in (one for one in gathered.looked if one.error):
        logger.info("page %s: %s", looked.page.url, looked.error)
    for judged in gathered.judged:
        if judged.fault:
            logger.error("entry %s: %s", judged.verdict.entry.id, judged.fault)
        for finding in judged.verdict.findings:
            if finding.news:
                logger.info("news: %s %s: %s", finding.relation, finding.claim or "a new claim", finding.sentence)


def tell_told(told: Delivered) -> None:
    """Log how deliveries ended."""
    if told.sent or told.failed or told.dead:
        logger.info("alerts: %d sent, %d to retry, %d given up", told.sent, told.failed, told.dead)


def _following(app: App, stop: Stop) -> Following:
    if app.alone:
        from tracker.entrypoints.embedded import embedded

        return embedded(app, stop)
    from tracker.entrypoints.fleet import fleet

    return fleet(app, stop)


def _stop_on_signal(stopping: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        if stopping.is_set():
            os._exit(128 + number)
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _end(app: App, end: Callable[[], None], status: int) -> None:
    logger.info("stopping")
    app.abort()
    # To end in order waits without limit: wait beside it, and leave when the time is up. Everything that matters is
    # committed; the log and the outbox stand as at a crash, which loses nothing.
    waiter = threading.Thread(target=end, daemon=True)
    waiter.start()
    waiter.join(GRACE)
    if waiter.is_alive():
        logger.warning("a job did not end in time; it is taken up again at the next start")
        logging.shutdown()
        os._exit(status)
    logger.info("stopped")
