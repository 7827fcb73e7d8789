"""Markup to plain text: tags gone, entities decoded, scripts and styles dropped, blanks folded."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml import etree, html

_TAG = re.compile(
    r"<(?:!--|/?(?:a|abbr|article|aside|b|blockquote|br|center|cite|code|div|em|embed|figcaption|figure|font|form|h[1-6]"
    r"|hr|html|body|head|i|iframe|img|input|li|link|meta|object|ol|p|picture|pre|q|s|script|section|small|span|strong"
    r"|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video|audio)\b)",
    re.IGNORECASE,
)
_DROPPED = frozenset(("script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "textarea"))
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "td", "th", "tr", "ul",
))  # fmt: skip
# What no reader sees: control characters, soft hyphens, zero-width marks, lone surrogates.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")


def plain(text: str, *, limit: int, markup: bool | None = None, lines: bool = False) -> str:
    """Return the words of a text that may hold HTML, at most `limit` characters, cut between words.

    `markup` says whether it is HTML; None looks for tags and entities. With `lines` each block stands on a line of its
    own, otherwise all is one line.
    """
    if not text:
        return ""
    text = _UNSEEN.sub("", text)
    is_html = markup or _TAG.search(text) is not None
    if is_html:
        text = _without_tags(text, "\n" if lines else " ")
    elif markup is None:
        text = unescape(text)
    if not lines:
        return cut(fold(text), limit)
    return cut("\n".join(filter(None, map(fold, text.split("\n")))), limit)


def fold(text: str) -> str:
    """Return the text on one line, its blanks folded, without what no reader sees."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, ending between two words where there is a gap in the last tenth."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(" ", limit - limit // 10, limit + 1), text.rfind("\n", limit - limit // 10, limit + 1))
    return text[: end if end > 0 else limit].rstrip()


def _without_tags(text: str, gap: str) -> str:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    # The line breaks of the source are mere blanks in HTML.
    source = " ".join(text.split()).encode("utf-8", "replace")
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return unescape(re.sub(r"<[^<>]*>", gap, text))
    return "".join(_words(root, gap))


def _words(root: Any, gap: str) -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS:
            yield gap
        if event == "end":
            yield element.tail or ""
        elif element.tag in _DROPPED:
            walk.skip_subtree()
        else:
            yield element.text or ""
