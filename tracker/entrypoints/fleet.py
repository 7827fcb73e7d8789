"""The worker on PostgreSQL: one of any number of processes, on any machines, among whom the jobs are handed out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tracker.application.cycle import work
from tracker.entrypoints.following import GRACE, Following
from tracker.entrypoints.running import Running
from tracker.entrypoints.telling import Telling
from tracker.ports.jobs import Job

_PART = "jobs"
_LAST_WORDS = 2.0
"""Seconds of the grace that are left to give back what did not end."""


@contextmanager
def fleet(running: Running, telling: Telling) -> Iterator[Following]:
    """Follow the stories beside others."""
    running.begin()
    running.parts = (_PART,)

    def do(job: Job) -> Sequence[Job]:
        with running.shift(job.kind) as shift:
            done = work(shift.room, shift.app.notifiers, job)
        telling.gathered(done.gathered)
        telling.told(done.told)
        return done.jobs

    engine = running.app.job_engine(do, grace=GRACE - _LAST_WORDS, alive=lambda: running.sign(_PART))

    def retime() -> None:
        engine.tick = running.app.settings.worker.tick

    engine.start()
    yield Following(engine.stop, retime)
