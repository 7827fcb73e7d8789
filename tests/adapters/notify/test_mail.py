"""Mail against a real SMTP server that takes, refuses, postpones, hangs and hangs up."""

import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.made.alerts import NOON, by_mail
from tests.made.mailbox import Mailbox, free_port, mailbox, scripted_mail_server
from tracker.adapters.notify import session
from tracker.adapters.notify.letter import letter
from tracker.adapters.notify.mail import MailNotifier, MailServer
from tracker.errors import ConfigError
from tracker.ports.notify import Message
from tracker.ports.outbox import Attempt
from tracker.rendering.plain import line

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
    return notifier(port, trusting, **options).send(by_mail(), message())


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as running:
        yield running


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_a_mail_arrives_whole(box: Mailbox) -> None:
    """A mail program finds sender, recipient, subject, date in UTC, both parts, and that a machine wrote it."""
    assert sent(box.port) == Attempt("delivered", "taken by 127.0.0.1", 250)
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


def test_mails_of_a_story_are_one_thread(box: Mailbox) -> None:
    """Two alerts of a story answer the same root, those of another story another one; each has its own id."""
    sender = notifier(box.port)
    for identity, thread in (("d-1", "instructors"), ("d-2", "instructors"), ("d-3", "strike")):
        sender.send(by_mail(), message(identity, thread))
    mails = box.parsed()
    roots = [mail["References"] for mail in mails]
    assert roots == [mail["In-Reply-To"] for mail in mails]
    assert roots[0] == roots[1] != roots[2]
    assert len({mail["Message-ID"] for mail in mails}) == 3
    assert [mail["List-Id"] for mail in mails] == ["<instructors.news.example>"] * 2 + ["<strike.news.example>"]


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


def test_a_server_that_asks_for_a_login_is_transient() -> None:
    """530 to MAIL FROM speaks of the settings and not of the mail, which waits until they are mended."""
    with scripted_mail_server({"MAIL": b"530 log in first"}) as (port, _):
        assert sent(port) == Attempt("transient", "530 log in first", 530)


def test_a_refused_sender_is_permanent() -> None:
    """5xx to MAIL FROM ends the delivery."""
    with scripted_mail_server({"MAIL": b"553 not from you\x1b[2J\r"}) as (port, _):
        assert sent(port) == Attempt("permanent", "553 not from you [2J", 553)


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


def test_a_mail_that_was_taken_stays_taken() -> None:
    """A server that breaks off, refuses or hangs at the goodbye has the mail: it is not sent again."""
    for goodbye in (drop, b"500 what", lambda sock: sock.recv(1)):
        with scripted_mail_server({"QUIT": goodbye}) as (port, seen):
            assert sent(port, timeout=0.3).outcome == "delivered"
            assert seen == ["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]


def test_a_dialogue_has_an_end() -> None:
    """The time of all steps together is bounded, even for a server that answers each of them in time."""
    with scripted_mail_server({}) as (port, _), session.Session("127.0.0.1", port, "x", timeout=5) as dialogue:
        assert dialogue._deadline is not None
        dialogue._deadline -= session.TOTAL
        with pytest.raises(OSError, match="more than 90 seconds"):
            dialogue.noop()


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
    assert attempt == Attempt("transient", "login refused (535)", 535)
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


@pytest.mark.parametrize("subject", ["two\nlines", "two\r\nBcc: all@example.org"])
def test_a_broken_subject_cannot_break_a_mail(box: Mailbox, subject: str) -> None:
    """A line break in a header ends this delivery; nothing is sent, and nothing is raised."""
    attempt = notifier(box.port).send(by_mail(), message(subject=subject))
    assert (attempt.outcome, box.mails) == ("permanent", [])


titles = (st.text(max_size=300) | st.text("ab []:", min_size=50, max_size=120)).map(
    lambda text: line(text, 120) or TEXT[:6]
)
hosts = st.lists(st.text("abcdefghij0123456789", min_size=1, max_size=30), min_size=1, max_size=4).map(".".join)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(hosts, st.text(min_size=1, max_size=90), titles)
def test_ids_survive_any_host_story_and_title(host: str, thread: str, subject: str) -> None:
    """However long host and story are, ids reach the mail program unbroken, and the mail is 7-bit."""
    mail = letter(message("d-" + "0" * 32, thread, subject), sender=f"desk@{host}", recipient="r@example.org", now=NOON)
    raw = mail.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998
    unfolded = raw.replace(b"\r\n ", b" ")
    for name in (b"Message-ID", b"References", b"In-Reply-To", b"List-Id"):
        (line,) = [line for line in unfolded.splitlines() if line.startswith(name + b": ")]
        assert line.endswith(host.encode() + b">")
    assert message_from_bytes(raw, policy=default)["Subject"] == subject
    assert b"Subject:\r\n" not in raw


def test_a_date_of_another_zone_is_told_in_utc() -> None:
    """The Date header is in UTC whatever the clock's zone."""
    east = datetime(2024, 6, 1, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    assert letter(message(), sender="a@b", recipient="c@d", now=east)["Date"] == "Sat, 01 Jun 2024 12:00:00 +0000"
