"""Lives of a process: forked with everything imported, and ended by SIGKILL at the boundary that a fuse names."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Engine, event

T = TypeVar("T")
Boundary = Literal["before COMMIT", "after COMMIT", "before settling"]
"""The third one: something has happened outside of the database that the database does not know of yet."""

_FORK = multiprocessing.get_context("fork")


@dataclass
class Fuse:
    """Notes every boundary that this process comes to, and kills it at the n-th (`at`; None: never)."""

    trail: Path
    at: int | None = None
    _count: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def reached(self, boundary: Boundary) -> None:
        """Come to a boundary. Whoever comes to one in another thread at that moment is not to pass it either."""
        with self._turn:
            self._count += 1
            with self.trail.open("a") as out:
                out.write(f"{boundary}\n")
            if self._count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()

    def watch(self, engine: Engine) -> None:
        """Come to a boundary before and after every COMMIT of a transaction that writes.

        A statement that is a transaction by itself commits as it runs.
        """
        event.listen(engine, "commit", self._before)
        event.listen(engine, "reset", self._after)
        event.listen(engine, "before_cursor_execute", self._before_statement)
        event.listen(engine, "after_cursor_execute", self._after_statement)

    def _before_statement(self, connection: Any, *_: Any) -> None:
        if _is_alone(connection):
            self.reached("before COMMIT")

    def _after_statement(self, connection: Any, *_: Any) -> None:
        if _is_alone(connection):
            self.reached("after COMMIT")

    def _before(self, connection: Any) -> None:
        if connection.get_execution_options().get("tracker_writes"):
            connection.info["committing"] = True
            self.reached("before COMMIT")

    def _after(self, _dbapi: Any, record: Any, _state: Any) -> None:
        # The first thing that happens once COMMIT has been answered; `writing` has not returned yet.
        if record.info.pop("committing", False):
            self.reached("after COMMIT")


def _is_alone(connection: Any) -> bool:
    return bool(connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT")


def passed(trail: Path) -> list[str]:
    """Return the boundaries of a life, in order; the last is where it was killed, if it was."""
    return trail.read_text().splitlines() if trail.exists() else []


@dataclass(frozen=True, slots=True)
class Life(Generic[T]):
    """How a life ended: `result` of its task, None where it was killed."""

    killed: bool
    result: T | None


def live(task: Callable[[], T]) -> Life[T]:
    """Run a task in a forked process of its own. Raises RuntimeError when it ends in any other way than SIGKILL."""
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_run, args=(task, theirs))
    process.start()
    theirs.close()
    try:
        result: T | None = ours.recv()
    except EOFError:
        result = None
    process.join()
    ours.close()
    if process.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"a life ended with exit code {process.exitcode}: see above")
    return Life(process.exitcode != 0, result)


def _run(task: Callable[[], T], answer: Connection) -> None:
    answer.send(task())
    answer.close()
