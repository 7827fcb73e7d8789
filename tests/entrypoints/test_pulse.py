"""The pulse: an answer of the database each time, and none from one that hangs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from tracker.entrypoints.pulse import Pulse
from tracker.errors import StoreError
from tracker.ports.vitals import Vitals

NOTHING = Vitals(0, {}, 0, 0, 0, 0, None, 0, {})
NEVER = 3600.0
"""Seconds to the next beat that comes by itself: the test ends before."""


@contextmanager
def beating(ask: Callable[[], Vitals], interval: float) -> Iterator[tuple[Pulse, SimpleQueue[Vitals]]]:
    """Run a pulse; give it with what it tells."""
    told: SimpleQueue[Vitals] = SimpleQueue()
    pulse = Pulse(ask, interval, told.put)
    pulse.start()
    try:
        yield pulse, told
    finally:
        pulse.stop()


def test_a_database_that_hangs_stops_the_beat_and_nobody_else() -> None:
    """While it hangs no beat comes, and who wants to know waits no longer than they said; then the beat goes on."""
    hangs = threading.Event()
    answers = threading.Event()
    answers.set()

    def ask() -> Vitals:
        if not answers.is_set():
            hangs.set()
        answers.wait()
        return NOTHING

    with beating(ask, 0.01) as (pulse, told):
        told.get()
        answers.clear()
        hangs.wait()
        while not told.empty():
            told.get()
        assert pulse.fresh(0.05) is None
        before = pulse.silence()
        assert told.empty()
        assert before is not None
        assert before < (pulse.silence() or 0)
        answers.set()
        assert told.get() == NOTHING


def test_who_wants_to_know_is_told_what_is_so_now() -> None:
    """An answer that was given before is not enough: the database is asked again, however long the next beat is off."""
    asked: list[int] = []

    def ask() -> Vitals:
        asked.append(1)
        return Vitals(len(asked), {}, 0, 0, 0, 0, None, 0, {})

    with beating(ask, NEVER) as (pulse, told):
        assert told.get().head == 1
        fresh = pulse.fresh(NEVER)
        assert fresh is not None
        assert fresh.head > 1


def test_a_fault_is_no_answer_and_the_next_may_be() -> None:
    """What the database refuses, and what nobody foresaw, cost one beat each."""
    errors: list[Exception] = [StoreError("away"), ZeroDivisionError()]

    def ask() -> Vitals:
        if errors:
            raise errors.pop()
        return NOTHING

    with beating(ask, 0.01) as (_, told):
        assert told.get() == NOTHING
        assert errors == []
