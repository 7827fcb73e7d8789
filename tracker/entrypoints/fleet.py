"""The worker on PostgreSQL: one of any number of processes, on any machines, among whom the jobs are handed out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tracker.application.cycle import begin, work
from tracker.bootstrap import App
from tracker.entrypoints.daemon import GRACE, Stop, tell_gathered, tell_told
from tracker.ports.jobs import Job

_LAST_WORDS = 2.0
"""Seconds of the grace that are left to give back what did not end."""


@contextmanager
def fleet(app: App, stop: Stop) -> Iterator[Callable[[], None]]:
    """Follow the stories beside others; see `daemon.Following`."""
    room, notifiers = app.newsroom(stop.asked.is_set), app.notifiers
    begin(room, app.declared(), alone=False)

    def do(job: Job) -> Sequence[Job]:
        done = work(room, notifiers, job)
        tell_gathered(done.gathered)
        tell_told(done.told)
        return done.jobs

    engine = app.job_engine(do, grace=GRACE - _LAST_WORDS)
    engine.start()
    yield engine.stop
