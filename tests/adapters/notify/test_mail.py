"""Mail against real SMTP servers that take, refuse, postpone, hang, trickle and hang up."""

import smtplib
import ssl
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made.alerts import NOON, by_mail
from tests.made.mailbox import Mailbox, free_port, mailbox, scripted_mail_server
from tracker.adapters.notify.mail import MailNotifier, MailServer
from tracker.adapters.notify.session import Session
from tracker.errors import ConfigError
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt

CERTIFICATE = Path(__file__).parents[2] / "data" / "tls" / "self-signed-localhost.pem"
TEXT, HTML = "Update: 100 → 300\n\nParis said so.\n", "<p>Update: 100 &rarr; 300</p>"
PASSWORD = "sesame"


def message(identity: str = "d-1", thread: str = "instructors", subject: str = "[Story] Update: 300") -> Message:
    return Message(identity, thread, subject, TEXT, HTML, {})


def secret(reference: str) -> str:
    if reference == "env:MAIL":
        return PASSWORD
    raise ConfigError(f"secret {reference}: the variable is not set")


def notifier(port: int, trusting: ssl.SSLContext | None = None, **options: Any) -> MailNotifier:
    server = MailServer(
        **{"host": "127.0.0.1", "port": port, "tls": "none", "sender": "Desk <desk@news.example>", **options}
    )
    return MailNotifier(server, clock=lambda: NOON, secret=secret, tls=trusting)


def sent(port: int, trusting: ssl.SSLContext | None = None, **options: Any) -> Attempt:
    sender = notifier(port, trusting, **options)
    attempt = sender.send(by_mail(), message())
    sender.close()
    return attempt


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_a_mail_arrives_whole(box: Mailbox) -> None:
    """A mail program finds sender, recipient, subject, date in UTC, both parts, and that a machine wrote it."""
    assert sent(box.port) == Attempt(
        "delivered", "taken by 127.0.0.1", 250, answer="taken", target="reader@example.org", via="127.0.0.1"
    )
    (mail,) = box.parsed()
    assert box.recipients == [["reader@example.org"]]
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "Desk <desk@news.example>",
        "reader@example.org",
        "[Story] Update: 300",
    )
    assert (mail["Date"].datetime, mail["Date"].datetime.utcoffset()) == (NOON, timedelta(0))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == TEXT
    assert html.get_content() == HTML + "\r\n"


def test_a_retry_is_the_same_mail(box: Mailbox) -> None:
    """A mail that the server postpones goes out on the next try under the same Message-ID."""
    box.data = ["451 later, please", "250 taken"]
    first, second = sent(box.port), sent(box.port)
    assert (first.outcome, first.code, first.detail) == ("transient", 451, "451 later, please")
    assert second.outcome == "delivered"
    assert [mail["Message-ID"] for mail in box.parsed()] == ["<d-1@news.example>"]


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome", "code"),
    [
        ("550 no such user", "250 ok", "permanent", 550),
        ("450 mailbox busy", "250 ok", "transient", 450),
        ("250 ok", "554 no spam here", "permanent", 554),
        ("250 ok", "452 disk full", "transient", 452),
        ("421 going down", "250 ok", "transient", 421),
    ],
)
def test_a_refusal_is_permanent_or_not(box: Mailbox, rcpt: str, data: str, outcome: str, code: int) -> None:
    """5xx to the recipient or the text ends a delivery, 4xx postpones it, and the server's words are kept."""
    box.rcpt, box.data = [rcpt], [data]
    attempt = sent(box.port)
    assert (attempt.outcome, attempt.code) == (outcome, code)
    assert attempt.detail == (data if rcpt.startswith("250") else rcpt)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "421 too many of you"),
        ("MAIL", "530 log in first"),
        ("MAIL", "553 not from you"),
        ("RCPT", "530 log in first"),
        ("RCPT", "421 going down"),
        ("DATA", "421 going down"),
        (".", "538 encrypt it"),
    ],
)
def test_what_a_server_says_of_us_is_transient(command: str, said: str) -> None:
    """A server that is busy, asks for a login, or does not know the sender speaks of itself and of our settings."""
    with scripted_mail_server({command: said.encode()}) as (port, _):
        attempt = sent(port)
    code, _, words = said.partition(" ")
    assert attempt == Attempt("transient", said, int(code), answer=words, target="127.0.0.1")


def test_a_server_that_relays_nothing_for_us_is_transient(box: Mailbox) -> None:
    """5.7.x to a recipient asks for our settings to be mended; of a text that was refused it is the last word."""
    box.rcpt, box.data = ["554 5.7.1 relay access denied"], ["554 5.7.1 spam"]
    relay, text = sent(box.port), sent(box.port)
    assert (relay.outcome, relay.code, relay.target) == ("transient", 554, "reader@example.org")
    assert (text.outcome, text.code, text.target) == ("permanent", 554, "reader@example.org")


def test_one_refused_recipient_concerns_no_other(box: Mailbox) -> None:
    """Of two readers one is refused for good; the other gets the mail, alone in its To."""
    box.rcpt = ["550 5.1.1 no such user", "250 ok"]
    sender = notifier(box.port)
    first, second = (sender.send(by_mail(who), message()) for who in ("gone@example.org", "reader@example.org"))
    sender.close()
    assert (first.outcome, first.target, second.outcome) == ("permanent", "gone@example.org", "delivered")
    assert box.recipients == [["reader@example.org"]]
    assert [mail["To"] for mail in box.parsed()] == ["reader@example.org"]


def test_what_a_server_says_is_kept_bounded_and_printable() -> None:
    """The answer holds every line of a reply, without control characters, and at most 20 kB of it."""
    reply = b"550-no\x1b[2J\r\n" + b"550-" + b"\xc3\xa9" * 500 + b"\r\n" + b"550-filler\r\n" * 4000 + b"550 end"
    with scripted_mail_server({"RCPT": reply}) as (port, _):
        attempt = sent(port)
    assert attempt.answer is not None
    assert attempt.answer.startswith("no [2J\n" + "é" * 500 + "\nfiller")
    assert 19_900 < len(attempt.answer.encode()) <= 20_000
    assert (attempt.outcome, len(attempt.detail)) == ("permanent", 300)


def drop(_: Any) -> None:
    """End the dialogue without a word."""


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"": b"554 not today"}, "554 not today"),
        ({"": drop}, "closed"),
        ({"": b"gibberish"}, "no SMTP answer"),
        ({"EHLO": b"500 what", "HELO": b"500 what"}, "500 what"),
        ({"MAIL": drop}, "closed"),
        ({"DATA": drop}, "closed"),
        ({".": drop}, "closed"),
        ({".": b"\xff\xfe"}, ""),
        ({"EHLO": b"250-and\r\n" * 20_000}, "does not end"),
    ],
)
def test_trouble_with_the_server_is_transient(script: dict[str, Any], words: str) -> None:
    """A server that turns everybody away, breaks off or talks nonsense is tried again later."""
    with scripted_mail_server(script) as (port, _):
        attempt = sent(port)
    assert attempt.outcome == "transient"
    assert words in attempt.detail
    assert attempt.detail.isprintable()


def test_a_server_that_is_not_there_is_transient() -> None:
    """A refused connection and a host without address have no code, and are tried again later."""
    for host in ("127.0.0.1", "no-such-host.invalid"):
        attempt = sent(free_port(), host=host)
        assert (attempt.outcome, attempt.code) == ("transient", None)


@pytest.mark.parametrize("command", ["", "EHLO", "MAIL", "."])
def test_a_server_that_hangs_is_given_up(command: str) -> None:
    """A server that falls silent at any step costs no more than the timeout of a step."""
    held: list[Any] = []

    def hang(sock: Any) -> None:
        held.append(sock)
        sock.recv(1)  # returns when the other side gives up

    with scripted_mail_server({command: hang}) as (port, _):
        attempt = sent(port, timeout=0.3)
    assert (attempt.outcome, attempt.code) == ("transient", None)
    assert "timed out" in attempt.detail
    assert held


def test_a_reply_that_trickles_is_given_up() -> None:
    """A step ends in time although each byte of the reply comes in time."""

    def trickle(sock: Any) -> None:
        with suppress(OSError):
            for byte in b"250 " + b"x" * 30 + b"\r\n":
                sock.send(bytes([byte]))
                time.sleep(0.05)

    with scripted_mail_server({"MAIL": trickle}) as (port, seen):
        attempt = sent(port, timeout=0.3)
    assert (attempt.outcome, "timed out" in attempt.detail, "RCPT" in seen) == ("transient", True, False)


def test_a_server_that_does_not_read_is_given_up() -> None:
    """A text that the server does not take in costs no more than the timeout of a step."""
    ended = threading.Event()

    def stop_reading(sock: Any) -> None:
        sock.send(b"354 go on\r\n")
        ended.wait(30)

    soon = time.monotonic() + 60
    with (
        scripted_mail_server({"DATA": stop_reading}) as (port, _),
        closing(Session("127.0.0.1", port, "x", timeout=0.3, until=soon)) as session,
    ):
        with pytest.raises(smtplib.SMTPServerDisconnected):
            session.sendmail("a@example.org", ["b@example.org"], bytes(20_000_000))
        ended.set()
    assert session.text_begun


def test_the_next_address_of_a_host_is_tried(box: Mailbox) -> None:
    """A name that leads to several addresses delivers where one of them answers."""
    assert sent(box.port, host="localhost").outcome == "delivered"


def test_a_mail_that_was_taken_stays_taken() -> None:
    """A server that breaks off, refuses or hangs at the goodbye has the mail: it is not sent again."""
    for goodbye in (drop, b"500 what", lambda sock: sock.recv(1)):
        with scripted_mail_server({"QUIT": goodbye}) as (port, seen):
            assert sent(port, timeout=0.3).outcome == "delivered"
            assert seen == ["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]


def test_a_conversation_has_an_end() -> None:
    """The time of all steps together is bounded, even for a server that answers each of them in time."""
    over = time.monotonic() + 0.2
    with (
        scripted_mail_server({}) as (port, _),
        closing(Session("127.0.0.1", port, "x", timeout=5, until=over)) as session,
    ):
        with pytest.raises(smtplib.SMTPServerDisconnected, match="more than 90 seconds"):
            for _step in iter(session.noop, None):
                pass
        with pytest.raises(smtplib.SMTPServerDisconnected):
            session.noop()


def test_a_server_without_starttls_gets_no_mail(box: Mailbox) -> None:
    """Where TLS is asked for and not offered, nothing is sent, and the delivery waits."""
    attempt = sent(box.port, tls="starttls", username="alice", password="env:MAIL")
    assert (attempt.outcome, "STARTTLS" in attempt.detail) == ("transient", True)
    assert (box.mails, box.logins) == ([], [])


def test_starttls_encrypts_login_and_mail() -> None:
    """With STARTTLS the password and the mail travel encrypted, and the certificate is checked."""
    with mailbox(tls_context=server_tls(), require_starttls=True, auth_require_tls=True) as box:
        assert sent(box.port, tls="starttls").outcome == "transient"
        attempt = sent(box.port, client_tls(), tls="starttls", username="alice", password="env:MAIL")
    assert attempt.outcome == "delivered"
    assert (box.encrypted, box.logins) == ([True], [(b"alice", b"sesame")])


def test_tls_from_the_first_byte() -> None:
    """Implicit TLS delivers where the certificate is known, and waits where it is not."""
    with mailbox(ssl_context=server_tls()) as box:
        unknown = sent(box.port, tls="implicit")
        assert (unknown.outcome, "CERTIFICATE_VERIFY_FAILED" in unknown.detail) == ("transient", True)
        assert sent(box.port, client_tls(), tls="implicit").outcome == "delivered"
    assert len(box.mails) == 1


def test_a_refused_login_is_transient_and_tells_no_password() -> None:
    """A wrong password waits for its owner to mend it; what the server quotes of it is not repeated."""
    echo = b"535 wrong: AGFsaWNlAHNlc2FtZQ== sesame"
    script = {"EHLO": b"250-hello\r\n250 AUTH PLAIN", "AUTH": echo}
    with scripted_mail_server(script) as (port, _):
        attempt = sent(port, username="alice", password="env:MAIL")
    assert attempt == Attempt("transient", "login refused (535)", 535, target="127.0.0.1")
    with scripted_mail_server({"AUTH": echo}) as (port, _):
        assert sent(port, username="alice", password="env:MAIL").detail == "login refused (no method in common)"


def test_a_server_that_breaks_off_the_login_is_transient() -> None:
    """A connection that ends during the login is trouble with the server, and no wrong password."""
    with scripted_mail_server({"EHLO": b"250-hello\r\n250 AUTH PLAIN", "AUTH": drop}) as (port, _):
        attempt = sent(port, username="alice", password="env:MAIL")
    assert (attempt.outcome, attempt.code, "closed" in attempt.detail) == ("transient", None, True)


def test_an_unset_password_is_transient(box: Mailbox) -> None:
    """A reference with nothing behind it fails the try with the reference's name."""
    attempt = sent(box.port, username="alice", password="env:GONE")
    assert (attempt.outcome, "env:GONE" in attempt.detail, box.mails) == ("transient", True, [])


@pytest.mark.parametrize(
    "options",
    [
        {"sender": "desk"},
        {"sender": "dësk@news.example"},
        {"username": "alice"},
        {"password": "env:MAIL"},
        {"host": "mail.example", "username": "alice", "password": "env:MAIL"},
    ],
)
def test_settings_that_cannot_work_are_refused(options: dict[str, Any]) -> None:
    """A sender without address, half a login, and a password in the clear are faults of the configuration."""
    with pytest.raises(ConfigError, match="mail"):
        notifier(25, **options)


def test_a_mail_bears_the_ways_out(box: Mailbox) -> None:
    """The link is in the header for the mail program, and at the foot of both parts for the reader."""
    link = "https://alerts.example/unsubscribe/s-reader/abc"
    server = MailServer("127.0.0.1", box.port, "none", sender="a@news.example", unsubscribe="desk@news.example")
    sender = MailNotifier(server, clock=lambda: NOON, secret=secret, link=lambda _: link)
    assert sender.send(by_mail(), message()).outcome == "delivered"
    sender.close()
    (mail,) = box.parsed()
    ask = "<mailto:desk@news.example?subject=unsubscribe%20s-reader>"
    assert mail["List-Unsubscribe"] == f"<{link}>, {ask}"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert plain.replace("\r\n", "\n") == f"{TEXT}Or here: {link}\n"
    assert f'<a href="{link}">Unsubscribe</a>' in html


def test_an_address_that_no_header_can_hold_is_permanent(box: Mailbox) -> None:
    """An address with a line break or with letters beyond ASCII ends its delivery; nothing is sent or raised."""
    for address in ("two\r\nBcc: all@example.org", "jürgen@example.org", "reader@bücher.example", "nobody"):
        attempt = notifier(box.port).send(by_mail(address), message())
        assert (attempt.outcome, "no address" in attempt.detail) == ("permanent", True)
    assert box.mails == []
