"""An SMTP dialogue that comes to an end."""

import smtplib
from time import monotonic

TOTAL = 90.0
"""Seconds that a whole dialogue may take, however slowly the server answers; less than the lease of a delivery."""


class Session(smtplib.SMTP):
    """A dialogue: each step waits at most `timeout` seconds, all of them together at most `TOTAL`."""

    _deadline: float | None = None

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's next reply; the greeting, which is read by the constructor, starts the time."""
        if self._deadline is None:
            self._deadline = monotonic() + TOTAL
        left = self._deadline - monotonic()
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"the server took more than {TOTAL:.0f} seconds")
        assert self.sock is not None, "a reply of a server that we are connected to"
        self.sock.settimeout(min(self.timeout, left))
        return super().getreply()


class TlsSession(Session, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""
