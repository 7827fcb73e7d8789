"""Tells thousands of developments to receivers with every fault, and kills the teller again and again.

    python -m benchmarks.faults.alerts [--deliveries 10000] [--kills 200] [--seed 1] [--delay]

Real mail and web servers on loopback refuse, hang, reset, answer 429, 500, 302 and 410, take a message and lose the
answer, die in the middle and come back (`receivers`). The worker is killed with SIGKILL at random moments; the next one
takes up what is left, and when nothing is due the clock is moved on to what is due next. At the end outbox, attempts
and receipts must agree: nothing lost, no try without a record, nothing twice but where an answer was lost or a kill
came before it was on record (so many messages of a way at most), each time under the same id and in the same words.
`--delay` measures what the sick cost the sound: how long the deliveries to sound receivers take beside sick ones, as a
ratio to the same among sound ones only; the median of three runs is at most 1.25. Exit code 1 when a law is broken.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from ctypes import c_double
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import bindparam, func, select

from benchmarks.faults.receipts import Account, account, table
from benchmarks.faults.receivers import HEALTHY, READERS, SICK, Receiver, World, world
from tests.made.alerts import STORY, TEST_SECRET, by_mail, by_webhook, corroborated, denied, entry, opening, updated
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.tables import delivery
from tracker.application.deliver import deliver
from tracker.bootstrap import App
from tracker.config import Database, Mail, Settings, Webhook, Worker
from tracker.domain.events import FindingEvent, NewEvent, story_stream
from tracker.domain.subscription_events import ALERTS, SubscriptionAdded
from tracker.ports.log import Notice

SECRET = "FAULTS_HOOK_SECRET"
PATIENCE = 1.0
"""Seconds for one step of a conversation: a receiver that hangs costs that much."""
LONGEST_DELAY = 1.25
"""How many times as long the sound may take beside the sick as among the sound alone, over the median of the runs.

What the sick cost is work of the one machine that all share, and chance between two runs; a channel that waited for
another, with receivers that hang for seconds, would take many times as long.
"""
_BATCH = 50
_STRIDE = 10
"""The clock is moved on until one in so many of the deliveries that wait is due."""
_of_the_sound = delivery.c.subscription.in_(bindparam("names", expanding=True))
_last_told = select(func.max(delivery.c.delivered_at)).where(_of_the_sound)
_untold = select(func.count()).where(_of_the_sound, delivery.c.state != "delivered")
_due = select(delivery.c.due_at).where(delivery.c.state == "pending").order_by(delivery.c.due_at)
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Run:
    """One database, one world; `offset` is by how many seconds the worker's clock is ahead.

    It has no lock, which a worker that is killed would keep for ever.
    """

    settings: Settings
    offset: c_double
    chance: random.Random

    def app(self) -> App:
        """Return a tracker on the database, by the clock of the run."""
        return App(self.settings, self.now)

    def now(self) -> datetime:
        """Return the moment by the clock of the run."""
        return datetime.now(UTC) + timedelta(seconds=self.offset.value)  # noqa: TID251 - a run has a clock of its own

    def until_told(self, kills: int) -> int:
        """Work until nothing is owed any more, killing the worker as often as asked; return how often it was."""
        killed = 0
        while self._go_on():
            process = _FORK.Process(target=self._tell)
            process.start()
            if killed < kills:
                time.sleep(self.chance.uniform(0.02, 0.4))
                os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
            if process.exitcode not in (0, -signal.SIGKILL):
                raise RuntimeError(f"the worker ended with exit code {process.exitcode}: see above")
            killed += process.exitcode == -signal.SIGKILL
        return killed

    def _tell(self) -> None:
        """Take up what a dead worker held and deliver what is due; what a worker does from tick to tick."""
        app = self.app()
        app.outbox.release(self.now())
        deliver(app.outbox, app.log, app.notifiers, self.now)
        app.close()

    def _go_on(self) -> bool:
        """Move the clock on to what is due next; False when nothing is owed."""
        app = self.app()
        with reading(app.engine) as connection:
            due = connection.execute(_due).scalars().all()
        app.close()
        if not due:
            return False
        soon = due[len(due) // _STRIDE]
        self.offset.value += max(0.0, (soon - self.now()).total_seconds())
        return True


def owe(app: App, where: World, hooks: Sequence[Receiver], readers: Sequence[Receiver], count: int) -> None:
    """Record developments of a story, each owed to every receiver, until so many deliveries or more are owed."""
    log, stream = SqlEventLog(app.engine, app.clock), story_stream(STORY)
    people: list[SubscriptionAdded] = [by_webhook(where.url(one), one.name, f"env:{SECRET}") for one in hooks]
    people += [replace(by_mail(f"{one.name}@reader.example"), subscription=one.name) for one in readers]
    log.append(ALERTS, 0, [NewEvent(f"add-{one.subscription}", one, "person") for one in people])
    version = len(log.append(stream, 0, opening()))
    developments = -(-count // len(people))
    for start in range(0, developments, _BATCH):
        numbers = range(start, min(start + _BATCH, developments))
        new = [NewEvent(f"told-{n}", _development(n), "judge", f"e{n}") for n in numbers]
        log.append(stream, version, new, [_notice(one, event) for event in new for one in people])
        version += len(new)


def _development(number: int) -> FindingEvent:
    return (updated, corroborated, denied)[number % 3](entry(f"e{number}"))


def _notice(one: SubscriptionAdded, event: NewEvent) -> Notice:
    return Notice(one.subscription, event.id, STORY, "updated", event.causation, event.id)


def settings_for(folder: Path, where: World) -> Settings:
    """Return what the worker runs with."""
    return Settings(
        database=Database(url=f"sqlite:///{folder / 'tracker.db'}"),
        worker=Worker(allow_private=("loopback",)),
        mail=Mail(host="127.0.0.1", port=where.mail, tls="none", sender="tracker@news.example", timeout=PATIENCE),
        webhook=Webhook(timeout=PATIENCE),
    )


def fault_run(folder: Path, count: int, kills: int, seed: int) -> tuple[Account, int]:
    """Run it; return what outbox and receipts say at the end, and how often the worker was killed."""
    hooks = (*HEALTHY, *SICK)
    with world(folder, hooks, READERS, seed) as where:
        run = Run(settings_for(folder, where), _FORK.RawValue(c_double, 0.0), random.Random(seed))
        app = run.app()
        owe(app, where, hooks, READERS, count)
        app.close()
        killed = run.until_told(kills)
        app = run.app()
        found = account(app.engine, where.receipts, (*hooks, *READERS), killed)
        app.close()
    return found, killed


def delay(folder: Path, count: int, seed: int) -> float:
    """Return how much longer the deliveries to the sound take beside the sick than among as many that are sound."""
    sound = tuple(Receiver(f"also-sound-{n}", "webhook") for n in range(len(SICK)))
    among, beside = (
        _until_the_sound_are_told(folder / name, (*HEALTHY, *others), count, seed)
        for name, others in (("among", sound), ("beside", SICK))
    )
    return beside / among


def _until_the_sound_are_told(folder: Path, hooks: Sequence[Receiver], count: int, seed: int) -> timedelta:
    folder.mkdir()
    with world(folder, hooks, READERS[:2], seed) as where:
        run = Run(settings_for(folder, where), _FORK.RawValue(c_double, 0.0), random.Random(seed))
        app = run.app()
        owe(app, where, hooks, READERS[:2], count)
        began = run.now()
        deliver(app.outbox, app.log, app.notifiers, run.now)
        with reading(app.engine) as connection:
            names = {"names": [one.name for one in (*HEALTHY, *READERS[:2])]}
            told = connection.execute(_last_told, names).scalar_one()
            untold = connection.execute(_untold, names).scalar_one()
        app.close()
    if untold:
        raise RuntimeError(f"{untold} deliveries to sound receivers were held up beyond the run")
    return told - began


def main() -> int:
    """Run the command."""
    given = _arguments()
    os.environ[SECRET] = TEST_SECRET
    if given.delay:
        with tempfile.TemporaryDirectory() as folder:
            return verdict([delay(_fresh(Path(folder), n), given.deliveries, n) for n in range(3)])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found, killed = fault_run(Path(folder), given.deliveries, given.kills, given.seed)
    print(table(found))
    print(f"killed {killed} times, {time.monotonic() - began:.0f} s")
    for words in found.broken[:20]:
        print(f"  {words}")
    return 1 if found.broken else 0


def verdict(ratios: Sequence[float]) -> int:
    """Say how much longer the sound took in each run; return 1 where the median is beyond what may be, else 0."""
    middle, each = median(ratios), ", ".join(f"{ratio:.2f}" for ratio in ratios)
    broken = middle > LONGEST_DELAY
    print(
        f"what is sound, beside what is sick: {middle:.2f} times as long as among the sound alone ({each});"
        f" {'MORE THAN' if broken else 'at most'} {LONGEST_DELAY} may be"
    )
    return int(broken)


def _fresh(folder: Path, number: int) -> Path:
    (made := folder / str(number)).mkdir()
    return made


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=10_000, help="how many are owed at least (default: 10000)")
    parser.add_argument("--kills", type=int, default=200, help="how often the worker is killed (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of chance (default: 1)")
    parser.add_argument("--delay", action="store_true", help="see what the sick cost the sound, three times")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
