"""What a page says of itself to machines: who published it, and at what moment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree, html

from tracker.adapters.feeds.dates import EARLIEST, read
from tracker.adapters.feeds.item import NAME_LIMIT
from tracker.adapters.feeds.plain_text import plain

_SITE = "og:site_name"
_TIMES = frozenset(("article:published_time", "og:article:published_time", "datepublished"))
_IN_JSON = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{16,40})"')
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
"""What names a moment by itself: a day alone does not, nor does a clock without its zone."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The name of a publisher, and the moment of publication in UTC; None where the page does not say."""

    publisher: str | None = None
    moment: datetime | None = None


def imprint(body: bytes, day: str | None) -> Imprint:
    """Return what an HTML page in UTF-8 says of itself; `day`, in ISO form, is the one of its article.

    A moment of another day is left out: it is that of another article of the page, or of another date of this one.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return Imprint()
    named = [(_name(meta), meta.get("content") or "") for meta in root.iter("meta")]
    sites = (plain(said, limit=NAME_LIMIT) for name, said in named if name == _SITE)
    times = [said.strip() for name, said in named if name in _TIMES] + list(_in_json(root))
    moments = (read(said) for said in times if day and said.startswith(day) and _MOMENT.fullmatch(said))
    return Imprint(next(filter(None, sites), None), next((one for one in moments if one and one >= EARLIEST), None))


def _name(meta: Any) -> str:
    return str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()


def _in_json(root: Any) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            yield from _IN_JSON.findall(script.text or "")
