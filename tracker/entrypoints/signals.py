"""Signals: SIGTERM and SIGINT end the worker, SIGHUP has it read its settings anew."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from tracker.entrypoints.hangup import let_through
from tracker.errors import TrackerError

LOOK = 0.5
"""Seconds after which a signal is noticed that came to another thread."""


class Stop:
    """When to stop, and the error because of which; a signal stops without one."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.error: TrackerError | None = None
        self._signalled = False
        self._reload = False

    def because(self, error: TrackerError) -> None:
        """Stop for an error, of which the first counts."""
        self.error = self.error or error
        self.asked.set()

    def on_signal(self) -> None:
        """Stop at a SIGTERM or SIGINT from now on; a second one ends the process at once.

        A SIGHUP asks for a reload, also one that came during the start; on a terminal, where it says that the terminal
        was closed, it stops as well.
        """
        signal.signal(signal.SIGTERM, self._note_stop)
        signal.signal(signal.SIGINT, self._note_stop)
        signal.signal(signal.SIGHUP, self._note_stop if sys.stderr.isatty() else self._note_reload)
        let_through()

    def wait(self, reload: Callable[[], None]) -> None:
        """Wait until it is time to stop; for the main thread, in which Python runs handlers of signals.

        Calls `reload` for a SIGHUP. It wakes now and then: the system may hand a signal to another thread, and nothing
        would wake this one.
        """
        while not self._signalled and not self.asked.wait(LOOK):
            if self._reload:
                self._reload = False
                reload()
        self.asked.set()

    # No more than a note: a lock that the interrupted thread holds would never be had in a handler.

    def _note_stop(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self._signalled:
            os._exit(128 + number)
        self._signalled = True

    def _note_reload(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._reload = True
