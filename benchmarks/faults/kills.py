"""Kills tracker at every commit boundary of everything that it does, and counts what that loses and repeats.

    python -m benchmarks.faults.kills [--database sqlite|postgresql] [--postgresql-url URL] [--size N] [--every K]
                                      [--role NAME] [--careless]

For each role: the work is done once undisturbed and its boundaries are counted. Then, for each of them, the work begins
anew on the same database, the process kills itself with SIGKILL at that boundary, and another process takes the work up
and ends it. What is there then must be what is there without the kill. `--careless` runs works that do things in the
wrong order and succeeds only when the kills find all of them out. Exit code 1 when a law is broken.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.faults.careless import CARELESS
from benchmarks.faults.laws import Found, Toll, look, toll
from benchmarks.faults.lives import Fuse, Life, live, passed
from benchmarks.faults.material import NOON, served
from benchmarks.faults.outside import Outside, outside
from benchmarks.faults.places import KINDS, Place, arguments, place
from benchmarks.faults.roles import ROLES, Desk, Role
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.application.deliver import LEASE
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.judging.judge import Judge

T = TypeVar("T")
AT_WORK = NOON + timedelta(days=1)
TAKEN_UP = AT_WORK + LEASE + timedelta(seconds=1)
"""When the second process takes the work up: the leases of the dead one have ended."""


@dataclass
class Count:
    """Kills of one role, by boundary, and their toll."""

    role: str
    kills: Counter[str] = field(default_factory=Counter)
    tolls: list[tuple[str, Toll]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, boundary: str, cost: Toll) -> None:
        """Count a kill."""
        self.kills[boundary] += 1
        self.tolls.append((boundary, cost))

    def broken(self) -> list[str]:
        """Return every law that was broken, with the boundary."""
        return [f"{self.role}, killed {boundary}: {words}" for boundary, cost in self.tolls for words in cost.broken]

    def row(self) -> str:
        """Return a line of the table."""
        kinds = [self.kills[kind] for kind in ("before COMMIT", "after COMMIT", "before settling")]
        costs = [sum(getattr(cost, name) for _, cost in self.tolls) for name in ("lost", "extra", "resent")]
        numbers = "".join(f"{number:>9}" for number in (sum(kinds), *kinds, *costs, len(self.broken())))
        return f"{self.role:<18}{numbers}{self.seconds:>9.1f}"


HEADER = f"{'role':<18}" + "".join(
    f"{name:>9}" for name in ("kills", "<COMMIT", ">COMMIT", "<settle", "lost", "extra", "resent", "broken", "seconds")
)


@dataclass(frozen=True)
class Trial:
    """Kills on one database; its files lie in a folder."""

    where: Place
    around: Outside
    folder: Path
    judge: Judge
    size: int

    def warm_up(self, roles: Sequence[Role]) -> None:
        """Do all works once in this process: what they import and what the models have read need not be had again."""
        for role in roles:
            self.where.restore("empty")
            self._work(role.prepare, NOON)
            self._work(role.work, AT_WORK)
            self._opened(AT_WORK, look)

    def run(self, role: Role, every: int) -> Count:
        """Kill a role at every n-th of its boundaries."""
        count, began = Count(role.name), time.perf_counter()
        self.where.restore("empty")
        self._begin(partial(self._work, role.prepare, NOON))
        self.where.keep("start")
        self._begin(partial(self._work, role.work, AT_WORK))
        boundaries = len(passed(self._trail))
        undisturbed = _result(live(partial(self._opened, AT_WORK, look)))
        for at in range((every + 1) // 2, boundaries + 1, every):
            self._kill(role, at, undisturbed, count)
        count.seconds = time.perf_counter() - began
        return count

    def _kill(self, role: Role, at: int, undisturbed: Found, count: Count) -> None:
        """Kill a role once; where threads take turns, it may have fewer boundaries this time and end in peace."""
        self.where.restore("start")
        if not self._begin(partial(self._work, role.work, AT_WORK, at)):
            return
        boundary, acknowledged = passed(self._trail)[-1], passed(self._acknowledged)
        killed, after = _result(live(partial(self._take_up, role)))
        count.add(boundary, toll(undisturbed, killed, after, self.around.told(), acknowledged))

    def _take_up(self, role: Role) -> tuple[Found, Found]:
        """Do the work to its end; return what is there before and after."""
        killed = self._opened(TAKEN_UP, look)
        self._work(role.work, TAKEN_UP)
        return killed, self._opened(TAKEN_UP, look)

    def _begin(self, task: Callable[[], None]) -> bool:
        """Live with nothing noted yet; tell whether it was killed."""
        self._trail.unlink(missing_ok=True)
        self._acknowledged.unlink(missing_ok=True)
        self.around.forget()
        return live(task).killed

    def _work(self, work: Callable[[Desk], None], now: datetime, at: int | None = None) -> None:
        fuse = Fuse(self._trail, at)

        def sit_down(app: App) -> None:
            fuse.watch(app.engine)
            work(Desk(app, fuse, self.around.url, self._acknowledged, self.judge, self.size))

        self._opened(now, sit_down)

    def _opened(self, now: datetime, use: Callable[[App], T]) -> T:
        worker = Worker(allow_private=("loopback",), fetchers=4, host_gap=0)
        app = App(Settings(database=Database(url=self.where.url), worker=worker), lambda: now)
        try:
            return use(app)
        finally:
            app.close()

    @property
    def _trail(self) -> Path:
        return self.folder / "trail"

    @property
    def _acknowledged(self) -> Path:
        return self.folder / "acknowledged"


def _result(life: Life[T]) -> T:
    assert life.result is not None, "this one has no fuse"
    return life.result


def counts(
    kind: str, roles: Sequence[Role], *, size: int, every: int, postgresql_url: str | None = None
) -> Iterator[Count]:
    """Yield the count of each role on a database of a kind."""
    judge = Judge(MiniLmEncoder(threads=1), PairModel(threads=1))
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        around = open_.enter_context(outside(folder, served()))
        where = open_.enter_context(place(kind, postgresql_url if kind == "postgresql" else None))
        trial = Trial(where, around, folder, judge, size)
        trial.warm_up(roles)
        for role in roles:
            yield trial.run(role, every)


def main() -> int:
    """Run the command."""
    given = _arguments()
    roles = [role for role in (CARELESS if given.careless else ROLES) if role.name in (given.role or [role.name])]
    ok = True
    for kind in [given.database] if given.database else KINDS:
        print(f"\n{kind}\n{HEADER}", flush=True)
        done = []
        for count in counts(kind, roles, size=given.size, every=given.every, postgresql_url=given.postgresql_url):
            print(count.row(), flush=True)
            done.append(count)
        print(f"{'all':<18}{sum(len(count.tolls) for count in done):>9}")
        for words in [words for count in done for words in count.broken()[:5]]:
            print(f"  {words}")
        ok &= all(bool(count.broken()) == given.careless for count in done)
    return 0 if ok else 1


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--size", type=int, default=1, help="how much work there is to be killed over (default: 1)")
    parser.add_argument("--every", type=int, default=1, help="kill only at every K-th boundary (default: 1)")
    parser.add_argument("--role", action="append", help="only this one; may be given several times")
    parser.add_argument("--careless", action="store_true", help="works in the wrong order: all must be found out")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
