"""Conversations with one mail server that go on from mail to mail: connecting, TLS and login cost most of a mail."""

import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from tracker.adapters.notify.session import TOTAL, Session

IDLE = 5.0
"""Seconds that a conversation waits for the next mail; servers wait longer."""

_MOST = 100
"""Mails in one conversation, since some servers count."""
_GOODBYE = 2.0
"""Seconds for the goodbye, of which nothing depends."""


class Conversations:
    """Lends each mail a conversation of its own: one that rests, or a new one. Safe to use from many threads."""

    def __init__(self, begin: Callable[[float], Session], idle: float = IDLE) -> None:
        """Take what begins a conversation that ends by a time of the monotonic clock."""
        self._begin = begin
        self._idle = idle
        self._lock = threading.Lock()
        self._resting: list[tuple[float, Session]] = []
        self._timer: threading.Timer | None = None
        self._under_way: set[Session] = set()
        self._aborted = False

    def hand_over(self, sender: str, recipient: str, mail: bytes) -> bytes:
        """Hand a mail to the server; return its words. Raises SMTPException, OSError, and what `begin` raises.

        A conversation that rested may be over without our knowing: where that shows before the text of the mail is
        sent, the mail is handed over in a new one. Afterwards nobody knows whether the server has it.
        """
        until = monotonic() + TOTAL
        session = self._rested()
        if session is not None:
            try:
                return self._converse(session, until, sender, recipient, mail)
            except (smtplib.SMTPException, OSError):
                if session.text_begun or session.sock is not None:
                    raise
        return self._converse(self._begin(until), until, sender, recipient, mail)

    def close(self) -> None:
        """Say goodbye in the conversations that rest; a mail that is handed over later begins a new one."""
        self._say_goodbye(older_than=monotonic())

    def abort(self) -> None:
        """Break off every conversation, and whatever begins later: who hands over a mail finds the server gone."""
        with self._lock:
            self._aborted = True
            for session in self._under_way:
                session.hang_up()

    def _converse(self, session: Session, until: float, sender: str, recipient: str, mail: bytes) -> bytes:
        session.begin(until)
        try:
            with self._watched(session):
                session.sendmail(sender, [recipient], mail)
        except (smtplib.SMTPException, OSError) as error:
            if _goes_on(session, error):
                self._rest(session)
            else:
                session.close()
            raise
        words = session.last_words
        self._rest(session)
        return words

    @contextmanager
    def _watched(self, session: Session) -> Iterator[None]:
        with self._lock:
            if self._aborted:
                raise smtplib.SMTPServerDisconnected("stopping")
            self._under_way.add(session)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(session)

    def _rested(self) -> Session | None:
        with self._lock:
            session = self._resting.pop()[1] if self._resting else None
        if session is not None and session.mails >= _MOST:
            farewell(session)
            return None
        return session

    def _rest(self, session: Session) -> None:
        with self._lock:
            self._resting.append((monotonic(), session))
            self._wake()

    def _wake(self) -> None:
        """See to it, with the lock held, that somebody looks after those that rest."""
        if self._timer is None and self._resting:
            self._timer = threading.Timer(self._idle, self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        self._say_goodbye(older_than=monotonic() - self._idle)
        with self._lock:
            self._timer = None
            self._wake()

    def _say_goodbye(self, older_than: float) -> None:
        with self._lock:
            ended = [session for since, session in self._resting if since <= older_than]
            self._resting = [rests for rests in self._resting if rests[0] > older_than]
        for session in ended:
            farewell(session)


def _goes_on(session: Session, error: Exception) -> bool:
    """Tell whether a server that did not take a mail has said so of that mail alone, and listens.

    Servers that count the mails of a conversation, or the time, say so to the next sender, or with 421 to anything.
    """
    refused_text = isinstance(error, smtplib.SMTPDataError) and session.text_begun
    return session.sock is not None and (refused_text or isinstance(error, smtplib.SMTPRecipientsRefused))


def farewell(session: Session) -> None:
    """Say goodbye and close, however that goes."""
    session.until = monotonic() + _GOODBYE
    with suppress(smtplib.SMTPException, OSError):
        session.quit()
    session.close()
