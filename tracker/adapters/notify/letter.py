"""An alert as an e-mail: headers that thread per story, never bounce about, and survive any title.

Written byte by byte: the library's writer takes longer than sending does, parts the mail by a number drawn by lot, and
turns long ids into encoded words, which no mail program threads by. The same message at the same time is the same mail.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from urllib.parse import quote

from tracker.domain.ids import content_id, slug
from tracker.ports.notify import Message

_SUBJECT = 200
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")


def letter(message: Message, *, sender: str, recipient: str, now: datetime, ways_out: tuple[str, ...] = ()) -> bytes:
    """Return the mail, in 7 bits. Message-ID and thread are the same on every retry.

    All mails of a story answer one root that was never sent: mail programs show them as one thread, whichever came
    first; a correction answers the mail that it corrects. `ways_out` are addresses (https, mailto) that end the
    subscription. Raises ValueError for a recipient that a header cannot hold.
    """
    if not _ADDRESS.fullmatch(recipient):
        raise ValueError(f"{recipient!r} is no address that every server takes: it has to be ASCII without blanks")
    boundary = content_id("part", (message.id,))
    lines = [f"{name}: {value}" for name, value in _headers(message, sender, recipient, now, ways_out)]
    lines += [f'Content-Type: multipart/alternative; boundary="{boundary}"', ""]
    for kind, text in (("plain", message.text), ("html", message.html)):
        lines += [f"--{boundary}", f'Content-Type: text/{kind}; charset="utf-8"', *_encoded(text)]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode("ascii")


def _headers(
    message: Message, sender: str, recipient: str, now: datetime, ways_out: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    written, host = _sender(sender)
    root = f"<{content_id('story', (message.thread,))}@{host}>"
    corrected = [f"<{one}@{host}>" for one in message.answers]
    yield "From", written
    yield "To", recipient
    yield "Subject", _subject(message.subject)
    yield "Date", format_datetime(now.astimezone(UTC))
    yield "Message-ID", f"<{message.id}@{host}>"
    yield "In-Reply-To", corrected[-1] if corrected else root
    yield "References", "\r\n ".join([root, *corrected])
    yield "List-Id", f"<{slug(message.thread)}.{host}>"
    yield "Auto-Submitted", "auto-generated"
    if ways_out:
        yield "List-Unsubscribe", ",\r\n ".join(f"<{quote(way, safe=':/?&=@%+~')}>" for way in ways_out)
    if any(way.startswith("https:") for way in ways_out):
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "MIME-Version", "1.0"


@lru_cache(8)
def _sender(text: str) -> tuple[str, str]:
    """Return the sender as a header holds it, and the host that ids are made of."""
    name, address = parseaddr(text)
    return formataddr((name, address)), address.rpartition("@")[2] or "localhost"


def _subject(text: str) -> str:
    """Return a subject on one line: as it is where it is short ASCII, else in encoded words."""
    line = " ".join(_sound(text).split())[:_SUBJECT].rstrip()
    if line.isascii() and "=?" not in line:
        return line
    return Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _encoded(text: str) -> tuple[str, str, str]:
    """Return the header and the lines of a part: readable, unless that makes it longer by more than a third."""
    raw = "\r\n".join([*_sound(text).splitlines(), ""]).encode()
    name, body = "quoted-printable", b2a_qp(raw)
    if len(body) * 3 > len(raw) * 4:
        name, body = "base64", encodebytes(raw).replace(b"\n", b"\r\n")
    return f"Content-Transfer-Encoding: {name}", "", body.decode("ascii")


def _sound(text: str) -> str:
    """Return a text that UTF-8 and mail programs can hold: no halves of characters, nothing that controls."""
    whole = text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNPRINTED.sub(" ", whole)
