"""A relay on loopback between a client and a server, which can go down, or go silent as a broken network does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536


class Relay:
    """Passes bytes on between whoever connects to `port` and a server at a Unix socket.

    `silent`: connections stay open and take what is sent, but nothing arrives any more on either side.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.silent = threading.Event()
        self._open: list[socket.socket] = []
        self._refusing = False
        threading.Thread(target=self._admit, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and each new one at once, as a server does that is down."""
        self._refusing = True
        self._hang_up()

    def mend(self) -> None:
        """Let connections through again."""
        self._refusing = False

    def close(self) -> None:
        """End the relay."""
        self._door.close()
        self._hang_up()

    def _hang_up(self) -> None:
        while self._open:
            end = self._open.pop()
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self._refusing:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                self._open += [client, server]
                for here, there in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(here, there), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(_CHUNK):
                if not self.silent.is_set():
                    there.sendall(data)


@contextmanager
def relayed(url: str) -> Iterator[tuple[Relay, str]]:
    """Run a relay in front of the server of a URL; give it with the URL that leads through it."""
    address, _, folder = url.partition("?host=")
    relay = Relay(f"{folder}/.s.PGSQL.5432")
    try:
        yield relay, address.replace("@/", f"@127.0.0.1:{relay.port}/")
    finally:
        relay.close()
