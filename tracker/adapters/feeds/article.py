"""One article, out of a web page, a Markdown file or plain text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import Message
from typing import Any

from tracker.adapters.feeds.charset import as_utf8
from tracker.adapters.feeds.imprint import imprint
from tracker.adapters.feeds.item import NAME_LIMIT, TITLE_LIMIT, primary_language
from tracker.adapters.feeds.plain_text import plain
from tracker.adapters.feeds.sniff import looks_like_html, looks_like_text
from tracker.domain.when import whens
from tracker.errors import SeedError

MIN_LENGTH = 60
"""Characters; below that there is no statement to track."""
_DOUBTFUL = 250
_HEADLINE = 160
_HEAD_LINES = 6
_DATE_LINE = 60
_DATELINE = 80
_BREAKS = dict.fromkeys(map(ord, "\r\n"), " ")
_LANG = re.compile(rb"<html\b[^>]*?\slang\s*=\s*[\"']?([A-Za-z_-]{2,20})", re.IGNORECASE)
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|date|lang|language):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL), ""),
    (re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])"), ""),
    (re.compile(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])"), r"\1"),
    (re.compile(r"^[ \t]*\[[^\]\n]+\]:[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:#{1,6}|>+|[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__|\*|`)(?=\S)([^\n]*?\S)\1"), r"\2"),
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article in plain text, a line for each paragraph, and what the document claims of it.

    `published` is a day; `moment`, on that day, a time in UTC; `publisher` the name of an outlet.
    """

    title: str | None
    text: str
    published: date | None = None
    language: str | None = None
    publisher: str | None = None
    moment: datetime | None = None


def read_article(body: bytes, name: str, said: str | None = None) -> Article:
    """Return the article in a document. `name` is its address or file name, whose ending counts if nothing else does.

    `said` is what a server says that it is: a Content-Type.

    Raises:
        SeedError: there is no article in it; one line that names the document and says what it is instead.
    """
    article = _read(body, name, *content_type(said))
    if article is None or len(article.text) < MIN_LENGTH:
        raise SeedError(f"seed {name}: no article found in {_what(body)}")
    return article


def read_text(text: str) -> Article:
    """Return plain text as it stands; its first line that looks like a headline is the title, a date line the date."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    first = next((line for line in lines if dateline([line]) is None or not _is_short(line)), "")
    headline = first if len(lines) > 1 and len(first) <= _HEADLINE and first[-1:] not in ".!?:;,\"”'" else ""
    return Article(title=headline or None, text=text, published=dateline(_head(text)))


def dateline(lines: Sequence[str]) -> date | None:
    """Return the day that an article's head names: in a line of its own, or before a dash ("LONDON, 4 March -")."""
    for line in lines:
        head = line if _is_short(line) else re.split(r"\s[-–—]+\s", line[:_DATELINE])[0]
        if len(head) == len(line[:_DATELINE]) and not _is_short(line):
            continue
        days = [when.start for when in whens(head, None) if when.start == when.end and when.resolved]
        if days:
            return days[0]
    return None


def _head(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n") if line.strip()][:_HEAD_LINES]


def _is_short(line: str) -> bool:
    return len(line) <= _DATE_LINE and line[-1:] not in ".!?"


def read_markdown(text: str) -> Article:
    """Return Markdown without its marks; title, date and language come from the front matter or the first heading."""
    front = _FRONT.match(text)
    fields = {key.lower(): value for key, value in _FIELD.findall(front[1])} if front else {}
    body = text[front.end() :] if front else text
    heading = _HEADING.search(body)
    for pattern, instead in _MARKS:
        body = pattern.sub(instead, body)
    return Article(
        title=fields.get("title") or (heading[1] if heading else None),
        text=plain(body, limit=len(body), lines=True),
        published=_day(fields.get("date", "")) or dateline(_head(body)),
        language=primary_language(fields.get("language"), fields.get("lang")),
    )


def read_page(body: bytes, url: str | None, charset: str | None = None) -> Article | None:
    """Return the main text of an HTML page, or None if there is none. Nothing is fetched.

    Takes some hundredths of a second, but a page can be made to take hours: a stranger's is for `Apart`.
    """
    body = as_utf8(body, charset)
    found = _extract(body, url, fast=True)
    if found is None or len(found.text or "") < _DOUBTFUL:
        found = _extract(body, url, fast=False) or found
    if found is None or not found.text:
        return None
    tag = _LANG.search(body[:65_536])
    said = imprint(body, found.date)
    return Article(
        title=plain(found.title or "", limit=TITLE_LIMIT) or None,
        text=found.text,
        published=_day(found.date or ""),
        language=primary_language(found.language, tag[1].decode("ascii") if tag else None),
        publisher=said.publisher or _site(found),
        moment=said.moment,
    )


def _site(found: Any) -> str | None:
    """Return the name of the site that was found beside the text, None where it is only a part of the address."""
    name = plain(found.sitename or "", limit=NAME_LIMIT)
    return name if name and name not in (found.url or "") else None


def _read(body: bytes, name: str, kind: str, charset: str | None) -> Article | None:
    if not looks_like_text(body):
        return None
    path = name.lower().partition("?")[0]
    if kind == "text/markdown" or path.endswith((".md", ".markdown")):
        return read_markdown(_decode(body, name, charset))
    if looks_like_html(body) or "html" in kind or path.endswith((".html", ".htm")):
        return read_page(body, name if name.startswith("http") else None, charset)
    return read_text(_decode(body, name, charset))


def _extract(body: bytes, url: str | None, *, fast: bool) -> Any:
    import trafilatura  # noqa: PLC0415 - half a second that no other command should wait for

    try:
        return trafilatura.bare_extraction(body, url=url, fast=fast, include_comments=False, with_metadata=True)
    except Exception:  # noqa: BLE001 - whatever a page provokes in the library, there is no article in it
        return None


def _decode(body: bytes, name: str, charset: str | None) -> str:
    body = as_utf8(body, charset)
    for encoding in ("utf-8", "cp1252"):
        try:
            return body.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise SeedError(f"seed {name}: its letters are neither UTF-8 nor Windows-1252")


def content_type(said: str | None) -> tuple[str, str | None]:
    """Return the type and the charset that a Content-Type names; the type is empty where it names none."""
    header = Message()
    header["content-type"] = (said or "").translate(_BREAKS)
    return (said or "").partition(";")[0].strip().lower(), header.get_content_charset()


def _what(body: bytes) -> str:
    if not body.strip():
        return "an empty document"
    if body.startswith(b"%PDF"):
        return "a PDF"
    return "it" if looks_like_text(body) else "binary data"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
