"""Folders of feeds that somebody else wrote: which files count, and what becomes of one of them.

Imported by accept.py, and by the process that it reads each file in.
"""

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
from expectations import Checked, check

from tracker.adapters.feeds.ordinary import read_ordinary
from tracker.adapters.feeds.parse import FeedParser
from tracker.adapters.feeds.read import read
from tracker.domain.entry import Entry
from tracker.errors import NotAFeed
from tracker.ports.feeds import Document, Fetched

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEEDS = frozenset((".xml", ".rss", ".rss2", ".atom", ".rdf", ".cdf", ".feed", ".dat"))
SITE = "http://127.0.0.1:8097"
_COMMENT = re.compile(rb"<!--(.*?)-->", re.DOTALL)
_HEADER = re.compile(r"^\s*Header:[ \t]*([\w-]+):[ \t]*(.*?)\s*$", re.MULTILINE)
_UNSAFE = re.compile(r"<\s*/?\s*script|javascript:|\bon\w+\s*=\s*[\"']", re.IGNORECASE)
_MARK = re.compile(r"<[a-z!/?][^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file. `found` entries are feedparser's, `recognised` is that it names a version.

    `unstable` ids differ on a second read; `unsafe` texts hold a script, a handler or a tag; `tags` hold what looks
    like one (it may be a text about tags).
    """

    refused: str | None = None
    entries: int = 0
    found: int = 0
    repeated: int = 0
    unstable: int = 0
    recognised: bool = False
    unsafe: tuple[str, ...] = ()
    fields: tuple[Checked, ...] = ()


def candidates(folder: Path) -> list[Path]:
    """Return the files of a folder, and of the folders in it, that are there to be read as feeds.

    That is every file whose name ends as a feed's does, whatever is in it. A .json counts if it says that it is a JSON
    Feed or has a list of items, unless it is the expected result of a file beside it.
    """
    return sorted(path for path in folder.rglob("*") if path.is_file() and _counts(path))


def _counts(path: Path) -> bool:
    if path.suffix.lower() in FEEDS:
        return True
    if path.suffix.lower() != ".json" or path.stem.endswith("_expected"):
        return False
    return not any(path.with_suffix(suffix).exists() for suffix in FEEDS) and _is_json_feed(path.read_bytes())


def _is_json_feed(body: bytes) -> bool:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and ("jsonfeed.org" in str(found.get("version")) or "items" in found)


def judge(path: Path, folder: Path, *, fields: bool) -> Verdict:
    """Return what becomes of a file when it is read as the body of an answer, twice."""
    fetched = as_fetched(path, folder)
    verdict = _by_feedparser(fetched)
    parser = FeedParser()
    try:
        first = parser.parse(fetched, feed="suite", name=None, seen=SEEN)
    except NotAFeed as error:
        return replace(verdict, refused=str(error))
    again = parser.parse(fetched, feed="suite", name=None, seen=SEEN + timedelta(hours=1), criterion=first.criterion)
    channel = read_ordinary(fetched, SEEN) or read(fetched, SEEN)
    return replace(
        verdict,
        entries=len(first.entries),
        repeated=len(channel.items) - len(first.entries),
        unstable=_unstable(first, again),
        unsafe=tuple(_unsafe(first.entries)),
        fields=tuple(check(_notes(fetched.body), channel, _feedparser(fetched), SEEN)) if fields else (),
    )


def as_fetched(path: Path, folder: Path) -> Fetched:
    """Return a file as the answer of a server, with the headers that its first comment names, or else as XML."""
    body = path.read_bytes()
    headers = {"content-type": "application/xml"} | _headers(body)
    url = headers.get("content-location", f"{SITE}/{path.relative_to(folder).as_posix()}")
    return Fetched(url=url, status=200, headers=headers, body=body)


def _headers(body: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in _HEADER.findall(_notes(body))}


def _notes(body: bytes) -> str:
    comment = _COMMENT.search(body.replace(b"\0", b"")[:20_000])
    return comment[1].decode("utf-8", "replace") if comment else ""


def _feedparser(fetched: Fetched) -> Any:
    return feedparser.parse(io.BytesIO(fetched.body), response_headers=_headers(fetched.body))


def _by_feedparser(fetched: Fetched) -> Verdict:
    found = _feedparser(fetched)
    return Verdict(recognised=bool(found.get("version")), found=len(found.entries))


def _unstable(first: Document, again: Document) -> int:
    pairs = zip(first.entries, again.entries, strict=True)
    return sum((one.id, one.version) != (other.id, other.version) for one, other in pairs)


def _unsafe(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        for text in (entry.title, entry.summary, entry.text, entry.publisher or "", entry.url or ""):
            if _UNSAFE.search(text) or _MARK.search(text):
                yield text[:120]
