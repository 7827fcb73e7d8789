"""Cutting off exchanges whose time is up, or all of them when the process is to stop.

A socket's own timeout starts anew with every byte, so a server that drips headers, a TLS handshake or a body slowly
would hold a thread for ever. One watching thread shuts connections down from outside instead, and once a connection
stands nothing else limits it.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from time import monotonic

from tracker.errors import FetchError

STOPPING = "stopping"
_TICK = 0.2


class Line:
    """A handle on a connection by which any thread can shut it: a duplicate of the socket, since TLS detaches that.

    The connection has a share in it and each exchange that uses the connection; the last to give it back closes it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._handle = socket.fromfd(sock.fileno(), sock.family, sock.type)
        self._shares = 1
        self._lock = threading.Lock()

    def share(self) -> "Line":
        """Return this with one share more."""
        with self._lock:
            self._shares += 1
        return self

    def give_back(self) -> None:
        """Give back one share."""
        with self._lock:
            self._shares -= 1
            if not self._shares:
                self._handle.close()

    def shut(self) -> None:
        """Shut the connection both ways: whoever reads or writes in it gets an end of file or an error at once."""
        with contextlib.suppress(OSError):  # the other side was faster
            self._handle.shutdown(socket.SHUT_RDWR)


class Exchange:
    """One request with all its redirects: its deadline, and the lines that it used."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = monotonic() + seconds
        self._cut: str | None = None
        self._lines: list[Line] = []
        self._lock = threading.Lock()

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; never less than a millisecond, since 0 means 'never block' to a socket."""
        return max(self._deadline - monotonic(), 0.001)

    def hold(self, line: Line) -> None:
        """Shut this line as well when the exchange is cut."""
        with self._lock:
            self._lines.append(line.share())
            if self._cut:
                line.shut()

    def cut(self, why: str) -> None:
        """End the exchange from another thread; whoever reads gets an end of file or an error at once."""
        with self._lock:
            self._cut = self._cut or why
            self._shut()

    def expire(self) -> None:
        """Cut the exchange if its time is up."""
        if self._cut is None and monotonic() >= self._deadline:
            self.cut(f"no complete answer within {self._seconds:g} s")

    def check(self) -> None:
        """Raise FetchError if the exchange was cut off or its time is up."""
        self.expire()
        if self._cut:
            raise FetchError(self._cut)

    def end(self) -> None:
        """Give back the lines."""
        with self._lock:
            for line in self._lines:
                line.give_back()
            self._lines.clear()

    def _shut(self) -> None:
        for line in self._lines:
            line.shut()


class Watch:
    """The exchanges under way in all threads, and the thread that ends those that last too long."""

    def __init__(self) -> None:
        self._running: set[Exchange] = set()
        self._change = threading.Condition()
        self._stopping = False
        self._asleep = False
        self._thread: threading.Thread | None = None
        self._local = threading.local()

    @property
    def current(self) -> Exchange:
        """The exchange of the calling thread."""
        exchange = self._local.exchange
        assert isinstance(exchange, Exchange)
        return exchange

    @contextlib.contextmanager
    def exchange(self, seconds: float) -> Iterator[Exchange]:
        """Run the body of the `with` as one exchange of at most `seconds`."""
        exchange = Exchange(seconds)
        self._begin(exchange)
        self._local.exchange = exchange
        try:
            exchange.check()
            yield exchange
        finally:
            with self._change:
                self._running.discard(exchange)
            exchange.end()

    def abort(self) -> None:
        """Cut off what is running, and whatever begins later."""
        with self._change:
            self._stopping = True
            for exchange in self._running:
                exchange.cut(STOPPING)

    def close(self) -> None:
        """Cut off what is running and end the watching thread; it starts again with the next exchange."""
        with self._change:
            for exchange in self._running:
                exchange.cut(STOPPING)
            thread, self._thread = self._thread, None
            self._change.notify_all()
        if thread is not None:
            thread.join()

    def _begin(self, exchange: Exchange) -> None:
        with self._change:
            if self._stopping:
                exchange.cut(STOPPING)
            self._running.add(exchange)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="http-watch", daemon=True)
                self._thread.start()
            elif self._asleep:  # awake, it looks by itself; to wake it for each exchange slows a stream of them down
                self._change.notify_all()

    def _watch(self) -> None:
        me = threading.current_thread()
        with self._change:
            while self._thread is me:
                for exchange in self._running:
                    exchange.expire()
                self._asleep = not self._running
                self._change.wait(None if self._asleep else _TICK)
