"""The killable process: no document may stall the worker, take its memory or outlive it."""

import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.made import hostile_work
from tracker.adapters.feeds import apart
from tracker.adapters.feeds.apart import Apart
from tracker.errors import Died, NotAFeed, TookTooLong

MEMORY = 512 << 20


@pytest.fixture
def aside() -> Iterator[Apart]:
    """Lend a child process with one minute for each call."""
    with closing(Apart(60, MEMORY)) as lent:
        yield lent


def test_a_call_gives_what_the_function_gives(aside: Apart) -> None:
    """Arguments and results of any size come through, from one process that is kept, and it is not ours."""
    assert aside.call(operator.mul, b"ab", 3_000_000) == b"ab" * 3_000_000
    first = aside.call(os.getpid)
    assert first != os.getpid()
    assert aside.call(os.getpid) == first


def test_an_endless_call_is_ended() -> None:
    """A function that never ends raises TookTooLong, its process is gone, and the next call has a new one."""
    with closing(Apart(2, MEMORY)) as short:
        before = short.call(os.getpid)
        with pytest.raises(TookTooLong, match="not done after 2 s"):
            short.call(hostile_work.loop)
        with pytest.raises(ProcessLookupError):
            os.kill(before, 0)
        assert short.call(os.getpid) != before


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (hostile_work.crash, "the process that worked on it ended"),
        (hostile_work.hog, "MemoryError"),
        (hostile_work.deep, "RecursionError"),
    ],
)
def test_a_call_that_kills_its_process_hurts_no_other(aside: Apart, function: Callable[[], object], line: str) -> None:
    """A crash, want of memory and a result that cannot be sent raise Died; the next call works, in a new process."""
    before = aside.call(os.getpid)
    with pytest.raises(Died, match=line):
        aside.call(function)
    assert aside.call(os.getpid) != before


def test_an_error_on_purpose_comes_through(aside: Apart) -> None:
    """What the function raises for a person is raised here, and the process is kept."""
    before = aside.call(os.getpid)
    with pytest.raises(NotAFeed, match="plain text, not a feed"):
        aside.call(hostile_work.refuse)
    assert aside.call(os.getpid) == before


def test_many_threads_share_one_process(aside: Apart) -> None:
    """Calls from many threads queue, and each gets its own answer."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: aside.call(operator.add, number, 1), range(200)))
    assert answers == list(range(1, 201))


def test_the_process_is_replaced_after_many_calls(aside: Apart) -> None:
    """A process answers five hundred calls and no more."""
    pids = [aside.call(os.getpid) for _ in range(apart.CALLS + 1)]
    assert len(set(pids[:-1])) == 1
    assert pids[-1] != pids[0]


def test_what_is_typed_at_the_terminal_does_not_reach_the_process(aside: Apart) -> None:
    """Ctrl-C goes to a group that the process is not in, and an interrupt sent to it is ignored."""
    child = aside.call(os.getpid)
    assert os.getpgid(child) != os.getpgrp()
    os.kill(child, signal.SIGINT)
    assert aside.call(os.getpid) == child


def test_closing_ends_a_call() -> None:
    """To close does not wait for an endless call: it raises Died, and so does every call after."""
    closing = Apart(600, MEMORY)
    closing.call(os.getpid)
    ended = threading.Event()

    def endless() -> None:
        with pytest.raises(Died):
            closing.call(hostile_work.loop)
        ended.set()

    thread = threading.Thread(target=endless)
    thread.start()
    while not closing._turn.locked():
        time.sleep(0.01)
    closing.close()
    thread.join()
    assert ended.is_set()
    with pytest.raises(Died):
        closing.call(os.getpid)


def test_where_no_process_can_be_started_that_is_said(aside: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without room for a process is an error of the document's, and the next call tries again."""
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(Died, match="no process could be started for it: No such file or directory"):
            aside.call(os.getpid)
    assert aside.call(os.getpid) != os.getpid()


PARENT = """
import os, threading, time
from tests.made import hostile_work
from tracker.adapters.feeds.apart import Apart
busy = Apart(600, 512 << 20)
print(busy.call(os.getpid), flush=True)
threading.Thread(target=busy.call, args=(hostile_work.loop,)).start()
while not busy._turn.locked():
    time.sleep(0.01)
print("busy", flush=True)
"""


def test_the_process_ends_with_its_parent() -> None:
    """When the parent is killed, an endless call ends too: no orphan is left."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert parent.stdout.readline() == "busy\n"
        parent.kill()
    deadline = time.monotonic() + 60
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
