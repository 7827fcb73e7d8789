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

from tracker.application.cycle import Gathered
from tracker.application.deliver import Delivered
from tracker.bootstrap import App
from tracker.errors import TrackerError

GRACE = 8.0
"""Seconds between the signal and the end, whatever a slow server or model does."""

_LOOK = 0.5
"""Seconds after which a signal is noticed that came to another thread."""

logger = logging.getLogger("tracker")


class Stop:
    """When to stop, and the error because of which; a signal stops without one."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.error: TrackerError | None = None
        self._signalled = False

    def because(self, error: TrackerError) -> None:
        """Stop for an error, of which the first counts."""
        self.error = self.error or error
        self.asked.set()

    def on_signal(self) -> None:
        """Stop at a SIGTERM or SIGINT from now on; a second one ends the process at once."""
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def wait(self) -> None:
        """Wait until it is time to stop; for the main thread, in which Python runs handlers of signals.

        It wakes now and then: the system may hand a signal to another thread, and nothing would wake this one.
        """
        while not self.asked.wait(_LOOK) and not self._signalled:
            pass
        self.asked.set()

    def _note(self, number: int, frame: FrameType | None) -> None:
        """No more than a note: a lock that the interrupted thread holds would never be had here."""
        del frame
        if self._signalled:
            os._exit(128 + number)
        self._signalled = True


Following = AbstractContextManager[Callable[[], None]]
"""Follows the stories inside of the block; gives what takes no more work and waits until what runs has ended."""


def follow(app: App) -> None:
    """Follow the stories until a signal comes.

    Raises AlreadyRunning when another worker has the lock, now or later, DatabaseRemoved when the file is gone.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = Stop()
    stop.on_signal()
    with _following(app, stop) as end:
        logger.info("following; database %s", app.shown_database())
        stop.wait()
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
