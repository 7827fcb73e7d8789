"""Alerts by mail: one recipient a message, so that one refusal never concerns another.

Outcomes: what the server says of the recipient or the text with 5xx is permanent. All that the owner can mend, a server
that is down, a sender or a login that it refuses, a missing STARTTLS, an unset secret, is transient: the alert is held
and goes out once it is mended.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import cached_property
from time import monotonic
from typing import Literal

from tracker.adapters.notify.conversations import Conversations, farewell
from tracker.adapters.notify.letter import letter
from tracker.adapters.notify.outcome import answer, detail
from tracker.adapters.notify.session import Session
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import ConfigError
from tracker.ports.clock import Clock
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt
from tracker.rendering import alert_html, alert_text

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OF_THE_SERVER = frozenset((421, 530, 534, 535, 538))
"""It ends, or asks for TLS or a login (RFC 4954, RFC 3207), which says nothing of the mail, whatever it answers to."""

_FINAL = 500
_NOT_AUTHORIZED = re.compile(rb"5\.7\.\d")
"""Said of a recipient, it means as a rule that the server relays nothing for us, which we can mend (RFC 3463)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail. `password` is a reference (env:NAME or file:PATH), `timeout` seconds a step.

    `tls`: "starttls" insists on it, "implicit" is TLS from the first byte, "none" is for a server on this machine.
    `unsubscribe`: the address of a person who ends subscriptions when asked to.
    """

    host: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    username: str | None = None
    password: str | None = None
    sender: str = "tracker@localhost"
    unsubscribe: str | None = None
    timeout: float = 20.0


class MailNotifier:
    """The mail channel; safe to use from many threads."""

    def __init__(
        self,
        server: MailServer,
        *,
        clock: Clock,
        secret: Callable[[str], str],
        link: Callable[[SubscriptionAdded], str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Check the settings. `secret` resolves a reference; `link` gives the address that ends a subscription.

        `tls` is for a server with a certificate of one's own. Raises ConfigError for a sender that is no address, half
        a login, or a password that would go in the clear.
        """
        self._address = parseaddr(server.sender)[1]
        self._domain = self._address.rpartition("@")[2]
        if not re.fullmatch(r"[!-~]+@[!-~]+", self._address):
            raise ConfigError(f"mail.sender {server.sender!r} is no mail address")
        if (server.username is None) != (server.password is None):
            raise ConfigError("mail.username and mail.password go together")
        if server.tls == "none" and server.username is not None and server.host not in _LOOPBACK:
            raise ConfigError('mail.tls = "none" would send the password in the clear; use "starttls" or "implicit"')
        self._server = server
        self._clock = clock
        self._secret = secret
        self._link = link
        self._tls = tls
        self._conversations = Conversations(self._begin)

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        """Try once, within the bounds of a session. Never raises for what a server does."""
        host, recipient = self._server.host, subscription.target
        try:
            mail = self._letter(subscription, message)
        except (ValueError, UnicodeError) as error:
            return Attempt("permanent", detail(f"cannot be written as a mail: {error}"), target=recipient)
        try:
            words = self._conversations.hand_over(self._address, recipient, mail)
        except (smtplib.SMTPException, OSError, ConfigError, UnicodeError) as error:
            return _failure(error, self._server, recipient)
        return Attempt("delivered", f"taken by {host}", 250, answer=answer(words), target=recipient, via=host)

    def trouble(self) -> str | None:
        """Return why the server cannot be had, None where it takes our greeting and login. No mail is sent."""
        try:
            session = self._begin(monotonic() + self._server.timeout)
        except (smtplib.SMTPException, OSError, ConfigError, UnicodeError) as error:
            return detail(_words(error, self._server))
        farewell(session)
        return None

    def abort(self) -> None:
        """Break off what is being handed over, and whatever is later: the process ends."""
        self._conversations.abort()

    def close(self) -> None:
        """Say goodbye to the server where a conversation is still open."""
        self._conversations.close()

    def _letter(self, subscription: SubscriptionAdded, message: Message) -> bytes:
        """Return the mail with the ways out of the subscription: for the mail program, and a link for the reader."""
        ways_out = []
        if self._link is not None:
            link = self._link(subscription)
            ways_out.append(link)
            text, html = alert_text.with_way_out(message.text, link), alert_html.with_way_out(message.html, link)
            message = replace(message, text=text, html=html)
        if self._server.unsubscribe is not None:
            ways_out.append(f"mailto:{self._server.unsubscribe}?subject=unsubscribe%20{subscription.subscription}")
        sender, recipient = self._server.sender, subscription.target
        return letter(message, sender=sender, recipient=recipient, now=self._clock(), ways_out=tuple(ways_out))

    def _begin(self, until: float) -> Session:
        server = self._server
        implicit = self._context if server.tls == "implicit" else None
        session = Session(server.host, server.port, self._domain, timeout=server.timeout, until=until, tls=implicit)
        try:
            if server.tls == "starttls":
                session.starttls(context=self._context)
            if server.username is not None and server.password is not None:
                _log_in(session, server.username, self._secret(server.password))
        except BaseException:
            session.close()
            raise
        return session

    @cached_property
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


def _failure(error: Exception, server: MailServer, recipient: str) -> Attempt:
    code, said = _reply(error)
    host, words = server.host, detail(_words(error, server))
    of_the_mail = isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError))
    if not of_the_mail or code is None or code in _OF_THE_SERVER:
        return Attempt("transient", words, code, answer=answer(said) or None, target=host)
    ours = isinstance(error, smtplib.SMTPRecipientsRefused) and _NOT_AUTHORIZED.match(said)
    outcome: Literal["transient", "permanent"] = "permanent" if code >= _FINAL and not ours else "transient"
    return Attempt(outcome, words, code, answer=answer(said), target=recipient, via=host)


def _reply(error: Exception) -> tuple[int | None, bytes]:
    """Return the server's code and words, where it gave some."""
    code, said = getattr(error, "smtp_code", None), getattr(error, "smtp_error", b"")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, said),) = error.recipients.values()
    known = code if isinstance(code, int) and code > 0 else None
    return known, said if isinstance(said, bytes) else said.encode()


def _words(error: Exception, server: MailServer) -> str:
    code, said = _reply(error)
    if not said and isinstance(error, OSError) and not isinstance(error, _LoginRefused):
        why = error.strerror if isinstance(error.strerror, str) else str(error) or type(error).__name__
        return f"{server.host}:{server.port} (mail.tls = {server.tls}): {why}"
    if not said:
        return str(error) or type(error).__name__
    return f"{code or 'no SMTP answer:'} {said.decode('utf-8', 'replace')}"
