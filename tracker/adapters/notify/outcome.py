"""How a try is told: printable text without anything that opens doors."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from tracker.ports.http import Answer

_LONGEST = 300
_ANSWER = 20_000
_WORD = re.compile(r"[^/?#@:&=;,+ ]{8,}")


def detail(text: str, *private: str | None) -> str:
    """Return a text of the other side as one line of at most 300 printable characters, private parts struck out."""
    return " ".join(_shown(text, private, "").split())[:_LONGEST]


def answer(said: str | bytes, *private: str | None) -> str:
    """Return what the other side said, line by line, as at most 20 kB of UTF-8, private parts struck out."""
    text = said[:_ANSWER].decode("utf-8", "replace") if isinstance(said, bytes) else said
    return _shown(text, private, "\n\t").encode("utf-8", "replace")[:_ANSWER].decode("utf-8", "ignore").strip()


def private_parts(address: str, *public: str) -> tuple[str, ...]:
    """Return what of an address may open a door, longest first: its words of eight characters and more but `public`."""
    words = {address, *(part for raw in _WORD.findall(address) for part in (raw, unquote(raw)))}
    return tuple(sorted(words.difference(public), key=len, reverse=True))


def wish(said: Answer, now: datetime) -> datetime | None:
    """Return when a server wants to be asked again, by Retry-After: seconds, or a date."""
    header = said.headers.get("retry-after", "")
    try:
        if header.isdecimal():
            return now + timedelta(seconds=int(header))
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(text: str, private: tuple[str | None, ...], kept: str) -> str:
    for part in filter(None, private):
        text = text.replace(part, "***")
    return "".join(char if char.isprintable() or char in kept else " " for char in text)
