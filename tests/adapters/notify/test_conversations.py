"""Several mails over one conversation: what that saves, and that it never loses or doubles one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from tests.made.alerts import NOON, by_mail
from tests.made.mailbox import Reply, Script, mailbox, scripted_mail_server
from tracker.adapters.notify.conversations import Conversations
from tracker.adapters.notify.mail import MailNotifier, MailServer
from tracker.adapters.notify.session import Session
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

MAIL = ["MAIL", "RCPT", "DATA", "."]
_NUMBERS = count()


@contextmanager
def notifying(port: int) -> Iterator[MailNotifier]:
    server = MailServer("127.0.0.1", port, "none", sender="desk@news.example", timeout=5)
    notifier = MailNotifier(server, clock=lambda: NOON, secret=str)
    yield notifier
    notifier.close()


def send(notifier: MailNotifier) -> Attempt:
    return notifier.send(by_mail(), Message(f"d-{next(_NUMBERS)}", "strike", "Strike", "On.\n", "<p>On.</p>", {}))


def ends(script: Script, mails: int = 2) -> tuple[list[tuple[str, int | None]], list[str]]:
    """Return how each of some mails ended, and the commands that the server heard until the last of them."""
    with scripted_mail_server(script) as (port, seen), notifying(port) as notifier:
        attempts = [send(notifier) for _ in range(mails)]
        return [(attempt.outcome, attempt.code) for attempt in attempts], list(seen)


def drop(_: Any) -> None:
    """End the conversation without a word."""


def test_mails_travel_in_one_conversation() -> None:
    """Three mails cost one greeting and no goodbye; the goodbye is said when the notifier is closed."""
    with scripted_mail_server({}) as (port, seen):
        with notifying(port) as notifier:
            assert [send(notifier).outcome for _ in range(3)] == ["delivered"] * 3
            assert seen == ["EHLO", *MAIL, *MAIL, *MAIL]
        assert seen[-1] == "QUIT"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("MAIL", drop),
        ("MAIL", b"421 you were idle"),
        ("MAIL", b"451 too many mails in this session"),
        ("MAIL", b"503 what now"),
        ("MAIL", b"gibberish"),
        ("RCPT", drop),
        ("RCPT", b"421 going down"),
        ("DATA", drop),
        ("DATA", b"421 going down"),
    ],
)
def test_a_stale_conversation_costs_no_try(command: str, said: Reply) -> None:
    """A conversation that turns out to be over before the text is begun anew, and the mail is sent once."""
    outcomes, seen = ends({command: [_usual(command), said]})
    assert outcomes == [("delivered", 250)] * 2
    assert (seen.count("EHLO"), seen.count(".")) == (2, 2)
    assert seen[-4:] == MAIL


def _usual(command: str) -> Reply:
    return b"354 go on" if command == "DATA" else b"250 ok"


@pytest.mark.parametrize("said", [drop, b"421 going down", b"gibberish"])
def test_what_may_have_been_taken_is_not_sent_again_in_one_try(said: Reply) -> None:
    """Once the text was sent, a broken conversation is an open question: it is told as transient, and not repeated."""
    outcomes, seen = ends({".": [b"250 ok", said]})
    assert outcomes[0] == ("delivered", 250)
    assert outcomes[1][0] == "transient"
    assert seen.count(".") == 2


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA", "."])
def test_a_new_conversation_is_tried_once(command: str) -> None:
    """Where a conversation breaks that has just begun, the try is over: the next one comes by the table of retries."""
    outcomes, seen = ends({command: drop}, mails=1)
    assert outcomes == [("transient", None)]
    assert seen.count(command) == 1


def test_a_refusal_does_not_end_the_conversation() -> None:
    """A recipient and a text that are refused leave the conversation to the next mail."""
    outcomes, seen = ends({"RCPT": [b"550 no such user"], ".": [b"554 no spam", b"451 later", b"250 ok"]}, mails=4)
    assert outcomes == [("permanent", 550), ("permanent", 554), ("transient", 451), ("delivered", 250)]
    assert seen.count("EHLO") == 1


def test_a_conversation_takes_a_hundred_mails() -> None:
    """Servers that count the mails of a conversation are not brought to their end: after 100 begins the next one."""
    outcomes, seen = ends({}, mails=101)
    assert outcomes == [("delivered", 250)] * 101
    assert (seen.count("EHLO"), seen.count("QUIT")) == (2, 1)
    assert seen.index("QUIT") == 1 + 100 * len(MAIL)


def test_a_conversation_that_rests_is_ended() -> None:
    """After a while without mail the server hears a goodbye, although nothing else happens, and each time anew."""
    left = threading.Semaphore(0)

    def goodbye(sock: Any) -> None:
        sock.sendall(b"221 bye\r\n")
        left.release()

    def begin(until: float) -> Session:
        return Session("127.0.0.1", port, "news.example", timeout=5, until=until)

    with scripted_mail_server({"QUIT": goodbye}) as (port, seen):
        conversations = Conversations(begin, idle=0.05)
        for _ in range(2):
            conversations.hand_over("a@example.org", "b@example.org", b"Subject: x\r\n\r\ny\r\n")
            assert left.acquire(timeout=30)
    assert seen == ["EHLO", *MAIL, "QUIT"] * 2


def test_many_threads_share_no_conversation() -> None:
    """Mails sent from four threads at once all arrive whole, in at most four conversations."""
    with mailbox() as box, notifying(box.port) as notifier:
        outcomes: list[str] = []

        def work() -> None:
            outcomes.extend(send(notifier).outcome for _ in range(10))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == ["delivered"] * 40
        assert len({mail["Message-ID"] for mail in box.parsed()}) == 40
        assert 1 <= box.conversations <= 4
