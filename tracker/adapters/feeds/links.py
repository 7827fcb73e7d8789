"""Addresses of articles: made absolute, and freed from what does not name the article."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from tracker.domain.entry import whole

_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ocid|cmpid?|ito|xtor|at_(?:medium|campaign|custom\d?|bbc_\w+)",
    re.IGNORECASE,
)
_LONGEST = 2_000
_PORTS = {"http": ":80", "https": ":443"}


def absolute(link: str, base: str) -> str | None:
    """Return the http or https address that a link in a document at `base` leads to; None if it leads to none."""
    try:
        parts = urlsplit(whole(urljoin(base, link.strip()))) if link.strip() else None
        host = parts.hostname if parts else None
    except ValueError:
        return None
    if parts is None or parts.scheme not in _PORTS or not host or len(link) > _LONGEST:
        return None
    return re.sub(r"\s+", "%20", parts.geturl())


def canonical(url: str) -> str:
    """Return the address by which two links to one article are known to be the same.

    Scheme and host in lower case, no default port, no fragment, no parameters of campaigns. `url` is absolute.
    """
    parts = urlsplit(url)
    netloc = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme.lower(), ""))
    query = parts.query
    if query and _TRACKING.search(query):
        kept = [
            (name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
        ]
        query = urlencode(kept)
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=netloc, path=parts.path or "/", query=query, fragment=""
    ).geturl()
