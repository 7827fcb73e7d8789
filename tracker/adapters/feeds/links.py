"""Addresses in feeds, made absolute."""

import re
from urllib.parse import urljoin, urlsplit

from tracker.domain.entry import whole

_LONGEST = 2_000
_SCHEMES = frozenset({"http", "https"})
_FULL = re.compile(r"https?://[^/]", re.IGNORECASE)


def absolute(link: str, base: str) -> str | None:
    """Return the http or https address that a link in a document at `base` leads to; None if it leads to none."""
    text = link.strip()
    try:
        parts = urlsplit(whole(text if _FULL.match(text) else urljoin(base, text))) if text else None
        host = parts.hostname if parts else None
    except ValueError:
        return None
    if parts is None or parts.scheme not in _SCHEMES or not host or len(link) > _LONGEST:
        return None
    return re.sub(r"\s+", "%20", parts.geturl())
