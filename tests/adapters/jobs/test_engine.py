"""The job engine against a real server: what it promises when workers, connections and notifications are lost."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from procrastinate import PsycopgConnector
from sqlalchemy import Engine, text

from tests.conftest import execute
from tracker.adapters.jobs.engine import JobEngine, Pace
from tracker.adapters.jobs.orphans import take_orphans
from tracker.adapters.jobs.schema import prepare
from tracker.adapters.sql.engine import open_engine, writing
from tracker.errors import StoreError
from tracker.ports.jobs import Job, Kind

ROOT = Path(__file__).parents[3]
HANDS: dict[tuple[Kind, ...], int] = {("poll",): 4, ("judge",): 1, ("deliver",): 2, ("tick", "project"): 2}
LOST_AFTER = 1.2
NEVER = 1000.0


class Crew:
    """Work that is remembered; `follow` says what follows from a job, `hold` keeps a job until it is let go."""

    def __init__(self, *due: Job) -> None:
        self.due = due
        self.follow: dict[Job, Sequence[Job]] = {}
        self.hold: dict[Job, threading.Event] = {}
        self.begun: list[Job] = []
        self.done: list[Job] = []
        self.together = Counter[Job]()
        self.most = Counter[Job]()
        self._turn = threading.Lock()

    def work(self, job: Job) -> Sequence[Job]:
        with self._turn:
            self.begun.append(job)
            self.together[job] += 1
            self.most[job] = max(self.most[job], self.together[job])
        if job in self.hold:
            self.hold[job].wait()
        with self._turn:
            self.together[job] -= 1
            self.done.append(job)
        return self.due if job.kind == "tick" else self.follow.get(job, ())


@pytest.fixture
def server(postgresql_url: str) -> Iterator[Engine]:
    engine = open_engine(postgresql_url)
    with writing(engine) as connection:
        assert prepare(connection) == "public_jobs"
    yield engine
    engine.dispose()


def engine_for(url: str, work: Callable[[Job], Sequence[Job]], tick: float, grace: float = NEVER) -> JobEngine:
    """Return the share of one process; nothing but the tick hands out what is due."""
    engine = open_engine(url)
    _, connect = engine.dialect.create_connect_args(engine.url)
    return JobEngine(connect, "public_jobs", work, HANDS, Pace(tick, LOST_AFTER, grace))


@contextmanager
def taking_part(server: Engine, crew: Crew, tick: float = NEVER) -> Iterator[JobEngine]:
    engine = engine_for(server.url.render_as_string(hide_password=False), crew.work, tick)
    engine.start()
    try:
        yield engine
    finally:
        for held in crew.hold.values():
            held.set()
        engine.stop()


def until(happened: Callable[[], Any]) -> None:
    """Wait until something is so; the runner's own limit ends a hang."""
    while not happened():
        time.sleep(0.02)


def jobs(server: Engine) -> list[tuple[str, str]]:
    """Return the jobs in the table, as queue and status."""
    with server.connect() as connection:
        rows = connection.execute(
            text("SELECT queue_name, status::text FROM public_jobs.procrastinate_jobs ORDER BY id")
        )
        return [(queue, status) for queue, status in rows]


def test_what_follows_is_done_and_nothing_is_left(server: Engine) -> None:
    """A poll leads to a judgement and that to a delivery, without another tick; the table is empty afterwards."""
    poll, judge, deliver = Job("poll", "f"), Job("judge", "s"), Job("deliver", "email")
    crew = Crew(poll)
    crew.follow = {poll: [judge], judge: [deliver, Job("project")]}
    with taking_part(server, crew):
        until(lambda: {deliver, Job("project")} <= set(crew.done))
        until(lambda: not jobs(server))
    assert Counter(crew.done) == Counter([Job("tick"), poll, judge, deliver, Job("project")])


def test_equal_jobs_are_one(server: Engine) -> None:
    """While a feed is polled by one of two workers, ticks put one job behind it, and none beside it."""
    slow = Job("poll", "slow")
    crew = Crew(slow)
    crew.hold = {slow: threading.Event()}
    with taking_part(server, crew, tick=0.05), taking_part(server, crew, tick=0.05):
        until(lambda: crew.begun.count(Job("tick")) > 3)
        assert crew.begun.count(slow) == 1
        assert [one for one in jobs(server) if one[0] == "poll"] == [("poll", "doing"), ("poll", "todo")]
        crew.hold[slow].set()
        until(lambda: crew.done.count(slow) > 1)
    assert crew.most[slow] == 1


def test_a_job_that_fails_is_one_line_and_gone(server: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a job raises is told in one line; the others go on, and the next tick finds what is due."""
    crew = Crew(Job("judge", "refused"), Job("judge", "broken"), Job("poll", "good"))

    def work(job: Job) -> Sequence[Job]:
        if job.about == "refused":
            raise StoreError("the database refuses")
        if job.about == "broken":
            raise ZeroDivisionError("a fault\nof ours")
        return crew.work(job)

    engine = engine_for(server.url.render_as_string(hide_password=False), work, tick=0.3)
    engine.start()
    until(lambda: crew.done.count(Job("poll", "good")) > 1)
    engine.stop()
    lines = {record.getMessage() for record in caplog.records if record.name == "tracker"}
    assert "judge: the database refuses; trying again at the next tick" in lines
    assert r"judge: fault: ZeroDivisionError('a fault\nof ours'); trying again at the next tick" in lines
    assert all("\n" not in line for line in lines)


KILLED = """
import sys, threading
from tests.adapters.jobs.test_engine import engine_for
from tracker.ports.jobs import Job

def work(job):
    if job.kind == "tick":
        return [Job("judge", "s")]
    print("taken", flush=True)
    threading.Event().wait()

engine_for(sys.argv[1], work, tick=0.2).start()
threading.Event().wait()
"""


@contextmanager
def killed_at_work(server: Engine) -> Iterator[None]:
    """Let a worker of its own process take the story `s`, have another of that kind wait behind it, and kill it."""
    url = server.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "taken\n"
    until(lambda: ("judge", "todo") in jobs(server))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    yield


def test_what_a_killed_worker_held_is_done_by_another(server: Engine) -> None:
    """A story that was locked by a worker killed with -9 is judged by another.

    Another job of the story waits behind the lock at that moment: it is not put twice, and it is not kept back.
    """
    with killed_at_work(server):
        crew = Crew()
        with taking_part(server, crew):
            until(lambda: Job("judge", "s") in crew.done)
            until(lambda: not jobs(server))
    assert crew.most[Job("judge", "s")] == 1


TAKEN = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
VALUES ('judge', 'work', '{0}', '{0}', '{{"kind": "judge", "about": "{0}"}}', '{1}', {2})
"""


def test_orphans_are_those_whose_worker_is_dead_or_forgot_them(server: Engine) -> None:
    """Taken out once are jobs of a worker that is silent, that was cleared away, or that has one for too long."""
    url = server.url.render_as_string(hide_password=False)
    execute(
        url,
        "SET search_path = public_jobs",
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 minute')",
        TAKEN.format("silent", "doing", 2),
        TAKEN.format("cleared", "doing", "NULL"),
        TAKEN.format("forgotten", "todo", 1),
        TAKEN.format("waiting", "todo", "NULL"),
        TAKEN.format("alive", "todo", 1),
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE lock IN ('forgotten', 'alive')",
        "UPDATE procrastinate_events SET at = now() - interval '1 day'"
        " WHERE job_id = (SELECT id FROM procrastinate_jobs WHERE lock = 'forgotten')",
    )

    async def take() -> list[set[str]]:
        connector = PsycopgConnector(
            conninfo=url.replace("+psycopg", ""), kwargs={"options": "-c search_path=public_jobs"}
        )
        await connector.open_async()
        taken = [{job.about for job in await take_orphans(connector, 30)} for _ in range(2)]
        await connector.close_async()
        return taken

    assert asyncio.run(take()) == [{"silent", "cleared", "forgotten"}, set()]
    assert jobs(server) == [("judge", "todo"), ("judge", "doing")]


def test_lost_notifications_cost_a_second_each(server: Engine) -> None:
    """With no notification at all the whole way is gone by polling alone."""
    execute(
        server.url.render_as_string(hide_password=False),
        "DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON public_jobs.procrastinate_jobs",
    )
    poll, judge = Job("poll", "f"), Job("judge", "s")
    crew = Crew(poll)
    crew.follow = {poll: [judge], judge: [Job("deliver", "email")]}
    with taking_part(server, crew):
        until(lambda: Job("deliver", "email") in crew.done)


ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracker jobs'"


LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tracker jobs' AND query ~ '^LISTEN'"


@pytest.mark.parametrize("listen", [True, False])
def test_who_may_not_listen_does_not(server: Engine, *, listen: bool) -> None:
    """Two connections hear of jobs at once, and none where the setting says so; the jobs are done either way."""
    crew = Crew(Job("judge", "s"))
    pace = Pace(NEVER, LOST_AFTER, NEVER, listen=listen)
    _, connect = server.dialect.create_connect_args(server.url)
    engine = JobEngine(connect, "public_jobs", crew.work, HANDS, pace)
    engine.start()
    until(lambda: Job("judge", "s") in crew.done)
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        until(lambda: connection.execute(text(LISTENING)).scalar_one() == (2 if listen else 0))
    engine.stop()


def test_a_listener_that_was_cut_off_is_not_missed(server: Engine) -> None:
    """When the server ends the connections that listen, jobs go on."""
    crew = Crew(Job("judge", "s"))
    with taking_part(server, crew, tick=0.2):
        until(lambda: Job("judge", "s") in crew.done)
        execute(server.url.render_as_string(hide_password=False), f"{ENDED} AND query ~ '^LISTEN'")
        before = len(crew.done)
        until(lambda: crew.done[before:].count(Job("judge", "s")) > 1)


def test_a_server_that_is_away_for_a_while(
    server: Engine, postgresql_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    """While the server lets nobody in the worker says so in single lines and tries again; then jobs go on."""
    desk = postgresql_server.format("postgres")
    crew = Crew(Job("judge", "s"))
    with taking_part(server, crew, tick=0.2):
        until(lambda: Job("judge", "s") in crew.done)
        execute(desk, "ALTER DATABASE tracker ALLOW_CONNECTIONS false", ENDED)
        try:
            until(lambda: any("jobs: " in record.getMessage() for record in caplog.records))
        finally:
            execute(desk, "ALTER DATABASE tracker ALLOW_CONNECTIONS true")
        before = len(crew.done)
        until(lambda: Job("judge", "s") in crew.done[before:])
    assert all("\n" not in record.getMessage() for record in caplog.records if record.name == "tracker")


def test_the_end_waits_for_what_runs_and_then_gives_it_back(server: Engine) -> None:
    """A job that ends within the grace is finished; one that does not is given back, its lock free for others."""
    quick, slow = Job("poll", "quick"), Job("judge", "slow")
    crew = Crew(quick, slow)
    crew.hold = {quick: threading.Event(), slow: threading.Event()}
    engine = engine_for(server.url.render_as_string(hide_password=False), crew.work, tick=NEVER, grace=0.5)
    engine.start()
    until(lambda: {quick, slow} <= set(crew.begun))
    ending = threading.Thread(target=engine.stop)
    ending.start()
    crew.hold[quick].set()
    until(lambda: quick in crew.done)
    until(lambda: not jobs(server))
    assert slow not in crew.done
    crew.hold[slow].set()
    ending.join()


def test_sqlite_does_without_the_engine(tmp_path: Path) -> None:
    """`tracker poll` and the worker's modules need neither procrastinate nor psycopg where the database is SQLite."""
    code = (
        "import sys; sys.modules['procrastinate'] = sys.modules['psycopg'] = None\n"
        "import tracker.entrypoints.embedded\n"
        "from tracker.entrypoints.cli.main import run\n"
        f"sys.exit(run(['--database-url', 'sqlite:///{tmp_path / 'tracker.db'}', 'poll']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 feeds polled" in done.stdout
