"""Work on a stranger's document in a process of its own, which can be ended: no thread of Python can."""

import math
import os
import queue
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pickle import dumps, loads
from typing import Any, ParamSpec, TypeVar

from tracker.errors import Died, TookTooLong, TrackerError

CALLS = 500
"""After so many the process is replaced: libraries keep what they once read."""
_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


class Apart:
    """Calls functions in one child process, which is started at the first call and again when it had to be ended.

    `seconds` is the most wall time of one call, `memory` the bytes of address space that the child may have (the bare
    interpreter with feedparser and lxml takes 250 MB of it). May be called from many threads: calls queue. The child
    is started afresh, not forked, so that no lock, socket or database of ours is in it, and it ends with its parent.
    """

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds, self._memory = seconds, memory
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._closed = False

    def call(self, function: Callable[_Args, _Result], *args: _Args.args, **kwargs: _Args.kwargs) -> _Result:
        """Return what an importable function returns for arguments that can be pickled.

        Raises what the function raises if that is a TrackerError, Died for every other end, TookTooLong.
        """
        return self.call_for(self._seconds, function, *args, **kwargs)

    def call_for(
        self, seconds: float, function: Callable[_Args, _Result], *args: _Args.args, **kwargs: _Args.kwargs
    ) -> _Result:
        """Do as `call` does, within a time of its own, which is not longer than that of all."""
        with self._turn:
            if self._closed:
                raise Died("ended before its turn came")
            child = self._child = self._child or self._start()
            try:
                result, error = child.answer(min(seconds, self._seconds), function, args, kwargs)
            except BaseException:
                self._end()
                raise
            if isinstance(error, Died) or child.calls >= CALLS:
                self._end()
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]  # it has come through a pipe

    def close(self) -> None:
        """End the child, in the middle of a call too, which then raises Died; later calls do so at once."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._turn:
            self._end()

    def _start(self) -> "_Child":
        try:
            return _Child(self._seconds, self._memory)
        except OSError as error:
            raise Died(f"no process could be started for it: {error.strerror}") from error

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.bury()


class _Child:
    """One process and our end of the line to it."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.calls = 0
        self._line, its_end = Pipe()
        with its_end:
            serve = f"from {__name__} import serve; serve({its_end.fileno()}, {seconds!r}, {memory!r})"
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-P", "-c", serve],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(its_end.fileno(),),
                process_group=0,  # what is typed at the terminal is for us
            )

    def answer(
        self, seconds: float, function: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> tuple[Any, Any]:
        """Return what the child made of it: (result, None) or (None, error). Raises Died, TookTooLong."""
        self.calls += 1
        try:
            self._line.send((function, args, kwargs))
            if not self._line.poll(seconds):
                raise TookTooLong(f"not done after {seconds:g} s")
            found: tuple[Any, Any] = self._line.recv()
        except (EOFError, OSError) as error:
            raise Died("the process that worked on it ended") from error
        return found

    def kill(self) -> None:
        """End the process at once; harmless if it has ended."""
        self._process.kill()

    def bury(self) -> None:
        """Wait for its end and close the line."""
        self._process.wait()
        self._line.close()


def serve(line: int, seconds: float, memory: int) -> None:
    """Answer calls that come through a pipe, until it ends. The body of the child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    with Connection(line) as connection:
        threading.Thread(target=_listen, args=(connection, calls), daemon=True).start()
        while True:
            call = calls.get()
            # Should the parent be gone and the thread that would notice not get its turn, this ends the process.
            _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + seconds) + 1)
            connection.send_bytes(_answer(call))


def _listen(connection: Connection, calls: "queue.SimpleQueue[bytes]") -> None:
    """Hand calls on; the end of the pipe is the end of the parent, and of this process, whatever it is doing."""
    with suppress(EOFError, OSError):
        while True:
            calls.put(connection.recv_bytes())
    os._exit(0)


def _answer(call: bytes) -> bytes:
    try:
        function, args, kwargs = loads(call)  # noqa: S301 - it is our own parent's
        return dumps((function(*args, **kwargs), None))
    except TrackerError as error:
        return dumps((None, error))
    except Exception as error:  # noqa: BLE001 - it is the parent that must hear of it
        return dumps((None, Died(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")))


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # not every system has every limit; the deadline of the parent holds anyway
        resource.setrlimit(kind, (ceiling, hard))
