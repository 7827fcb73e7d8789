"""Ordinary RSS 2.0 and Atom 1.0, read in a fraction of feedparser's time.

Most feeds are well-formed UTF-8, have each element once, and none that is rare. Those are read here, and come out to
the letter as feedparser's way has them; every other is left to that. The tests compare the two on all that they have.
"""

import re
from datetime import datetime
from typing import Any

from lxml import etree

from tracker.adapters.feeds.item import Channel
from tracker.adapters.feeds.limits import MAX_ENTRIES
from tracker.adapters.feeds.ordinary_atom import FEED, read_atom
from tracker.adapters.feeds.ordinary_elements import LANG, RareError, Setting
from tracker.adapters.feeds.ordinary_rss import read_rss
from tracker.ports.feeds import Fetched

LONGEST = 1_000_000
"""Bytes; a longer document is read where reading it can be ended."""
_TYPE = re.compile(
    r"(?P<kind>application|text)/(?:[\w.-]+\+)?xml\s*(?P<letters>;\s*charset=[\"']?utf-?8[\"']?\s*)?", re.IGNORECASE
)
_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?(?!<\?xml)|<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"']utf-8[\"'])?"
    rb"(?:\s+standalone=[\"']\w+[\"'])?\s*\?>",
    re.IGNORECASE,
)
# What makes addresses or letters mean something else; each begins with bytes that are found fast.
_RARE = tuple(map(re.compile, (rb"<!DOCTYPE", rb"<!ENTITY", rb"base\s*=", rb"\xc2[\x80-\x9f]", rb"\0")))


def read_ordinary(fetched: Fetched, seen: datetime) -> Channel | None:
    """Return what an ordinary document holds, None for every other. Raises nothing."""
    if not _promises(fetched):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(fetched.body, parser)
        channel = _read(root, Setting(fetched.url, seen, fetched.headers.get("content-language"), root.get(LANG)))
    except (etree.LxmlError, RareError, ValueError):
        return None
    return channel if 0 < len(channel.items) <= MAX_ENTRIES else None


def _promises(fetched: Fetched) -> bool:
    """Tell whether header and bytes leave no doubt about the letters, nor about what addresses rest on."""
    body, declared = fetched.body, _TYPE.fullmatch(fetched.headers.get("content-type", ""))
    if declared is None or len(body) > LONGEST or not _DECLARED.match(body) or any(rare.search(body) for rare in _RARE):
        return False
    # To feedparser a text of which no letters are declared is ASCII, and it complains of others.
    return declared["letters"] is not None or declared["kind"].lower() == "application" or body.isascii()


def _read(root: Any, setting: Setting) -> Channel:
    attributes = set(root.keys())
    if root.tag == "rss" and root.get("version") == "2.0" and attributes <= {"version", LANG}:
        return read_rss(root, setting)
    if root.tag == FEED and attributes <= {LANG}:
        return read_atom(root, setting)
    raise RareError
