"""The worker: what it does depends on the database; how it starts, stops and speaks does not.

    SQLite       one process on a schedule of its own (`embedded`)
    PostgreSQL   any number of processes that are handed jobs (`fleet`)

On SIGTERM or SIGINT running fetches are aborted, the current entry is finished and committed, and the process ends
within `GRACE` seconds; whatever was not done is done at the next start. A second signal ends at once. On SIGHUP the
settings are read anew, and what runs goes on.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from tracker.bootstrap import App
from tracker.config import Settings
from tracker.entrypoints import logs
from tracker.entrypoints.following import GRACE, Following
from tracker.entrypoints.metrics import Metrics
from tracker.entrypoints.running import Running
from tracker.entrypoints.signals import LOOK, Stop
from tracker.entrypoints.systemd import Supervisor
from tracker.entrypoints.telling import Telling, logger
from tracker.entrypoints.watching import watched
from tracker.errors import TrackerError


def follow(app: App, load: Callable[[], Settings]) -> None:
    """Follow the stories until a signal comes; `load` reads the settings anew.

    Raises AlreadyRunning when another worker has the lock, now or later, ConfigError when the address to listen at
    cannot be had, TrackerError when it is in use, DatabaseRemoved when the file is gone.
    """
    logs.set_up(app.settings.log)
    stop, supervisor, metrics = Stop(), Supervisor(os.environ), Metrics()
    stop.on_signal()
    running = Running(app, stop.asked.is_set)
    with ExitStack() as open_:
        open_.enter_context(_locked(running))
        watch = open_.enter_context(watched(running, supervisor, metrics))
        following = open_.enter_context(_following(running, stop, Telling(metrics)))
        logger.info("following; database %s", app.shown_database())
        watch.start()
        supervisor.ready()
        stop.wait(lambda: _reload(running, following, supervisor, load))
        supervisor.stopping()
        _end(running, following, stop.error)
    if stop.error:
        raise stop.error


@contextmanager
def _locked(running: Running) -> Iterator[None]:
    """Hold the lock of the only worker of a SQLite file: who starts beside it is told that, whatever else is in use."""
    if not running.app.alone:
        yield
        return
    with running.app.worker_lock() as lock:
        running.check = lock.check
        yield


def _following(running: Running, stop: Stop, telling: Telling) -> AbstractContextManager[Following]:
    if running.app.alone:
        from tracker.entrypoints.embedded import embedded

        return embedded(running, stop, telling)
    from tracker.entrypoints.fleet import fleet

    return fleet(running, telling)


def _reload(running: Running, following: Following, supervisor: Supervisor, load: Callable[[], Settings]) -> None:
    """Put the settings in force as they are now written; a fault in them is told, and changes nothing."""
    supervisor.reloading()
    try:
        running.reload(load())
    except TrackerError as error:
        logger.error("reload: %s; going on with the settings as they were", error)
    else:
        logs.set_up(running.app.settings.log)
        following.retime()
        logger.info("reloaded")
    supervisor.ready()


def _end(running: Running, following: Following, error: TrackerError | None) -> None:
    logger.info("stopping" if error is None else f"stopping: {error}")
    # To end in order waits without limit: whatever still runs when the time is up, to the last line of the interpreter,
    # is left. Everything that matters is committed; the log and the outbox stand as at a crash, which loses nothing.
    limit = threading.Timer(GRACE, _leave, (1 if error else 0,))
    limit.daemon = True
    limit.start()
    running.abort()
    # Beside the main thread, which wakes now and then to notice a second signal.
    ending = threading.Thread(target=following.end, daemon=True)
    ending.start()
    while ending.is_alive():
        ending.join(LOOK)
    logger.info("stopped")


def _leave(status: int) -> None:
    logger.warning("a job did not end in time; it is taken up again at the next start")
    logging.shutdown()
    os._exit(status)
