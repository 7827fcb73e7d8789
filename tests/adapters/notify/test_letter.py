"""An alert as an e-mail, read back as a mail program reads it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.made.alerts import NOON
from tracker.adapters.notify.letter import letter
from tracker.ports.notify import Message
from tracker.rendering.plain import line

MESSAGE = Message("d-1", "instructors", "[Story] Update: 300", "100 → 300\n", "<p>100 &rarr; 300</p>\n", {})
LINK = "https://alerts.example/unsubscribe/s-1/abc_-"
ASK = "mailto:desk@news.example?subject=unsubscribe%20s-1"


def raw(message: Message = MESSAGE, sender: str = "desk@news.example", now: datetime = NOON, *ways_out: str) -> bytes:
    return letter(message, sender=sender, recipient="r@example.org", now=now, ways_out=ways_out)


def read(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=default)


def parts(mail: bytes) -> tuple[str, str]:
    plain, html = (read(mail).get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    return plain.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def test_mails_of_a_story_are_one_thread() -> None:
    """Two alerts of a story answer the same root, those of another story another one; each has its own id."""
    mails = [
        read(raw(replace(MESSAGE, id=identity, thread=thread)))
        for identity, thread in (("d-1", "instructors"), ("d-2", "instructors"), ("d-3", "digest-s-1"))
    ]
    roots = [mail["References"] for mail in mails]
    assert roots == [mail["In-Reply-To"] for mail in mails]
    assert roots[0] == roots[1] != roots[2]
    assert [mail["Message-ID"] for mail in mails] == [f"<d-{number}@news.example>" for number in (1, 2, 3)]
    lists = ["<instructors.news.example>"] * 2 + ["<digest-s-1.news.example>"]
    assert [mail["List-Id"] for mail in mails] == lists


def test_a_correction_answers_what_it_corrects_in_the_thread_of_the_story() -> None:
    """Its References lead from the root of the story to the mail that told the original, which it answers."""
    original, correction = read(raw()), read(raw(replace(MESSAGE, id="d-9", answers=("d-1",))))
    assert correction["References"].split() == [original["References"], original["Message-ID"]]
    assert correction["In-Reply-To"] == original["Message-ID"]
    many = read(raw(replace(MESSAGE, answers=tuple(f"d-{'0' * 32}{number}" for number in range(50)))))
    assert len(many["References"].split()) == 51


def test_a_machine_wrote_it() -> None:
    """Programs that answer mail by themselves are told not to answer this one, by standard headers alone."""
    mail = read(raw())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"]
    assert mail["Precedence"] is None


@pytest.mark.parametrize(
    ("ways_out", "header", "post"),
    [
        ((), None, None),
        ((ASK,), f"<{ASK}>", None),
        ((LINK, ASK), f"<{LINK}>, <{ASK}>", "List-Unsubscribe=One-Click"),
        (("http://127.0.0.1:8/x",), "<http://127.0.0.1:8/x>", None),
        (("https://a.example/>,<b",), "<https://a.example/%3E%2C%3Cb>", "List-Unsubscribe=One-Click"),
    ],
)
def test_the_ways_out_are_named(ways_out: tuple[str, ...], header: str | None, post: str | None) -> None:
    """List-Unsubscribe names them all; one click is offered where https makes it safe (RFC 8058)."""
    mail = read(raw(MESSAGE, "desk@news.example", NOON, *ways_out))
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (header, post)


def test_a_date_of_another_zone_is_told_in_utc() -> None:
    """The Date header is in UTC whatever the clock's zone."""
    east = datetime(2024, 6, 1, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    assert read(raw(now=east))["Date"] == "Sat, 01 Jun 2024 12:00:00 +0000"


def test_the_same_message_is_the_same_mail() -> None:
    """Nothing in a mail is drawn by lot: at the same time a retry is the same, byte for byte."""
    assert raw() == raw()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Desk, the <desk@news.example>", "desk@news.example"),
        ('"Desk, the" <desk@news.example>', "desk@news.example"),
        ("desk@news.example", "desk@news.example"),
    ],
)
def test_the_sender_is_one_address(name: str, shown: str) -> None:
    """A sender's name with a comma in it does not become a second sender."""
    (address,) = read(raw(sender=name))["From"].addresses
    assert address.addr_spec in (shown, "Desk")


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("two\nlines\r\n\r\nBcc: all@example.org", "two lines Bcc: all@example.org"),
        ("\u202egnimoc si ti\u202c", "\u202egnimoc si ti\u202c"),
        ("word " * 2000, ("word " * 40).strip()),
        ("x" * 10_000, "x" * 200),
        ("ж" * 10_000, "ж" * 200),
        ("fire 🔥 family 👨‍👩‍👧 flag 🇫🇷", "fire 🔥 family 👨‍👩‍👧 flag 🇫🇷"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("a pair in halves \ud83d\udd25", "a pair in halves 🔥"),
        ("bell\x07 nul\x00 escape\x1b[2J", "bell nul escape [2J"),
        ("=?utf-8?q?forged?=", "=?utf-8?q?forged?="),
        ("", ""),
    ],
)
def test_any_title_survives(title: str, subject: str) -> None:
    """Titles of strangers become a subject on one line, and nothing of them becomes a header of its own."""
    mail = read(raw(replace(MESSAGE, subject=title)))
    assert mail["Subject"] == subject
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (".\n..\nFrom here\n-- \nsigned\n", ".\n..\nFrom here\n-- \nsigned\n"),
        ("word " * 10_000 + "\n", "word " * 10_000 + "\n"),
        ("ж" * 10_000, "ж" * 10_000 + "\n"),
        ("half \ud83d, nul \x00.\r\nnext", "half \ufffd, nul  .\nnext\n"),
        ("--part-1--\nno end", "--part-1--\nno end\n"),
        ("", ""),
    ],
)
def test_any_text_survives(text: str, shown: str) -> None:
    """Both parts come back as they were written, whatever is in them, and end with a line's end."""
    assert parts(raw(replace(MESSAGE, text=text, html=text))) == (shown, shown)


def test_mostly_ascii_stays_readable() -> None:
    """A text in English can be read in the raw mail; one in Russian is packed, and so stays short."""
    assert b"Paris said so" in raw(replace(MESSAGE, text="100 → 300, Paris said so.", html=""))
    packed = raw(replace(MESSAGE, text="Париж сказал. " * 200, html=""))
    assert b"base64" in packed
    assert len(packed) < 2 * len("Париж сказал. ".encode()) * 200


titles = (st.text(max_size=300) | st.text("ab []:", min_size=50, max_size=120)).map(
    lambda text: line(text, 120) or "Update"
)
hosts = st.lists(st.text("abcdefghij0123456789", min_size=1, max_size=30), min_size=1, max_size=4).map(".".join)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(hosts, st.text(min_size=1, max_size=90), titles, st.text(max_size=200))
def test_ids_survive_any_host_story_and_title(host: str, thread: str, subject: str, text: str) -> None:
    """However long host and story are, ids reach the mail program unbroken, in 7 bits and lines of legal length."""
    message = Message("d-" + "0" * 32, thread, subject, text, text, {})
    mail = raw(message, f"desk@{host}", NOON, LINK)
    assert mail.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", mail)
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    unfolded = mail.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    for name in (b"Message-ID", b"References", b"In-Reply-To", b"List-Id"):
        (found,) = [line for line in unfolded.splitlines() if line.startswith(name + b": ")]
        assert found.endswith(host.encode() + b">")
    parsed = read(mail)
    assert parsed["Subject"] == " ".join(subject.split())
    assert not parsed.defects
    assert [part.get_content_type() for part in parsed.walk()] == ["multipart/alternative", "text/plain", "text/html"]
