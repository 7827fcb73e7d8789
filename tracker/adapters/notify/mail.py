"""Alerts by mail: one recipient a message, so that one refusal never concerns another.

Outcomes: what the server says of this message (5xx to the sender, the recipient or the text) is permanent. Everything
that the owner can mend, a server that is down, a refused login, a missing STARTTLS, an unset secret, is transient:
the alert is held and goes out once it is mended.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal

from tracker.adapters.notify.letter import letter
from tracker.adapters.notify.outcome import detail
from tracker.adapters.notify.session import Session, TlsSession
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError
from tracker.ports.clock import Clock
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PERMANENT = frozenset(range(500, 600)) - {530, 534, 535, 538}
"""Not those that ask for TLS or a login (RFC 4954, RFC 3207): they say nothing of the message."""

_OF_THIS_MESSAGE = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail. `password` is a reference (env:NAME or file:PATH), `timeout` seconds a step.

    `tls`: "starttls" insists on it, "implicit" is TLS from the first byte, "none" is for a server on this machine.
    """

    host: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    username: str | None = None
    password: str | None = None
    sender: str = "tracker@localhost"
    timeout: float = 20.0


class MailNotifier:
    """The mail channel; safe to use from many threads."""

    def __init__(
        self, server: MailServer, *, clock: Clock, secret: Callable[[str], str], tls: ssl.SSLContext | None = None
    ) -> None:
        """Check the settings. `secret` resolves a reference; `tls` is for a server with a certificate of one's own.

        Raises ConfigError for a sender that is no address, half a login, or a password that would go in the clear.
        """
        self._address = parseaddr(server.sender)[1]
        self._domain = self._address.rpartition("@")[2]
        if "@" not in self._address or not self._domain or not self._address.isascii():
            raise ConfigError(f"mail.sender {server.sender!r} is no mail address")
        if (server.username is None) != (server.password is None):
            raise ConfigError("mail.username and mail.password go together")
        if server.tls == "none" and server.username is not None and server.host not in _LOOPBACK:
            raise ConfigError('mail.tls = "none" would send the password in the clear; use "starttls" or "implicit"')
        self._server = server
        self._clock = clock
        self._secret = secret
        self._tls = tls

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        """Try once, within the bounds of a session. Never raises for what a server does."""
        try:
            mail = letter(message, sender=self._server.sender, recipient=subscription.target, now=self._clock())
        except (ValueError, UnicodeError) as error:
            return Attempt("permanent", detail(f"cannot be written as a mail: {error}"))
        try:
            with self._session() as session:
                return self._hand_over(session, mail, subscription.target)
        except (smtplib.SMTPException, OSError, ConfigError, UnicodeError) as error:
            return _failure(error)

    def _hand_over(self, session: smtplib.SMTP, mail: EmailMessage, recipient: str) -> Attempt:
        session.send_message(mail, self._address, [recipient])
        with suppress(smtplib.SMTPException, OSError):  # the mail is taken, however the goodbye goes
            session.quit()
        return Attempt("delivered", f"taken by {self._server.host}", 250)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        server, session = self._server, self._connect()
        try:
            if server.tls == "starttls":
                session.starttls(context=self._context())
            if server.username is not None and server.password is not None:
                _log_in(session, server.username, self._secret(server.password))
            yield session
        finally:
            session.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.tls == "implicit":
            return TlsSession(server.host, server.port, self._domain, timeout=server.timeout, context=self._context())
        return Session(server.host, server.port, self._domain, timeout=server.timeout)

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()


class _LoginRefused(smtplib.SMTPException):
    """The server does not know us. Its words are not repeated: they may quote what was sent."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"login refused ({code or 'no method in common'})")
        self.smtp_code = code


def _log_in(session: smtplib.SMTP, username: str, password: str) -> None:
    try:
        session.login(username, password)
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, UnicodeError) as error:
        raise _LoginRefused(getattr(error, "smtp_code", None)) from None


def _failure(error: Exception) -> Attempt:
    code, words = _code(error), _words(error)
    if isinstance(error, _OF_THIS_MESSAGE) and code in _PERMANENT:
        return Attempt("permanent", detail(words), code)
    return Attempt("transient", detail(words), code)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(code for code, _ in error.recipients.values())
    code = getattr(error, "smtp_code", None)
    return code if isinstance(code, int) and code > 0 else None


def _words(error: Exception) -> str:
    said: bytes | str | None = getattr(error, "smtp_error", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next(words for _, words in error.recipients.values())
    if said is None:
        return str(error) or type(error).__name__
    return f"{_code(error) or 'no SMTP answer:'} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
