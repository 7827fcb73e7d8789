"""How much of a document is read: a stranger's feed must not cost minutes or gigabytes."""

import re
from collections import deque
from collections.abc import Iterator
from itertools import accumulate, islice

from tracker.errors import NotAFeed

MAX_ENTRIES = 5_000
"""Feeds put the newest on top, so the first ones are kept."""
MAX_DEPTH = 2_000
"""Nesting of elements; feeds have five levels, markup that was not escaped some more."""
MAX_TAGS = 400_000
"""Tags of an XML document outside of CDATA, or brackets of a JSON document: forty elements for each entry."""
MAX_TAG = 100_000
"""Bytes of one tag with its attributes: the time that a parser takes for them grows as their square."""
MAX_SPACES = 500
"""Declarations of namespaces: feeds have a dozen, and what feedparser does for each grows with those before."""
MORE_ENTRIES = f"more than {MAX_ENTRIES} entries, the first ones kept"

_TAG = re.compile(rb"<(/?)[^\s<>!?/][^<>]*?(/?)>")
_LONG_TAG = re.compile(rb"<[^\W\d][^<>]{%d}" % MAX_TAG)
_SPACE = re.compile(rb"\bxmlns:([\w.-]+)")
_ENTRY_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)


def refuse_monsters(body: bytes) -> None:
    """Raise NotAFeed for a document with more or longer tags, or nested deeper, than the limits. Linear in time."""
    outside = _outside_cdata(body.replace(b"\0", b""))  # NULs as in UTF-16
    if outside.count(b"<") > MAX_TAGS or body.count(b"{") + body.count(b"[") > MAX_TAGS:
        raise NotAFeed(f"a document of more than {MAX_TAGS} elements")
    if outside.count(b"xmlns:") > MAX_SPACES and len(set(_SPACE.findall(outside))) > MAX_SPACES:
        raise NotAFeed(f"a document of more than {MAX_SPACES} namespaces")
    if _LONG_TAG.search(outside):
        raise NotAFeed(f"a document with a tag of more than {MAX_TAG} bytes")
    if outside.count(b"<") > MAX_DEPTH and max(accumulate(_steps(outside)), default=0) > MAX_DEPTH:
        raise NotAFeed(f"a document nested more than {MAX_DEPTH} levels deep")


def first_entries(body: bytes) -> bytes:
    """Return an XML document without the entries after the first MAX_ENTRIES; its end remains, so it stays whole."""
    ends = _ENTRY_END.finditer(body)
    last_kept = next(islice(ends, MAX_ENTRIES - 1, None), None)
    rest = deque(ends, maxlen=1)
    return body[: last_kept.end()] + body[rest[0].end() :] if last_kept and rest else body


def _steps(outside: bytes) -> Iterator[int]:
    for tag in _TAG.finditer(outside):
        if not tag[2]:
            yield -1 if tag[1] else 1


def _outside_cdata(body: bytes) -> bytes:
    first, *rest = body.split(b"<![CDATA[")
    return b"".join([first, *(piece.partition(b"]]>")[2] for piece in rest)])
