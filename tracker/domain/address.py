"""Addresses of articles: what two links must share to lead to one.

`canonical` names an item: ids of entries rest on it, so what it takes away is fixed. `article` goes further, to find
the same article behind another of its addresses; it is compared and never fetched. Both leave alone what they made.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ocid|cmpid?|ito|xtor|at_(?:medium|campaign|custom\d?|bbc_\w+)",
    re.IGNORECASE,
)
_MORE_TRACKING = re.compile(
    rf"{_TRACKING.pattern}|at_\w+|ref_(?:src|url)|ns_(?:campaign|source|mchannel|linkname)|wt\.\w+|smid|smtyp|sr_share"
    r"|guccounter|guce_\w+|[wg]braid|twclid|li_fat_id|_ga|amp|outputtype",
    re.IGNORECASE,
)
_PORTS = {"http": ":80", "https": ":443"}
# Of a host that has a name besides: "m.example.org", but not "m.org".
_VARIANT = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
_AMP = re.compile(r"[/.]amp$|\.amp(?=\.html?$)", re.IGNORECASE)


@lru_cache(maxsize=512)  # an entry's address is asked for by all who must know it again
def canonical(url: str) -> str:
    """Return the address by which two links to one item are known to be the same.

    Scheme and host in lower case, no default port, no fragment, no parameters of campaigns. `url` is absolute.
    """
    parts = urlsplit(url)
    scheme, netloc = parts.scheme.lower(), parts.netloc.lower()
    return parts._replace(
        scheme=scheme,
        netloc=netloc.removesuffix(_PORTS.get(scheme, "")),
        path=parts.path or "/",
        query=_without_campaigns(parts.query),
        fragment="",
    ).geturl()


def article(url: str) -> str:
    """Return what all addresses of an article share, itself an address.

    Besides what `canonical` takes away: the scheme, the name under which a host serves browsers or telephones (www, m,
    mobile, amp), marks of an AMP page, more parameters of campaigns, the order of the parameters, slashes at the end.
    What is no address stays as it is.
    """
    try:
        parts = urlsplit(canonical(url.strip()))
    except ValueError:
        return url
    if not parts.netloc:
        return url
    named = parse_qsl(parts.query, keep_blank_values=True)
    query = sorted((name, value) for name, value in named if not _MORE_TRACKING.fullmatch(name))
    return SplitResult("https", _host(parts.netloc), _path(parts.path), urlencode(query), "").geturl()


def _host(netloc: str) -> str:
    while (bare := _VARIANT.sub("", netloc.removesuffix(":443"))) != netloc:
        netloc = bare
    return netloc


def _path(path: str) -> str:
    while (bare := _AMP.sub("", path.rstrip("/"))) != path:
        path = bare
    return path or "/"


def _without_campaigns(query: str) -> str:
    """Return a query without the parameters of campaigns; as it stands where it has none."""
    if not query or not _TRACKING.search(query):
        return query
    named = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in named if not _TRACKING.fullmatch(name)])
