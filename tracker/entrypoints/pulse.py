"""The worker's pulse: asks the database how things stand, in a thread of its own, for whoever watches over the worker.

A database that hangs holds up this thread and nobody else: who waits for an answer does so for a bounded time.
"""

import threading
from collections.abc import Callable
from time import monotonic

from tracker.entrypoints.telling import logger
from tracker.errors import TrackerError
from tracker.ports.vitals import Vitals


class Pulse:
    """Calls `ask` each `interval` seconds, and when somebody wants to know; hands `told` each answer.

    A fault in either counts as no answer.
    """

    def __init__(self, ask: Callable[[], Vitals], interval: float, told: Callable[[Vitals], None]) -> None:
        self.interval = interval
        self._ask = ask
        self._told = told
        self._change = threading.Condition()
        self._wanted = 0
        self._begun = 0
        self._last: tuple[int, Vitals] | None = None
        self._answered: float | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more; returns at once, whatever the database does."""
        with self._change:
            self._ended = True
            self._change.notify_all()

    def silence(self) -> float | None:
        """Return for how many seconds the database has not answered, None when it never has."""
        return None if self._answered is None else monotonic() - self._answered

    def fresh(self, patience: float) -> Vitals | None:
        """Return how things stand, asked for from now on; None where no answer comes within so many seconds."""
        with self._change:
            # A look under way may have seen what was before.
            wanted = self._wanted = max(self._wanted, self._begun + 1)
            self._change.notify_all()
            self._change.wait_for(lambda: self._ended or (self._last and self._last[0] >= wanted), patience)
            return self._last[1] if self._last and self._last[0] >= wanted else None

    def _beat(self) -> None:
        while self._next():
            try:
                vitals = self._ask()
                self._told(vitals)
            except TrackerError:  # the jobs meet it, too, and say so
                continue
            except Exception as error:  # noqa: BLE001 - the next beat may do better
                logger.error("pulse: fault: %r", error)
                continue
            with self._change:
                self._last = (self._begun, vitals)
                self._answered = monotonic()
                self._change.notify_all()

    def _next(self) -> bool:
        """Wait until it is time to ask; False when it is over."""
        with self._change:
            if self._begun:
                self._change.wait_for(lambda: self._ended or self._wanted > self._begun, self.interval)
            self._begun += 1
            return not self._ended
