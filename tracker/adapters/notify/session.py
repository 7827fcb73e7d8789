"""An SMTP conversation that comes to an end, whatever the server does."""

import smtplib
import socket
import ssl
from contextlib import suppress
from time import monotonic
from typing import Any, BinaryIO, cast

TOTAL = 90.0
"""Seconds that a whole mail may take, however slowly the server answers; less than the lease of a delivery."""

_PIECE = 16_384
_LONGEST_REPLY = 65_536


class Session(smtplib.SMTP):
    """A conversation: each step takes at most `timeout` seconds, and all of it ends by `until`.

    `until` is a reading of the monotonic clock, set anew for each mail. `tls`: speak it from the first byte.
    """

    def __init__(
        self, host: str, port: int, name: str, *, timeout: float, until: float, tls: ssl.SSLContext | None = None
    ) -> None:
        """Connect as `name` and hear the greeting. Raises SMTPException, OSError."""
        self.until = until
        self.mails = 0
        self.text_begun = False
        self.last_words = b""
        self._step = timeout
        self._implicit = tls
        super().__init__(host, port, name, timeout=timeout)

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's next reply; whatever was said before TLS began is not heard."""
        if self.file is None:
            self.file = cast("BinaryIO", _Replies(self._socket()))
        if self.ehlo_resp is None and hasattr(socket, "TCP_QUICKACK"):
            # What the server can do comes line by line, each once the one before was acknowledged: after 40 ms, or now.
            self._socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        cast("_Replies", self.file).expect(monotonic() + self._left())
        code, self.last_words = super().getreply()
        return code, self.last_words

    def send(self, s: Any) -> None:
        """Send a command (text) or the mail (bytes), piece by piece, so that no piece takes longer than a step."""
        self.text_begun = self.text_begun or not isinstance(s, str)
        raw = s.encode("ascii") if isinstance(s, str) else s
        for start in range(0, len(raw), _PIECE):
            if self.sock is not None:
                self.sock.settimeout(self._left())
            super().send(raw[start : start + _PIECE])

    def begin(self, until: float) -> None:
        """Make ready for the next mail, which has to be handed over by then."""
        self.until = until
        self.text_begun = False
        self.mails += 1

    def hang_up(self) -> None:
        """End the conversation from another thread: whoever waits for the server finds it gone."""
        if self.sock is not None:
            with suppress(OSError):  # the server was faster
                self.sock.shutdown(socket.SHUT_RDWR)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the first address that answers; the library would give each of them the whole time."""
        del timeout
        refused: OSError | None = None
        for family, kind, protocol, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(self._left())
                plain.connect(place)
                plain.settimeout(self._left())
                return self._implicit.wrap_socket(plain, server_hostname=host) if self._implicit else plain
            except OSError as error:
                plain.close()
                refused = error
        assert refused is not None, "a name has an address, or the look-up fails"
        raise refused

    def _socket(self) -> socket.socket:
        assert self.sock is not None, "a reply of a server that we are connected to"
        return self.sock

    def _left(self) -> float:
        """Return the seconds that the next step may take."""
        left = min(self._step, self.until - monotonic())
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"the server took more than {TOTAL:.0f} seconds")
        return left


class _Replies:
    """The server's lines. Each reply has to be there by its time and is of a bounded size, however many lines it has.

    The library reads from a file, whose timeout begins anew with each byte that trickles in.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = b""
        self._until = 0.0
        self._room = 0

    def expect(self, until: float) -> None:
        """A reply is to be there by then."""
        self._until = until
        self._room = _LONGEST_REPLY

    def readline(self, limit: int) -> bytes:
        """Return the next line, or what there is of it when it is longer or the other side ends. Raises OSError."""
        while b"\n" not in self._held and len(self._held) < limit:
            self._sock.settimeout(max(self._until - monotonic(), 0.001))
            came = self._sock.recv(8192)
            if not came:
                break
            self._held += came
        line = self._held[: self._held.find(b"\n") + 1 or limit][:limit]
        self._held = self._held[len(line) :]
        self._room -= len(line)
        if self._room < 0:
            raise OSError("its answer does not end")
        return line

    def close(self) -> None:
        """The socket is closed by who opened it."""
