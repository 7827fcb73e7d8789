"""Markup to plain text: tags gone, entities decoded, scripts and styles dropped, blanks folded."""

import re
import unicodedata
from html import unescape

from tracker.adapters.feeds.tags import erase_tags, has_tags, without_tags

# What no reader sees: control characters, soft hyphens, zero-width marks, marks of direction (they can make a text
# look like another), tag characters, lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0001\U000e0020-\U000e007f]"
)
# Letters of Windows-1252 that somebody took for Latin-1: these code points are controls that nobody uses.
_WINDOWS = {code: letter for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))}
_WINDOWS_LETTER = re.compile("[\x80-\x9f]")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_ESCAPED = 2
"""How many times more than it should be a text may be escaped and still be read."""

_MARKUP = 20
"""Characters of markup, for each that is kept, in which words are looked for."""


def plain(text: str, *, limit: int, markup: bool | None = None, lines: bool = False) -> str:
    """Return the words of a text that may hold HTML, at most `limit` characters, cut between words.

    `markup` says whether it is HTML; None looks for tags and entities. With `lines` each block stands on a line of its
    own, otherwise all is one line. No tag of HTML is left, also of what was escaped twice.
    """
    gap = "\n" if lines else " "
    text = _seen(text[: limit * _MARKUP])
    if markup or has_tags(text):
        text = without_tags(_flat(text), gap)
    elif markup is None and "&" in text:
        text = unescape(text)
    text = _composed(_unescaped(_seen(text), gap))
    parts = text.split("\n") if lines else (text,)
    return cut("\n".join(filter(None, (" ".join(part.split()) for part in parts))), limit)


def fold(text: str) -> str:
    """Return the text on one line, its blanks folded, without what no reader sees."""
    return " ".join(_composed(_seen(text)).split())


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, ending between two words where there is a gap in the last tenth."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(" ", limit - limit // 10, limit + 1), text.rfind("\n", limit - limit // 10, limit + 1))
    return text[: end if end > 0 else limit].rstrip()


def _unescaped(text: str, gap: str) -> str:
    for _ in range(_ESCAPED):
        if not has_tags(text):
            return text
        text = _seen(without_tags(text, gap))
    return erase_tags(text, gap)


def _flat(text: str) -> str:
    """Return HTML on one line: the line breaks of the source are mere blanks."""
    flat = _unbroken(text)
    return flat if flat.isprintable() else " ".join(flat.split())


def _unbroken(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _seen(text: str) -> str:
    if not _unbroken(text).isprintable():
        if _WINDOWS_LETTER.search(text):
            text = text.translate(_WINDOWS)
        text = _UNSEEN.sub("", text)
    return _CDATA.sub("", text) if "CDATA[" in text or "]]>" in text else text


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
