"""One process's share of the jobs: it takes them from the server, has them done in threads, hands out what follows.

procrastinate hands out; said here is only what, to how many hands, and what becomes of a job whose worker died. A job
is deleted when it ends, however it ends: what is still due is found again at the next tick.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from tracker.adapters.jobs.orphans import take_orphans
from tracker.errors import TrackerError
from tracker.ports.jobs import Job, Kind, Work

POLLING = 1.0
"""Seconds between looks for jobs. A notification comes sooner; nothing depends on it."""
PAUSE = 2.0
"""Seconds between tries at a server that was lost."""
_BEATS = 3
"""Signs of life within the time after which a worker counts as dead."""
_PROMPT = frozenset[Kind]({"judge", "deliver"})
"""What somebody waits for: worth a connection that listens."""
_CONNECTIONS = 4
# A network that swallows everything must not hold a connection for ever (procrastinate#1334).
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
_WAITING = "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%(keys)s)"

logger = logging.getLogger("tracker")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between looks for what is due, until a silent worker counts as dead, for running jobs at the end.

    `listen`: connections are held that hear of jobs at once; without them jobs are found within `POLLING`.
    """

    tick: float
    lost_after: float
    grace: float
    listen: bool = True


class JobEngine:
    """Takes part in the jobs of one database from `start` to `stop`; a server that is lost meanwhile is tried again.

    `server`: how psycopg connects. `schema`: where the engine's tables are, see `prepare`. `hands`: how many jobs at
    once, by groups of kinds; a group that is held up holds up no other. `alive` is called whenever this process has
    looked for what is due, each `tick` seconds, which may be changed while it runs.
    """

    def __init__(
        self,
        server: Mapping[str, Any],
        schema: str,
        work: Work,
        hands: Mapping[tuple[Kind, ...], int],
        pace: Pace,
        *,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        for noisy in ("procrastinate", "psycopg.pool"):  # what matters of it is said here, in one line
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        self._work = work
        self._hands = hands
        self._pace = pace
        self._alive = alive
        self.tick = pace.tick
        options = f'-c search_path="{schema}"'
        connect = _ALIVE | dict(server) | {"options": options, "application_name": "tracker jobs"}
        # Who waits that long for a connection is dead to the others, and begins anew.
        connector = PsycopgConnector(kwargs=connect, min_size=1, max_size=_CONNECTIONS, timeout=pace.lost_after)
        self._app = App(connector=connector)
        self._task = self._app.task(name="work")(self._do)
        self._threads = {group: ThreadPoolExecutor(count, f"jobs-{group[0]}") for group, count in hands.items()}
        self._of_kind = {kind: self._threads[group] for group in hands for kind in group}
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="jobs")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs and wait until those that run have ended; after the grace they are given back."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        for threads in self._threads.values():
            threads.shutdown()

    def _run(self) -> None:
        self._loop.set_exception_handler(lambda _, context: _complain(context.get("exception") or context["message"]))
        self._loop.run_until_complete(self._until_stopped())
        self._loop.close()

    async def _until_stopped(self) -> None:
        serving = asyncio.create_task(self._serve())
        await self._stopping.wait()
        serving.cancel()
        await asyncio.wait([serving])

    async def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._app.open_async()
                await self._take_part()
            except* Exception as errors:  # noqa: BLE001 - whatever it was, the next try may do better
                _complain(errors.exceptions[0])
            finally:
                await self._app.close_async()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PAUSE)

    async def _take_part(self) -> None:
        """Work until anything fails, which ends all of it, or until cancelled; either way running jobs are awaited."""
        async with asyncio.TaskGroup() as group:
            for kinds, count in self._hands.items():
                group.create_task(self._worker(kinds, count))
            group.create_task(_every(lambda: self.tick, self._look))
            group.create_task(_every(lambda: self._pace.lost_after / _BEATS, self._sweep))

    async def _worker(self, kinds: tuple[Kind, ...], count: int) -> None:
        await self._app.run_worker_async(
            queues=list(kinds),
            concurrency=count,
            fetch_job_polling_interval=POLLING,
            listen_notify=self._pace.listen and not _PROMPT.isdisjoint(kinds),
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=self._pace.grace,
            update_heartbeat_interval=self._pace.lost_after / _BEATS,
            stalled_worker_timeout=self._pace.lost_after,
        )
        raise ConnectionError("the connection of a worker was lost")  # it ends by itself for no other reason

    async def _do(self, kind: Kind, about: str) -> None:
        try:
            follow = await self._loop.run_in_executor(self._of_kind[kind], self._work, Job(kind, about))
        except TrackerError as error:
            logger.error("%s: %s; trying again at the next tick", kind, error)  # noqa: TRY400 - one line
        except Exception as error:  # noqa: BLE001 - a fault in one job must not stop the others
            logger.error("%s: fault: %r; trying again at the next tick", kind, error)  # noqa: TRY400 - one line
        else:
            await self._hand_out(follow)

    async def _hand_out(self, jobs: Iterable[Job]) -> None:
        fresh = {_key(job): job for job in jobs}
        held = await self._app.connector.execute_query_all_async(_WAITING, keys=list(fresh))
        for row in held:  # the constraint would refuse them, too, each with an error in the server's log
            del fresh[row["queueing_lock"]]
        for key, job in fresh.items():
            # A tick that died must not keep the next one back (procrastinate#1408).
            lock = None if job.kind == "tick" else key
            with suppress(AlreadyEnqueued):
                handed = self._task.configure(queue=job.kind, lock=lock, queueing_lock=key)
                await handed.defer_async(kind=job.kind, about=job.about)

    async def _look(self) -> None:
        await self._hand_out([Job("tick")])
        self._alive()

    async def _sweep(self) -> None:
        orphans = await take_orphans(self._app.connector, self._pace.lost_after)
        if orphans:
            logger.warning("jobs: %d left behind by a worker that died", len(orphans))
        await self._hand_out(orphans)


async def _every(seconds: Callable[[], float], act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await act()
        await asyncio.sleep(seconds())


def _key(job: Job) -> str:
    return f"{job.kind} {job.about}".rstrip()


def _complain(error: object) -> None:
    cause = error.__cause__ if isinstance(error, Exception) and error.__cause__ else error
    logger.error("jobs: %s; trying again", " ".join(str(cause).split()) or type(cause).__name__)
