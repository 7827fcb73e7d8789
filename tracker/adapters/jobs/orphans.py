"""Jobs that nobody does any more, since whoever took them is dead.

The engine hands such a job to nobody, and its lock keeps back every other of its kind (procrastinate#740, #1518).
"""

from procrastinate.connector import BaseConnector

from tracker.ports.jobs import Job

LONGEST = 900.0
"""Seconds after which a job counts as lost even if its worker lives: it may have failed to note the end."""

# A worker's row is gone when a later worker has cleared it away, and stale until then. The job is taken out and handed
# out anew rather than set back: another of its kind may wait already (procrastinate#1543), and a worker that was only
# slow can end nothing but its own.
_TAKE = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT job.id
    FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (
        worker.id IS NULL
        OR worker.last_heartbeat < now() - %(silent)s * interval '1 second'
        OR now() - %(longest)s * interval '1 second' > (
            SELECT max(event.at) FROM procrastinate_events AS event
            WHERE event.job_id = job.id AND event.type = 'started'
        )
    )
    FOR UPDATE OF job SKIP LOCKED
)
RETURNING args
"""


async def take_orphans(connector: BaseConnector, lost_after: float) -> tuple[Job, ...]:
    """Take out the jobs whose worker gave no sign of life for `lost_after` seconds; return them, each to one caller."""
    rows = await connector.execute_query_all_async(_TAKE, silent=lost_after, longest=LONGEST)
    return tuple(Job(**row["args"]) for row in rows)
