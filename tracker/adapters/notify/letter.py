"""An alert as an e-mail: headers that thread per story, never bounce about, and survive any title."""

from datetime import UTC, datetime
from email.headerregistry import HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from tracker.domain.ids import content_id, slug
from tracker.ports.notify import Message


def _headers() -> HeaderRegistry:
    """Return the library's headers, with three more taken for ids.

    It takes References, In-Reply-To and List-Id for free text and turns a long id in them into encoded words, which
    no mail program threads by.
    """
    registry = HeaderRegistry()
    for name in ("references", "in-reply-to", "list-id"):
        registry.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type]  # it is one, the stubs do not know
    return registry


_POLICY = SMTP.clone(cte_type="7bit", header_factory=_headers())
# The library sets an ASCII subject of 69 to 77 characters on a line of its own, and readers see it empty or indented.
_UNFOLDED = _POLICY.clone(max_line_length=200)


def letter(message: Message, *, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """Return the mail. Message-ID and thread are the same on every retry. Raises ValueError for a broken address.

    All mails of a story answer one root that was never sent: mail programs show them as one thread, whichever came
    first.
    """
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    root = f"<{content_id('story', (message.thread,))}@{host}>"
    mail = EmailMessage(_UNFOLDED if message.subject.isascii() else _POLICY)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = f"<{message.id}@{host}>"
    mail["In-Reply-To"] = root
    mail["References"] = root
    mail["List-Id"] = f"<{slug(message.thread)}.{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail
