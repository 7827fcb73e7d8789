"""Addresses in feeds, made absolute."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from tracker.domain.entry import whole

_LONGEST = 2_000
_SCHEMES = frozenset({"http", "https"})
_FULL = re.compile(r"https?://[^/]", re.IGNORECASE)


def absolute(link: str, base: str) -> str | None:
    """Return the http or https address that a link in a document at `base` leads to; None if it leads to none."""
    text = link.strip()
    if not text or len(link) > _LONGEST:
        return None
    try:
        return _address(text if _FULL.match(text) else urljoin(base, text))
    except ValueError:
        return None


@lru_cache(maxsize=256)  # most items name one address twice
def _address(text: str) -> str | None:
    parts = urlsplit(whole(text))
    return re.sub(r"\s+", "%20", parts.geturl()) if parts.scheme in _SCHEMES and parts.hostname else None
